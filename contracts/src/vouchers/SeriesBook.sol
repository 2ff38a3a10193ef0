// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersAdmin} from "../interfaces/IVouchersAdmin.sol";
import {SeriesState, SeriesTerms, Supply} from "../interfaces/VoucherTypes.sol";
import {Areas} from "../types/Areas.sol";
import {Region} from "../types/Region.sol";
import {ScopeRule} from "../types/ScopeRule.sol";
import {ActsOfAuthorities} from "./ActsOfAuthorities.sol";
import {Delegation, Series} from "./Ledger.sol";

/// @notice The series: what is published once and never changes, and what officers may still do.
abstract contract SeriesBook is IVouchersAdmin, ActsOfAuthorities {
    uint256 private constant RULES_MAX = 8;
    uint16 private constant BASIS_POINTS = 10_000;
    uint8 private constant FLAGS_ALL = 7;
    uint8 private constant HOPS_ALL = 3;
    uint40 private constant PAUSE_MAX = 7 days;
    /// @dev All pauses of a series together: a tenth of its validity (project rule), so that no chain of renewals lasts until
    /// everything has expired.
    uint40 private constant PAUSE_SHARE = 10;
    /// @dev Holdings and merchant balances count in 48 bits (281 trillion won); no balance can pass a series' budget.
    uint64 private constant BUDGET_MAX = type(uint48).max;
    /// @dev Sums of a month and a year are counted in 48 bits and end there, so a cap must stay below.
    uint64 private constant CALENDAR_CAP_MAX = type(uint48).max / 12;

    /// @inheritdoc IVouchersAdmin
    function publishSeries(Region authority, SeriesTerms calldata terms)
        external
        byTreasurers(authority, terms.budget)
    {
        _requireSoundTerms(terms);
        uint32 id = ++_lastSeries;
        Series storage series = _series[id];
        series.authority = authority;
        series.validFrom = terms.validFrom;
        series.validUntil = terms.validUntil;
        series.flags = terms.flags;
        series.hops = terms.hops;
        series.ruleCount = uint8(terms.rules.length);
        series.refundPercent = terms.refundPercent;
        series.refundDays = terms.refundDays;
        series.paymentCap = terms.paymentCap;
        series.holdingCap = terms.holdingCap;
        series.dailyCap0 = terms.dailyCaps[0];
        series.dailyCap1 = terms.dailyCaps[1];
        series.dailyCap2 = terms.dailyCaps[2];
        series.budget = terms.budget;
        series.monthCap = terms.monthCap;
        series.yearCap = terms.yearCap;
        series.giftCap = terms.giftCap;
        series.funding = terms.funding;
        series.document = terms.document;
        for (uint256 i = 0; i < terms.rules.length; i++) {
            series.rules[i] = terms.rules[i];
        }
        emit SeriesPublished(id, authority, terms);
    }

    /// @inheritdoc IVouchersAdmin
    function setBudget(Region authority, uint32 id, uint64 budget) external byTreasurers(authority, budget) {
        Series storage series = _ownSeries(authority, id);
        if (budget > BUDGET_MAX) revert TermsInvalid("budget");
        if (budget < series.approved) revert BudgetBelowApproved(budget, series.approved);
        series.budget = budget;
        emit BudgetSet(id, budget);
    }

    /// @inheritdoc IVouchersAdmin
    function delegateBudget(Region authority, uint32 id, Region to, uint64 left)
        external
        byTreasurers(authority, left)
    {
        _ownSeries(authority, id);
        if (left > BUDGET_MAX) revert TermsInvalid("left");
        if (!to.isValid() || to.equals(authority)) revert RegionOutsideAuthority(authority, to);
        Areas areas = AUTHORITIES.areasOf(authority);
        // One that is not founded yet begins with its own code.
        if (!areas.contains(to) && !areas.meets(AUTHORITIES.areasOf(to))) revert RegionOutsideAuthority(authority, to);
        Delegation storage delegation = _delegated[id][to];
        delegation.left = left;
        delegation.number++;
        emit BudgetDelegated(id, to, left);
    }

    /// @inheritdoc IVouchersAdmin
    function pauseSeries(Region authority, uint32 id, uint40 until) external byTreasurers(authority, 0) {
        Series storage series = _ownSeries(authority, id);
        uint40 moment = uint40(block.timestamp);
        uint40 used = series.pauseUsed;
        // What is left of a running pause was not used.
        if (series.pausedUntil > moment) used -= series.pausedUntil - moment;
        uint40 left = (_end(series) - series.validFrom) / PAUSE_SHARE - used;
        uint40 latest = moment + (left < PAUSE_MAX ? left : PAUSE_MAX);
        if (until > latest) revert PauseTooLong(until, latest);
        if (until > moment) used += until - moment;
        (series.pausedUntil, series.pauseUsed) = (until, used);
        emit SeriesPaused(id, until, used);
    }

    /// @inheritdoc IVouchersAdmin
    function extendSeries(Region authority, uint32 id, uint40 from, uint40 until)
        external
        byTreasurers(authority, _outstanding(id))
    {
        Series storage series = _ownSeries(authority, id);
        if (series.closed) revert SeriesAlreadyClosed(id);
        if (series.expiring) revert ExpiryAlreadyStarted(id);
        uint40 end = _end(series);
        if (from != end) revert EndDiffers(id, end);
        uint40 passed = end > block.timestamp ? end : uint40(block.timestamp);
        if (until <= passed) revert ExtensionTooShort(until, passed);
        uint40 added = until - series.validUntil;
        if (added > type(uint32).max) revert ExtensionTooLong(until, series.validUntil + type(uint32).max);
        series.extension = uint32(added);
        emit SeriesExtended(id, until);
    }

    /// @inheritdoc IVouchersAdmin
    function startExpiry(Region authority, uint32 id) external byTreasurers(authority, 0) {
        _overSeries(authority, id).expiring = true;
        emit SeriesExpiring(id);
    }

    /// @inheritdoc IVouchersAdmin
    function closeSeries(Region authority, uint32 id) external byTreasurers(authority, 0) {
        Series storage series = _overSeries(authority, id);
        uint64 outstanding = _outstanding(id);
        if (outstanding != 0) revert SeriesNotEmpty(id, outstanding);
        series.closed = true;
        emit SeriesClosed(id);
    }

    /// @inheritdoc IVouchersAdmin
    function seriesTerms(uint32 id) external view returns (Region authority, SeriesTerms memory terms) {
        Series storage series = _series[id];
        authority = series.authority;
        terms.validFrom = series.validFrom;
        terms.validUntil = series.validUntil;
        terms.flags = series.flags;
        terms.hops = series.hops;
        terms.refundPercent = series.refundPercent;
        terms.refundDays = series.refundDays;
        terms.paymentCap = series.paymentCap;
        terms.dailyCaps = [series.dailyCap0, series.dailyCap1, series.dailyCap2];
        terms.holdingCap = series.holdingCap;
        terms.monthCap = series.monthCap;
        terms.yearCap = series.yearCap;
        terms.giftCap = series.giftCap;
        terms.budget = series.budget;
        terms.funding = series.funding;
        terms.document = series.document;
        terms.rules = new ScopeRule[](series.ruleCount);
        for (uint256 i = 0; i < series.ruleCount; i++) {
            terms.rules[i] = series.rules[i];
        }
    }

    /// @inheritdoc IVouchersAdmin
    function seriesCount() external view returns (uint32) {
        return _lastSeries - _starts.series;
    }

    /// @inheritdoc IVouchersAdmin
    function supply(uint32 id) external view returns (Supply memory) {
        Series storage series = _series[id];
        return Supply(
            series.budget,
            series.approved,
            series.issued,
            series.redeemed,
            series.refunded,
            series.expired
        );
    }

    /// @inheritdoc IVouchersAdmin
    function seriesState(uint32 id) external view returns (SeriesState memory) {
        Series storage series = _series[id];
        return SeriesState(_end(series), series.pausedUntil, series.expiring, series.closed, series.pauseUsed);
    }

    /// @inheritdoc IVouchersAdmin
    function delegatedBudget(uint32 id, Region to) external view returns (uint64 left) {
        return _delegated[id][to].left;
    }

    function _overSeries(Region authority, uint32 id) private view returns (Series storage series) {
        series = _ownSeries(authority, id);
        if (block.timestamp < _end(series)) revert SeriesNotOver(id, _end(series));
    }

    function _outstanding(uint32 id) private view returns (uint64) {
        Series storage series = _series[id];
        return series.issued - series.redeemed - series.refunded - series.expired;
    }

    function _requireSoundTerms(SeriesTerms calldata terms) private view {
        if (terms.validFrom >= terms.validUntil) revert TermsInvalid("validFrom");
        if (terms.validUntil <= block.timestamp) revert TermsInvalid("validUntil");
        if (terms.budget > BUDGET_MAX) revert TermsInvalid("budget");
        if (terms.flags > FLAGS_ALL) revert TermsInvalid("flags");
        if (terms.hops > HOPS_ALL) revert TermsInvalid("hops");
        if (terms.refundPercent > 100) revert TermsInvalid("refundPercent");
        if (terms.paymentCap > BUDGET_MAX) revert TermsInvalid("paymentCap");
        if (terms.holdingCap > BUDGET_MAX) revert TermsInvalid("holdingCap");
        if (terms.monthCap > CALENDAR_CAP_MAX) revert TermsInvalid("monthCap");
        if (terms.yearCap > CALENDAR_CAP_MAX) revert TermsInvalid("yearCap");
        if (terms.giftCap > CALENDAR_CAP_MAX) revert TermsInvalid("giftCap");
        if (terms.document == 0) revert TermsInvalid("document");
        uint256 shares = 0;
        for (uint256 i = 0; i < 4; i++) {
            shares += terms.funding[i];
        }
        if (shares != BASIS_POINTS) revert TermsInvalid("funding");
        if (terms.rules.length == 0 || terms.rules.length > RULES_MAX) revert TermsInvalid("rules");
        for (uint256 i = 0; i < terms.rules.length; i++) {
            if (!terms.rules[i].isValid()) revert TermsInvalid("rules");
        }
    }
}
