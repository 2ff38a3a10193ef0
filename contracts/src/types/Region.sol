// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice An area named by a digit prefix of the Korean administrative code.
/// @dev Ten nibbles, one a digit, left-aligned in the upper 40 bits; the lower 8 bits count the digits.
/// "47130" is 0x4713000000_05. Length 0 is the state, which contains every region.
type Region is uint48;

using {contains, equals, isValid, isHome, isState, digits, prefix} for Region global;

Region constant STATE = Region.wrap(0);
uint256 constant HOME_DIGITS = 5;

/// @notice Whether `inner` lies in `outer` or is the same region: its code begins with the outer one's digits.
function contains(Region outer, Region inner) pure returns (bool) {
    uint256 length = Region.unwrap(outer) & 0xff;
    if (Region.unwrap(inner) & 0xff < length) return false;
    return uint256(Region.unwrap(outer) ^ Region.unwrap(inner)) >> (48 - 4 * length) == 0;
}

function equals(Region a, Region b) pure returns (bool) {
    return Region.unwrap(a) == Region.unwrap(b);
}

function isState(Region region) pure returns (bool) {
    return Region.unwrap(region) == 0;
}

/// @notice How many digits the code has.
function digits(Region region) pure returns (uint256) {
    return Region.unwrap(region) & 0xff;
}

/// @notice The area around this one whose code is its first `count` digits; `count` is at most as many as it has.
function prefix(Region region, uint256 count) pure returns (Region) {
    uint256 left = 48 - 4 * count;
    return Region.wrap(uint48(uint256(Region.unwrap(region)) >> left << left | count));
}

/// @notice Whether this is a well-formed code: 2 to 10 decimal digits and zeros after them, or the state.
function isValid(Region region) pure returns (bool) {
    if (region.isState()) return true;
    uint256 length = region.digits();
    if (length < 2 || length > 10) return false;
    uint256 code = Region.unwrap(region) >> 8;
    for (uint256 i = 0; i < 10; i++) {
        uint256 digit = (code >> (4 * (9 - i))) & 0xf;
        if (digit > 9 || (i >= length && digit != 0)) return false;
    }
    return true;
}

/// @notice Whether people may be said to live there: a province, city or district. A finer place would single people out
/// on a chain that every validator reads.
function isHome(Region region) pure returns (bool) {
    return region.isValid() && !region.isState() && region.digits() <= HOME_DIGITS;
}
