// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchers, SeriesTerms, Supply} from "../interfaces/IVouchers.sol";
import {Refusal} from "../generated/Refusal.sol";
import {Region} from "../types/Region.sol";
import {ScopeRule} from "../types/ScopeRule.sol";
import {ActsOfAuthorities} from "./ActsOfAuthorities.sol";

/// @dev Three slots that every payment reads or issue writes, then what is read seldom.
struct Series {
    Region authority;
    uint40 validFrom;
    uint40 validUntil;
    uint40 pausedUntil;
    uint32 dailyCap;
    uint8 flags;
    uint8 ruleCount;
    // slot 2
    uint64 paymentCap;
    uint64 holdingCap;
    uint64 budget;
    uint64 approved;
    // slot 3
    uint64 issued;
    uint64 redeemed;
    // seldom
    bytes32 document;
    uint16[4] funding;
    mapping(uint256 index => ScopeRule) rules;
}

/// @dev What a payment asks of its series, read from storage once for all items of a batch that follow each other.
struct OpenSeries {
    uint32 id;
    uint40 validFrom;
    uint40 validUntil;
    uint40 pausedUntil;
    uint32 dailyCap;
    uint64 paymentCap;
    ScopeRule[] rules;
}

/// @notice The series: what is published once and never changes, and what officers may still do.
abstract contract SeriesBook is IVouchers, ActsOfAuthorities {
    uint256 private constant RULES_MAX = 8;
    uint16 private constant BASIS_POINTS = 10_000;
    uint8 private constant FLAGS_ALL = 3;
    uint40 private constant PAUSE_MAX = 7 days;
    /// @dev A holding counts in 56 bits; no balance can pass a series' budget.
    uint64 private constant BUDGET_MAX = type(uint56).max;

    uint32 public seriesCount;
    mapping(uint32 id => Series) internal _series;

    /// @inheritdoc IVouchers
    function publishSeries(Region authority, SeriesTerms calldata terms)
        external
        byTreasurers(authority, terms.budget)
    {
        _requireSoundTerms(terms);
        uint32 id = ++seriesCount;
        Series storage series = _series[id];
        series.authority = authority;
        series.validFrom = terms.validFrom;
        series.validUntil = terms.validUntil;
        series.dailyCap = terms.dailyCap;
        series.flags = terms.flags;
        series.ruleCount = uint8(terms.rules.length);
        series.paymentCap = terms.paymentCap;
        series.holdingCap = terms.holdingCap;
        series.budget = terms.budget;
        series.document = terms.document;
        series.funding = terms.funding;
        for (uint256 i = 0; i < terms.rules.length; i++) {
            series.rules[i] = terms.rules[i];
        }
        emit SeriesPublished(id, authority, terms);
    }

    /// @inheritdoc IVouchers
    function setBudget(Region authority, uint32 id, uint64 budget) external byTreasurers(authority, budget) {
        Series storage series = _ownSeries(authority, id);
        if (budget > BUDGET_MAX) revert TermsInvalid("budget");
        if (budget < series.approved) revert BudgetBelowApproved(budget, series.approved);
        series.budget = budget;
        emit BudgetSet(id, budget);
    }

    /// @inheritdoc IVouchers
    function pauseSeries(Region authority, uint32 id, uint40 until) external byTreasurers(authority, 0) {
        Series storage series = _ownSeries(authority, id);
        uint40 latest = uint40(block.timestamp) + PAUSE_MAX;
        if (until > latest) revert PauseTooLong(until, latest);
        series.pausedUntil = until;
        emit SeriesPaused(id, until);
    }

    /// @inheritdoc IVouchers
    function seriesTerms(uint32 id) external view returns (Region authority, SeriesTerms memory terms) {
        Series storage series = _series[id];
        authority = series.authority;
        terms.validFrom = series.validFrom;
        terms.validUntil = series.validUntil;
        terms.paymentCap = series.paymentCap;
        terms.dailyCap = series.dailyCap;
        terms.holdingCap = series.holdingCap;
        terms.budget = series.budget;
        terms.funding = series.funding;
        terms.flags = series.flags;
        terms.document = series.document;
        terms.rules = new ScopeRule[](series.ruleCount);
        for (uint256 i = 0; i < series.ruleCount; i++) {
            terms.rules[i] = series.rules[i];
        }
    }

    /// @inheritdoc IVouchers
    function supply(uint32 id) external view returns (Supply memory) {
        Series storage series = _series[id];
        return Supply(series.budget, series.approved, series.issued, series.redeemed);
    }

    /// @inheritdoc IVouchers
    function pausedUntil(uint32 id) external view returns (uint40) {
        return _series[id].pausedUntil;
    }

    /// @dev A parent authority doesn't own its children's series: only the very authority acts.
    function _ownSeries(Region authority, uint32 id) internal view returns (Series storage series) {
        series = _series[id];
        if (series.validUntil == 0 || !series.authority.equals(authority)) {
            revert SeriesNotOfAuthority(id, authority);
        }
    }

    /// @dev Unknown series come back with `validUntil` zero.
    function _openSeries(uint32 id) internal view returns (OpenSeries memory open) {
        Series storage series = _series[id];
        open.id = id;
        open.validFrom = series.validFrom;
        open.validUntil = series.validUntil;
        open.pausedUntil = series.pausedUntil;
        open.dailyCap = series.dailyCap;
        open.paymentCap = series.paymentCap;
        open.rules = new ScopeRule[](series.ruleCount);
        for (uint256 i = 0; i < open.rules.length; i++) {
            open.rules[i] = series.rules[i];
        }
    }

    /// @dev Whether a series may be issued or paid with at this moment.
    function _checkOpen(OpenSeries memory series, bool spending)
        internal
        view
        returns (Refusal code, uint256 a)
    {
        if (block.timestamp < series.pausedUntil) return (Refusal.SeriesPaused, series.pausedUntil);
        // Vouchers may be handed out before the first day they can be spent.
        if (spending && block.timestamp < series.validFrom) return (Refusal.NotYetValid, series.validFrom);
        if (block.timestamp >= series.validUntil) return (Refusal.Expired, series.validUntil);
        return (Refusal.None, 0);
    }

    /// @dev The refusal of the nearest rule: no area contains the merchant, else none of those has the category,
    /// else the merchant is too large for all of those.
    function _checkScope(OpenSeries memory series, Region region, uint8 category, uint8 size)
        internal
        pure
        returns (Refusal code, uint256 a, uint256 b)
    {
        bool areaMatched;
        bool categoryMatched;
        uint8 largest;
        for (uint256 i = 0; i < series.rules.length; i++) {
            ScopeRule rule = series.rules[i];
            if (!rule.area().contains(region)) continue;
            areaMatched = true;
            if (!rule.hasCategory(category)) continue;
            if (size <= rule.maxSize()) return (Refusal.None, 0, 0);
            categoryMatched = true;
            if (rule.maxSize() > largest) largest = rule.maxSize();
        }
        if (categoryMatched) return (Refusal.MerchantTooLarge, size, largest);
        if (areaMatched) return (Refusal.WrongCategory, category, 0);
        return (Refusal.WrongRegion, Region.unwrap(region), Region.unwrap(series.rules[0].area()));
    }

    function _requireSoundTerms(SeriesTerms calldata terms) private view {
        if (terms.validFrom >= terms.validUntil) revert TermsInvalid("validFrom");
        if (terms.validUntil <= block.timestamp) revert TermsInvalid("validUntil");
        if (terms.budget > BUDGET_MAX) revert TermsInvalid("budget");
        if (terms.flags > FLAGS_ALL) revert TermsInvalid("flags");
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
