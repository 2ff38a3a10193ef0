// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Korea Standard Time is UTC+9 all year (no summer time since 1988).
library KoreanCalendar {
    /// @notice Days since 1970-01-01 in Korea at `timestamp` (Unix seconds); fits 16 bits until 2149.
    function day(uint256 timestamp) internal pure returns (uint16) {
        return uint16((timestamp + 9 hours) / 1 days);
    }

    /// @notice Year and month (1..12) in Korea at `timestamp`.
    /// @dev Days to civil date for the proleptic Gregorian calendar: years are counted from March, so that the leap day
    /// is the last one, in eras of 400 years = 146,097 days.
    function yearAndMonth(uint256 timestamp) internal pure returns (uint16 year, uint8 month) {
        uint256 shifted = (timestamp + 9 hours) / 1 days + 719_468;
        uint256 dayOfEra = shifted % 146_097;
        uint256 yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        uint256 dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        uint256 fromMarch = (5 * dayOfYear + 2) / 153;
        month = uint8(fromMarch < 10 ? fromMarch + 3 : fromMarch - 9);
        year = uint16(yearOfEra + shifted / 146_097 * 400 + (month <= 2 ? 1 : 0));
    }
}
