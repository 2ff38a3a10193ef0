// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Account, Merchant, MerchantStatus} from "../interfaces/VoucherTypes.sol";
import {Refusal} from "../generated/Refusal.sol";
import {FormerPlaces} from "../types/FormerPlaces.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {PackedHolding} from "../types/PackedHolding.sol";
import {Region} from "../types/Region.sol";
import {ScopeRule} from "../types/ScopeRule.sol";
import {Ledger, Series} from "./Ledger.sol";

/// @dev What orders ask of a series, read from storage once for all items of a batch that follow each other.
struct OpenSeries {
    uint32 id;
    Region authority;
    uint40 validFrom;
    uint40 validUntil;
    uint40 end;
    uint40 pausedUntil;
    uint8 flags;
    uint8 hops;
    uint64 paymentCap;
    uint64 holdingCap;
    uint32[3] dailyCaps;
    uint256 ruleCount;
    ScopeRule[8] rules;
}

/// @notice When, where and how much: the rules of a series that bind every move of its vouchers.
abstract contract SeriesRules is Ledger {
    uint8 private constant TIER_MAX = 2;

    /// @dev Unknown series come back with `validUntil` zero.
    function _openSeries(uint32 id) internal view returns (OpenSeries memory open) {
        _load(open, id);
    }

    /// @dev Into memory that is there already: a batch may name many series, and memory is never given back.
    function _load(OpenSeries memory open, uint32 id) internal view {
        Series storage series = _series[id];
        open.id = id;
        open.authority = series.authority;
        open.validFrom = series.validFrom;
        open.validUntil = series.validUntil;
        open.end = _end(series);
        open.pausedUntil = series.pausedUntil;
        open.flags = series.flags;
        open.hops = series.hops;
        open.paymentCap = series.paymentCap;
        open.holdingCap = series.holdingCap;
        open.dailyCaps[0] = series.dailyCap0;
        open.dailyCaps[1] = series.dailyCap1;
        open.dailyCaps[2] = series.dailyCap2;
        uint256 count = series.ruleCount;
        open.ruleCount = count;
        for (uint256 i = 0; i < count; i++) {
            open.rules[i] = series.rules[i];
        }
    }

    /// @dev Whether a series may be issued or spent at this moment.
    function _checkOpen(OpenSeries memory series, bool spending)
        internal
        view
        returns (Refusal code, uint256 a)
    {
        if (block.timestamp < series.pausedUntil) return (Refusal.SeriesPaused, series.pausedUntil);
        // Vouchers may be handed out before the first day they can be spent.
        if (spending && block.timestamp < series.validFrom) return (Refusal.NotYetValid, series.validFrom);
        if (block.timestamp >= series.end) return (Refusal.Expired, series.end);
        return (Refusal.None, 0);
    }

    /// @dev Whether this merchant takes vouchers at all.
    function _checkActive(Merchant storage shop) internal view returns (Refusal code, uint256 a) {
        MerchantStatus status = shop.status;
        if (status == MerchantStatus.None) return (Refusal.MerchantUnknown, 0);
        if (status != MerchantStatus.Active) return (Refusal.MerchantNotActive, uint256(status));
    }

    /// @dev Former places count only where no rule matches the present one, so only such a payment pays for reading them.
    function _checkScope(OpenSeries memory series, Merchant storage shop, address id)
        internal
        view
        returns (Refusal code, uint256 a, uint256 b)
    {
        // One read for all of it.
        (Region region, uint8 category, uint8 size, bool recoded) =
            (shop.region, shop.category, shop.size, shop.recoded);
        (code, a, b) = _checkPlace(series, region, category, size);
        if (code == Refusal.None || !recoded) return (code, a, b);
        FormerPlaces places = _formerPlaces[id];
        for (uint256 i = 0; i < places.count(); i++) {
            if (series.id > places.lastSeries(i)) continue;
            (Refusal former,,) = _checkPlace(series, places.region(i), category, size);
            if (former == Refusal.None) return (Refusal.None, 0, 0);
        }
    }

    /// @dev The refusal of the nearest rule: no area contains the place, else none of those has the category,
    /// else the merchant is too large for all of those.
    function _checkPlace(OpenSeries memory series, Region place, uint8 category, uint8 size)
        private
        pure
        returns (Refusal code, uint256 a, uint256 b)
    {
        bool areaMatched;
        bool categoryMatched;
        uint8 largest;
        for (uint256 i = 0; i < series.ruleCount; i++) {
            ScopeRule rule = series.rules[i];
            if (!rule.area().contains(place)) continue;
            areaMatched = true;
            if (!rule.hasCategory(category)) continue;
            if (size <= rule.maxSize()) return (Refusal.None, 0, 0);
            categoryMatched = true;
            if (rule.maxSize() > largest) largest = rule.maxSize();
        }
        if (categoryMatched) return (Refusal.MerchantTooLarge, size, largest);
        if (areaMatched) return (Refusal.WrongCategory, category, 0);
        return (Refusal.WrongRegion, Region.unwrap(place), Region.unwrap(series.rules[0].area()));
    }

    /// @dev Whether a holding may grow by `amount`; cap 0 = none.
    function _checkHoldingCap(uint256 cap, uint256 balance, uint64 amount)
        internal
        pure
        returns (Refusal code, uint256 a, uint256 b)
    {
        if (cap != 0 && balance + amount > cap) {
            return (Refusal.HoldingCapExceeded, balance < cap ? cap - balance : 0, amount);
        }
    }

    /// @dev Which daily cap of a series binds a holder; company buyers count as tier 2.
    function _tierOf(Account storage holder) internal view returns (uint8) {
        return holder.company ? TIER_MAX : holder.tier;
    }

    /// @dev won that may still be spent today under the cap. What was spent under a lower tier's cap stays counted.
    function _dailyLeft(uint256 dailyCap, PackedHolding held) internal view returns (uint256) {
        if (dailyCap == 0) return type(uint256).max;
        uint256 spent = held.spentOn(KoreanCalendar.day(block.timestamp));
        return spent < dailyCap ? dailyCap - spent : 0;
    }
}
