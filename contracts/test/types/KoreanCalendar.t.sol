// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KoreanCalendar} from "../../src/types/KoreanCalendar.sol";
import {Test} from "../support/Test.sol";

contract KoreanCalendarTest is Test {
    /// @dev 2026-01-01T00:00:00+09:00, day 20,454 since 1970-01-01.
    uint256 private constant NEW_YEAR_2026 = 1_767_193_200;

    function test_day_changesAtKoreanMidnight() public pure {
        assertEq(KoreanCalendar.day(NEW_YEAR_2026), 20_454, "first second of the year");
        assertEq(KoreanCalendar.day(NEW_YEAR_2026 - 1), 20_453, "last second of the year before");
        // 2026-01-01T00:00:00Z is nine in the morning in Korea.
        assertEq(KoreanCalendar.day(1_767_225_600), 20_454, "UTC midnight is no border");
        assertEq(KoreanCalendar.day(0), 0, "the epoch");
    }

    function testFuzz_day_lastsFromMidnightToMidnight(uint256 number, uint256 second) public pure {
        number = bound(number, 1, type(uint16).max);
        second = bound(second, 0, 86_399);
        assertEq(KoreanCalendar.day(number * 86_400 - 32_400 + second), number, "day");
    }

    function test_yearAndMonth_changesAtKoreanMidnight() public pure {
        _is(NEW_YEAR_2026, 2026, 1);
        _is(NEW_YEAR_2026 - 1, 2025, 12);
        // Still December in London.
        _is(NEW_YEAR_2026 + 9 hours - 1, 2026, 1);
        _is(0, 1970, 1);
        // 2028 has a leap day, 2100 has none, 2000 had one; each time its month's last second and the next.
        _is(1_835_449_199, 2028, 2);
        _is(1_835_449_200, 2028, 3);
        _is(4_107_509_999, 2100, 2);
        _is(4_107_510_000, 2100, 3);
        _is(951_836_399, 2000, 2);
        _is(951_836_400, 2000, 3);
    }

    function test_yearAndMonth_asASlowLoopAtEveryBorder() public pure {
        uint256 first = 0;
        uint256 year = 1970;
        uint256 month = 1;
        // To the end of the days that fit 16 bits.
        while (year < 2150) {
            uint256 next = first + _daysIn(year, month);
            if (first > 0) _is(first * 86_400 - 32_400, year, month);
            _is(next * 86_400 - 32_401, year, month);
            first = next;
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1);
        }
    }

    function testFuzz_yearAndMonth_asASlowLoop(uint256 number, uint256 second) public pure {
        number = bound(number, 1, 400_000);
        second = bound(second, 0, 86_399);
        uint256 left = number;
        uint256 year = 1970;
        while (left >= 365 + (_isLeap(year) ? 1 : 0)) {
            left -= 365 + (_isLeap(year) ? 1 : 0);
            year++;
        }
        uint256 month = 1;
        while (left >= _daysIn(year, month)) {
            left -= _daysIn(year, month);
            month++;
        }
        _is(number * 86_400 - 32_400 + second, year, month);
    }

    function _is(uint256 timestamp, uint256 year, uint256 month) private pure {
        (uint256 gotYear, uint256 gotMonth) = KoreanCalendar.yearAndMonth(timestamp);
        assertEq(gotYear, year, "year");
        assertEq(gotMonth, month, "month");
    }

    function _daysIn(uint256 year, uint256 month) private pure returns (uint256) {
        if (month == 2) return _isLeap(year) ? 29 : 28;
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    function _isLeap(uint256 year) private pure returns (bool) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }
}
