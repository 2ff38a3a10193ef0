// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "./IVoucherEvents.sol";
import {
    Account,
    AccountEntry,
    Holding,
    IssueOrder,
    Merchant,
    MerchantEntry,
    MerchantStatus,
    Outcome,
    Receipt,
    Replacement,
    Return,
    SeriesState,
    SeriesTerms,
    Settlement,
    Supply,
    MerchantBalance
} from "./VoucherTypes.sol";
import {Region} from "../types/Region.sol";
import {Transfer} from "../types/Transfer.sol";

/// @title Vouchers: series, merchants, accounts, and the value itself.
/// @notice Acts (first argument `authority`) are reached through {IAuthorities-execute} alone. Any address may
/// call everything else: officers' or holders' signatures, or the terms, fix what a call may do.
/// Batches settle item by item, up to 400: a refused item changes nothing and emits its refusal.
/// `proofs` holds one proof for each item, in their order, each after its length in two bytes; see {Signatures}.
interface IVouchers is IVoucherEvents {
    // ---- Acts about series -----------------------------------------------------------------------------------

    /// @notice Publishes a series. Its id is the number of series so far plus one; see {SeriesPublished}.
    /// @dev By treasurers, in the band of `terms.budget`. Areas may reach beyond the authority's own region: it is
    /// the authority's money (e.g. cities that accept each other's vouchers).
    function publishSeries(Region authority, SeriesTerms calldata terms) external;

    /// @notice Sets how much may be issued in all. Not below what issue orders already claim.
    /// @dev By treasurers, in the band of `budget`.
    function setBudget(Region authority, uint32 series, uint64 budget) external;

    /// @notice Lets an authority inside this one's region approve issue orders of the series, up to `left` won from
    /// now on and to residents of its own region. It stays the series' money: the budget bounds both.
    /// @dev By treasurers, in the band of `left`. 0 takes the delegation back.
    function delegateBudget(Region authority, uint32 series, Region to, uint64 left) external;

    /// @notice Stops issue, payment, gift and circulation of a series until a moment at most seven days ahead; 0
    /// resumes. Redemption, void and refund go on. Ends by itself unless renewed.
    /// @dev By treasurers.
    function pauseSeries(Region authority, uint32 series, uint40 until) external;

    /// @notice Starts the return of what is left to its funders, after validity; from then on any address may
    /// submit the holders to {expire}.
    /// @dev By treasurers.
    function startExpiry(Region authority, uint32 series) external;

    /// @notice Closes a series of which nothing is outstanding any more, after validity. For good.
    /// @dev By treasurers.
    function closeSeries(Region authority, uint32 series) external;

    // ---- Acts about issue ------------------------------------------------------------------------------------

    /// @notice Approves issuing to a list. `root` is the Merkle root over its chunks: leaf =
    /// keccak256(keccak256(abi.encode(index, keccak256(abi.encodePacked(items))))), see {issue}.
    /// @dev By treasurers of the series' authority or of one with a delegation, in the band of `total`. Its id is the
    /// number of orders so far plus one.
    function approveIssue(Region authority, uint32 series, uint64 total, bytes32 root) external;

    /// @notice Lets a key issue against paid orders: at most `perDay` won in a Korean day and `total` in all.
    /// @param key id of the key, see {Signatures}.
    /// @dev As {approveIssue}.
    function approveQuota(Region authority, uint32 series, uint64 total, uint64 perDay, bytes32 key) external;

    /// @notice Ends an issue order; what was not issued is free in the budget again.
    /// @dev By treasurers of the authority that approved it. One is enough to end a quota: a stolen key can't wait.
    function closeIssueOrder(Region authority, uint64 order) external;

    // ---- Acts about merchants and accounts -------------------------------------------------------------------

    /// @notice Registers merchants, or moves them to another region, category or size class. New ones are active.
    /// @dev By registrars of an authority whose region contains the merchant's (and its former one).
    function setMerchants(Region authority, MerchantEntry[] calldata entries) external;

    /// @notice Suspends, reactivates or closes merchants. Closed is for good.
    /// @dev By registrars of an authority whose region contains the merchant's.
    function setMerchantStatus(Region authority, address[] calldata merchants, MerchantStatus status) external;

    /// @notice Keeps payouts of merchants back until a moment at most 30 days ahead; 0 releases them. It moves and
    /// stops no vouchers: redeemed won stays owed, only the bank transfer is held.
    /// @dev By treasurers of an authority whose region contains the merchant's.
    function holdPayouts(Region authority, address[] calldata merchants, uint40 until) external;

    /// @notice Records how well holders are identified.
    /// @dev By registrars of an authority whose region contains the home (and the former one). Without a former home, a
    /// merchant must lie inside it too: who attests may propose new keys.
    function attestAccounts(Region authority, AccountEntry[] calldata entries) external;

    /// @notice Stops or allows payments, gifts and refunds from attested accounts. It moves nothing.
    /// @dev By registrars of an authority whose region contains the account's home.
    function freezeAccounts(Region authority, address[] calldata accounts, bool frozen) external;

    /// @notice Proposes new keys for an account whose keys were lost. They count after a delay, see
    /// {finishReplacement}; until then an old owner key may object.
    /// @dev By at least two registrars of an authority whose region contains the account's home or the merchant's
    /// region. @param keys a key ring, see {KeyRing}.
    function replaceKeys(Region authority, address account, bytes calldata keys) external;

