// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersCore} from "../interfaces/IVouchersCore.sol";
import {Outcome} from "../interfaces/VoucherTypes.sol";
import {Refusal} from "../generated/Refusal.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {Right} from "../types/KeyRing.sol";
import {PackedMerchantBalance} from "../types/PackedMerchantBalance.sol";
import {Receipts} from "../types/Receipts.sol";
import {Transfer} from "../types/Transfer.sol";
import {TypedData} from "../types/TypedData.sol";
import {SignedOrders} from "./SignedOrders.sol";
import {MerchantBalances} from "./MerchantBalances.sol";

/// @notice A merchant turns its balance into won: the vouchers are burned and the event states what is owed.
abstract contract Redemptions is IVouchersCore, MerchantBalances, SignedOrders {
    /// @inheritdoc IVouchersCore
    function redeem(Transfer[] calldata items, bytes calldata proofs) external {
        _requireBatch(items.length);
        bytes32[] memory leaves = new bytes32[](items.length);
        uint256 settled = 0;
        uint256 offset = 0;
        for (uint256 i = 0; i < items.length; i++) {
            Transfer calldata item = items[i];
            bytes32 id = _digest(DOMAIN_SEPARATOR(), TypedData.hashRedemption(item));
            bytes calldata proof;
            (proof, offset) = _nextProof(proofs, offset, i);
            (Refusal code, uint256 a, uint256 b) = _checkRedemption(item, id, proof);
            if (code == Refusal.None) leaves[settled++] = _settleRedemption(item, id);
            else emit RedemptionRefused(id, uint8(code), a, b);
        }
        if (settled != 0) _storeReceipts(Receipts.root(leaves, settled));
    }

    /// @inheritdoc IVouchersCore
    function previewRedemptions(Transfer[] calldata items, bytes calldata proofs)
        external
        view
        returns (Outcome[] memory outcomes)
    {
        outcomes = new Outcome[](items.length);
        uint256 offset = 0;
        for (uint256 i = 0; i < items.length; i++) {
            bytes32 id = _digest(DOMAIN_SEPARATOR(), TypedData.hashRedemption(items[i]));
            bytes calldata proof;
            (proof, offset) = _nextProof(proofs, offset, i);
            (Refusal code, uint256 a, uint256 b) = _checkRedemption(items[i], id, proof);
            outcomes[i] = Outcome(id, uint8(code), a, b);
        }
    }

    /// @dev Checks neither the merchant's status nor pause nor validity: earned won is owed. Nor a device's daily
    /// limit: it is paid to the merchant's own bank account.
    function _checkRedemption(Transfer calldata item, bytes32 id, bytes calldata proof)
        private
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        (code, a, b) = _checkOrder(item);
        if (code != Refusal.None) return (code, a, b);
        uint32 series = item.firstSeries();
        if (_series[series].validUntil == 0) return (Refusal.SeriesUnknown, series, 0);
        bool rekeyed = _accounts[item.account()].rekeyed;
        (Right right,) = _rightOf(item.account(), rekeyed, id, proof);
        if (right == Right.None) return (Refusal.SignatureInvalid, 0, 0);
        PackedMerchantBalance taken = _merchantBalances[series][item.account()];
        if (!taken.isFresh(item.nonce())) return (Refusal.Replayed, item.nonce(), taken.top());
        uint256 redeemable = _redeemable(series, item.account());
        if (item.amount() > redeemable) return (Refusal.InsufficientMerchantBalance, redeemable, item.amount());
    }

    function _settleRedemption(Transfer calldata item, bytes32 id) private returns (bytes32 leaf) {
        uint32 series = item.firstSeries();
        address merchant = item.account();
        _merchantBalances[series][merchant] = _merchantBalances[series][merchant].useNonce(item.nonce());
        emit Redeemed(id, series, merchant, item.amount(), item.nonce(), item.order);
        _burnMerchantBalance(series, merchant, item.amount());
        uint16 today = KoreanCalendar.day(block.timestamp);
        return Receipts.leaf(id, merchant, address(0), series, item.amount(), today);
    }
}
