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
}
