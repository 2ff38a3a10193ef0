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
        for (uint32 id = 1; id <= CREW; id++) {
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

    function test_foundAuthority_passesOverALevelThatNoOneFounded() public {
        Region elsewhere = Region.wrap(0x481210000005);
        found(STATE, elsewhere);
        (bytes32[] memory known,) = authorities.officer(elsewhere, 1);
        assertEq(known[0], Keys.walletId(officerKey(elsewhere, 1)), "founded by the state");
        assertTrue(authorities.founderOf(elsewhere).equals(STATE), "founder");
        assertTrue(authorities.founderOf(CITY).equals(PROVINCE), "founder of the city");
        assertTrue(authorities.founderOf(STATE).equals(STATE), "the state");
    }

    function testFuzz_foundAuthority_refusesAnAncestorsPuppet(uint8 count) public {
        // Above or inside the city: the state is not the nearest, so it founds no one with power over the city's places.
        Region inside = Region.wrap(0x471301234508 & ~uint48(0xff) | 10);
        Region puppet = inside.prefix(bound(count, 3, 10));
        vm.assume(!puppet.equals(CITY));
        Region nearest = puppet.digits() > 5 ? CITY : PROVINCE;
        bytes4 why = IAuthorities.AuthorityNearer.selector;
        _refuses(STATE, _call(STATE, puppet, thresholds()), abi.encodeWithSelector(why, puppet, nearest));
        if (nearest.equals(CITY)) {
            _refuses(PROVINCE, _call(PROVINCE, puppet, thresholds()), abi.encodeWithSelector(why, puppet, CITY));
        }
        // Nor does the city's own founder set somebody above it.
        if (nearest.equals(CITY)) found(CITY, puppet);
        else _refuses(PROVINCE, _call(PROVINCE, puppet, thresholds()), abi.encodeWithSelector(IAuthorities.AreaOccupied.selector, puppet));
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

    function testFuzz_foundAuthority_refusesARoleWithoutASparePerson(uint8 needed) public {
        Thresholds memory limits = thresholds();
        limits.governors = uint8(bound(needed, 4, 255));
        bytes4 why = IAuthorities.OfficersNeeded.selector;
        _refuses(
            PROVINCE,
            _call(PROVINCE, WARD, limits),
            abi.encodeWithSelector(why, Role.Governor, 4, uint256(limits.governors) + 1)
        );
        limits = thresholds();
        limits.registrars = 2;
        bytes memory reason = abi.encodeWithSelector(why, Role.Registrar, 2, 3);
        _refuses(PROVINCE, _call(PROVINCE, WARD, limits), reason);
    }

    function test_foundAuthority_refusesTwoGovernors() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3);
        refusesAt(address(authorities), PROVINCE, _call(PROVINCE, WARD, thresholds()), ids(1, 2, 3), reason);
    }

    function testFuzz_officer_isEmptyWhereUnknown(uint32 id) public view {
        vm.assume(id == 0 || id > CREW);
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
