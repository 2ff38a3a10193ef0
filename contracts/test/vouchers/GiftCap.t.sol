// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region} from "../../src/types/Region.sol";
import {ExtensionOrders} from "../support/ExtensionOrders.sol";
import {Order} from "../support/Orders.sol";

/// @notice How much one resident may be given in a Korean month, over all of an authority's series.
contract GiftCapTest is ExtensionOrders {
    uint256 private constant KEY = 0xBEEF;
    uint64 private constant GIVEN = 1_000_000;
    uint64 private constant CAP = 500_000;
    address private immutable FRIEND = person(0xF12E);
    /// @dev 2026-10-01 and 2027-01-01 in Korea; 15:00 UTC is midnight there.
    uint256 private constant OCTOBER = 1_790_780_400;
    uint256 private constant NEW_YEAR = 1_798_729_200;

    address private _giver;
    uint32 private _series;

    function setUp() public {
        build();
        _giver = person(KEY);
        _series = _open(CITY, CAP);
    }

    function testFuzz_give_refusesAboveTheReceiversMonth(uint64 first, uint64 second) public {
        Order memory order = _order();
        order.amount = first = uint64(bound(first, 1, CAP - 1));
        gives(order, KEY);
        order.nonce++;
        uint64 left = CAP - first;
        order.amount = uint64(bound(second, left + 1, GIVEN - first));
        refusesGift(order, KEY, Refusal.GiftCapExceeded, left, order.amount);
        order.amount = left;
        gives(order, KEY);
        (order.nonce, order.amount) = (3, 1);
        refusesGift(order, KEY, Refusal.GiftCapExceeded, 0, 1);
        // The cap is the receiver's, not the giver's.
        order.to = address(0xF13E);
        gives(order, KEY);
    }

    /// @dev Whoever gives: two givers don't have two caps.
    function test_give_countsAllGivers() public {
        uint256 other = KEY + 1;
        issueTo(CITY, _series, person(other), GIVEN);
        Order memory order = _order();
        order.amount = CAP;
        gives(order, KEY);
        order.from = person(other);
        refusesGift(order, other, Refusal.GiftCapExceeded, 0, CAP);
    }

    /// @dev The authority's series count together, each against its own cap; another authority's don't.
    function testFuzz_give_countsTheAuthoritysSeriesTogether(uint64 first, uint64 lower) public {
        lower = uint64(bound(lower, 1, CAP));
        Order memory order = _order();
        order.amount = first = uint64(bound(first, 1, CAP));
        gives(order, KEY);
        order.series = _open(CITY, lower);
        order.amount = GIVEN;
        uint64 left = lower > first ? lower - first : 0;
        refusesGift(order, KEY, Refusal.GiftCapExceeded, left, GIVEN);
        order.amount = left;
        if (left != 0) gives(order, KEY);
        order.series = _open(OTHER_CITY, lower);
        order.amount = lower;
        gives(order, KEY);
    }

    /// @dev Gifts from a series without a cap neither count nor are bound.
    function test_give_countsNothingWithoutACap() public {
        Order memory order = _order();
        order.series = _open(CITY, 0);
        order.amount = GIVEN;
        gives(order, KEY);
        order.series = _series;
        order.amount = CAP;
        gives(order, KEY);
    }

    function testFuzz_give_startsANewMonthInKorea(uint64 before, bool year) public {
        uint256 midnight = year ? NEW_YEAR : OCTOBER;
        vm.warp(midnight - bound(before, 1, 7 days));
        Order memory order = _order();
        order.amount = CAP;
        gives(order, KEY);
        order.nonce++;
        vm.warp(midnight - 1);
        refusesGift(order, KEY, Refusal.GiftCapExceeded, 0, CAP);
        vm.warp(midnight);
        gives(order, KEY);
        order.nonce++;
        refusesGift(order, KEY, Refusal.GiftCapExceeded, 0, CAP);
    }

    /// @dev The same month of another year is another month.
    function test_give_doesNotTakeAYearForAMonth() public {
        vm.warp(OCTOBER);
        Order memory order = _order();
        order.amount = CAP;
        gives(order, KEY);
        vm.warp(OCTOBER + 365 days);
        order.nonce++;
        gives(order, KEY);
    }

    function _order() private view returns (Order memory) {
        return Order(_giver, FRIEND, _series, CAP, 1, NOW + 700 days, 0);
    }

    function _open(Region authority, uint64 giftCap) private returns (uint32 series) {
        SeriesTerms memory terms = plainTerms(CITY);
        (terms.flags, terms.giftCap) = (1, giftCap);
        terms.validUntil = NOW + 800 days;
        series = publish(authority, terms);
        issueTo(authority, series, _giver, 2 * GIVEN);
    }
}
