// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IVouchersExtension} from "../interfaces/IVouchersExtension.sol";
import {Account, Outcome, Receipt} from "../interfaces/VoucherTypes.sol";
import {Refusal} from "../generated/Refusal.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {Right} from "../types/KeyRing.sol";
import {PackedHolding} from "../types/PackedHolding.sol";
import {PackedMerchantBalance} from "../types/PackedMerchantBalance.sol";
import {Receipts} from "../types/Receipts.sol";
import {Transfer} from "../types/Transfer.sol";
import {TypedData} from "../types/TypedData.sol";
import {SignedOrders} from "./SignedOrders.sol";

/// @notice A merchant takes a payment back, wholly or in part. The receipt proves it: else a void would be a way to
/// hand vouchers out for cash.
abstract contract Voids is IVouchersExtension, SignedOrders {
    /// @inheritdoc IVouchersExtension
    function voidPayments(Transfer[] calldata items, Receipt[] calldata receipts, bytes calldata proofs)
        external
        returns (Outcome[] memory outcomes)
    {
        _requireBatch(items.length);
        _requireSameLength(items.length, receipts.length);
        outcomes = new Outcome[](items.length);
        uint256 offset = 0;
        for (uint256 i = 0; i < items.length; i++) {
            bytes calldata proof;
            (proof, offset) = _nextProof(proofs, offset, i);
            outcomes[i] = _void(items[i], receipts[i], proof);
        }
    }

    function _void(Transfer calldata item, Receipt calldata receipt, bytes calldata proof)
        private
        returns (Outcome memory)
    {
        bytes32 id = _digest(DOMAIN_SEPARATOR(), TypedData.hashVoid(item, receipt.id));
        (Refusal code, uint256 a, uint256 b, Right right) = _checkVoid(item, receipt, id, proof);
        if (code == Refusal.None) _settleVoid(item, receipt, id, right);
        else emit VoidRefused(id, uint8(code), a, b);
        return Outcome(id, uint8(code), a, b);
    }

    /// @dev Checks neither pause nor validity nor anyone's status: a customer may always get a payment back.
    function _checkVoid(Transfer calldata item, Receipt calldata receipt, bytes32 id, bytes calldata proof)
        private
        view
        returns (Refusal code, uint256 a, uint256 b, Right right)
    {
        (code, a, b) = _checkOrder(item);
        if (code != Refusal.None) return (code, a, b, right);
        uint32 series = item.firstSeries();
        if (_series[series].validUntil == 0) return (Refusal.SeriesUnknown, series, 0, right);
        Account storage shop = _accounts[item.account()];
        uint32 deviceLimit;
        (right, deviceLimit) = _rightOf(item.account(), shop.rekeyed, id, proof);
        if (right == Right.None) return (Refusal.SignatureInvalid, 0, 0, right);
        PackedMerchantBalance taken = _merchantBalances[series][item.account()];
        if (!taken.isFresh(item.nonce())) return (Refusal.Replayed, item.nonce(), taken.top(), right);
        if (!_isProven(item, receipt, series)) return (Refusal.ReceiptUnknown, receipt.batch, 0, right);
        uint256 left = receipt.amount - _voided[receipt.id][series];
        if (item.amount() > left) return (Refusal.VoidExceedsPayment, left, item.amount(), right);
        if (item.amount() > taken.balance()) {
            return (Refusal.InsufficientMerchantBalance, taken.balance(), item.amount(), right);
        }
        (code, a, b) = _checkDevice(shop, right, deviceLimit, item.amount());
    }

    /// @dev The leaf of a payment names its merchant, so no redemption (merchant zero) passes for one.
    function _isProven(Transfer calldata item, Receipt calldata receipt, uint32 series)
        private
        view
        returns (bool)
    {
        bytes32 leaf = Receipts.leaf(
            receipt.id, item.recipient(), item.account(), series, receipt.amount, receipt.day
        );
        return MerkleProof.verifyCalldata(receipt.branch, _receipts[receipt.batch], leaf);
    }

    function _settleVoid(Transfer calldata item, Receipt calldata receipt, bytes32 id, Right right) private {
        uint32 series = item.firstSeries();
        uint64 amount = item.amount();
        _recordDevice(_accounts[item.account()], right, amount);
        _voided[receipt.id][series] += amount;
        _merchantBalances[series][item.account()] =
            _merchantBalances[series][item.account()].useNonce(item.nonce()).give(amount);
        (PackedHolding held, uint64 receivedAgain) = _holdings[series][item.recipient()].giveBack(amount);
        uint16 today = KoreanCalendar.day(block.timestamp);
        // What was taken back on the same day may be spent again on that day.
        if (receipt.day == today) held = held.unrecordSpent(amount, today);
        _holdings[series][item.recipient()] = held;
        _emitVoid(item, receipt.id, id, receivedAgain, _signed(item, right));
        _emitTransfer(item.account(), item.recipient(), series, amount);
    }

    /// @dev Apart because of the stack.
    function _emitVoid(
        Transfer calldata item,
        bytes32 payment,
        bytes32 id,
        uint64 receivedAgain,
        uint40 signed
    ) private {
        emit Voided(
            id,
            payment,
            item.firstSeries(),
            item.recipient(),
            item.account(),
            item.amount(),
            receivedAgain,
            signed,
            item.order
        );
    }
}
