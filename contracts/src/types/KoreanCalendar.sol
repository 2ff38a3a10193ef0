// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Korea Standard Time is UTC+9 all year (no summer time since 1988).
library KoreanCalendar {
    /// @notice Days since 1970-01-01 in Korea at `timestamp` (Unix seconds); fits 16 bits until 2149.
    function day(uint256 timestamp) internal pure returns (uint16) {
        return uint16((timestamp + 9 hours) / 1 days);
    }
}