    // ---- Acts about settlement -------------------------------------------------------------------------------

    /// @notice Burns merchant balances of the authority's own series; won is owed from here on. A line whose merchant
    /// has less by then is refused alone.
    /// @param run the authority's own reference. @dev By treasurers, in the band of the sum.
    function settle(Region authority, bytes32 run, Settlement[] calldata lines) external;

    /// @notice Gives back the merchant balances of redemptions whose payout the bank refused, each once.
    /// @dev By treasurers, in the band of the sum.
    function returnRedemptions(Region authority, Return[] calldata entries) external;

    // ---- Orders that any address may submit ------------------------------------------------------------------

    /// @notice Issues one chunk of an approved list, once; not while the series is paused or after its validity, so
    /// that no submitter can use up an approved list by submitting it at the wrong time.
    /// @param items up to 400: bits 0..159 account, 160..223 amount in won.
    function issue(uint64 order, uint256 index, uint256[] calldata items, bytes32[] calldata proof) external;

    /// @notice Issues to buyers (EIP-712 "QuotaIssue", signed by the quota's key). `index`, of 32 bits, is spent once.
    function issueByQuota(uint64 order, uint256 index, uint256[] calldata items, bytes calldata proof) external;

    /// @notice Settles payments (EIP-712 "Payment", signed by the payer). One from several series takes from the one
    /// that expires first, as much as it may; all or nothing.
    function pay(Transfer[] calldata items, bytes calldata proofs) external;

    /// @notice What {pay} would do with each item if it came first now.
    function previewPayments(Transfer[] calldata items, bytes calldata proofs)
        external
        view
        returns (Outcome[] memory);

    /// @notice Takes payments back, wholly or in part, as often as there is something left of them (EIP-712 "Void",
    /// signed by the merchant). Item: account = merchant, recipient = payer. The vouchers return to the payer's
    /// holding of the same series, until the merchant has redeemed them.
    function voidPayments(Transfer[] calldata items, Receipt[] calldata receipts, bytes calldata proofs)
        external
        returns (Outcome[] memory);

    /// @notice Moves vouchers from resident to resident where the series allows it (EIP-712 "Gift").
    function give(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory);

    /// @notice Moves merchant balances from merchant to merchant where the series allows it (EIP-712 "Circulation").
    function circulate(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory);

    /// @notice Burns merchant balances (EIP-712 "Redemption", signed by the merchant); won is owed from here on.
    /// Neither pause nor expiry nor suspension stops it: it was earned.
    function redeem(Transfer[] calldata items, bytes calldata proofs) external;

    /// @notice What {redeem} would do with each item if it came first now.
    function previewRedemptions(Transfer[] calldata items, bytes calldata proofs)
        external
        view
        returns (Outcome[] memory);

    /// @notice Refunds the whole rest of a holding by the statutory rule (EIP-712 "Refund", signed by the resident).
    function refund(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory);

    /// @notice Burns what is left in these holdings of a series whose expiry was started, for its funders.
    function expire(uint32 series, address[] calldata accounts) external;

    /// @notice Changes the keys of an account (EIP-712 "KeyChange", signed by one of its owner keys).
    /// @param keys the whole new key ring; the old one ends at once. The change's number is the next one.
    function changeKeys(address account, bytes calldata keys, uint40 deadline, bytes calldata proof) external;

    /// @notice Stops the replacement of an account's keys (EIP-712 "Objection", signed by an owner key).
    function stopReplacement(address account, uint40 deadline, bytes calldata proof) external;

    /// @notice Puts proposed keys into force once the delay is over.
    function finishReplacement(address account) external;

    // ---- Views -----------------------------------------------------------------------------------------------

    function seriesCount() external view returns (uint32);
    function seriesTerms(uint32 series) external view returns (Region authority, SeriesTerms memory terms);
    function seriesState(uint32 series) external view returns (SeriesState memory);
    function supply(uint32 series) external view returns (Supply memory);
    function delegatedBudget(uint32 series, Region to) external view returns (uint64 left);
    function holding(uint32 series, address account) external view returns (Holding memory);
    function merchantBalance(uint32 series, address merchant) external view returns (MerchantBalance memory);
    function merchant(address merchant) external view returns (Merchant memory);
    function account(address account) external view returns (Account memory);
    function replacement(address account) external view returns (Replacement memory);
    /// @notice Hash of the account's key ring once its keys were changed, else zero: then its id is made of them.
    function keysOf(address account) external view returns (bytes32);
    /// @notice won that a resident bought of, and was given from, an authority's series in the running Korean month and
    /// year.
    function purchases(Region authority, address account)
        external
        view
        returns (uint64 inMonth, uint64 inYear, uint64 giftsInMonth);
    function issueOrderCount() external view returns (uint64);
    function issueOrder(uint64 order) external view returns (IssueOrder memory);
    function isChunkIssued(uint64 order, uint256 index) external view returns (bool);
    /// @notice won of a payment that were taken back. A payment from several series counts for each of them.
    function voided(bytes32 payment, uint32 series) external view returns (uint64);
    function isReturned(bytes32 redemption) external view returns (bool);
    function receiptCount() external view returns (uint64);
    function receiptRoot(uint64 batch) external view returns (bytes32);
    /// @notice Seconds between a proposed replacement of keys and its coming into force.
    function KEY_DELAY() external view returns (uint40);
    function DOMAIN_SEPARATOR() external view returns (bytes32);
    function SALT() external view returns (bytes32);
}
