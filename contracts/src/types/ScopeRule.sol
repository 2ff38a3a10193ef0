// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Region} from "./Region.sol";

/// @notice Where, on what and at which size of merchant a voucher may be spent; one storage slot.
/// @dev Bits 0..127 set of business categories, 128..175 area, 176..183 largest merchant size class.
type ScopeRule is uint256;

using {area, hasCategory, maxSize, isValid} for ScopeRule global;

function area(ScopeRule rule) pure returns (Region) {
    return Region.wrap(uint48(ScopeRule.unwrap(rule) >> 128));
}

/// @param category 0..127; anything above is in no set.
function hasCategory(ScopeRule rule, uint8 category) pure returns (bool) {
    return category < 128 && (ScopeRule.unwrap(rule) >> category) & 1 == 1;
}

function maxSize(ScopeRule rule) pure returns (uint8) {
    return uint8(ScopeRule.unwrap(rule) >> 176);
}

/// @notice A rule that can match at least one merchant: a well-formed area and a category, no stray bits.
function isValid(ScopeRule rule) pure returns (bool) {
    uint256 raw = ScopeRule.unwrap(rule);
    return raw >> 184 == 0 && raw & type(uint128).max != 0 && rule.area().isValid();
}
