// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Areas} from "../../src/types/Areas.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {AreaFixture} from "../authorities/AreaFixture.sol";

/// @notice What authorities answer for, a second time, as plain lists: whose area a place is, and which change of areas
/// is possible, worked out by hand.
abstract contract AreasMirror is AreaFixture {
    uint256 private constant DIGITS_MIN = 2;
    uint256 private constant AREAS = 4;

    mapping(Region authority => Region[]) private _areas;

    function _beginAreas() internal {
        for (uint256 i = 1; i < 4; i++) {
            _areas[_authority(i)].push(_authority(i));
        }
    }

    function _authority(uint256 seed) internal pure returns (Region) {
        return [STATE, PROVINCE, CITY, OTHER_CITY][seed % 4];
    }

    /// @dev Codes of a province and what lies in it and in its cities, and of a province that has no authority.
    function _code(uint256 seed) internal pure returns (Region) {
        uint48[12] memory codes = [
            0x470000000002,
            0x471000000003,
            0x471300000005,
            0x471301010008,
            0x471900000005,
            0x471901010008,
            0x472100000005,
            0x472101000006,
            0x472101230008,
            0x472200000005,
            0x480000000002,
            0x481200000005
        ];
        return Region.wrap(codes[seed % 12]);
    }

    /// @dev Whether this may be decided now. @param to the authority itself: it gives the area up.
    function _isMovable(Region by, Region to, Region area) internal view returns (bool) {
        if (!_nearest(area, area.digits()).equals(by)) return false;
        bool held = _hasArea(by, area);
        if (to.equals(by)) return held && !_nearest(area, area.digits() - 1).isState();
        if (to.isState() || _areas[to].length == AREAS) return false;
        for (uint256 i = 0; i < _areas[to].length; i++) {
            if (_areas[to][i].contains(area)) return false;
        }
        return held || _isEmptyBut(to, area);
    }

    function _writeArea(Region by, Region to, Region area) internal {
        Region[] storage own = _areas[by];
        uint256 kept = 0;
        for (uint256 i = 0; i < own.length; i++) {
            if (!own[i].equals(area)) own[kept++] = own[i];
        }
        while (own.length > kept) {
            own.pop();
        }
        if (!to.equals(by)) _areas[to].push(area);
    }

    /// @dev Every code is one authority's at most, and nearest is whose area around a place is the smallest.
    function _checkAreas() internal view {
        for (uint256 i = 0; i < 4; i++) {
            Region[] storage wanted = _areas[_authority(i)];
            Areas got = authorities.areasOf(_authority(i));
            for (uint256 place = 0; place < AREAS; place++) {
                Region area = place < wanted.length ? wanted[place] : STATE;
                assertTrue(got.areaAt(place).equals(area), "an area without a decision");
            }
        }
        for (uint256 i = 0; i < 12; i++) {
            Region code = _code(i);
            isNearest(code, _nearest(code, code.digits()));
            // No place of the province is ever left to the state.
            if (PROVINCE.contains(code)) assertTrue(!authorities.nearestTo(code).isState(), "left to the state");
        }
    }

    function _nearest(Region area, uint256 count) private view returns (Region) {
        for (; count >= DIGITS_MIN; count--) {
            for (uint256 i = 1; i < 4; i++) {
                if (_hasArea(_authority(i), area.prefix(count))) return _authority(i);
            }
        }
        return STATE;
    }

    function _hasArea(Region authority, Region area) private view returns (bool) {
        for (uint256 i = 0; i < _areas[authority].length; i++) {
            if (_areas[authority][i].equals(area)) return true;
        }
        return false;
    }

    function _isEmptyBut(Region to, Region area) private view returns (bool) {
        for (uint256 i = 1; i < 4; i++) {
            Region[] storage list = _areas[_authority(i)];
            for (uint256 j = 0; j < list.length && !_authority(i).equals(to); j++) {
                if (area.contains(list[j])) return false;
            }
        }
        return true;
    }
}
