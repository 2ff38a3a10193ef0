// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersExtension} from "../interfaces/IVouchersExtension.sol";
import {Account, Outcome} from "../interfaces/VoucherTypes.sol";
import {Refusal} from "../generated/Refusal.sol";
import {Right} from "../types/KeyRing.sol";
import {PackedMerchantBalance} from "../types/PackedMerchantBalance.sol";
import {Transfer} from "../types/Transfer.sol";
import {TypedData} from "../types/TypedData.sol";
import {OpenSeries, SeriesRules} from "./SeriesRules.sol";
import {SignedOrders} from "./SignedOrders.sol";
import {MerchantBalances} from "./MerchantBalances.sol";

/// @notice A merchant spends its balance at another merchant, where the series allows it and as often as it allows it.
abstract contract Circulation is IVouchersExtension, SeriesRules, MerchantBalances, SignedOrders {
    /// @inheritdoc IVouchersExtension
    function circulate(Transfer[] calldata items, bytes calldata proofs)
        external
        returns (Outcome[] memory outcomes)
    {
        _requireBatch(items.length);
        outcomes = new Outcome[](items.length);
        uint256 offset = 0;
        OpenSeries memory series;
        for (uint256 i = 0; i < items.length; i++) {
            bytes calldata proof;
            (proof, offset) = _nextProof(proofs, offset, i);
            bytes32 id = _digest(DOMAIN_SEPARATOR(), TypedData.hashCirculation(items[i]));
            _load(series, items[i].firstSeries());
            (Refusal code, uint256 a, uint256 b, Right right) =
                _checkCirculation(series, items[i], id, proof);
            if (code == Refusal.None) _settleCirculation(series, items[i], id, right);
            else emit CirculationRefused(id, uint8(code), a, b);
            outcomes[i] = Outcome(id, uint8(code), a, b);
        }
    }

    function _checkCirculation(
        OpenSeries memory series,
        Transfer calldata item,
        bytes32 id,
        bytes calldata proof
    ) private view returns (Refusal code, uint256 a, uint256 b, Right right) {
        (code, a, b) = _checkOrder(item);
        if (code != Refusal.None) return (code, a, b, right);
        if (series.validUntil == 0) return (Refusal.SeriesUnknown, series.id, 0, right);
        Account storage merchant = _accounts[item.account()];
        uint32 deviceLimit;
        (right, deviceLimit) = _rightOf(item.account(), merchant.rekeyed, id, proof);
        if (right == Right.None) return (Refusal.SignatureInvalid, 0, 0, right);
        if (_isFrozen(merchant)) return (Refusal.AccountFrozen, 0, 0, right);
        if (item.recipient() == item.account()) return (Refusal.SelfPayment, 0, 0, right);
        PackedMerchantBalance taken = _merchantBalances[series.id][item.account()];
        if (!taken.isFresh(item.nonce())) return (Refusal.Replayed, item.nonce(), taken.top(), right);
        if (series.hops == 0) return (Refusal.CirculationNotAllowed, series.id, 0, right);
        (code, a) = _checkOpen(series, true);
        if (code == Refusal.None) (code, a) = _checkActive(_merchants[item.account()]);
        if (code == Refusal.None) (code, a) = _checkActive(_merchants[item.recipient()]);
        if (code == Refusal.None) (code, a, b) = _checkScope(series, _merchants[item.recipient()], item.recipient());
        if (code != Refusal.None) return (code, a, b, right);
        uint256 total = _redeemable(series.id, item.account());
        if (item.amount() > total) return (Refusal.InsufficientMerchantBalance, total, item.amount(), right);
        uint256 movable = _movable(series, item.account());
        if (item.amount() > movable) return (Refusal.HopLimitReached, movable, item.amount(), right);
        (code, a, b) = _checkDevice(merchant, right, deviceLimit, item.amount());
    }

    /// @dev What has not hopped as often as the series allows.
    function _movable(OpenSeries memory series, address merchant) private view returns (uint256 total) {
        total = _merchantBalances[series.id][merchant].balance();
        uint256 byHop = _byHop[series.id][merchant];
        for (uint256 hop = 1; hop < series.hops; hop++) {
            total += _atHop(byHop, hop);
        }
    }

    /// @dev What made most hops and may still make one goes first; each won arrives one hop further.
    function _settleCirculation(OpenSeries memory series, Transfer calldata item, bytes32 id, Right right)
        private
    {
        _recordDevice(_accounts[item.account()], right, item.amount());
        uint256 from = _byHop[series.id][item.account()];
        uint256 to = _byHop[series.id][item.recipient()];
        uint64 rest = item.amount();
        for (uint256 hop = series.hops - 1; hop != 0; hop--) {
            uint64 part = _atHop(from, hop);
            if (part > rest) part = rest;
            from -= uint256(part) << _shiftOf(hop);
            to += uint256(part) << _shiftOf(hop + 1);
            rest -= part;
        }
        _byHop[series.id][item.account()] = from;
        _byHop[series.id][item.recipient()] = to + (uint256(rest) << _shiftOf(1));
        PackedMerchantBalance taken = _merchantBalances[series.id][item.account()];
        _merchantBalances[series.id][item.account()] = taken.useNonce(item.nonce()).give(rest);
        emit Circulated(
            id, series.id, item.account(), item.recipient(), item.amount(), _signed(item, right), item.order
        );
        _emitTransfer(item.account(), item.recipient(), series.id, item.amount());
    }
}
