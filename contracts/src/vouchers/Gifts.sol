// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersExtension} from "../interfaces/IVouchersExtension.sol";
import {Account, MerchantStatus, Outcome, FLAG_COMPANY, FLAG_GIFT} from "../interfaces/VoucherTypes.sol";
import {Refusal} from "../generated/Refusal.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {Right} from "../types/KeyRing.sol";
import {PackedHolding} from "../types/PackedHolding.sol";
import {Transfer} from "../types/Transfer.sol";
import {TypedData} from "../types/TypedData.sol";
import {Purchases} from "./Ledger.sol";
import {OpenSeries, SeriesRules} from "./SeriesRules.sol";
import {SignedOrders} from "./SignedOrders.sol";

/// @notice A resident gives vouchers to another one, where the series allows it.
abstract contract Gifts is IVouchersExtension, SeriesRules, SignedOrders {
    /// @inheritdoc IVouchersExtension
    function give(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory outcomes) {
        _requireBatch(items.length);
        outcomes = new Outcome[](items.length);
        uint256 offset = 0;
        OpenSeries memory series;
        for (uint256 i = 0; i < items.length; i++) {
            bytes calldata proof;
            (proof, offset) = _nextProof(proofs, offset, i);
            bytes32 id = _digest(DOMAIN_SEPARATOR(), TypedData.hashGift(items[i]));
            _load(series, items[i].firstSeries());
            (Refusal code, uint256 a, uint256 b) = _checkGift(series, items[i], id, proof);
            if (code == Refusal.None) _settleGift(series, items[i], id);
            else emit GiftRefused(id, uint8(code), a, b);
            outcomes[i] = Outcome(id, uint8(code), a, b);
        }
    }

    function _checkGift(OpenSeries memory series, Transfer calldata item, bytes32 id, bytes calldata proof)
        private
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        (code, a, b) = _checkOrder(item);
        if (code != Refusal.None) return (code, a, b);
        if (series.validUntil == 0) return (Refusal.SeriesUnknown, series.id, 0);
        Account storage giver = _accounts[item.account()];
        (Right right,) = _rightOf(item.account(), giver.rekeyed, id, proof);
        if (right == Right.None) return (Refusal.SignatureInvalid, 0, 0);
        if (right != Right.Owner) return (Refusal.OwnerKeyNeeded, 0, 0);
        address receiver = item.recipient();
        if (_isFrozen(giver) || _isFrozen(_accounts[receiver])) return (Refusal.AccountFrozen, 0, 0);
        if (receiver == item.account() || receiver == address(0)) return (Refusal.SelfPayment, 0, 0);
        if (receiver.code.length != 0) return (Refusal.ReceiverIsContract, 0, 0);
        if (_merchants[receiver].status != MerchantStatus.None) return (Refusal.GiftToMerchant, 0, 0);
        PackedHolding held = _holdings[series.id][item.account()];
        if (!held.isFresh(item.nonce())) return (Refusal.Replayed, item.nonce(), held.top());
        if (series.flags & FLAG_GIFT == 0) return (Refusal.GiftNotAllowed, series.id, 0);
        (code, a) = _checkOpen(series, true);
        if (code == Refusal.None) (code, a, b) = _checkGiver(series, giver, held, item.amount());
        if (code == Refusal.None) (code, a, b) = _checkReceiver(series, receiver, item.amount());
    }

    function _checkGiver(OpenSeries memory series, Account storage giver, PackedHolding held, uint64 amount)
        private
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        if (amount > held.balance()) return (Refusal.InsufficientBalance, held.balance(), amount);
        uint256 dailyLeft = _dailyLeft(series.dailyCaps[_tierOf(giver)], held);
        if (amount > dailyLeft) return (Refusal.DailyCapExceeded, dailyLeft, amount);
    }

    function _checkReceiver(OpenSeries memory series, address receiver, uint64 amount)
        private
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        // Who may get them by gift is who may get them by issue.
        if (_accounts[receiver].company != (series.flags & FLAG_COMPANY != 0)) {
            return (Refusal.BuyerNotEligible, 0, 0);
        }
        (code, a, b) =
            _checkHoldingCap(series.holdingCap, _holdings[series.id][receiver].balance(), amount);
        if (code != Refusal.None) return (code, a, b);
        uint256 cap = _series[series.id].giftCap;
        if (cap == 0) return (Refusal.None, 0, 0);
        uint256 had = _giftsThisMonth(_purchases[series.authority][receiver]);
        if (had + amount > cap) return (Refusal.GiftCapExceeded, had < cap ? cap - had : 0, amount);
    }

    function _settleGift(OpenSeries memory series, Transfer calldata item, bytes32 id) private {
        uint64 amount = item.amount();
        address receiver = item.recipient();
        uint16 today = KoreanCalendar.day(block.timestamp);
        PackedHolding held = _holdings[series.id][item.account()].useNonce(item.nonce()).giveAway(amount);
        if (series.dailyCaps[_tierOf(_accounts[item.account()])] != 0) held = held.recordSpent(amount, today);
        _holdings[series.id][item.account()] = held;
        _holdings[series.id][receiver] = _holdings[series.id][receiver].receiveVouchers(amount, today);
        if (_series[series.id].giftCap != 0) {
            Purchases storage got = _purchases[series.authority][receiver];
            uint256 had = _giftsThisMonth(got);
            (got.giftYear, got.giftMonth) = KoreanCalendar.yearAndMonth(block.timestamp);
            got.gifts = uint48(had + amount);
        }
        emit Given(id, series.id, item.account(), receiver, amount, item.nonce(), item.order);
        _emitTransfer(item.account(), receiver, series.id, amount);
    }

    function _giftsThisMonth(Purchases storage got) private view returns (uint256) {
        (uint16 year, uint8 month) = KoreanCalendar.yearAndMonth(block.timestamp);
        return got.giftYear == year && got.giftMonth == month ? got.gifts : 0;
    }
}
