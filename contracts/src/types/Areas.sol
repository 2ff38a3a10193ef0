// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Region} from "./Region.sol";

/// @notice The places that an authority answers for: up to four regions in one word, in the order in which it got them.
/// @dev 48 bits each from the lowest; a place that is not taken is zero. So no area is the state, and none is in none.
type Areas is uint256;

using {areaAt, contains, has, isFull, add, remove, meets} for Areas global;

uint256 constant AREAS_MAX = 4;
uint256 constant REGION_BITS = 48;

/// @notice The area at `place`, 0..3; the zero region if there is none.
function areaAt(Areas areas, uint256 place) pure returns (Region) {
    return Region.wrap(uint48(Areas.unwrap(areas) >> (place * REGION_BITS)));
}

/// @notice Whether `region` lies in one of the areas.
function contains(Areas areas, Region region) pure returns (bool) {
    for (uint256 rest = Areas.unwrap(areas); rest != 0; rest >>= REGION_BITS) {
        if (Region.wrap(uint48(rest)).contains(region)) return true;
    }
    return false;
}

/// @notice Whether `region` is one of the areas.
function has(Areas areas, Region region) pure returns (bool) {
    for (uint256 rest = Areas.unwrap(areas); rest != 0; rest >>= REGION_BITS) {
        if (Region.wrap(uint48(rest)).equals(region)) return true;
    }
    return false;
}

function isFull(Areas areas) pure returns (bool) {
    return !areas.areaAt(AREAS_MAX - 1).isState();
}

/// @notice With one more area behind the others; not for a full word.
function add(Areas areas, Region region) pure returns (Areas) {
    uint256 place = 0;
    while (!areas.areaAt(place).isState()) place++;
    return Areas.wrap(Areas.unwrap(areas) | uint256(Region.unwrap(region)) << (place * REGION_BITS));
}

/// @notice Without an area that it has; those behind it move up.
function remove(Areas areas, Region region) pure returns (Areas left) {
    for (uint256 rest = Areas.unwrap(areas); rest != 0; rest >>= REGION_BITS) {
        Region area = Region.wrap(uint48(rest));
        if (!area.equals(region)) left = left.add(area);
    }
}

/// @notice Whether one of the `others` lies in one of these areas.
function meets(Areas areas, Areas others) pure returns (bool) {
    for (uint256 rest = Areas.unwrap(others); rest != 0; rest >>= REGION_BITS) {
        if (areas.contains(Region.wrap(uint48(rest)))) return true;
    }
    return false;
}
