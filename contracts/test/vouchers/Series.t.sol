// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {SeriesTerms, Supply} from "../../src/interfaces/VoucherTypes.sol";
import {Region} from "../../src/types/Region.sol";
import {ScopeRule} from "../../src/types/ScopeRule.sol";
import {World} from "../support/World.sol";

/// @notice publishSeries, setBudget, pauseSeries, startExpiry, closeSeries.
contract SeriesTest is World {
    uint64 private constant BUDGET_MAX = type(uint48).max;
    uint64 private constant CALENDAR_CAP_MAX = BUDGET_MAX / 12;

    function setUp() public {
        build();
    }

    function testFuzz_publishSeries_pinsItsTerms(SeriesTerms memory terms, uint256 seed) public {
        _makeSound(terms, seed);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.SeriesPublished(vouchers.seriesCount() + 1, CITY, terms);
        uint32 id = publish(CITY, terms);
        (Region authority, SeriesTerms memory stored) = vouchers.seriesTerms(id);
        assertTrue(authority.equals(CITY), "authority");
        assertEq(keccak256(abi.encode(stored)), keccak256(abi.encode(terms)), "terms");
        Supply memory supply = vouchers.supply(id);
        assertEq(supply.budget, terms.budget, "budget");
        uint256 moved = supply.issued + supply.redeemed + supply.refunded + supply.expired;
        assertEq(supply.approved + moved, 0, "nothing yet");
        assertEq(publish(PROVINCE, terms), id + 1, "series are numbered");
    }

    function testFuzz_publishSeries_needsTheOfficersOfItsBudget(uint64 budget) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.budget = uint64(bound(budget, SMALL + 1, BUDGET_MAX));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3);
        refuses(CITY, _call(terms), ids(3, 4), reason);
    }

    function testFuzz_publishSeries_refusesAnEndBeforeItsBeginning(uint40 from, uint40 until) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.validFrom = uint40(bound(from, NOW, type(uint40).max));
        terms.validUntil = uint40(bound(until, 0, terms.validFrom));
        _refusesTerms(terms, "validFrom");
    }

    function testFuzz_publishSeries_refusesAnEndInThePast(uint40 until) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.validFrom = 1;
        terms.validUntil = uint40(bound(until, 2, NOW));
        _refusesTerms(terms, "validUntil");
    }

    function testFuzz_publishSeries_refusesABudgetNoHoldingCanCount(uint64 budget) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.budget = uint64(bound(budget, uint256(BUDGET_MAX) + 1, type(uint64).max));
        _refusesTerms(terms, "budget");
    }

    function testFuzz_publishSeries_refusesUnknownFlags(uint8 flags) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.flags = uint8(bound(flags, 8, 255));
        _refusesTerms(terms, "flags");
    }

    function testFuzz_publishSeries_refusesMoreHopsThanAreCounted(uint8 hops) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.hops = uint8(bound(hops, 4, 255));
        _refusesTerms(terms, "hops");
    }

    function testFuzz_publishSeries_refusesAThresholdAboveAll(uint8 percent) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.refundPercent = uint8(bound(percent, 101, 255));
        _refusesTerms(terms, "refundPercent");
    }

    function testFuzz_publishSeries_refusesCapsThatNoHoldingCanReach(uint64 cap) public {
        cap = uint64(bound(cap, uint256(BUDGET_MAX) + 1, type(uint64).max));
        SeriesTerms memory terms = plainTerms(CITY);
        terms.paymentCap = cap;
        _refusesTerms(terms, "paymentCap");
        (terms.paymentCap, terms.holdingCap) = (BUDGET_MAX, cap);
        _refusesTerms(terms, "holdingCap");
        terms.holdingCap = BUDGET_MAX;
        publish(CITY, terms);
    }

    function testFuzz_publishSeries_refusesCalendarCapsThatCannotBeCounted(uint64 cap) public {
        cap = uint64(bound(cap, uint256(CALENDAR_CAP_MAX) + 1, type(uint64).max));
        SeriesTerms memory terms = plainTerms(CITY);
        terms.monthCap = cap;
        _refusesTerms(terms, "monthCap");
        (terms.monthCap, terms.yearCap) = (CALENDAR_CAP_MAX, cap);
        _refusesTerms(terms, "yearCap");
        (terms.yearCap, terms.giftCap) = (CALENDAR_CAP_MAX, cap);
        _refusesTerms(terms, "giftCap");
        terms.giftCap = CALENDAR_CAP_MAX;
        publish(CITY, terms);
    }

    function test_publishSeries_refusesTermsWithoutDocument() public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.document = 0;
        _refusesTerms(terms, "document");
    }

    function testFuzz_publishSeries_refusesFundingThatIsNotWhole(uint16[4] memory funding) public {
        uint256 sum = uint256(funding[0]) + funding[1] + funding[2] + funding[3];
        vm.assume(sum != 10_000);
        SeriesTerms memory terms = plainTerms(CITY);
        terms.funding = funding;
        _refusesTerms(terms, "funding");
    }

    function testFuzz_publishSeries_refusesNoRuleAndTooMany(uint8 count) public {
        SeriesTerms memory terms = plainTerms(CITY);
        ScopeRule rule = terms.rules[0];
        terms.rules = new ScopeRule[](count % 2 == 0 ? 0 : bound(count, 9, 64));
        for (uint256 i = 0; i < terms.rules.length; i++) {
            terms.rules[i] = rule;
        }
        _refusesTerms(terms, "rules");
    }

    function testFuzz_publishSeries_refusesARuleThatIsNone(uint256 raw, uint8 position) public {
        SeriesTerms memory terms = plainTerms(CITY);
        ScopeRule good = terms.rules[0];
        vm.assume(!ScopeRule.wrap(raw).isValid());
        terms.rules = new ScopeRule[](bound(position, 1, 8));
        for (uint256 i = 0; i < terms.rules.length; i++) {
            terms.rules[i] = good;
        }
        terms.rules[position % terms.rules.length] = ScopeRule.wrap(raw);
        _refusesTerms(terms, "rules");
    }

    function testFuzz_setBudget_changesIt(uint64 budget, uint64 approved) public {
        uint32 id = publish(CITY, plainTerms(CITY));
        approved = uint64(bound(approved, 0, 10_000_000_000));
        approve(CITY, id, approved, 0);
        budget = uint64(bound(budget, approved, BUDGET_MAX));
        act(CITY, _budgetCall(CITY, id, budget), treasurers());
        assertEq(vouchers.supply(id).budget, budget, "budget");
        assertEq(vouchers.supply(id).approved, approved, "approved stays");
    }

    function testFuzz_setBudget_refusesLessThanApproved(uint64 budget, uint64 approved) public {
        uint32 id = publish(CITY, plainTerms(CITY));
        approved = uint64(bound(approved, 1, 10_000_000_000));
        approve(CITY, id, approved, 0);
        budget = uint64(bound(budget, 0, approved - 1));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BudgetBelowApproved.selector, budget, approved);
        refuses(CITY, _budgetCall(CITY, id, budget), treasurers(), reason);
    }

    function testFuzz_setBudget_refusesWhatNoHoldingCanCount(uint64 budget) public {
        uint32 id = publish(CITY, plainTerms(CITY));
        budget = uint64(bound(budget, uint256(BUDGET_MAX) + 1, type(uint64).max));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.TermsInvalid.selector, "budget");
        refuses(CITY, _budgetCall(CITY, id, budget), treasurers(), reason);
    }

    function testFuzz_setBudget_refusesAnotherAuthoritysSeries(uint32 id, bool parent) public {
        uint32 own = publish(CITY, plainTerms(CITY));
        Region other = parent ? PROVINCE : OTHER_CITY;
        id = uint32(bound(id, own, type(uint32).max));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, id, other);
        refuses(other, _budgetCall(other, id, 5), treasurers(), reason);
    }

    function testFuzz_pauseSeries_endsByItselfOrByOfficers(uint40 until) public {
        uint32 id = publish(CITY, plainTerms(CITY));
        until = uint40(bound(until, 0, NOW + 7 days));
        pause(CITY, id, until);
        assertEq(vouchers.seriesState(id).pausedUntil, until, "paused");
        pause(CITY, id, 0);
        assertEq(vouchers.seriesState(id).pausedUntil, 0, "resumed");
    }

    function testFuzz_pauseSeries_refusesAboveSevenDays(uint40 until) public {
        uint32 id = publish(CITY, plainTerms(CITY));
        until = uint40(bound(until, NOW + 7 days + 1, type(uint40).max));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.PauseTooLong.selector, until, NOW + 7 days);
        refuses(CITY, _pauseCall(CITY, id, until), treasurers(), reason);
    }

    /// @dev Renewed again and again until everything has expired: after a tenth of the validity it is over.
    function testFuzz_pauseSeries_lastsATenthOfTheValidityInAll(uint40 validity, uint40 gap) public {
        SeriesTerms memory terms = plainTerms(CITY);
        validity = uint40(bound(validity, 2 days, 400 days));
        terms.validUntil = terms.validFrom + validity;
        uint32 id = publish(CITY, terms);
        uint40 left = validity / 10;
        while (left > 7 days) {
            pause(CITY, id, uint40(block.timestamp) + 7 days);
            left -= 7 days;
            vm.warp(block.timestamp + 7 days + bound(gap, 0, 2 days));
        }
        uint40 latest = uint40(block.timestamp) + left;
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.PauseTooLong.selector, latest + 1, latest);
        refuses(CITY, _pauseCall(CITY, id, latest + 1), treasurers(), reason);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.SeriesPaused(id, latest, validity / 10);
        pause(CITY, id, latest);
        assertEq(vouchers.seriesState(id).pauseUsed, validity / 10, "used up");
        vm.warp(latest);
        reason = abi.encodeWithSelector(IVoucherEvents.PauseTooLong.selector, latest + 1, latest);
        refuses(CITY, _pauseCall(CITY, id, latest + 1), treasurers(), reason);
    }

    /// @dev Who resumes early has used no more than has passed.
    function testFuzz_pauseSeries_givesTheRestBack(uint40 first, uint40 after_, uint40 second) public {
        uint32 id = publish(CITY, plainTerms(CITY));
        first = uint40(bound(first, 1, 7 days));
        after_ = uint40(bound(after_, 0, first - 1));
        second = uint40(bound(second, 0, 7 days));
        pause(CITY, id, NOW + first);
        vm.warp(NOW + after_);
        pause(CITY, id, NOW + after_ + second);
        assertEq(vouchers.seriesState(id).pauseUsed, after_ + second, "what passed, and what was added");
        pause(CITY, id, 0);
        assertEq(vouchers.seriesState(id).pauseUsed, after_, "what passed");
        assertEq(vouchers.seriesState(id).pausedUntil, 0, "resumed");
    }

    function testFuzz_pauseSeries_refusesAnotherAuthoritysSeries(bool parent) public {
        uint32 id = publish(CITY, plainTerms(CITY));
        Region other = parent ? PROVINCE : OTHER_CITY;
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, id, other);
        refuses(other, _pauseCall(other, id, NOW + 1), treasurers(), reason);
    }

    function testFuzz_startExpiry_onlyWhenValidityIsOver(uint40 when) public {
        SeriesTerms memory terms = plainTerms(CITY);
        uint32 id = publish(CITY, terms);
        when = uint40(bound(when, NOW, terms.validUntil - 1));
        vm.warp(when);
        refuses(CITY, _expiryCall(CITY, id), treasurers(), _notOver(id, terms.validUntil));
        vm.warp(terms.validUntil - 1);
        refuses(CITY, _expiryCall(CITY, id), treasurers(), _notOver(id, terms.validUntil));
        vm.warp(terms.validUntil);
        assertTrue(!vouchers.seriesState(id).expiring, "not yet");
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.SeriesExpiring(id);
        startExpiry(CITY, id);
        assertTrue(vouchers.seriesState(id).expiring, "expiring");
        assertTrue(!vouchers.seriesState(id).closed, "not closed");
    }

    function testFuzz_closeSeries_onlyWhenOverAndEmpty(uint64 left) public {
        SeriesTerms memory terms = plainTerms(CITY);
        uint32 id = publish(CITY, terms);
        left = uint64(bound(left, 1, PLAIN_BUDGET));
        issueTo(CITY, id, address(0xA), left);
        refuses(CITY, _closeCall(CITY, id), treasurers(), _notOver(id, terms.validUntil));
        vm.warp(terms.validUntil);
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotEmpty.selector, id, left);
        refuses(CITY, _closeCall(CITY, id), treasurers(), reason);
        assertTrue(!vouchers.seriesState(id).closed, "not closed");
        startExpiry(CITY, id);
        vouchers.expire(id, one(address(0xA)));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.SeriesClosed(id);
        close(CITY, id);
        assertTrue(vouchers.seriesState(id).closed, "closed");
        assertEq(vouchers.supply(id).expired, left, "expired");
    }

    function testFuzz_actsOfASeries_refuseAnotherAuthority(bool parent) public {
        uint32 id = publish(CITY, plainTerms(CITY));
        Region other = parent ? PROVINCE : OTHER_CITY;
        vm.warp(NOW + 366 days);
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, id, other);
        refuses(other, _expiryCall(other, id), treasurers(), reason);
        refuses(other, _closeCall(other, id), treasurers(), reason);
    }

    function testFuzz_actsOfASeries_needTreasurersOfAnAct(uint8 which) public {
        uint32 id = publish(CITY, plainTerms(CITY));
        vm.warp(NOW + 366 days);
        bytes memory call = which % 4 == 0
            ? _expiryCall(CITY, id)
            : which % 4 == 1
                ? _closeCall(CITY, id)
                : which % 4 == 2 ? _pauseCall(CITY, id, 0) : _budgetCall(CITY, id, 1);
        refuses(CITY, call, ids(3), abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, 2));
        refuses(CITY, call, registrars(), abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, 2));
        // Every call outside an act is refused.
        (bool done, bytes memory why) = address(vouchers).call(call);
        assertTrue(!done && bytes4(why) == IAuthorities.NotAnAct.selector, "not by an act");
    }

    function testFuzz_setBudget_needsTheOfficersOfItsAmount(uint64 budget) public {
        uint32 id = publish(CITY, plainTerms(CITY));
        budget = uint64(bound(budget, SMALL + 1, BUDGET_MAX));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3);
        refuses(CITY, _budgetCall(CITY, id, budget), ids(3, 4), reason);
        act(CITY, _budgetCall(CITY, id, SMALL), ids(3, 4));
        assertEq(vouchers.supply(id).budget, SMALL, "two suffice up to the band's end");
    }

    function _expiryCall(Region authority, uint32 id) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersAdmin.startExpiry, (authority, id));
    }

    function _closeCall(Region authority, uint32 id) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersAdmin.closeSeries, (authority, id));
    }

    function _notOver(uint32 id, uint40 until) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.SeriesNotOver.selector, id, until);
    }

    function _makeSound(SeriesTerms memory terms, uint256 seed) private pure {
        terms.validFrom = uint40(bound(terms.validFrom, 0, type(uint40).max - 1));
        uint256 earliest = terms.validFrom > NOW ? terms.validFrom : NOW;
        terms.validUntil = uint40(bound(terms.validUntil, earliest + 1, type(uint40).max));
        terms.budget = uint64(bound(terms.budget, 0, BUDGET_MAX));
        terms.flags %= 8;
        terms.hops %= 4;
        terms.refundPercent %= 101;
        terms.paymentCap = uint64(bound(terms.paymentCap, 0, BUDGET_MAX));
        terms.holdingCap = uint64(bound(terms.holdingCap, 0, BUDGET_MAX));
        terms.monthCap = uint64(bound(terms.monthCap, 0, CALENDAR_CAP_MAX));
        terms.yearCap = uint64(bound(terms.yearCap, 0, CALENDAR_CAP_MAX));
        terms.giftCap = uint64(bound(terms.giftCap, 0, CALENDAR_CAP_MAX));
        if (terms.document == 0) terms.document = keccak256("terms");
        terms.funding[0] = uint16(bound(terms.funding[0], 0, 10_000));
        terms.funding[1] = uint16(bound(terms.funding[1], 0, 10_000 - terms.funding[0]));
        terms.funding[2] = 0;
        terms.funding[3] = 10_000 - terms.funding[0] - terms.funding[1];
        terms.rules = new ScopeRule[](bound(seed, 1, 8));
        for (uint256 i = 0; i < terms.rules.length; i++) {
            seed = uint256(keccak256(abi.encode(seed)));
            terms.rules[i] = rule(seed % 2 == 0 ? CITY : PROVINCE, uint128(seed >> 8) | 1, uint8(seed >> 1));
        }
    }

    function _call(SeriesTerms memory terms) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersAdmin.publishSeries, (CITY, terms));
    }

    function _budgetCall(Region authority, uint32 id, uint64 budget) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersAdmin.setBudget, (authority, id, budget));
    }

    function _pauseCall(Region authority, uint32 id, uint40 until) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersAdmin.pauseSeries, (authority, id, until));
    }

    function _refusesTerms(SeriesTerms memory terms, string memory field) private {
        uint32 count = vouchers.seriesCount();
        refuses(CITY, _call(terms), treasurers(), abi.encodeWithSelector(IVoucherEvents.TermsInvalid.selector, field));
        assertEq(vouchers.seriesCount(), count, "no series");
    }
}
