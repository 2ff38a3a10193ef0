// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Officer, Role, Thresholds} from "../../src/interfaces/IAuthorities.sol";
import {Keys} from "../support/Keys.sol";
import {AuthorityFixture} from "./AuthorityFixture.sol";

/// @notice Changes of officers and thresholds wait; a person leaves at once; one governor delays and never prevents.
contract ChangesTest is AuthorityFixture {
    uint256 private constant NEW_KEY = uint256(keccak256("a new key")) >> 1;

    function setUp() public {
        build();
    }

    function testFuzz_setOfficers_waits(uint32 wait) public {
        Officer[] memory list = _newcomer();
        bytes32 id = officersChange(CITY, list);
        uint40 readyAt = uint40(block.timestamp) + CHANGE_DELAY;
        vm.expectEmit(address(authorities));
        emit IAuthorities.OfficersProposed(CITY, id, readyAt, false, list);
        _propose(list, governors());
        (uint40 known, bool firm) = authorities.pendingChange(CITY, id);
        assertEq(known, readyAt, "ready at");
        assertTrue(!firm, "not firm");
        vm.warp(bound(wait, block.timestamp, readyAt - 1));
        (bytes32[] memory none,) = authorities.officer(CITY, 11);
        assertEq(none.length, 0, "nothing yet");
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ChangeNotReady.selector, readyAt));
        authorities.finishOfficers(CITY, list);
        vm.warp(readyAt);
        vm.expectEmit(address(authorities));
        emit IAuthorities.ChangeFinished(CITY, id);
        authorities.finishOfficers(CITY, list);
        execute(CITY, address(actTarget), register(CITY), ids(6));
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ChangeUnknown.selector, id));
        authorities.finishOfficers(CITY, list);
    }

    function testFuzz_setThresholds_waits(uint64 limit) public {
        limit = uint64(bound(limit, 0, SMALL - 1));
        Thresholds memory next = thresholds();
        next.bands[0].upTo = limit;
        bytes32 id = thresholdsChange(CITY, next);
        uint40 readyAt = uint40(block.timestamp) + CHANGE_DELAY;
        vm.expectEmit(address(authorities));
        emit IAuthorities.ThresholdsProposed(CITY, id, readyAt, true, next);
        decideSelf(CITY, abi.encodeCall(IAuthorities.setThresholds, (CITY, next)), allGovernors());
        assertEq(authorities.officersNeeded(CITY, Role.Treasurer, SMALL), 2, "nothing yet");
        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ChangeNotReady.selector, readyAt));
        authorities.finishThresholds(CITY, next);
        vm.warp(readyAt);
        vm.expectEmit(address(authorities));
        emit IAuthorities.ThresholdsSet(CITY, next.governors, next.registrars, next.bands);
        authorities.finishThresholds(CITY, next);
        assertEq(authorities.officersNeeded(CITY, Role.Treasurer, SMALL), 3, "in force");
    }

    function testFuzz_finish_refusesWhatWasNotProposed(uint64 limit, uint32 id) public {
        Officer[] memory list = _newcomer();
        _propose(list, governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        list[0].id = uint32(bound(id, 12, type(uint32).max));
        bytes4 unknown = IAuthorities.ChangeUnknown.selector;
        vm.expectRevert(abi.encodeWithSelector(unknown, officersChange(CITY, list)));
        authorities.finishOfficers(CITY, list);
        // Nor in another authority.
        list = _newcomer();
        vm.expectRevert(abi.encodeWithSelector(unknown, officersChange(OTHER_CITY, list)));
        authorities.finishOfficers(OTHER_CITY, list);
        Thresholds memory next = thresholds();
        next.bands[0].upTo = uint64(bound(limit, 0, type(uint64).max - 1));
        vm.expectRevert(abi.encodeWithSelector(unknown, thresholdsChange(CITY, next)));
        authorities.finishThresholds(CITY, next);
    }

    function testFuzz_finish_refusesWhatWasLeftLying(uint40 later) public {
        Officer[] memory list = _newcomer();
        _propose(list, allGovernors());
        uint256 last = block.timestamp + CHANGE_DELAY + 30 days;
        uint256 snapshot = vm.snapshotState();
        vm.warp(bound(later, last + 1, type(uint32).max));
        bytes32 id = officersChange(CITY, list);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ChangeUnknown.selector, id));
        authorities.finishOfficers(CITY, list);
        (uint40 readyAt,) = authorities.pendingChange(CITY, id);
        assertEq(readyAt, 0, "lapsed");
        vm.revertToState(snapshot);
        vm.warp(last);
        authorities.finishOfficers(CITY, list);
    }

    function testFuzz_stopChange_oneGovernorStopsOnce(uint8 pick, uint32 wait) public {
        uint32 rogue = allGovernors()[pick % 4];
        Officer[] memory list = _newcomer();
        bytes32 id = officersChange(CITY, list);
        _propose(list, governors());
        vm.warp(bound(wait, block.timestamp, block.timestamp + CHANGE_DELAY));
        vm.expectEmit(address(authorities));
        emit IAuthorities.ChangeStopped(CITY, id, rogue);
        stop(CITY, id, ids(rogue));
        vm.warp(block.timestamp + CHANGE_DELAY);
        bytes memory unknown = abi.encodeWithSelector(IAuthorities.ChangeUnknown.selector, id);
        vm.expectRevert(unknown);
        authorities.finishOfficers(CITY, list);
        refusesSelf(CITY, _stopCall(id), ids(rogue), unknown);
        // The same again: the rogue governor has nothing left against it.
        _propose(list, governors());
        bytes memory before = abi.encodeWithSelector(IAuthorities.ChangeStoppedBefore.selector, rogue);
        refusesSelf(CITY, _stopCall(id), ids(rogue), before);
        vm.warp(block.timestamp + CHANGE_DELAY);
        authorities.finishOfficers(CITY, list);
    }

    function test_stopChange_eachGovernorOnce() public {
        Officer[] memory list = _newcomer();
        bytes32 id = officersChange(CITY, list);
        uint32[] memory all = allGovernors();
        for (uint256 i = 0; i < all.length; i++) {
            _propose(list, governors());
            stop(CITY, id, ids(all[i]));
        }
        _propose(list, governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        authorities.finishOfficers(CITY, list);
    }

    function test_stopChange_countsForTheFirstWhoSigned() public {
        Officer[] memory list = _newcomer();
        bytes32 id = officersChange(CITY, list);
        _propose(list, governors());
        // A treasurer's number is lower than the governor's and does not count.
        vm.expectEmit(address(authorities));
        emit IAuthorities.ChangeStopped(CITY, id, 8);
        stop(CITY, id, ids(3, 8, 9));
        _propose(list, governors());
        stop(CITY, id, ids(9));
    }

    function testFuzz_stopChange_neverWhatMoreThanEnoughApproved(uint8 pick) public {
        Officer[] memory list = _newcomer();
        bytes32 id = officersChange(CITY, list);
        _propose(list, allGovernors());
        bytes memory firm = abi.encodeWithSelector(IAuthorities.ChangeFirm.selector, id);
        refusesSelf(CITY, _stopCall(id), ids(allGovernors()[pick % 4]), firm);
        vm.warp(block.timestamp + CHANGE_DELAY);
        authorities.finishOfficers(CITY, list);
    }

    function testFuzz_stopChange_refusesOtherRoles(uint8 pick) public {
        Officer[] memory list = _newcomer();
        _propose(list, governors());
        uint32[] memory signers = pick % 3 == 0 ? treasurers() : pick % 3 == 1 ? ids(6, 7) : new uint32[](0);
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, 1);
        refusesSelf(CITY, _stopCall(officersChange(CITY, list)), signers, reason);
    }

    function test_removeOfficers_aStolenKeyIsGoneAtOnce() public {
        vm.expectEmit(address(authorities));
        emit IAuthorities.OfficerSet(CITY, 6, keys(), 0);
        _remove(ids(6));
        bytes memory unknown = abi.encodeWithSelector(IAuthorities.OfficerUnknown.selector, 6);
        refuses(CITY, register(CITY), ids(6), unknown);
        execute(CITY, address(actTarget), register(CITY), ids(7));
    }

    function testFuzz_removeOfficers_endsBeforeARoleIsTooSmall(uint8 which) public {
        uint8 roles = which % 3 == 0 ? 1 : which % 3 == 1 ? 2 : 4;
        uint32[] memory pair = roles == 1 ? ids(8, 9) : roles == 2 ? ids(5, 10) : ids(6, 7);
        uint256 needed = roles == 4 ? 1 : 3;
        bytes4 why = IAuthorities.OfficersNeeded.selector;
        bytes memory reason = abi.encodeWithSelector(why, Role(roles / 2), needed - 1, needed);
        refusesSelf(CITY, _removeCall(pair), governors(), reason);
        _remove(ids(pair[1]));
        uint32[] memory last = ids(pair[0]);
        refusesSelf(CITY, _removeCall(last), governors(), reason);
    }

    function testFuzz_removeOfficers_noOneComesBackByAnOlderChange(uint32 later) public {
        // The change that names the officer was approved before the key was stolen.
        Officer[] memory list = new Officer[](2);
        list[0] = _newcomer()[0];
        list[1] = Officer(7, 7, keys(Keys.walletId(officerKey(CITY, 7))));
        _propose(list, allGovernors());
        vm.expectEmit(address(authorities));
        emit IAuthorities.ChangesEnded(CITY);
        _remove(ids(7));
        vm.warp(bound(later, block.timestamp + CHANGE_DELAY, block.timestamp + 30 days));
        bytes32 id = officersChange(CITY, list);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ChangeUnknown.selector, id));
        authorities.finishOfficers(CITY, list);
        changeOfficers(CITY, _newcomer());
    }

    function testFuzz_removeOfficers_refusesOtherRoles(uint8 pick) public {
        uint32[] memory signers = pick % 3 == 0 ? treasurers() : pick % 3 == 1 ? ids(6, 7) : ids(1, 2);
        uint256 had = pick % 3 == 2 ? 2 : 0;
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, had, 3);
        refusesSelf(CITY, _removeCall(ids(6)), signers, reason);
    }

    function testFuzz_removeOfficers_refusesAnUnknownOfficer(uint32 id) public {
        id = uint32(bound(id, CREW + 1, type(uint32).max));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficerUnknown.selector, id);
        refusesSelf(CITY, _removeCall(ids(id)), governors(), reason);
    }

    function test_governors_cannotIssueWhatNeedsMoreTreasurers() public {
        // Two governors name three treasurers of their own: neither the act nor the change is theirs alone.
        Officer[] memory own = new Officer[](3);
        for (uint32 i = 0; i < 3; i++) {
            own[i] = Officer(20 + i, 2, keys(Keys.walletId(NEW_KEY + i)));
        }
        bytes memory tooFew = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3);
        refusesSelf(CITY, abi.encodeCall(IAuthorities.setOfficers, (CITY, own)), ids(1, 2), tooFew);
        Thresholds memory lower = thresholds();
        lower.governors = 2;
        bytes memory invalid = abi.encodeWithSelector(IAuthorities.ThresholdsInvalid.selector);
        refusesSelf(CITY, abi.encodeCall(IAuthorities.setThresholds, (CITY, lower)), governors(), invalid);
    }

    function test_oneRogueOfficer_vetoesNothing() public {
        // One of every role refuses to sign: the others still reach every threshold.
        execute(CITY, address(actTarget), decide(CITY, type(uint64).max), ids(4, 5, 10));
        execute(CITY, address(actTarget), register(CITY), ids(7));
        decideSelf(CITY, _removeCall(ids(1)), ids(2, 8, 9));
    }

    function _newcomer() private pure returns (Officer[] memory) {
        return oneOfficer(Officer(11, 4, keys(Keys.walletId(NEW_KEY))));
    }

    function _propose(Officer[] memory list, uint32[] memory signers) private {
        decideSelf(CITY, abi.encodeCall(IAuthorities.setOfficers, (CITY, list)), signers);
    }

    function _remove(uint32[] memory list) private {
        decideSelf(CITY, _removeCall(list), governors());
    }

    function _removeCall(uint32[] memory list) private pure returns (bytes memory) {
        return abi.encodeCall(IAuthorities.removeOfficers, (CITY, list));
    }

    function _stopCall(bytes32 id) private pure returns (bytes memory) {
        return abi.encodeCall(IAuthorities.stopChange, (CITY, id));
    }
}
