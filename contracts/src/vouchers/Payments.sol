// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersCore} from "../interfaces/IVouchersCore.sol";
import {Account, Merchant, Outcome} from "../interfaces/VoucherTypes.sol";
import {Refusal} from "../generated/Refusal.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {Right} from "../types/KeyRing.sol";
import {PackedHolding} from "../types/PackedHolding.sol";
import {PackedMerchantBalance} from "../types/PackedMerchantBalance.sol";
import {Receipts} from "../types/Receipts.sol";
import {Transfer} from "../types/Transfer.sol";
import {TypedData} from "../types/TypedData.sol";
import {OpenSeries, SeriesRules} from "./SeriesRules.sol";
import {SignedOrders} from "./SignedOrders.sol";

/// @dev One of the listed series, the payer's holding of it, the daily cap that binds the payer, and what it gives.
struct Source {
    OpenSeries series;
    PackedHolding held;
    uint256 dailyCap;
    uint64 part;
}

/// @dev What a payment is taken from. Used again for the next item of the batch.
struct Basket {
    uint256 count;
    Source[8] sources;
}

/// @notice A resident pays a merchant. The digest of what the payer signed is the payment's id.
abstract contract Payments is IVouchersCore, SeriesRules, SignedOrders {
    uint256 private constant LISTED_MAX = 8;

    /// @inheritdoc IVouchersCore
    function pay(Transfer[] calldata items, bytes calldata proofs) external {
        _requireBatch(items.length);
        Basket memory basket;
        bytes32[] memory leaves = new bytes32[](_partsMax(items));
        uint256 settled = 0;
        uint256 offset = 0;
        for (uint256 i = 0; i < items.length; i++) {
            Transfer calldata item = items[i];
            bytes32 id = _digest(DOMAIN_SEPARATOR(), TypedData.hashPayment(item));
            bytes calldata proof;
            (proof, offset) = _nextProof(proofs, offset, i);
            (Refusal code, uint256 a, uint256 b, Right right) = _checkPayment(basket, item, id, proof);
            if (code == Refusal.None) settled = _settlePayment(basket, item, id, right, leaves, settled);
            else emit PaymentRefused(id, uint8(code), a, b);
        }
        if (settled != 0) _storeReceipts(Receipts.root(leaves, settled));
    }

    /// @inheritdoc IVouchersCore
    function previewPayments(Transfer[] calldata items, bytes calldata proofs)
        external
        view
        returns (Outcome[] memory outcomes)
    {
        outcomes = new Outcome[](items.length);
        Basket memory basket;
        uint256 offset = 0;
        for (uint256 i = 0; i < items.length; i++) {
            bytes32 id = _digest(DOMAIN_SEPARATOR(), TypedData.hashPayment(items[i]));
            bytes calldata proof;
            (proof, offset) = _nextProof(proofs, offset, i);
            (Refusal code, uint256 a, uint256 b,) = _checkPayment(basket, items[i], id, proof);
            outcomes[i] = Outcome(id, uint8(code), a, b);
        }
    }

    /// @dev The checks in the order in which refusals are reported.
    function _checkPayment(Basket memory basket, Transfer calldata item, bytes32 id, bytes calldata proof)
        private
        view
        returns (Refusal code, uint256 a, uint256 b, Right right)
    {
        (code, a, b) = _checkOrder(item);
        if (code != Refusal.None) return (code, a, b, right);
        (code, a) = _fill(basket, item);
        if (code != Refusal.None) return (code, a, 0, right);
        Account storage payer = _accounts[item.account()];
        // One read for what a payment asks of an account.
        (bool rekeyed, bool frozen, uint8 tier) = (payer.rekeyed, _isFrozen(payer), _tierOf(payer));
        uint32 deviceLimit;
        (right, deviceLimit) = _rightOf(item.account(), rekeyed, id, proof);
        if (right == Right.None) return (Refusal.SignatureInvalid, 0, 0, right);
        if (frozen) return (Refusal.AccountFrozen, 0, 0, right);
        if (item.account() == item.recipient()) return (Refusal.SelfPayment, 0, 0, right);
        PackedHolding first = basket.sources[0].held;
        if (!first.isFresh(item.nonce())) return (Refusal.Replayed, item.nonce(), first.top(), right);
        (code, a, b) = _checkSeries(basket, item.recipient());
        if (code == Refusal.None) (code, a, b) = _divide(basket, tier, item.amount());
        if (code == Refusal.None) (code, a, b) = _checkDevice(payer, right, deviceLimit, item.amount());
    }

    /// @dev Reads the listed series and the payer's holdings of them.
    function _fill(Basket memory basket, Transfer calldata item)
        private
        view
        returns (Refusal code, uint256 a)
    {
        uint256 count = 0;
        uint256 rest = item.series;
        do {
            uint32 id = uint32(rest);
            Source memory source = basket.sources[count++];
            // Most items of a batch name the same series as the one before.
            if (source.series.id != id || id == 0) _load(source.series, id);
            if (source.series.validUntil == 0) return (Refusal.SeriesUnknown, id);
            source.held = _holdings[id][item.account()];
            rest >>= 32;
        } while (uint32(rest) != 0);
        basket.count = count;
    }

    /// @dev Whether every listed series may be spent now, and with this merchant.
    function _checkSeries(Basket memory basket, address recipient)
        private
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        for (uint256 i = 0; i < basket.count; i++) {
            OpenSeries memory series = basket.sources[i].series;
            if (i != 0 && !_isInOrder(basket, i)) return (Refusal.SeriesOrder, series.id, series.validUntil);
            (code, a) = _checkOpen(series, true);
            if (code != Refusal.None) return (code, a, 0);
        }
        Merchant storage shop = _merchants[recipient];
        (code, a) = _checkActive(shop);
        if (code != Refusal.None) return (code, a, 0);
        for (uint256 i = 0; i < basket.count; i++) {
            (code, a, b) = _checkScope(basket.sources[i].series, shop, recipient);
            if (code != Refusal.None) return (code, a, b);
        }
    }

    /// @dev The earliest end as published comes first, which no extension changes, and no series twice: its holding was
    /// read once.
    function _isInOrder(Basket memory basket, uint256 place) private pure returns (bool) {
        OpenSeries memory series = basket.sources[place].series;
        if (series.validUntil < basket.sources[place - 1].series.validUntil) return false;
        for (uint256 i = 0; i < place; i++) {
            if (basket.sources[i].series.id == series.id) return false;
        }
        return true;
    }

    /// @dev Takes as much as it may from each series in turn; the last one must give all that remains. The first must
    /// give something, because its holding counts the nonce.
    function _divide(Basket memory basket, uint8 tier, uint64 amount)
        private
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        uint64 rest = amount;
        for (uint256 i = 0; i < basket.count; i++) {
            Source memory source = basket.sources[i];
            uint256 balance = source.held.balance();
            source.dailyCap = source.series.dailyCaps[tier];
            uint256 dailyLeft = _dailyLeft(source.dailyCap, source.held);
            uint256 cap = source.series.paymentCap;
            if (cap == 0) cap = type(uint64).max;
            uint64 part = _least(rest, cap, balance, dailyLeft);
            if (part < rest && i + 1 == basket.count) {
                if (rest > cap) return (Refusal.PaymentCapExceeded, cap, rest);
                if (rest > balance) return (Refusal.InsufficientBalance, balance, rest);
                return (Refusal.DailyCapExceeded, dailyLeft, rest);
            }
            if (part == 0 && i == 0) {
                if (balance == 0) return (Refusal.InsufficientBalance, 0, rest);
                return (Refusal.DailyCapExceeded, 0, rest);
            }
            source.part = part;
            unchecked {
                rest -= part; // the least of it and others
            }
        }
    }

    /// @dev One write to the payer's slot and one to the merchant's, for each series that gives something.
    function _settlePayment(
        Basket memory basket,
        Transfer calldata item,
        bytes32 id,
        Right right,
        bytes32[] memory leaves,
        uint256 settled
    ) private returns (uint256) {
        _recordDevice(_accounts[item.account()], right, item.amount());
        uint16 today = KoreanCalendar.day(block.timestamp);
        for (uint256 i = 0; i < basket.count; i++) {
            Source memory source = basket.sources[i];
            uint64 part = source.part;
            if (part == 0) continue;
            uint32 series = source.series.id;
            PackedHolding held = source.held.spend(part);
            if (i == 0) held = held.useNonce(item.nonce());
            if (source.dailyCap != 0) held = held.recordSpent(part, today);
            _holdings[series][item.account()] = held;
            mapping(address => PackedMerchantBalance) storage balances = _merchantBalances[series];
            balances[item.recipient()] = balances[item.recipient()].earn(part);
            emit Paid(id, series, item.account(), item.recipient(), part, _signed(item, right), item.order);
            _emitTransfer(item.account(), item.recipient(), series, part);
            leaves[settled++] = Receipts.leaf(id, item.account(), item.recipient(), series, part, today);
        }
        return settled;
    }

    function _partsMax(Transfer[] calldata items) private pure returns (uint256 parts) {
        for (uint256 i = 0; i < items.length; i++) {
            parts += items[i].series >> 32 == 0 ? 1 : LISTED_MAX;
        }
    }

    /// @dev At most `rest`, so it fits.
    function _least(uint64 rest, uint256 cap, uint256 balance, uint256 left) private pure returns (uint64) {
        uint256 least = rest;
        if (cap < least) least = cap;
        if (balance < least) least = balance;
        if (left < least) least = left;
        return uint64(least);
    }
}
