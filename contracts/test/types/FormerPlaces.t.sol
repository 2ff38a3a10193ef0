// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FormerPlaces} from "../../src/types/FormerPlaces.sol";
import {Region} from "../../src/types/Region.sol";
import {Test} from "../support/Test.sol";

/// @notice Former places against a list, the newest first.
contract FormerPlacesTest is Test {
    function testFuzz_push_keepsTheOthersBehind(uint48[3] memory codes, uint32[3] memory last) public pure {
        FormerPlaces places;
        for (uint256 pushed = 1; pushed <= 3; pushed++) {
            // A region has a length, so none of them is zero.
            codes[pushed - 1] |= 2;
            places = places.push(Region.wrap(codes[pushed - 1]), last[pushed - 1]);
            assertEq(places.count(), pushed, "count");
            assertTrue(places.isFull() == (pushed == 3), "full");
            for (uint256 i = 0; i < pushed; i++) {
                assertEq(Region.unwrap(places.region(i)), codes[pushed - 1 - i], "region");
                assertEq(places.lastSeries(i), last[pushed - 1 - i], "last series");
            }
        }
    }

    function test_count_ofNone() public pure {
        assertEq(FormerPlaces.wrap(0).count(), 0, "none");
    }
}
