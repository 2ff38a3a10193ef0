// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Act, Approval, IAuthorities, Officer, Role, Thresholds} from "../../src/interfaces/IAuthorities.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {AuthorityFixture} from "./AuthorityFixture.sol";

/// @notice An authority whose officers are gone gets others by its founder, and no one else's authority ever does.
contract ReseatTest is AuthorityFixture {
    function setUp() public {
        build();
    }

    function test_reseat_revivesADeadAuthority() public {
        Officer[] memory list = _successors();
        uint40 readyAt = uint40(block.timestamp) + RESEAT_DELAY;
        vm.expectEmit(address(authorities));
        emit IAuthorities.ReseatProposed(CITY, PROVINCE, readyAt, list, thresholds());
        _propose(list);
        assertEq(authorities.reseatReadyAt(CITY), readyAt, "ready at");
        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ReseatNotReady.selector, readyAt));
        authorities.finishReseat(CITY);
        vm.warp(readyAt);
        vm.expectEmit(address(authorities));
        emit IAuthorities.AuthorityReseated(CITY);
        emit IAuthorities.ThresholdsSet(CITY, 3, 1, thresholds().bands);
        emit IAuthorities.OfficerSet(CITY, 1, list[0].keys, list[0].roles);
        authorities.finishReseat(CITY);
        _actAsSuccessors(abi.encodeCall(IAuthorities.removeOfficers, (CITY, ids(1))));
        assertEq(authorities.reseatReadyAt(CITY), 0, "over");
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ReseatUnknown.selector, CITY));
        authorities.finishReseat(CITY);
    }

    function testFuzz_reseat_leavesTheFormerOfficersNoPower(uint8 which) public {
        // What the former officers began or signed has ended as well.
        Officer[] memory change = oneOfficer(Officer(1, 7, keys(keccak256("a former governor"))));
        decideSelf(CITY, abi.encodeCall(IAuthorities.setOfficers, (CITY, change)), allGovernors());
        _propose(_successors());
        vm.warp(block.timestamp + RESEAT_DELAY);
        Act memory act = newAct(CITY, address(actTarget), decide(CITY, 1));
        Approval[] memory signed = approvals(act, ids(3, 4));
        authorities.finishReseat(CITY);
        refusesAct(act, signed, abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 3));
        uint32 id = uint32(1 + which % CREW);
        bytes memory invalid = abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, id);
        refuses(CITY, register(CITY), ids(id), invalid);
        bytes memory unknown =
            abi.encodeWithSelector(IAuthorities.ChangeUnknown.selector, officersChange(CITY, change));
        vm.expectRevert(unknown);
        authorities.finishOfficers(CITY, change);
    }

    function testFuzz_reseat_endsWithAnyActOfTheGovernors(uint8 which, uint32 wait) public {
        _propose(_successors());
        vm.warp(block.timestamp + bound(wait, 0, RESEAT_DELAY + 30 days));
        vm.expectEmit(address(authorities));
        emit IAuthorities.ReseatRejected(CITY);
        decideSelf(CITY, _governorsCall(which), governors());
        assertEq(authorities.reseatReadyAt(CITY), 0, "ended");
        vm.warp(block.timestamp + RESEAT_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ReseatUnknown.selector, CITY));
        authorities.finishReseat(CITY);
    }

    function testFuzz_reseat_goesOnWhateverOneGovernorOrOtherRolesDo(uint8 pick) public {
        Officer[] memory change = oneOfficer(Officer(11, 4, keys(keccak256("a registrar"))));
        decideSelf(CITY, abi.encodeCall(IAuthorities.setOfficers, (CITY, change)), governors());
        _propose(_successors());
        // A thief of one governor's key keeps a dead authority from nothing.
        stop(CITY, officersChange(CITY, change), ids(allGovernors()[pick % 4]));
        execute(CITY, address(actTarget), decide(CITY, 1), treasurers());
        execute(CITY, address(actTarget), register(CITY), ids(6));
        bytes memory tooFew = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, 3);
        bytes memory reject = abi.encodeCall(IAuthorities.rejectReseat, (CITY));
        refusesSelf(CITY, reject, ids(allGovernors()[pick % 4]), tooFew);
        vm.warp(block.timestamp + RESEAT_DELAY);
        authorities.finishReseat(CITY);
    }

    function test_reseat_isOfItsFounderAlone() public {
        bytes4 why = IAuthorities.NotFounder.selector;
        _refuses(STATE, CITY, abi.encodeWithSelector(why, CITY, STATE));
        _refuses(CITY, CITY, abi.encodeWithSelector(why, CITY, CITY));
        _refuses(CITY, OTHER_CITY, abi.encodeWithSelector(why, OTHER_CITY, CITY));
        _refuses(PROVINCE, STATE, abi.encodeWithSelector(why, STATE, PROVINCE));
        _refuses(STATE, STATE, abi.encodeWithSelector(why, STATE, STATE));
        _refuses(PROVINCE, OTHER_PROVINCE, abi.encodeWithSelector(IAuthorities.AuthorityUnknown.selector, OTHER_PROVINCE));
    }

    function testFuzz_proposeReseat_refusesOtherRoles(uint8 pick) public {
        uint32[] memory signers = pick % 3 == 0 ? treasurers() : pick % 3 == 1 ? ids(6, 7) : ids(1, 2);
        uint256 had = pick % 3 == 2 ? 2 : 0;
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, had, 3);
        refusesSelf(PROVINCE, _call(PROVINCE, CITY, _successors()), signers, reason);
    }

    function test_proposeReseat_refusesARoleWithoutASparePerson() public {
        Officer[] memory list = _successors();
        list[0].roles = 2;
        bytes4 why = IAuthorities.OfficersNeeded.selector;
        bytes memory reason = abi.encodeWithSelector(why, Role.Governor, 3, 4);
        refusesSelf(PROVINCE, _call(PROVINCE, CITY, list), governors(), reason);
    }

    function test_proposeReseat_replacesTheOneBefore() public {
        _propose(_successors());
        vm.warp(block.timestamp + RESEAT_DELAY - 1);
        Officer[] memory others = crew(OTHER_CITY);
        _propose(others);
        uint40 readyAt = uint40(block.timestamp) + RESEAT_DELAY;
        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ReseatNotReady.selector, readyAt));
        authorities.finishReseat(CITY);
        vm.warp(readyAt);
        authorities.finishReseat(CITY);
        (bytes32[] memory known,) = authorities.officer(CITY, 1);
        assertEq(known[0], others[0].keys[0], "the newer ones");
    }

    function testFuzz_finishReseat_refusesWhatWasLeftLying(uint40 later) public {
        _propose(_successors());
        uint256 last = block.timestamp + RESEAT_DELAY + 30 days;
        uint256 snapshot = vm.snapshotState();
        vm.warp(bound(later, last + 1, type(uint32).max));
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ReseatUnknown.selector, CITY));
        authorities.finishReseat(CITY);
        vm.revertToState(snapshot);
        vm.warp(last);
        authorities.finishReseat(CITY);
    }

    function test_rejectReseat_refusesWhereThereIsNone() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.ReseatUnknown.selector, CITY);
        refusesSelf(CITY, abi.encodeCall(IAuthorities.rejectReseat, (CITY)), governors(), reason);
    }

    function test_reseat_keepsWhatTheAuthorityIs() public {
        _propose(_successors());
        vm.warp(block.timestamp + RESEAT_DELAY);
        authorities.finishReseat(CITY);
        assertTrue(authorities.founderOf(CITY).equals(PROVINCE), "founder");
        assertEq(authorities.officersNeeded(CITY, Role.Governor, 0), 3, "governors");
        // And the founder's founder has no say.
        _refuses(STATE, CITY, abi.encodeWithSelector(IAuthorities.NotFounder.selector, CITY, STATE));
    }

    /// @dev The same numbers, other people.
    function _successors() private pure returns (Officer[] memory list) {
        list = crew(CITY);
        for (uint256 i = 0; i < list.length; i++) {
            list[i].keys = keys(Keys.walletId(_successorKey(list[i].id)));
        }
    }

    function _successorKey(uint32 id) private pure returns (uint256) {
        return uint256(keccak256(abi.encode("successor", id))) >> 1;
    }

    function _actAsSuccessors(bytes memory call) private {
        Act memory act = newAct(CITY, address(authorities), call);
        Approval[] memory signed = new Approval[](3);
        uint32[] memory signers = governors();
        for (uint256 i = 0; i < 3; i++) {
            signed[i] = approval(signers[i], _successorKey(signers[i]), digestOf(act));
        }
        authorities.execute(act, signed);
    }

    function _governorsCall(uint8 which) private pure returns (bytes memory) {
        Officer[] memory none = new Officer[](0);
        if (which % 6 == 0) return abi.encodeCall(IAuthorities.setOfficers, (CITY, none));
        if (which % 6 == 1) return abi.encodeCall(IAuthorities.setThresholds, (CITY, thresholds()));
        if (which % 6 == 2) return abi.encodeCall(IAuthorities.removeOfficers, (CITY, ids(1)));
        if (which % 6 == 3) {
            Region inside = Region.wrap(0x471301110008);
            return abi.encodeCall(IAuthorities.foundAuthority, (CITY, inside, crew(inside), thresholds()));
        }
        if (which % 6 == 4) return abi.encodeCall(IAuthorities.removeOfficers, (CITY, new uint32[](0)));
        return abi.encodeCall(IAuthorities.rejectReseat, (CITY));
    }

    function _propose(Officer[] memory list) private {
        decideSelf(PROVINCE, _call(PROVINCE, CITY, list), governors());
    }

    function _call(Region founder, Region region, Officer[] memory list) private pure returns (bytes memory) {
        return abi.encodeCall(IAuthorities.proposeReseat, (founder, region, list, thresholds()));
    }

    function _refuses(Region founder, Region region, bytes memory reason) private {
        refusesSelf(founder, _call(founder, region, _successors()), governors(), reason);
    }
}
