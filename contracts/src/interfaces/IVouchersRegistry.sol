// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "./IVoucherEvents.sol";
import {
    Account,
    AccountEntry,
    FirstKeys,
    HandOver,
    Merchant,
    MerchantEntry,
    MerchantStatus,
    Replacement,
    Taking
} from "./VoucherTypes.sol";
import {Region} from "../types/Region.sol";

/// @notice Who takes part: merchants, accounts and the keys that sign for them. See {IVouchers}.
interface IVouchersRegistry is IVoucherEvents {
    // An entry of a list that can't be done is skipped, see {EntrySkipped}: it never blocks the others.

    // ---- Acts about merchants and accounts -------------------------------------------------------------------

    // An account's record names the authority that answers for it. No other one has any power over it, neither above nor
    // beside. Which one it is, the account itself says, in the entry that records it first, as its `claim`:
    // - an account with a key ring, or with none yet: 64 bytes, salt and hash of the first ring. Its id is the end of the
    //   hash of authority, role, salt and ring, see {KeyRing}, so another authority, or another role, has another id;
    // - a plain wallet: 5 bytes deadline, then its signature under EIP-712 "Consent" from the zero authority, number 0; of
    //   one whose keys were changed before, the proof of an owner key.
    // Afterwards the authority changes by {takeAccounts} alone; the id stays.

    /// @notice Registers merchants, or moves them to another region, category or size class. New ones are active. Who
    /// moves has no former place any more.
    /// @dev By registrars of the authority that answers for the merchant. The region lies in its areas.
    function setMerchants(Region authority, MerchantEntry[] calldata entries) external;

    /// @notice Suspends, reactivates or closes merchants. Closed is for good.
    /// @dev By registrars of the authority that answers for the merchant; by two at least to close.
    function setMerchantStatus(Region authority, address[] calldata merchants, MerchantStatus status) external;

    /// @notice Keeps payouts of merchants back until a moment at most 30 days ahead; 0 releases them. It moves and
    /// stops no vouchers: redeemed won stays owed, only the bank transfer is held.
    /// @dev By treasurers of the authority that answers for the merchant.
    function holdPayouts(Region authority, address[] calldata merchants, uint40 until) external;

    /// @notice Records how well residents and companies are identified. A home is no finer than a district (five digits).
    /// @dev By registrars of the authority that answers for the account. The home lies in its areas. By two registrars at
    /// least to lower a tier.
    function attestAccounts(Region authority, AccountEntry[] calldata entries) external;

    /// @notice Stops payments, gifts, refunds and own changes of keys of accounts on record until a moment; a moment that
    /// is not ahead allows them again. It moves nothing.
    /// @dev By registrars of the authority that answers for the account. One registrar freezes for at most
    /// three days, and not again before two have decided about the account; lifts that freeze alone. Two freeze for at
    /// most 365 days, as often as needed.
    function freezeAccounts(Region authority, address[] calldata accounts, uint40 until) external;

    /// @notice Proposes new keys for an account whose keys were lost. They count after a delay, see
    /// {finishReplacement}; until then an old owner key may object.
    /// @dev By at least two registrars of the authority that answers for the account.
    /// @param keys a key ring, see {KeyRing}.
    /// @param overruling an owner key objected before, and three registrars at least decide against it: no key can object,
    /// nor end it by a change of keys, and the delay is 14 days.
    function replaceKeys(Region authority, address account, bytes calldata keys, bool overruling) external;

    /// @notice Gives accounts that were opened without keys their first ones, in force at once: there is no key that could
    /// object.
    /// @dev By at least two registrars of the authority that answers for the account.
    function setFirstKeys(Region authority, FirstKeys[] calldata entries) external;

    /// @notice Hands accounts over to the authority `to`, which takes them on after the notice of {HAND_OVER_DELAY}, in which
    /// an owner key may object; the zero region takes proposals back. For a reform, for a newly founded authority, and for
    /// holders who move without having their keys. Keys, balances and status stay.
    /// @dev By at least two registrars of the authority that answers for the accounts.
    function proposeHandOver(Region authority, Region to, address[] calldata accounts) external;

    /// @notice Answers for accounts from now on: those whose holders consent (EIP-712 "Consent"), and those that were handed
    /// over, once the notice is over. Who is frozen, suspended or closed, or whose payouts are held, can be handed over but
    /// does not come by consent. A merchant whose place changes has no former place any more.
    /// @dev By at least two registrars of the authority that takes them on. Each place lies in its areas.
    function takeAccounts(Region authority, Taking[] calldata entries) external;

    // ---- Orders that any address may submit ------------------------------------------------------------------

    /// @notice Changes the keys of an account (EIP-712 "KeyChange", signed by one of its owner keys). Not while it is
    /// frozen.
    /// @param keys the whole new key ring; the old one ends at once. The change's number is the next one.
    function changeKeys(address account, bytes calldata keys, uint40 deadline, bytes calldata proof) external;

    /// @notice Stops the replacement of an account's keys (EIP-712 "Objection" to the proposal of this number, signed by an
    /// owner key). One that three registrars proposed after an objection goes on.
    function stopReplacement(address account, uint40 deadline, bytes calldata proof) external;

    /// @notice Puts proposed keys into force once the delay is over.
    function finishReplacement(address account) external;

    /// @notice Stops the hand-over of an account (EIP-712 "HandOverObjection" to the proposal of this number, signed by an
    /// owner key). The authority in charge goes on to answer for it.
    function stopHandOver(address account, uint40 deadline, bytes calldata proof) external;

    // ---- Views -----------------------------------------------------------------------------------------------

    function merchant(address merchant) external view returns (Merchant memory);
    function account(address account) external view returns (Account memory);
    function replacement(address account) external view returns (Replacement memory);
    function handOver(address account) external view returns (HandOver memory);

    /// @notice Hash of the account's key ring once its keys were changed, else zero: then its id is made of them.
    function keysOf(address account) external view returns (bytes32);

    /// @notice Seconds between a proposed replacement of keys and its coming into force.
    function KEY_DELAY() external view returns (uint40);

    /// @notice Seconds between a proposed hand-over and the moment from which the other authority may take the account on.
    function HAND_OVER_DELAY() external view returns (uint40);
}
