// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {SeriesTerms, FLAG_COMPANY, FLAG_SOLD} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region} from "../../src/types/Region.sol";
import {World} from "../support/World.sol";

/// @notice The purchase caps of the Korean calendar month and year, over all sold series of an authority.
contract PurchaseCapsTest is World {
    uint64 private constant MONTH = 500_000;
    uint64 private constant YEAR = 1_200_000;
    address private immutable BUYER = person(0xB);
    /// @dev Midnights in Korea (UTC+9): 1 October and 1 November 2026, 1 January and 1 February 2027.
    uint256 private constant OCTOBER = 1_790_780_400;
    uint256 private constant NOVEMBER = 1_793_458_800;
    uint256 private constant JANUARY = 1_798_729_200;
    uint256 private constant FEBRUARY = 1_801_407_600;

    uint32 private _series;

    function setUp() public {
        build();
        _series = publish(CITY, _terms(MONTH, YEAR));
        vm.warp(OCTOBER);
    }

    function testFuzz_issue_countsUpToTheMonthsCap(uint64 first, uint64 second) public {
        first = uint64(bound(first, 1, MONTH - 1));
        issueTo(CITY, _series, BUYER, first);
        _counted(CITY, first, first);
        uint64 left = MONTH - first;
        second = uint64(bound(second, left + 1, 10 * MONTH));
        _refuses(_series, second, Refusal.MonthCapExceeded, left);
        issueTo(CITY, _series, BUYER, left);
        _counted(CITY, MONTH, MONTH);
        _refuses(_series, 1, Refusal.MonthCapExceeded, 0);
    }

    function test_issue_beginsTheMonthAtKoreanMidnight() public {
        issueTo(CITY, _series, BUYER, MONTH);
        vm.warp(NOVEMBER - 1);
        _refuses(_series, 1, Refusal.MonthCapExceeded, 0);
        vm.warp(NOVEMBER);
        _counted(CITY, 0, MONTH);
        issueTo(CITY, _series, BUYER, MONTH);
        _counted(CITY, MONTH, 2 * MONTH);
    }

    function testFuzz_issue_countsUpToTheYearsCap(uint64 amount) public {
        issueTo(CITY, _series, BUYER, MONTH);
        vm.warp(NOVEMBER);
        issueTo(CITY, _series, BUYER, MONTH);
        vm.warp(JANUARY - 1);
        uint64 left = YEAR - 2 * MONTH;
        amount = uint64(bound(amount, left + 1, MONTH));
        _refuses(_series, amount, Refusal.YearCapExceeded, left);
        issueTo(CITY, _series, BUYER, left);
        _counted(CITY, left, YEAR);
        _refuses(_series, 1, Refusal.YearCapExceeded, 0);
        vm.warp(JANUARY);
        _counted(CITY, 0, 0);
        issueTo(CITY, _series, BUYER, MONTH);
        _counted(CITY, MONTH, MONTH);
    }

    function test_issue_takesTheSameMonthOfAnotherYearForAnotherMonth() public {
        issueTo(CITY, _series, BUYER, MONTH);
        // October of the next year: the series of today is over then.
        vm.warp(OCTOBER + 365 days);
        _counted(CITY, 0, 0);
        uint32 next = publish(CITY, _terms(MONTH, YEAR));
        issueTo(CITY, next, BUYER, MONTH);
        _counted(CITY, MONTH, MONTH);
    }

    function testFuzz_issue_countsOverAllSoldSeriesOfTheAuthority(uint64 first) public {
        first = uint64(bound(first, 1, MONTH));
        uint32 other = publish(CITY, _terms(MONTH, 0));
        uint32 uncapped = publish(CITY, _terms(0, 0));
        issueTo(CITY, _series, BUYER, first);
        _refuses(other, MONTH - first + 1, Refusal.MonthCapExceeded, MONTH - first);
        // One without caps sells on, and counts towards the others' caps.
        issueTo(CITY, uncapped, BUYER, MONTH);
        _counted(CITY, first + MONTH, first + MONTH);
        _refuses(other, 1, Refusal.MonthCapExceeded, 0);
    }

    /// @dev What one buyer buys of several series may pass 48 bits; it must not count as nothing then.
    function testFuzz_issue_countsMoreThanFortyEightBits(uint64 above) public {
        SeriesTerms memory terms = _terms(0, 0);
        terms.budget = type(uint48).max;
        issueTo(CITY, publish(CITY, terms), BUYER, type(uint48).max);
        issueTo(CITY, publish(CITY, terms), BUYER, uint64(bound(above, 1, type(uint48).max)));
        _counted(CITY, type(uint48).max, type(uint48).max);
        _refuses(_series, 1, Refusal.MonthCapExceeded, 0);
    }

    function testFuzz_issue_countsApartForEachAuthorityAndBuyer(uint64 amount) public {
        amount = uint64(bound(amount, 1, MONTH));
        uint32 provincial = publish(PROVINCE, _terms(MONTH, YEAR));
        issueTo(CITY, _series, BUYER, MONTH);
        issueTo(PROVINCE, provincial, BUYER, amount);
        issueTo(CITY, _series, address(0xC), amount);
        _counted(CITY, MONTH, MONTH);
        _counted(PROVINCE, amount, amount);
    }

    function testFuzz_issue_countsADelegatesSalesForTheSeriesAuthority(uint64 amount) public {
        amount = uint64(bound(amount, 1, MONTH));
        uint32 provincial = publish(PROVINCE, _terms(MONTH, YEAR));
        delegate(PROVINCE, provincial, CITY, MONTH);
        attest(BUYER, CITY, 1);
        issueTo(CITY, provincial, BUYER, amount);
        _counted(PROVINCE, amount, amount);
        _counted(CITY, 0, 0);
    }

    function testFuzz_issue_doesNotCountWhatIsGranted(uint64 amount) public {
        amount = uint64(bound(amount, 1, PLAIN_BUDGET));
        SeriesTerms memory terms = _terms(1, 1);
        terms.flags = 0;
        issueTo(CITY, publish(CITY, terms), BUYER, amount);
        _counted(CITY, 0, 0);
    }

    function testFuzz_issue_doesNotBindCompanies(uint64 amount) public {
        amount = uint64(bound(amount, MONTH + 1, PLAIN_BUDGET));
        SeriesTerms memory terms = _terms(MONTH, YEAR);
        terms.flags = FLAG_SOLD | FLAG_COMPANY;
        uint32 series = publish(CITY, terms);
        attest(BUYER, CITY, 2, true);
        issueTo(CITY, series, BUYER, amount);
        assertEq(vouchers.holding(series, BUYER).balance, amount, "sold to a company");
        _counted(CITY, 0, 0);
    }

    /// @dev A cap of the month, one of the year, none of either.
    function testFuzz_issue_keepsEachCapAlone(uint64 amount) public {
        uint32 monthly = publish(CITY, _terms(MONTH, 0));
        uint32 yearly = publish(CITY, _terms(0, YEAR));
        amount = uint64(bound(amount, YEAR + 1, 10 * YEAR));
        _refuses(monthly, amount, Refusal.MonthCapExceeded, MONTH);
        _refuses(yearly, amount, Refusal.YearCapExceeded, YEAR);
        issueTo(CITY, yearly, BUYER, YEAR);
        vm.warp(NOVEMBER);
        issueTo(CITY, monthly, BUYER, MONTH);
        _counted(CITY, MONTH, YEAR + MONTH);
        _refuses(yearly, 1, Refusal.YearCapExceeded, 0);
        vm.warp(FEBRUARY);
        issueTo(CITY, yearly, BUYER, YEAR);
    }

    function _refuses(uint32 series, uint64 amount, Refusal why, uint64 left) private {
        uint256[] memory items = oneItem(BUYER, amount);
        uint64 order = approve(CITY, series, amount, leafOf(0, items));
        bytes32 before = _state(series);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.IssueRefused(order, BUYER, amount, uint8(why), left, amount);
        vouchers.issue(order, 0, items, new bytes32[](0));
        assertEq(_state(series), before, "a refused purchase changed something");
    }

    function _state(uint32 series) private view returns (bytes32) {
        (uint64 inMonth, uint64 inYear, uint64 gifts) = vouchers.purchases(CITY, BUYER);
        return keccak256(
            abi.encode(vouchers.holding(series, BUYER), vouchers.supply(series), inMonth, inYear, gifts)
        );
    }

    function _counted(Region authority, uint64 inMonth, uint64 inYear) private view {
        (uint64 month, uint64 year, uint64 gifts) = vouchers.purchases(authority, BUYER);
        assertEq(month, inMonth, "bought in the month");
        assertEq(year, inYear, "bought in the year");
        assertEq(gifts, 0, "gifts");
    }

    function _terms(uint64 monthCap, uint64 yearCap) private view returns (SeriesTerms memory terms) {
        terms = plainTerms(CITY);
        terms.flags = FLAG_SOLD;
        (terms.monthCap, terms.yearCap) = (monthCap, yearCap);
    }
}
