// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Region} from "./Region.sol";

/// @notice Where a merchant's place lay before reforms of the codes, each with the last series that honours it: up to
/// three in one word, the newest first.
/// @dev 80 bits each from the lowest: 48 the region, 32 the number of the series.
type FormerPlaces is uint256;

using {count, region, lastSeries, isFull, push} for FormerPlaces global;

uint256 constant FORMER_PLACES_MAX = 3;
uint256 constant FORMER_PLACE_BITS = 80;

function count(FormerPlaces places) pure returns (uint256 number) {
    for (uint256 rest = FormerPlaces.unwrap(places); rest != 0; rest >>= FORMER_PLACE_BITS) {
        number++;
    }
}

/// @param place 0 the newest.
function region(FormerPlaces places, uint256 place) pure returns (Region) {
    return Region.wrap(uint48(FormerPlaces.unwrap(places) >> (place * FORMER_PLACE_BITS)));
}

/// @notice Series up to this number honour it.
function lastSeries(FormerPlaces places, uint256 place) pure returns (uint32) {
    return uint32(FormerPlaces.unwrap(places) >> (place * FORMER_PLACE_BITS + 48));
}

function isFull(FormerPlaces places) pure returns (bool) {
    return places.count() == FORMER_PLACES_MAX;
}

/// @notice With a newer one before the others; not for a full word.
function push(FormerPlaces places, Region former, uint32 last) pure returns (FormerPlaces) {
    return FormerPlaces.wrap(
        FormerPlaces.unwrap(places) << FORMER_PLACE_BITS | uint256(last) << 48 | Region.unwrap(former)
    );
}
