// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {AreaFixture} from "./AreaFixture.sol";

/// @notice What an authority answers for: from its founding on, granted, handed over and given up.
contract AreaGrantsTest is AreaFixture {
    /// @dev No authority has it: a new code of the city, a province's new code and a city's in it.
    Region private constant NEW_CITY = Region.wrap(0x472000000003);
    Region private constant NEW_PROVINCE = Region.wrap(0x510000000002);
    Region private constant CITY_THERE = Region.wrap(0x511300000005);

    function setUp() public {
        build();
    }

    function test_foundAuthority_beginsWithItsCode() public {
        hasAreas(PROVINCE, [PROVINCE, STATE]);
        hasAreas(CITY, [CITY, STATE]);
        hasAreas(STATE, [STATE, STATE]);
        hasAreas(NEW_CITY, [STATE, STATE]);
        vm.expectEmit(address(authorities));
        emit IAuthorities.AreaGranted(NEW_CITY, NEW_CITY, PROVINCE);
        found(PROVINCE, NEW_CITY);
    }

    function testFuzz_grantArea_waits(uint32 wait) public {
        bytes32 id = areaChange(PROVINCE, CITY, NEW_CITY);
        uint40 readyAt = uint40(block.timestamp) + CHANGE_DELAY;
        vm.expectEmit(address(authorities));
        emit IAuthorities.AreaProposed(PROVINCE, id, readyAt, false, CITY, NEW_CITY);
        decideSelf(PROVINCE, grantCall(PROVINCE, CITY, NEW_CITY), governors());
        (uint40 known,) = authorities.pendingChange(PROVINCE, id);
        assertEq(known, readyAt, "ready at");
        vm.warp(bound(wait, block.timestamp, readyAt - 1));
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ChangeNotReady.selector, readyAt));
        authorities.finishArea(PROVINCE, CITY, NEW_CITY);
        hasAreas(CITY, [CITY, STATE]);
        isNearest(NEW_CITY, PROVINCE);
        vm.warp(readyAt);
        vm.expectEmit(address(authorities));
        emit IAuthorities.AreaGranted(CITY, NEW_CITY, PROVINCE);
        authorities.finishArea(PROVINCE, CITY, NEW_CITY);
        hasAreas(CITY, [CITY, NEW_CITY]);
        isNearest(NEW_CITY, CITY);
        isNearest(CITY, CITY);
        // What was granted belongs to no founder any more.
        bytes4 nearer = IAuthorities.AuthorityNearer.selector;
        refusesGrant(PROVINCE, OTHER_CITY, NEW_CITY, abi.encodeWithSelector(nearer, NEW_CITY, CITY));
        bytes memory call =
            abi.encodeCall(IAuthorities.foundAuthority, (PROVINCE, NEW_CITY, crew(NEW_CITY), thresholds()));
        refusesSelf(PROVINCE, call, governors(), abi.encodeWithSelector(nearer, NEW_CITY, CITY));
    }

    /// @dev One honest governor among the thieves has two days.
    function test_grantArea_isStopped() public {
        decideSelf(PROVINCE, grantCall(PROVINCE, CITY, NEW_CITY), governors());
        bytes32 id = areaChange(PROVINCE, CITY, NEW_CITY);
        stop(PROVINCE, id, ids(9));
        vm.warp(block.timestamp + CHANGE_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ChangeUnknown.selector, id));
        authorities.finishArea(PROVINCE, CITY, NEW_CITY);
    }

    function test_finishArea_finishesNothingElse() public {
        decideSelf(PROVINCE, grantCall(PROVINCE, CITY, NEW_CITY), governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        Region[3][3] memory others =
            [[CITY, CITY, NEW_CITY], [PROVINCE, OTHER_CITY, NEW_CITY], [PROVINCE, CITY, NEW_CITY.prefix(2)]];
        for (uint256 i = 0; i < 3; i++) {
            bytes32 id = areaChange(others[i][0], others[i][1], others[i][2]);
            vm.expectRevert(abi.encodeWithSelector(IAuthorities.ChangeUnknown.selector, id));
            authorities.finishArea(others[i][0], others[i][1], others[i][2]);
        }
    }

    /// @dev The state grants the province its new code, and the province then the city: no one else may.
    function test_grantArea_goesDownFromTheState() public {
        bytes4 nearer = IAuthorities.AuthorityNearer.selector;
        bytes4 outside = IAuthorities.RegionOutsideAuthority.selector;
        refusesGrant(PROVINCE, CITY, CITY_THERE, abi.encodeWithSelector(outside, PROVINCE, CITY_THERE));
        grant(STATE, PROVINCE, NEW_PROVINCE);
        refusesGrant(STATE, CITY, CITY_THERE, abi.encodeWithSelector(nearer, CITY_THERE, PROVINCE));
        grant(PROVINCE, CITY, CITY_THERE);
        hasAreas(PROVINCE, [PROVINCE, NEW_PROVINCE]);
        hasAreas(CITY, [CITY, CITY_THERE]);
        isNearest(Region.wrap(0x511301010008), CITY);
        isNearest(Region.wrap(0x511400000005), PROVINCE);
    }

    /// @dev A county that moves to another province: the new province grants, the old one has no say.
    function test_grantArea_ofAnotherProvince() public {
        found(STATE, OTHER_PROVINCE);
        Region there = Region.wrap(0x487200000005);
        bytes4 outside = IAuthorities.RegionOutsideAuthority.selector;
        refusesGrant(PROVINCE, CITY, there, abi.encodeWithSelector(outside, PROVINCE, there));
        grant(OTHER_PROVINCE, CITY, there);
        hasAreas(CITY, [CITY, there]);
        isNearest(CITY, CITY);
    }

    /// @dev A city that gets wards: its new code is shorter and contains the old one.
    function test_grantArea_aroundItsOwn() public {
        grant(PROVINCE, CITY, CITY.prefix(4));
        hasAreas(CITY, [CITY, CITY.prefix(4)]);
        isNearest(Region.wrap(0x471311010008), CITY);
        // Its founder can't set an authority between them.
        bytes memory reason = abi.encodeWithSelector(IAuthorities.AreaOccupied.selector, CITY.prefix(3));
        refusesGrant(PROVINCE, OTHER_CITY, CITY.prefix(3), reason);
    }

    function testFuzz_grantArea_refusesWhatIsNoCode(uint48 raw) public {
        Region area = Region.wrap(raw);
        if (area.isValid()) area = STATE;
        bytes4 outside = IAuthorities.RegionOutsideAuthority.selector;
        refusesGrant(STATE, PROVINCE, area, abi.encodeWithSelector(outside, STATE, area));
        area = Region.wrap(uint48(0x47a000000000 | (raw % 8 + 3)));
        refusesGrant(PROVINCE, CITY, area, abi.encodeWithSelector(outside, PROVINCE, area));
    }

    /// @dev A foreign authority grants itself, or its friend, a city's place.
    function testFuzz_grantArea_refusesAStranger(uint48 raw) public {
        found(STATE, OTHER_PROVINCE);
        Region area = Region.wrap(raw);
        if (!area.isValid() || OTHER_PROVINCE.contains(area)) area = raw % 2 == 0 ? CITY : PROVINCE;
        bytes4 outside = IAuthorities.RegionOutsideAuthority.selector;
        bytes memory reason = abi.encodeWithSelector(outside, OTHER_PROVINCE, area);
        refusesGrant(OTHER_PROVINCE, OTHER_CITY, area, reason);
        bytes4 self = IAuthorities.AreaInvalid.selector;
        reason = abi.encodeWithSelector(self, OTHER_PROVINCE, area);
        refusesGrant(OTHER_PROVINCE, OTHER_PROVINCE, area, reason);
        // Nor does a signature of its governors under an act of another one help.
        bytes memory call = grantCall(PROVINCE, OTHER_PROVINCE, CITY);
        refusesSelf(OTHER_PROVINCE, call, governors(), abi.encodeWithSelector(IAuthorities.NotAnAct.selector));
    }

    /// @dev No ancestor takes a city's area away, grants a part of it, or sets somebody above the city.
    function testFuzz_grantArea_refusesAnAncestorsPuppet(uint8 count, bool state) public {
        found(PROVINCE, NEW_CITY);
        Region inside = Region.wrap(0x471301234508 & ~uint48(0xff) | 10);
        Region area = inside.prefix(bound(count, 2, 10));
        Region by = state ? STATE : PROVINCE;
        Region nearest = area.digits() > 4 ? CITY : PROVINCE;
        if (!nearest.equals(by)) {
            bytes4 nearer = IAuthorities.AuthorityNearer.selector;
            refusesGrant(by, NEW_CITY, area, abi.encodeWithSelector(nearer, area, nearest));
        } else if (area.digits() > 2) {
            refusesGrant(by, NEW_CITY, area, abi.encodeWithSelector(IAuthorities.AreaOccupied.selector, area));
        }
    }

    function test_grantArea_refusesTheStateAndTheUnknownAndWhatIsThere() public {
        bytes4 invalid = IAuthorities.AreaInvalid.selector;
        refusesGrant(PROVINCE, STATE, NEW_CITY, abi.encodeWithSelector(invalid, STATE, NEW_CITY));
        Region unknownOne = Region.wrap(0x472100000005);
        bytes4 unknown = IAuthorities.AuthorityUnknown.selector;
        refusesGrant(PROVINCE, unknownOne, NEW_CITY, abi.encodeWithSelector(unknown, unknownOne));
        grant(PROVINCE, CITY, NEW_CITY);
        Region inside = Region.wrap(0x472100000004);
        refusesGrant(CITY, CITY, inside, abi.encodeWithSelector(invalid, CITY, inside));
        // The state's governors grant nothing to themselves, and what the city had is the city's.
        grant(CITY, OTHER_CITY, inside);
        bytes4 nearer = IAuthorities.AuthorityNearer.selector;
        refusesGrant(CITY, OTHER_CITY, inside, abi.encodeWithSelector(nearer, inside, OTHER_CITY));
        Region smaller = Region.wrap(0x472110000005);
        refusesGrant(CITY, OTHER_CITY, smaller, abi.encodeWithSelector(nearer, smaller, OTHER_CITY));
    }

    function test_grantArea_refusesAFifth() public {
        for (uint48 i = 0; i < 3; i++) {
            grant(PROVINCE, CITY, Region.wrap(0x472000000004 + (i << 32)));
        }
        assertTrue(authorities.areasOf(CITY).isFull(), "four");
        bytes memory reason = abi.encodeWithSelector(IAuthorities.AreasFull.selector, CITY);
        refusesGrant(PROVINCE, CITY, Region.wrap(0x474000000003), reason);
        giveUp(CITY, Region.wrap(0x472100000004));
        grant(PROVINCE, CITY, Region.wrap(0x474000000003));
        assertTrue(authorities.areasOf(CITY).areaAt(3).equals(Region.wrap(0x474000000003)), "behind the others");
    }

    function test_grantArea_needsItsGovernors() public {
        bytes memory call = grantCall(PROVINCE, CITY, NEW_CITY);
        bytes4 tooFew = IAuthorities.OfficersTooFew.selector;
        refusesSelf(PROVINCE, call, ids(1, 2), abi.encodeWithSelector(tooFew, 2, 3));
        refusesSelf(PROVINCE, call, treasurers(), abi.encodeWithSelector(tooFew, 0, 3));
        refusesSelf(CITY, giveUpCall(CITY, CITY), ids(1, 2), abi.encodeWithSelector(tooFew, 2, 3));
    }

    /// @dev What was right when it was proposed is asked again when it comes into force.
    function test_finishArea_refusesWhatBecameWrong() public {
        decideSelf(PROVINCE, grantCall(PROVINCE, CITY, NEW_CITY), governors());
        found(PROVINCE, NEW_CITY);
        vm.warp(block.timestamp + CHANGE_DELAY);
        bytes4 nearer = IAuthorities.AuthorityNearer.selector;
        vm.expectRevert(abi.encodeWithSelector(nearer, NEW_CITY, NEW_CITY));
        authorities.finishArea(PROVINCE, CITY, NEW_CITY);
    }

    /// @dev Two authorities become one: the one hands its area over to the other.
    function test_grantArea_handsItsOwnOver() public {
        Region ward = Region.wrap(0x471900100008);
        found(OTHER_CITY, ward);
        decideSelf(OTHER_CITY, grantCall(OTHER_CITY, CITY, OTHER_CITY), governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        vm.expectEmit(address(authorities));
        emit IAuthorities.AreaGivenUp(OTHER_CITY, OTHER_CITY);
        authorities.finishArea(OTHER_CITY, CITY, OTHER_CITY);
        hasAreas(CITY, [CITY, OTHER_CITY]);
        hasAreas(OTHER_CITY, [STATE, STATE]);
        isNearest(OTHER_CITY, CITY);
        isNearest(ward, ward);
        // Its name stays its own, and so do its officers.
        bytes memory call =
            abi.encodeCall(IAuthorities.foundAuthority, (PROVINCE, OTHER_CITY, crew(OTHER_CITY), thresholds()));
        bytes4 exists = IAuthorities.AuthorityExists.selector;
        refusesSelf(PROVINCE, call, governors(), abi.encodeWithSelector(exists, OTHER_CITY));
        execute(OTHER_CITY, address(actTarget), register(OTHER_CITY), ids(6));
    }

    /// @dev What an authority hands over to one around it, it can only give up: that one answers for it already.
    function test_grantArea_refusesWhatLiesInAnAreaOfItsReceiver() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.AreaInvalid.selector, PROVINCE, CITY);
        refusesGrant(CITY, PROVINCE, CITY, reason);
    }

    function test_giveUpArea_fallsToTheNearest() public {
        grant(PROVINCE, CITY, NEW_CITY);
        decideSelf(CITY, giveUpCall(CITY, CITY), governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        vm.expectEmit(address(authorities));
        emit IAuthorities.AreaGivenUp(CITY, CITY);
        authorities.finishArea(CITY, CITY, CITY);
        hasAreas(CITY, [NEW_CITY, STATE]);
        isNearest(CITY, PROVINCE);
        // And may be granted again.
        grant(PROVINCE, OTHER_CITY, CITY.prefix(4));
        isNearest(CITY, OTHER_CITY);
    }

    /// @dev No place is left without somebody who answers for it.
    function test_giveUpArea_refusesWhereNoOneIsAround() public {
        grant(STATE, PROVINCE, NEW_PROVINCE);
        bytes4 without = IAuthorities.AreaWithoutAuthority.selector;
        bytes memory reason = abi.encodeWithSelector(without, NEW_PROVINCE);
        refusesSelf(PROVINCE, giveUpCall(PROVINCE, NEW_PROVINCE), governors(), reason);
        reason = abi.encodeWithSelector(without, PROVINCE);
        refusesSelf(PROVINCE, giveUpCall(PROVINCE, PROVINCE), governors(), reason);
    }

    function test_giveUpArea_refusesWhatItHasNot() public {
        bytes4 invalid = IAuthorities.AreaInvalid.selector;
        Region inside = Region.wrap(0x471301000008);
        bytes memory reason = abi.encodeWithSelector(invalid, CITY, inside);
        refusesSelf(CITY, giveUpCall(CITY, inside), governors(), reason);
        reason = abi.encodeWithSelector(IAuthorities.RegionOutsideAuthority.selector, CITY, OTHER_CITY);
        refusesSelf(CITY, giveUpCall(CITY, OTHER_CITY), governors(), reason);
        reason = abi.encodeWithSelector(IAuthorities.AuthorityNearer.selector, CITY, CITY);
        refusesSelf(PROVINCE, giveUpCall(PROVINCE, CITY), governors(), reason);
        reason = abi.encodeWithSelector(invalid, STATE, NEW_PROVINCE);
        refusesSelf(STATE, giveUpCall(STATE, NEW_PROVINCE), governors(), reason);
    }

    /// @dev Officers who replaced others finish nothing that those began.
    function test_finishArea_endsWithARemoval() public {
        decideSelf(PROVINCE, grantCall(PROVINCE, CITY, NEW_CITY), governors());
        decideSelf(PROVINCE, abi.encodeCall(IAuthorities.removeOfficers, (PROVINCE, ids(9))), governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        bytes32 id = areaChange(PROVINCE, CITY, NEW_CITY);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ChangeUnknown.selector, id));
        authorities.finishArea(PROVINCE, CITY, NEW_CITY);
    }

    /// @dev Any grants, hand-overs and returns: every code has one holder at most, who has it among its areas, and who is
    /// nearest is what a walk over all areas says.
    function testFuzz_areas_followEveryChange(uint256 seed) public {
        found(STATE, OTHER_PROVINCE);
        Region[5] memory all = [STATE, PROVINCE, OTHER_PROVINCE, CITY, OTHER_CITY];
        for (uint256 i = 0; i < 12; i++) {
            seed = uint256(keccak256(abi.encode(seed)));
            _try(all[seed % 5], all[(seed >> 8) % 5], _code(seed >> 16));
        }
        for (uint256 i = 0; i < 12; i++) {
            seed = uint256(keccak256(abi.encode(seed)));
            Region asked = _code(seed);
            isNearest(asked, _naiveNearest(all, asked));
        }
    }

    function _try(Region by, Region to, Region area) private {
        bytes memory call = to.equals(by) ? giveUpCall(by, area) : grantCall(by, to, area);
        try this.proposeAndFinish(by, to, area, call) {} catch {}
    }

    function proposeAndFinish(Region by, Region to, Region area, bytes calldata call) external {
        decideSelf(by, call, governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        authorities.finishArea(by, to, area);
    }

    /// @dev Of 2 to 5 digits around the authorities of this test.
    function _code(uint256 seed) private pure returns (Region) {
        uint48[6] memory codes =
            [0x471300000000, 0x471900000000, 0x481100000000, 0x472000000000, 0x511300000000, 0x470000000000];
        return Region.wrap(codes[seed % 6] | 5).prefix(2 + (seed >> 8) % 4);
    }

    function _naiveNearest(Region[5] memory all, Region asked) private view returns (Region nearest) {
        uint256 longest = 0;
        for (uint256 i = 0; i < 5; i++) {
            for (uint256 place = 0; place < 4; place++) {
                Region area = authorities.areasOf(all[i]).areaAt(place);
                if (area.isState() || !area.contains(asked)) continue;
                assertTrue(area.digits() != longest, "two authorities have one area");
                if (area.digits() > longest) (longest, nearest) = (area.digits(), all[i]);
            }
        }
    }
}
