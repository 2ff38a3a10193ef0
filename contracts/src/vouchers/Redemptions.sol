// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchers, Outcome} from "../interfaces/IVouchers.sol";
import {Refusal} from "../generated/Refusal.sol";
import {PackedTakings} from "../types/PackedTakings.sol";
import {SignedTransfer} from "../types/SignedTransfer.sol";
import {TypedData} from "../types/TypedData.sol";
import {Payments} from "./Payments.sol";

/// @notice A merchant turns takings into won: the vouchers are burned and the event says what is owed.
abstract contract Redemptions is Payments {
    /// @inheritdoc IVouchers
    function redeem(SignedTransfer[] calldata items) external {
        _requireBatch(items.length);
        for (uint256 i = 0; i < items.length; i++) {
            SignedTransfer calldata item = items[i];
            bytes32 id = _digest(TypedData.hashRedemption(item));
            (Refusal code, uint256 a, uint256 b) = _checkRedemption(item, id);
            if (code != Refusal.None) {
                emit RedemptionRefused(id, uint8(code), a, b);
                continue;
            }
            PackedTakings taken = _takings[item.series()][item.account()];
            _takings[item.series()][item.account()] = taken.redeem(item.amount(), item.nonce());
            _series[item.series()].redeemed += item.amount();
            emit Redeemed(id, item.series(), item.account(), item.amount(), item.nonce(), item.order);
        }
    }

    /// @inheritdoc IVouchers
    function previewRedemptions(SignedTransfer[] calldata items)
        external
        view
        returns (Outcome[] memory outcomes)
    {
        outcomes = new Outcome[](items.length);
        for (uint256 i = 0; i < items.length; i++) {
            bytes32 id = _digest(TypedData.hashRedemption(items[i]));
            (Refusal code, uint256 a, uint256 b) = _checkRedemption(items[i], id);
            outcomes[i] = Outcome(id, uint8(code), a, b);
        }
    }

    /// @dev No look at the merchant's status, the pause or the validity: what was earned is owed.
    function _checkRedemption(SignedTransfer calldata item, bytes32 id)
        private
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        if (item.amount() == 0) return (Refusal.AmountZero, 0, 0);
        if (block.timestamp > item.deadline()) {
            return (Refusal.DeadlinePassed, item.deadline(), block.timestamp);
        }
        if (_series[item.series()].validUntil == 0) return (Refusal.SeriesUnknown, item.series(), 0);
        if (!_isSigner(item.account(), id, item)) return (Refusal.SignatureInvalid, 0, 0);
        PackedTakings taken = _takings[item.series()][item.account()];
        if (!taken.isFresh(item.nonce())) return (Refusal.Replayed, item.nonce(), taken.top());
        if (item.amount() > taken.balance()) {
            return (Refusal.InsufficientTakings, taken.balance(), item.amount());
        }
    }
}
