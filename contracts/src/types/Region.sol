// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice An area named by a digit prefix of the Korean administrative code.
/// @dev Ten nibbles, one a digit, left-aligned in the upper 40 bits; the lower 8 bits count the digits.
/// "47130" is 0x4713000000_05. Length 0 is the state, which contains every region.
type Region is uint48;

using {contains, equals, isValid, isState} for Region global;

Region constant STATE = Region.wrap(0);

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

/// @notice Whether this is a well-formed code: 2 to 10 decimal digits and zeros after them, or the state.
function isValid(Region region) pure returns (bool) {
    if (region.isState()) return true;
    uint256 length = Region.unwrap(region) & 0xff;
    if (length < 2 || length > 10) return false;
    uint256 digits = Region.unwrap(region) >> 8;
    for (uint256 i = 0; i < 10; i++) {
        uint256 digit = (digits >> (4 * (9 - i))) & 0xf;
        if (digit > 9 || (i >= length && digit != 0)) return false;
    }
    return true;
}
