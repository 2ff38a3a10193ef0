// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Areas} from "../../src/types/Areas.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {Test} from "../support/Test.sol";

/// @notice Areas against a naive model: a list.
contract AreasTest is Test {
    function testFuzz_areas_asAList(uint256 seed, uint8 count) public pure {
        Region[] memory list = _some(seed, count);
        Areas areas = _of(list);
        for (uint256 i = 0; i < 4; i++) {
            Region wanted = i < list.length ? list[i] : STATE;
            assertTrue(areas.areaAt(i).equals(wanted), "the area at a place");
        }
        assertTrue(areas.isFull() == (list.length == 4), "full");
        for (uint256 digit = 0; digit < 8; digit++) {
            Region asked = _region(uint256(keccak256(abi.encode(seed, "asked", digit))));
            bool has = false;
            bool contains = false;
            for (uint256 i = 0; i < list.length; i++) {
                has = has || list[i].equals(asked);
                contains = contains || list[i].contains(asked);
            }
            assertTrue(areas.has(asked) == has, "has");
            assertTrue(areas.contains(asked) == contains, "contains");
        }
    }

    function testFuzz_areas_neverAnswerForTheState(uint256 seed, uint8 count) public pure {
        Areas areas = _of(_some(seed, count));
        assertTrue(!areas.contains(STATE) && !areas.has(STATE), "the state");
        assertTrue(!Areas.wrap(0).contains(_region(seed)), "none is in none");
    }

    function testFuzz_remove_keepsTheOthersInOrder(uint256 seed, uint8 count, uint8 pick) public pure {
        Region[] memory list = _some(seed, count);
        if (list.length == 0) return;
        Region gone = list[pick % list.length];
        Areas left = _of(list).remove(gone);
        uint256 place = 0;
        for (uint256 i = 0; i < list.length; i++) {
            if (list[i].equals(gone)) continue;
            assertTrue(left.areaAt(place++).equals(list[i]), "the others");
        }
        assertTrue(left.areaAt(place).isState(), "and no more");
    }

    function testFuzz_meets_whereOneLiesInAnother(uint256 seed, uint8 one, uint8 other) public pure {
        Region[] memory outer = _some(seed, one);
        Region[] memory inner = _some(uint256(keccak256(abi.encode(seed))), other);
        bool wanted = false;
        for (uint256 i = 0; i < inner.length; i++) {
            wanted = wanted || _of(outer).contains(inner[i]);
        }
        assertTrue(_of(outer).meets(_of(inner)) == wanted, "meets");
    }

    function _of(Region[] memory list) private pure returns (Areas areas) {
        for (uint256 i = 0; i < list.length; i++) {
            areas = areas.add(list[i]);
        }
    }

    /// @dev Up to four regions, none twice.
    function _some(uint256 seed, uint8 count) private pure returns (Region[] memory list) {
        list = new Region[](count % 5);
        for (uint256 i = 0; i < list.length; i++) {
            bool known = true;
            while (known) {
                seed = uint256(keccak256(abi.encode(seed)));
                list[i] = _region(seed);
                known = false;
                for (uint256 j = 0; j < i; j++) {
                    known = known || list[j].equals(list[i]);
                }
            }
        }
    }

    /// @dev Of two to four digits, each 1 or 2: so that many lie in each other.
    function _region(uint256 seed) private pure returns (Region) {
        uint256 length = 2 + (seed >> 128) % 3;
        uint256 digits = 0;
        for (uint256 i = 0; i < length; i++) {
            digits |= (1 + (seed >> i) % 2) << (44 - 4 * i);
        }
        return Region.wrap(uint48(digits | length));
    }
}
