// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IVouchers, Holding, Merchant, MerchantStatus, Outcome, Takings} from "../interfaces/IVouchers.sol";
import {Refusal} from "../generated/Refusal.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {ReplayWindow} from "../types/ReplayWindow.sol";
import {SignedTransfer} from "../types/SignedTransfer.sol";
import {TypedData} from "../types/TypedData.sol";
import {Series} from "./SeriesBook.sol";
import {Issuance} from "./Issuance.sol";

/// @notice A resident pays a merchant. The digest of what the payer signed is the payment's id.
abstract contract Payments is Issuance {
    bytes32 public immutable DOMAIN_SEPARATOR;
    bytes32 public immutable SALT;

    mapping(uint32 series => mapping(address merchant => Takings)) internal _takings;

    constructor(bytes32 salt) {
        SALT = salt;
        DOMAIN_SEPARATOR = TypedData.domainSeparator("Jangteo Vouchers", salt);
    }

    /// @inheritdoc IVouchers
    function pay(SignedTransfer[] calldata items) external {
        _requireBatch(items.length);
        for (uint256 i = 0; i < items.length; i++) {
            SignedTransfer calldata item = items[i];
            bytes32 id = _digest(TypedData.hashPayment(item));
            (Refusal code, uint256 a, uint256 b, Holding memory held) = _checkPayment(item, id);
            if (code != Refusal.None) {
                emit PaymentRefused(id, uint8(code), a, b);
                continue;
            }
            _settle(item, held);
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
            (Refusal code, uint256 a, uint256 b,) = _checkPayment(items[i], id);
            outcomes[i] = Outcome(id, uint8(code), a, b);
        }
    }

    /// @inheritdoc IVouchers
    function takings(uint32 id, address shop) external view returns (Takings memory) {
        return _takings[id][shop];
    }

    /// @dev The checks in the order in which a refusal is told; `held` is the holding as it was.
    function _checkPayment(SignedTransfer calldata item, bytes32 id)
        private
        view
        returns (Refusal code, uint256 a, uint256 b, Holding memory held)
    {
        if (item.amount() == 0) return (Refusal.AmountZero, 0, 0, held);
        if (block.timestamp > item.deadline()) {
            return (Refusal.DeadlinePassed, item.deadline(), block.timestamp, held);
        }
        Series storage series = _series[item.series()];
        if (series.validUntil == 0) return (Refusal.SeriesUnknown, item.series(), 0, held);
        if (!_isSigner(item.account(), id, item)) return (Refusal.SignatureInvalid, 0, 0, held);
        if (_accounts[item.account()].frozen) return (Refusal.AccountFrozen, 0, 0, held);
        if (item.account() == item.recipient()) return (Refusal.SelfPayment, 0, 0, held);
        held = _holdings[item.series()][item.account()];
        if (!ReplayWindow.isFresh(held.top, held.window, item.nonce())) {
            return (Refusal.Replayed, item.nonce(), held.top, held);
        }
        (code, a) = _checkOpen(series, true);
        if (code == Refusal.None) (code, a, b) = _checkMerchant(series, item.recipient());
        if (code == Refusal.None) (code, a, b) = _checkAmount(series, held, item.amount());
    }

    function _checkMerchant(Series storage series, address shop)
        private
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        Merchant memory known = _merchants[shop];
        if (known.status == MerchantStatus.None) return (Refusal.MerchantUnknown, 0, 0);
        if (known.status != MerchantStatus.Active) {
            return (Refusal.MerchantNotActive, uint256(known.status), 0);
        }
        return _checkScope(series, known.region, known.category, known.size);
    }

    function _checkAmount(Series storage series, Holding memory held, uint64 amount)
        private
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        uint256 paymentCap = series.paymentCap;
        if (paymentCap != 0 && amount > paymentCap) return (Refusal.PaymentCapExceeded, paymentCap, amount);
        if (amount > held.balance) return (Refusal.InsufficientBalance, held.balance, amount);
        uint256 dailyCap = series.dailyCap;
        if (dailyCap == 0) return (Refusal.None, 0, 0);
        uint256 spent = held.day == KoreanCalendar.day(block.timestamp) ? held.spentToday : 0;
        // `spent` can't pass the cap: terms never change and every payment is checked here.
        if (spent + amount > dailyCap) return (Refusal.DailyCapExceeded, dailyCap - spent, amount);
    }

    /// @dev One write to the payer's slot, one to the merchant's.
    function _settle(SignedTransfer calldata item, Holding memory held) private {
        uint64 amount = item.amount();
        (held.top, held.window) = ReplayWindow.use(held.top, held.window, item.nonce());
        held.balance -= uint56(amount);
        if (_series[item.series()].dailyCap != 0) {
            uint16 today = KoreanCalendar.day(block.timestamp);
            held.spentToday = (held.day == today ? held.spentToday : 0) + uint32(amount);
            held.day = today;
        }
        _holdings[item.series()][item.account()] = held;
        Takings storage taken = _takings[item.series()][item.recipient()];
        taken.balance += amount;
        taken.earned += amount;
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", DOMAIN_SEPARATOR, structHash));
    }

    function _isSigner(address holder, bytes32 digest, SignedTransfer calldata item) internal pure returns (bool) {
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecover(digest, item.r, item.vs);
        return problem == ECDSA.RecoverError.NoError && signer == holder;
    }
}
