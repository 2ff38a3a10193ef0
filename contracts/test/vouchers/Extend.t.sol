// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {FLAG_GIFT, SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region} from "../../src/types/Region.sol";
import {ExtensionOrders} from "../support/ExtensionOrders.sol";
import {Order} from "../support/Orders.sol";

/// @notice Officers extend a series' validity: what ends later then, what stays, and each reason to refuse it.
contract ExtendTest is ExtensionOrders {
    uint256 private constant KEY = 0xBEEF;
    uint256 private constant SHOP_KEY = 0x5A0F;
    uint64 private constant GIVEN = 100_000;
    uint40 private constant END = NOW + 365 days;
    uint40 private constant MOST = type(uint32).max;

    address private _holder;
    address private _shop;
    uint32 private _series;

    function setUp() public {
        build();
        _holder = person(KEY);
        _shop = person(SHOP_KEY);
        register(_shop, CITY, 1, 0);
        register(person(SHOP_KEY + 1), CITY, 1, 0);
        SeriesTerms memory terms = plainTerms(CITY);
        (terms.flags, terms.hops) = (FLAG_GIFT, 1);
        _series = publish(CITY, terms);
        issueTo(CITY, _series, _holder, GIVEN);
    }

    // What an extension does

    function testFuzz_extendSeries_movesTheEndAndNothingElse(uint40 until, uint40 moment) public {
        vm.warp(bound(moment, NOW, END + 30 days));
        until = uint40(bound(until, block.timestamp > END ? block.timestamp + 1 : END + 1, END + MOST));
        bytes32 before = _termsAndSupply();
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.SeriesExtended(_series, until);
        extend(CITY, _series, until);
        assertEq(vouchers.seriesState(_series).validUntil, until, "end");
        assertEq(vouchers.seriesState(_series).pauseUsed, 0, "no pause");
        assertTrue(!vouchers.seriesState(_series).expiring && !vouchers.seriesState(_series).closed, "neither");
        assertEq(_termsAndSupply(), before, "terms or supply changed");
    }

    /// @dev Each from where the one before ended, and all together 2^32 - 1 seconds from the original end.
    function testFuzz_extendSeries_again(uint40 first, uint40 second) public {
        first = uint40(bound(first, END + 1, END + MOST - 1));
        second = uint40(bound(second, first + 1, END + MOST));
        extend(CITY, _series, first);
        extend(CITY, _series, second);
        assertEq(vouchers.seriesState(_series).validUntil, second, "end");
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.EndDiffers.selector, _series, second);
        refuses(CITY, _call(CITY, first, END + MOST), treasurers(), reason);
    }

    /// @dev Payable to the last second of the extended day, and named by the refusal after it.
    function testFuzz_pay_onTheExtendedDay(uint40 until, uint40 moment) public {
        until = uint40(bound(until, END + 1, END + 10 * 365 days));
        moment = uint40(bound(moment, END, until - 1));
        vm.warp(moment);
        Order memory order = Order(_holder, _shop, _series, 1_000, 1, until, 0);
        refusesPayment(order, KEY, Refusal.Expired, END, 0);
        vm.warp(END - 1);
        extend(CITY, _series, until);
        vm.warp(moment);
        settles(order, KEY);
        vm.warp(until - 1);
        order.nonce = 2;
        settles(order, KEY);
        vm.warp(until);
        order.nonce = 3;
        refusesPayment(order, KEY, Refusal.Expired, until, 0);
    }

    function testFuzz_giveAndCirculate_onTheExtendedDay(uint40 until) public {
        until = uint40(bound(until, END + 1, END + 10 * 365 days));
        settles(Order(_holder, _shop, _series, 10_000, 1, END, 0), KEY);
        Order memory gift = Order(_holder, address(0xF12E), _series, 1_000, 2, until, 0);
        Order memory passed = Order(_shop, person(SHOP_KEY + 1), _series, 1_000, 1, until, 0);
        vm.warp(END);
        refusesGift(gift, KEY, Refusal.Expired, END, 0);
        refusesCirculation(passed, SHOP_KEY, Refusal.Expired, END, 0);
        extend(CITY, _series, until);
        vm.warp(until - 1);
        gives(gift, KEY);
        circulates(passed, SHOP_KEY);
        vm.warp(until);
        (gift.nonce, passed.nonce) = (3, 2);
        refusesGift(gift, KEY, Refusal.Expired, until, 0);
        refusesCirculation(passed, SHOP_KEY, Refusal.Expired, until, 0);
    }

    function testFuzz_issue_onTheExtendedDay(uint40 until) public {
        until = uint40(bound(until, END + 1, END + 10 * 365 days));
        uint256[] memory items = oneItem(_holder, 5_000);
        uint64 order = approve(CITY, _series, 5_000, leafOf(0, items));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOpen.selector, _series, Refusal.Expired);
        vm.warp(END);
        vm.expectRevert(reason);
        vouchers.issue(order, 0, items, new bytes32[](0));
        extend(CITY, _series, until);
        vm.warp(until);
        vm.expectRevert(reason);
        vouchers.issue(order, 0, items, new bytes32[](0));
        vm.warp(until - 1);
        vouchers.issue(order, 0, items, new bytes32[](0));
        assertEq(vouchers.holding(_series, _holder).balance, GIVEN + 5_000, "issued");
    }

    /// @dev Neither the return to the funders nor the close may come before the extended end.
    function testFuzz_startExpiryAndClose_waitForTheExtendedEnd(uint40 until, uint40 moment) public {
        until = uint40(bound(until, END + 1, END + 10 * 365 days));
        moment = uint40(bound(moment, END, until - 1));
        extend(CITY, _series, until);
        vm.warp(moment);
        bytes memory start = abi.encodeCall(IVouchersAdmin.startExpiry, (CITY, _series));
        bytes memory closing = abi.encodeCall(IVouchersAdmin.closeSeries, (CITY, _series));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOver.selector, _series, until);
        refuses(CITY, start, treasurers(), reason);
        refuses(CITY, closing, treasurers(), reason);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.SeriesNotExpiring.selector, _series));
        vouchers.expire(_series, one(_holder));
        vm.warp(until);
        startExpiry(CITY, _series);
        vouchers.expire(_series, one(_holder));
        close(CITY, _series);
        assertEq(vouchers.supply(_series).expired, GIVEN, "expired");
    }

    /// @dev All pauses together last a tenth of the validity as extended.
    function testFuzz_pauseSeries_countsTheExtendedValidity(uint40 validity, uint40 longer) public {
        SeriesTerms memory terms = plainTerms(CITY);
        validity = uint40(bound(validity, 2 days, 30 days));
        longer = uint40(bound(longer, 1, 30 days));
        terms.validUntil = terms.validFrom + validity;
        uint32 id = publish(CITY, terms);
        uint40 latest = NOW + validity / 10;
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.PauseTooLong.selector, latest + 1, latest);
        bytes memory call = abi.encodeCall(IVouchersAdmin.pauseSeries, (CITY, id, latest + 1));
        refuses(CITY, call, treasurers(), reason);
        extend(CITY, id, terms.validUntil + longer);
        latest = NOW + (validity + longer) / 10;
        reason = abi.encodeWithSelector(IVoucherEvents.PauseTooLong.selector, latest + 1, latest);
        call = abi.encodeCall(IVouchersAdmin.pauseSeries, (CITY, id, latest + 1));
        refuses(CITY, call, treasurers(), reason);
        pause(CITY, id, latest);
    }

    // Attacks

    /// @dev Whichever of two series is extended, and however far, their order is that of their original ends.
    function testFuzz_pay_noExtensionTurnsTheOrderRound(uint40 gap, uint40 longer, bool both) public {
        SeriesTerms memory terms = plainTerms(CITY);
        gap = uint40(bound(gap, 1, 300 days));
        terms.validUntil += gap;
        uint32 later = publish(CITY, terms);
        issueTo(CITY, later, _holder, GIVEN);
        extend(CITY, _series, END + gap + uint40(bound(longer, 1, 10 * 365 days)));
        if (both) extend(CITY, later, terms.validUntil + 1);
        Order memory order = Order(_holder, _shop, listed(later, _series), GIVEN + 1, 1, END, 0);
        refusesPayment(order, KEY, Refusal.SeriesOrder, _series, END);
        order.series = listed(_series, later);
        uint64[] memory parts = new uint64[](2);
        (parts[0], parts[1]) = (GIVEN, 1);
        settles(order, wallet(KEY), parts);
    }

    function testFuzz_extendSeries_refusesAShorterValidity(uint40 until, uint40 longer) public {
        uint40 end = END;
        if (longer % 2 == 0) extend(CITY, _series, end += uint40(bound(longer, 1, 365 days)));
        until = uint40(bound(until, 0, end));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.ExtensionTooShort.selector, until, end);
        refuses(CITY, _call(CITY, end, until), treasurers(), reason);
        reason = abi.encodeWithSelector(IVoucherEvents.ExtensionTooShort.selector, end, end);
        refuses(CITY, _call(CITY, end, end), treasurers(), reason);
        assertEq(vouchers.seriesState(_series).validUntil, end, "end");
    }

    /// @dev An end that has passed would extend nothing.
    function testFuzz_extendSeries_refusesAnEndThatHasPassed(uint40 until, uint40 moment) public {
        moment = uint40(bound(moment, END + 1, END + 1_000 days));
        until = uint40(bound(until, END + 1, moment));
        vm.warp(moment);
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.ExtensionTooShort.selector, until, moment);
        refuses(CITY, _call(CITY, END, until), treasurers(), reason);
        reason = abi.encodeWithSelector(IVoucherEvents.ExtensionTooShort.selector, moment, moment);
        refuses(CITY, _call(CITY, END, moment), treasurers(), reason);
        extend(CITY, _series, moment + 1);
    }

    /// @dev Two extensions signed side by side: the second one's sentence is not true any more.
    function testFuzz_extendSeries_refusesFromAnotherEnd(uint40 from) public {
        vm.assume(from != END);
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.EndDiffers.selector, _series, END);
        refuses(CITY, _call(CITY, from, END + 1 days), treasurers(), reason);
    }

    function testFuzz_extendSeries_refusesMoreThanItsFieldHolds(uint40 until) public {
        until = uint40(bound(until, END + uint256(MOST) + 1, type(uint40).max));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.ExtensionTooLong.selector, until, END + MOST);
        refuses(CITY, _call(CITY, END, until), treasurers(), reason);
        extend(CITY, _series, END + MOST);
        refuses(CITY, _call(CITY, END + MOST, until), treasurers(), reason);
    }

    /// @dev The last moment that the chain can name needs no extension, and gets none.
    function test_extendSeries_atTheEndOfTime() public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.validUntil = type(uint40).max - 1;
        _series = publish(CITY, terms);
        extend(CITY, _series, type(uint40).max);
        bytes memory reason = abi.encodeWithSelector(
            IVoucherEvents.ExtensionTooShort.selector, type(uint40).max, type(uint40).max
        );
        refuses(CITY, _call(CITY, type(uint40).max, type(uint40).max), treasurers(), reason);
    }

    /// @dev What fell back to its funders in part does not become valid again.
    function testFuzz_extendSeries_refusesOnceExpiryHasStarted(uint40 until, bool burned) public {
        vm.warp(END);
        startExpiry(CITY, _series);
        if (burned) vouchers.expire(_series, one(_holder));
        until = uint40(bound(until, END + 1, END + MOST));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.ExpiryAlreadyStarted.selector, _series);
        refuses(CITY, _call(CITY, END, until), treasurers(), reason);
    }

    /// @dev Of which nothing was left without any expiry.
    function testFuzz_extendSeries_refusesAClosedSeries(uint40 until) public {
        _series = publish(CITY, plainTerms(CITY));
        vm.warp(END);
        close(CITY, _series);
        until = uint40(bound(until, END + 1, END + MOST));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesAlreadyClosed.selector, _series);
        refuses(CITY, _call(CITY, END, until), treasurers(), reason);
    }

    function testFuzz_extendSeries_refusesAnotherAuthority(bool parent, uint32 id) public {
        Region other = parent ? PROVINCE : OTHER_CITY;
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, _series, other);
        refuses(other, _call(other, END, END + 1 days), treasurers(), reason);
        vm.assume(id != _series);
        bytes memory call = abi.encodeCall(IVouchersAdmin.extendSeries, (CITY, id, 0, END + 1 days));
        reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, id, CITY);
        refuses(CITY, call, treasurers(), reason);
    }

    /// @dev In the band of what is outstanding: what was redeemed does not count, what was issued does.
    function testFuzz_extendSeries_needsTheTreasurersOfWhatIsOutstanding(uint64 more) public {
        refuses(CITY, _call(CITY, END, END + 1), ids(3), _tooFew(1, 2));
        refuses(CITY, _call(CITY, END, END + 1), registrars(), _tooFew(0, 2));
        more = uint64(bound(more, SMALL - GIVEN + 1, PLAIN_BUDGET - GIVEN));
        issueTo(CITY, _series, _holder, more);
        refuses(CITY, _call(CITY, END, END + 1), ids(3, 4), _tooFew(2, 3));
        extend(CITY, _series, END + 1);
        // Down to the band's end.
        uint64 spent = more + GIVEN - SMALL;
        settles(Order(_holder, _shop, _series, spent, 1, END, 0), KEY);
        refuses(CITY, _call(CITY, END + 1, END + 2), ids(3, 4), _tooFew(2, 3));
        redeems(Order(_shop, address(0), _series, spent, 1, END, 0), SHOP_KEY);
        act(CITY, _call(CITY, END + 1, END + 2), ids(3, 4));
        assertEq(vouchers.seriesState(_series).validUntil, END + 2, "two suffice");
    }

    function testFuzz_extendSeries_refusesOutsideOfAnAct(address stranger) public {
        vm.prank(stranger);
        (bool done, bytes memory why) = address(vouchers).call(_call(CITY, END, END + 1));
        assertTrue(!done && bytes4(why) == IAuthorities.NotAnAct.selector, "not by an act");
    }

    function _call(Region authority, uint40 from, uint40 until) private view returns (bytes memory) {
        return abi.encodeCall(IVouchersAdmin.extendSeries, (authority, _series, from, until));
    }

    function _tooFew(uint256 signed, uint256 needed) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, signed, needed);
    }

    function _termsAndSupply() private view returns (bytes32) {
        (Region authority, SeriesTerms memory terms) = vouchers.seriesTerms(_series);
        return keccak256(abi.encode(authority, terms, vouchers.supply(_series)));
    }
}
