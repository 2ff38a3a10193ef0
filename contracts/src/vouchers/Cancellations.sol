// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersExtension} from "../interfaces/IVouchersExtension.sol";
import {Outcome} from "../interfaces/VoucherTypes.sol";
import {Refusal} from "../generated/Refusal.sol";
import {Right} from "../types/KeyRing.sol";
import {PackedHolding} from "../types/PackedHolding.sol";
import {PackedMerchantBalance} from "../types/PackedMerchantBalance.sol";
import {ReplayWindow} from "../types/ReplayWindow.sol";
import {Transfer} from "../types/Transfer.sol";
import {TypedData} from "../types/TypedData.sol";
import {SignedOrders} from "./SignedOrders.sol";

/// @notice An owner cancels what was signed and has not settled: its nonces are used up, and no value moves.
abstract contract Cancellations is IVouchersExtension, SignedOrders {
    /// @inheritdoc IVouchersExtension
    function cancel(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory outcomes) {
        _requireBatch(items.length);
        outcomes = new Outcome[](items.length);
        uint256 offset = 0;
        for (uint256 i = 0; i < items.length; i++) {
            Transfer calldata item = items[i];
            bytes calldata proof;
            (proof, offset) = _nextProof(proofs, offset, i);
            bytes32 id = _digest(DOMAIN_SEPARATOR(), TypedData.hashCancellation(item));
            PackedHolding held = _holdings[item.firstSeries()][item.account()];
            PackedHolding next = held.useNonces(item.nonce(), item.amount());
            bool isNew = PackedHolding.unwrap(next) != PackedHolding.unwrap(held);
            (Refusal code, uint256 a, uint256 b) = _checkCancellation(item, id, proof, held.top(), isNew);
            if (code == Refusal.None) {
                _holdings[item.firstSeries()][item.account()] = next;
                emit Cancelled(
                    id, item.firstSeries(), item.account(), item.amount(), item.nonce(), item.order
                );
            } else {
                emit CancellationRefused(id, uint8(code), a, b);
            }
            outcomes[i] = Outcome(id, uint8(code), a, b);
        }
    }

    /// @inheritdoc IVouchersExtension
    function cancelAsMerchant(Transfer[] calldata items, bytes calldata proofs)
        external
        returns (Outcome[] memory outcomes)
    {
        _requireBatch(items.length);
        outcomes = new Outcome[](items.length);
        uint256 offset = 0;
        for (uint256 i = 0; i < items.length; i++) {
            Transfer calldata item = items[i];
            bytes calldata proof;
            (proof, offset) = _nextProof(proofs, offset, i);
            bytes32 id = _digest(DOMAIN_SEPARATOR(), TypedData.hashMerchantCancellation(item));
            PackedMerchantBalance taken = _merchantBalances[item.firstSeries()][item.account()];
            PackedMerchantBalance next = taken.useNonces(item.nonce(), item.amount());
            bool isNew = PackedMerchantBalance.unwrap(next) != PackedMerchantBalance.unwrap(taken);
            (Refusal code, uint256 a, uint256 b) = _checkCancellation(item, id, proof, taken.top(), isNew);
            if (code == Refusal.None) {
                _merchantBalances[item.firstSeries()][item.account()] = next;
                emit MerchantCancelled(
                    id, item.firstSeries(), item.account(), item.amount(), item.nonce(), item.order
                );
            } else {
                emit MerchantCancellationRefused(id, uint8(code), a, b);
            }
            outcomes[i] = Outcome(id, uint8(code), a, b);
        }
    }

    /// @dev Checks neither pause nor validity nor a freeze: nothing moves. A device key can't, or its thief would cancel
    /// what the owner signs.
    /// @param isNew one of the nonces at least was not used before.
    function _checkCancellation(
        Transfer calldata item,
        bytes32 id,
        bytes calldata proof,
        uint32 top,
        bool isNew
    ) private view returns (Refusal code, uint256 a, uint256 b) {
        (code, a, b) = _checkOrder(item);
        if (code != Refusal.None) return (code, a, b);
        uint32 series = item.firstSeries();
        if (_series[series].validUntil == 0) return (Refusal.SeriesUnknown, series, 0);
        (Right right,) = _rightOf(item.account(), _accounts[item.account()].rekeyed, id, proof);
        if (right == Right.None) return (Refusal.SignatureInvalid, 0, 0);
        if (right != Right.Owner) return (Refusal.OwnerKeyNeeded, 0, 0);
        uint32 nonce = item.nonce();
        if (nonce > uint256(top) + ReplayWindow.MAX_JUMP) return (Refusal.Replayed, nonce, top);
        // Nonces begin at 1.
        if (item.amount() > nonce) return (Refusal.Replayed, 0, top);
        if (!isNew) return (Refusal.NothingToCancel, nonce, top);
    }
}
