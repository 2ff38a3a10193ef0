// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {Region} from "../../src/types/Region.sol";
import {AuthorityFixture} from "./AuthorityFixture.sol";

/// @notice Changes of areas, proposed and finished, and what must be refused at both moments.
abstract contract AreaFixture is AuthorityFixture {
    function grantCall(Region by, Region to, Region area) internal pure returns (bytes memory) {
        return abi.encodeCall(IAuthorities.grantArea, (by, to, area));
    }

    function giveUpCall(Region by, Region area) internal pure returns (bytes memory) {
        return abi.encodeCall(IAuthorities.giveUpArea, (by, area));
    }

    /// @notice The id of a change of areas, computed here by hand. @param to the authority itself: it gives the area up.
    function areaChange(Region by, Region to, Region area) internal pure returns (bytes32) {
        return keccak256(abi.encode(IAuthorities.grantArea.selector, by, to, area));
    }

    function grant(Region by, Region to, Region area) internal {
        decideSelf(by, grantCall(by, to, area), governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        authorities.finishArea(by, to, area);
    }

    function giveUp(Region by, Region area) internal {
        decideSelf(by, giveUpCall(by, area), governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        authorities.finishArea(by, by, area);
    }

    function refusesGrant(Region by, Region to, Region area, bytes memory reason) internal {
        refusesSelf(by, grantCall(by, to, area), governors(), reason);
    }

    function hasAreas(Region authority, Region[2] memory wanted) internal view {
        for (uint256 i = 0; i < 2; i++) {
            assertTrue(authorities.areasOf(authority).areaAt(i).equals(wanted[i]), "area");
        }
        assertTrue(authorities.areasOf(authority).areaAt(2).isState(), "no more");
    }

    function isNearest(Region region, Region wanted) internal view {
        assertTrue(authorities.nearestTo(region).equals(wanted), "nearest");
    }
}
