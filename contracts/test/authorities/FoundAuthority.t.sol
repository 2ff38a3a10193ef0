// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Officer, Role, Thresholds} from "../../src/interfaces/IAuthorities.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {AuthorityFixture} from "./AuthorityFixture.sol";

contract FoundAuthorityTest is AuthorityFixture {
    Region private constant WARD = Region.wrap(0x471110000005);

    function setUp() public {
        build();
    }

    function test_foundAuthority_makesItIndependent() public {
        found(PROVINCE, WARD);
        for (uint32 id = 1; id <= 7; id++) {
            (bytes32[] memory known, uint8 roles) = authorities.officer(WARD, id);
            assertEq(known.length, 1, "keys");
            assertEq(known[0], crew(WARD)[id - 1].keys[0], "key");
            assertEq(roles, crew(WARD)[id - 1].roles, "roles");
        }
        assertEq(authorities.officersNeeded(WARD, Role.Treasurer, SMALL), 2, "small amounts");
        assertEq(authorities.officersNeeded(WARD, Role.Treasurer, uint256(SMALL) + 1), 3, "large amounts");
        // Neither the province nor the state can found it again or change its officers.
        bytes memory again = _call(PROVINCE, WARD, thresholds());
        _refuses(PROVINCE, again, abi.encodeWithSelector(IAuthorities.AuthorityExists.selector, WARD));
        bytes memory officers = abi.encodeCall(IAuthorities.setOfficers, (WARD, crew(WARD)));
        _refuses(PROVINCE, officers, abi.encodeWithSelector(IAuthorities.NotAnAct.selector));
    }

    function test_foundAuthority_passesOverALevel() public {
        found(STATE, WARD);
        (bytes32[] memory known,) = authorities.officer(WARD, 1);
        assertEq(known[0], Keys.walletId(officerKey(WARD, 1)), "founded by the state");
    }

    function testFuzz_foundAuthority_refusesOutsideItsRegion(uint48 raw) public {
        Region region = Region.wrap(raw);
        vm.assume(!region.isValid() || !PROVINCE.contains(region));
        bytes memory reason =
            abi.encodeWithSelector(IAuthorities.RegionOutsideAuthority.selector, PROVINCE, region);
        _refuses(PROVINCE, _call(PROVINCE, region, thresholds()), reason);
    }

    function test_foundAuthority_refusesItself() public {
        bytes memory reason =
            abi.encodeWithSelector(IAuthorities.RegionOutsideAuthority.selector, PROVINCE, PROVINCE);
        _refuses(PROVINCE, _call(PROVINCE, PROVINCE, thresholds()), reason);
    }

    function testFuzz_foundAuthority_refusesTooFewForItsThresholds(uint8 needed) public {
        Thresholds memory limits = thresholds();
        limits.governors = uint8(bound(needed, 3, 255));
        bytes memory reason =
            abi.encodeWithSelector(IAuthorities.OfficersNeeded.selector, Role.Governor, 2, limits.governors);
        _refuses(PROVINCE, _call(PROVINCE, WARD, limits), reason);
    }

    function test_foundAuthority_refusesOneGovernor() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, 2);
        refusesAt(address(authorities), PROVINCE, _call(PROVINCE, WARD, thresholds()), ids(1, 3), reason);
    }

    function testFuzz_officer_isEmptyWhereUnknown(uint32 id) public view {
        vm.assume(id == 0 || id > 7);
        (bytes32[] memory known, uint8 roles) = authorities.officer(CITY, id);
        assertEq(known.length, 0, "keys");
        assertEq(roles, 0, "roles");
    }

    function testFuzz_officer_refusesAnUnknownAuthority(uint32 id) public {
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.AuthorityUnknown.selector, WARD));
        authorities.officer(WARD, id);
    }

    function testFuzz_officersNeeded_refusesAnUnknownAuthority(uint48 raw, uint256 amount) public {
        Region region = Region.wrap(raw);
        vm.assume(!region.equals(STATE) && !region.equals(PROVINCE));
        vm.assume(!region.equals(CITY) && !region.equals(OTHER_CITY));
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.AuthorityUnknown.selector, region));
        authorities.officersNeeded(region, Role.Treasurer, amount);
    }

    function _call(Region founder, Region region, Thresholds memory limits) private pure returns (bytes memory) {
        return abi.encodeCall(IAuthorities.foundAuthority, (founder, region, crew(region), limits));
    }

    function _refuses(Region authority, bytes memory call, bytes memory reason) private {
        refusesAt(address(authorities), authority, call, governors(), reason);
    }
}
