// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISigningDomain} from "../interfaces/ISigningDomain.sol";
import {Account} from "../interfaces/VoucherTypes.sol";
import {Refusal} from "../generated/Refusal.sol";
import {KeyRing, Right} from "../types/KeyRing.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {Signatures} from "../types/Signatures.sol";
import {Transfer} from "../types/Transfer.sol";
import {TypedData} from "../types/TypedData.sol";
import {Ledger} from "./Ledger.sol";

/// @notice Who signed an order, and what that key may do for the account.
abstract contract SignedOrders is ISigningDomain, Ledger {
    /// @dev Immutable, and equal in the contracts that have it: `address(this)` is {Vouchers} in all of them at the time
    /// of a call, but not when they are created.
    bytes32 public immutable SALT;

    constructor(bytes32 salt) {
        SALT = salt;
    }

    function DOMAIN_SEPARATOR() public view virtual returns (bytes32) {
        return TypedData.domainSeparator("Jangteo Vouchers", SALT);
    }

    /// @dev The proof that begins at `offset`, and where the next one does.
    function _nextProof(bytes calldata proofs, uint256 offset, uint256 index)
        internal
        pure
        returns (bytes calldata proof, uint256 next)
    {
        unchecked {
            // Offsets end where calldata does.
            uint256 start = offset + 2;
            if (proofs.length < start) revert ProofMissing(index);
            next = start + uint16(bytes2(proofs[offset:start]));
            if (proofs.length < next) revert ProofMissing(index);
            return (proofs[start:next], next);
        }
    }

    /// @dev What the key that signed `digest` may do for `holder`; None when the signature is invalid or another's.
    function _rightOf(address holder, bool rekeyed, bytes32 digest, bytes calldata proof)
        internal
        view
        returns (Right right, uint32 dailyLimit)
    {
        // {Vouchers} called itself: the wallet itself sent an ERC-1155 transfer, see {Tokens}.
        if (msg.sender == address(this)) return (rekeyed ? Right.None : Right.Owner, 0);
        (bytes32 key, uint256 length) = Signatures.verify(digest, proof);
        if (key == 0) return (Right.None, 0);
        if (proof.length == length) {
            // A wallet without a ring: the ids of other kinds of keys are hashes and longer than an address.
            bool own = !rekeyed && key == bytes32(uint256(uint160(holder)));
            return (own ? Right.Owner : Right.None, 0);
        }
        bytes calldata ring = proof[length + 1:];
        if (rekeyed) {
            if (_rings[holder] != KeyRing.hash(ring)) return (Right.None, 0);
        } else {
            address id;
            (id, ring) = KeyRing.founded(ring);
            if (id != holder) return (Right.None, 0);
        }
        return KeyRing.rightAt(ring, uint8(proof[length]), key);
    }

    /// @dev What every order begins with.
    function _checkOrder(Transfer calldata item) internal view returns (Refusal code, uint256 a, uint256 b) {
        if (item.amount() == 0) return (Refusal.AmountZero, 0, 0);
        if (block.timestamp > item.deadline()) {
            return (Refusal.DeadlinePassed, item.deadline(), block.timestamp);
        }
    }

    /// @dev Whether a device key of this account may move `amount` more today.
    function _checkDevice(Account storage holder, Right right, uint32 dailyLimit, uint64 amount)
        internal
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        if (right == Right.Owner) return (Refusal.None, 0, 0);
        uint256 spent = holder.day == KoreanCalendar.day(block.timestamp) ? holder.spentByDevices : 0;
        // A new ring may have a lower limit than what was spent under the old one.
        uint256 left = spent < dailyLimit ? dailyLimit - spent : 0;
        if (amount > left) return (Refusal.DeviceLimitExceeded, left, amount);
    }

    /// @dev The nonce, and in the byte above it the right of the key that signed: what devices move follows from events.
    function _signed(Transfer calldata item, Right right) internal pure returns (uint40) {
        return item.nonce() | uint40(uint8(right)) << 32;
    }

    /// @dev Counts what a device key moved; checked by {_checkDevice}.
    function _recordDevice(Account storage holder, Right right, uint64 amount) internal {
        if (right == Right.Owner) return;
        uint16 today = KoreanCalendar.day(block.timestamp);
        uint32 spent = holder.day == today ? holder.spentByDevices : 0;
        holder.day = today;
        holder.spentByDevices = spent + uint32(amount);
    }
}
