// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersExtension} from "../interfaces/IVouchersExtension.sol";
import {Account, Outcome} from "../interfaces/VoucherTypes.sol";
import {Refusal} from "../generated/Refusal.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {Right} from "../types/KeyRing.sol";
import {PackedHolding} from "../types/PackedHolding.sol";
import {Transfer} from "../types/Transfer.sol";
import {TypedData} from "../types/TypedData.sol";
import {Series} from "./Ledger.sol";
import {SignedOrders} from "./SignedOrders.sol";

/// @notice How unspent vouchers end: refunded to the resident by the statutory rule, or expired to their funders.
abstract contract Refunds is IVouchersExtension, SignedOrders {
    uint256 private constant BASIS_POINTS = 10_000;

    /// @inheritdoc IVouchersExtension
    function refund(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory outcomes) {
        _requireBatch(items.length);
        outcomes = new Outcome[](items.length);
        uint256 offset = 0;
        for (uint256 i = 0; i < items.length; i++) {
            bytes calldata proof;
            (proof, offset) = _nextProof(proofs, offset, i);
            bytes32 id = _digest(DOMAIN_SEPARATOR(), TypedData.hashRefund(items[i]));
            (Refusal code, uint256 a, uint256 b) = _checkRefund(items[i], id, proof);
            if (code == Refusal.None) _settleRefund(items[i], id);
            else emit RefundRefused(id, uint8(code), a, b);
            outcomes[i] = Outcome(id, uint8(code), a, b);
        }
    }

    /// @inheritdoc IVouchersExtension
    function expire(uint32 id, address[] calldata accounts) external {
        _requireBatch(accounts.length);
        Series storage series = _series[id];
        if (!series.expiring) revert SeriesNotExpiring(id);
        uint64 expired = 0;
        for (uint256 i = 0; i < accounts.length; i++) {
            PackedHolding held = _holdings[id][accounts[i]];
            uint64 rest = held.balance();
            // Whose vouchers they are may still be in question.
            if (rest == 0 || _isFrozen(_accounts[accounts[i]])) continue;
            _holdings[id][accounts[i]] = held.giveAway(rest);
            expired += rest;
            emit Expired(id, accounts[i], rest);
            _emitTransfer(accounts[i], address(0), id, rest);
        }
        series.expired += expired;
    }

    /// @dev Checks neither pause nor validity: the refund is the resident's by statute (Act Art 10(3)).
    function _checkRefund(Transfer calldata item, bytes32 id, bytes calldata proof)
        private
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        (code, a, b) = _checkOrder(item);
        if (code != Refusal.None) return (code, a, b);
        Series storage series = _series[item.firstSeries()];
        if (series.validUntil == 0) return (Refusal.SeriesUnknown, item.firstSeries(), 0);
        Account storage holder = _accounts[item.account()];
        (Right right,) = _rightOf(item.account(), holder.rekeyed, id, proof);
        if (right == Right.None) return (Refusal.SignatureInvalid, 0, 0);
        if (right != Right.Owner) return (Refusal.OwnerKeyNeeded, 0, 0);
        if (_isFrozen(holder)) return (Refusal.AccountFrozen, 0, 0);
        PackedHolding held = _holdings[item.firstSeries()][item.account()];
        if (!held.isFresh(item.nonce())) return (Refusal.Replayed, item.nonce(), held.top());
        if (item.amount() != held.balance()) return (Refusal.RefundNotWhole, held.balance(), item.amount());
        if (_isRefundDue(series, held)) return (Refusal.None, 0, 0);
        uint256 spent = uint256(held.received() - held.balance()) * 100 / held.received();
        return (Refusal.RefundNotDue, spent, series.refundPercent);
    }

    /// @dev Enough of it was spent (Decree Art 3), or it is untouched and new.
    function _isRefundDue(Series storage series, PackedHolding held) private view returns (bool) {
        uint256 spent = held.received() - held.balance();
        uint256 percent = series.refundPercent;
        if (percent != 0 && spent * 100 >= percent * held.received()) return true;
        uint256 lastDay = uint256(held.receivedDay()) + series.refundDays;
        return series.refundDays != 0 && spent == 0 && KoreanCalendar.day(block.timestamp) <= lastDay;
    }

    function _settleRefund(Transfer calldata item, bytes32 id) private {
        uint32 number = item.firstSeries();
        Series storage series = _series[number];
        uint64 amount = item.amount();
        PackedHolding held = _holdings[number][item.account()];
        _holdings[number][item.account()] = held.useNonce(item.nonce()).empty();
        series.refunded += amount;
        uint64 own = uint64(uint256(amount) * series.funding[0] / BASIS_POINTS);
        emit Refunded(
            id, number, item.account(), amount, own, held.received(), item.nonce(), item.order
        );
        _emitTransfer(item.account(), address(0), number, amount);
    }
}
