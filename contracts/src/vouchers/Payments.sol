// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IVouchers, Merchant, MerchantStatus, Outcome, Takings} from "../interfaces/IVouchers.sol";
import {Refusal} from "../generated/Refusal.sol";
import {PackedHolding} from "../types/PackedHolding.sol";
import {PackedTakings} from "../types/PackedTakings.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {SignedTransfer} from "../types/SignedTransfer.sol";
import {TypedData} from "../types/TypedData.sol";
import {OpenSeries} from "./SeriesBook.sol";
import {Issuance} from "./Issuance.sol";

/// @notice A resident pays a merchant. The digest of what the payer signed is the payment's id.
abstract contract Payments is Issuance {
    bytes32 public immutable DOMAIN_SEPARATOR;
    bytes32 public immutable SALT;

    mapping(uint32 series => mapping(address merchant => PackedTakings)) internal _takings;

    constructor(bytes32 salt) {
        SALT = salt;
        DOMAIN_SEPARATOR = TypedData.domainSeparator("Jangteo Vouchers", salt);
    }

    /// @inheritdoc IVouchers
    function pay(SignedTransfer[] calldata items) external {
        _requireBatch(items.length);
        OpenSeries memory series;
        for (uint256 i = 0; i < items.length; i++) {
            SignedTransfer calldata item = items[i];
            if (item.series() != series.id) series = _openSeries(item.series());
            bytes32 id = _digest(TypedData.hashPayment(item));
            (Refusal code, uint256 a, uint256 b, PackedHolding held) = _checkPayment(series, item, id);
            if (code != Refusal.None) {
                emit PaymentRefused(id, uint8(code), a, b);
                continue;
            }
            _settle(series.dailyCap != 0, item, held);
            emit Paid(
                id,
                item.series(),
                item.account(),
                item.recipient(),
                item.amount(),
                item.nonce(),
                item.order
            );
        }
    }

    /// @inheritdoc IVouchers
    function previewPayments(SignedTransfer[] calldata items) external view returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](items.length);
        for (uint256 i = 0; i < items.length; i++) {
            bytes32 id = _digest(TypedData.hashPayment(items[i]));
            OpenSeries memory series = _openSeries(items[i].series());
            (Refusal code, uint256 a, uint256 b,) = _checkPayment(series, items[i], id);
            outcomes[i] = Outcome(id, uint8(code), a, b);
        }
    }

    /// @inheritdoc IVouchers
    function takings(uint32 id, address shop) external view returns (Takings memory) {
        return _takings[id][shop].unpack();
    }

    /// @dev The checks in the order in which a refusal is told; `held` is the holding as it was.
    function _checkPayment(OpenSeries memory series, SignedTransfer calldata item, bytes32 id)
        private
        view
        returns (Refusal code, uint256 a, uint256 b, PackedHolding held)
    {
        if (item.amount() == 0) return (Refusal.AmountZero, 0, 0, held);
        if (block.timestamp > item.deadline()) {
            return (Refusal.DeadlinePassed, item.deadline(), block.timestamp, held);
        }
        if (series.validUntil == 0) return (Refusal.SeriesUnknown, item.series(), 0, held);
        if (!_isSigner(item.account(), id, item)) return (Refusal.SignatureInvalid, 0, 0, held);
        if (_accounts[item.account()].frozen) return (Refusal.AccountFrozen, 0, 0, held);
        if (item.account() == item.recipient()) return (Refusal.SelfPayment, 0, 0, held);
        held = _holdings[item.series()][item.account()];
        if (!held.isFresh(item.nonce())) {
            return (Refusal.Replayed, item.nonce(), held.top(), held);
        }
        (code, a) = _checkOpen(series, true);
        if (code == Refusal.None) (code, a, b) = _checkMerchant(series, item.recipient());
        if (code == Refusal.None) (code, a, b) = _checkAmount(series, held, item.amount());
    }

    function _checkMerchant(OpenSeries memory series, address shop)
        private
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        Merchant storage known = _merchants[shop];
        if (known.status == MerchantStatus.None) return (Refusal.MerchantUnknown, 0, 0);
        if (known.status != MerchantStatus.Active) {
            return (Refusal.MerchantNotActive, uint256(known.status), 0);
        }
        return _checkScope(series, known.region, known.category, known.size);
    }

    function _checkAmount(OpenSeries memory series, PackedHolding held, uint64 amount)
        private
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        uint256 paymentCap = series.paymentCap;
        if (paymentCap != 0 && amount > paymentCap) return (Refusal.PaymentCapExceeded, paymentCap, amount);
        if (amount > held.balance()) return (Refusal.InsufficientBalance, held.balance(), amount);
        uint256 dailyCap = series.dailyCap;
        if (dailyCap == 0) return (Refusal.None, 0, 0);
        uint256 spent = held.spentOn(KoreanCalendar.day(block.timestamp));
        // `spent` can't pass the cap: terms never change and every payment is checked here.
        if (spent + amount > dailyCap) return (Refusal.DailyCapExceeded, dailyCap - spent, amount);
    }

    /// @dev One write to the payer's slot, one to the merchant's.
    /// @param capped whether the series has a daily cap, for which the day's sum is kept.
    function _settle(bool capped, SignedTransfer calldata item, PackedHolding held) private {
        uint64 amount = item.amount();
        held = held.pay(amount, item.nonce());
        if (capped) {
            held = held.recordSpent(amount, KoreanCalendar.day(block.timestamp));
        }
        _holdings[item.series()][item.account()] = held;
        mapping(address => PackedTakings) storage takingsOf = _takings[item.series()];
        takingsOf[item.recipient()] = takingsOf[item.recipient()].earn(amount);
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(DOMAIN_SEPARATOR, structHash);
    }

    function _isSigner(address holder, bytes32 digest, SignedTransfer calldata item) internal pure returns (bool) {
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecover(digest, item.r, item.vs);
        return problem == ECDSA.RecoverError.NoError && signer == holder;
    }
}
