// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Act, Approval, IAuthorities, Officer, Role} from "../../src/interfaces/IAuthorities.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {ActTarget, AuthorityFixture} from "./AuthorityFixture.sol";

/// @notice k of n: which officers may act, and which calls are refused.
contract ExecuteTest is AuthorityFixture {
    function setUp() public {
        build();
    }

    function testFuzz_execute_countsDistinctOfficers(uint64 amount, uint8 pick) public {
        amount = uint64(bound(amount, 0, SMALL));
        uint32[] memory two = pick % 3 == 0 ? ids(3, 4) : pick % 3 == 1 ? ids(3, 5) : ids(4, 5);
        execute(PROVINCE, address(actTarget), _decide(amount), two);
        assertEq(actTarget.decided(), amount, "amount");
    }

    function testFuzz_execute_acceptsAnySubmitter(address submitter) public {
        Act memory act = newAct(PROVINCE, address(actTarget), _decide(5));
        Approval[] memory signed = approvals(act, ids(3, 4));
        vm.prank(submitter);
        authorities.execute(act, signed);
        assertTrue(authorities.isExecuted(digestOf(act)), "executed");
        assertEq(authorities.actDigest(act), digestOf(act), "digest");
    }

    function testFuzz_execute_refusesTooFew(uint64 amount, uint8 pick) public {
        amount = uint64(bound(amount, 0, SMALL));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, 2);
        refuses(PROVINCE, _decide(amount), ids(3 + pick % 3), reason);
    }

    function testFuzz_execute_refusesTooFewForTheBand(uint64 amount) public {
        amount = uint64(bound(amount, SMALL + 1, type(uint56).max));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3);
        refuses(PROVINCE, _decide(amount), ids(3, 4), reason);
        execute(PROVINCE, address(actTarget), _decide(amount), ids(3, 4, 5));
        assertEq(actTarget.decided(), amount, "three suffice");
    }

    function test_execute_refusesAnActWithoutApprovals() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, 2);
        refuses(PROVINCE, _decide(1), new uint32[](0), reason);
    }

    function testFuzz_execute_doesNotCountAnotherRole(uint64 amount) public {
        amount = uint64(bound(amount, 0, SMALL));
        // A governor and a registrar sign as well, but only the treasurer counts.
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, 2);
        refuses(PROVINCE, _decide(amount), ids(1, 3, 6), reason);
        execute(PROVINCE, address(actTarget), _decide(amount), ids(1, 3, 4));
    }

    function testFuzz_execute_refusesTheSameOfficerTwice(uint8 pick) public {
        uint32 id = 3 + pick % 3;
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersNotAscending.selector, id);
        refuses(PROVINCE, _decide(1), ids(id, id), reason);
    }

    function testFuzz_execute_refusesDescendingOfficers(uint8 pick) public {
        uint32 id = 3 + pick % 2;
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersNotAscending.selector, id);
        refuses(PROVINCE, _decide(1), ids(id + 1, id), reason);
    }

    function test_execute_refusesOfficerZero() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersNotAscending.selector, 0);
        refuses(PROVINCE, _decide(1), ids(0, 3), reason);
    }

    function testFuzz_execute_refusesAnUnknownOfficer(uint32 id) public {
        id = uint32(bound(id, CREW + 1, type(uint32).max));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficerUnknown.selector, id);
        refuses(PROVINCE, _decide(1), ids(3, id), reason);
    }

    function testFuzz_execute_refusesTheSignatureOfAnother(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        Act memory act = newAct(PROVINCE, address(actTarget), _decide(1));
        Approval[] memory signed = approvals(act, ids(3, 4));
        signed[1] = approval(4, key, digestOf(act));
        refusesAct(act, signed, abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 4));
    }

    function testFuzz_execute_refusesAFieldChangedAfterSigning(uint8 field, uint64 other) public {
        Act memory act = newAct(PROVINCE, address(actTarget), _decide(1));
        Approval[] memory signed = approvals(act, ids(3, 4));
        if (field % 3 == 0) act.call = _decide(uint64(bound(other, 2, SMALL)));
        else if (field % 3 == 1) act.nonce += bound(other, 1, 1_000_000);
        else act.deadline += uint40(bound(other, 1, 1_000_000));
        refusesAct(act, signed, abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 3));
    }

    function testFuzz_execute_refusesASignatureInAnotherFormat(uint8 form) public {
        Act memory act = newAct(PROVINCE, address(actTarget), _decide(1));
        Approval[] memory signed = approvals(act, ids(3, 4));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(officerKey(PROVINCE, 3), digestOf(act));
        if (form % 3 == 0) signed[0].signature = abi.encodePacked(r, s, v);
        else if (form % 3 == 1) signed[0].signature = abi.encodePacked(signed[0].signature, form);
        else signed[0].signature = "";
        refusesAct(act, signed, abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 3));
    }

    function testFuzz_execute_refusesMoreThan255Approvals(uint32 id) public {
        Act memory act = newAct(PROVINCE, address(actTarget), _decide(1));
        Approval[] memory signed = new Approval[](256);
        signed[255].officer = id;
        refusesAct(act, signed, abi.encodeWithSelector(IAuthorities.OfficersNotAscending.selector, id));
    }

    function testFuzz_execute_refusesASecondTime(uint64 amount) public {
        Act memory act = newAct(PROVINCE, address(actTarget), _decide(uint64(bound(amount, 0, SMALL))));
        authorities.execute(act, approvals(act, ids(3, 4)));
        // Signatures of other officers don't make it another act.
        Approval[] memory others = approvals(act, ids(4, 5));
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ActAlreadyExecuted.selector, digestOf(act)));
        authorities.execute(act, others);
    }

    function testFuzz_execute_refusesAfterItsDeadline(uint40 late) public {
        Act memory act = newAct(PROVINCE, address(actTarget), _decide(1));
        Approval[] memory signed = approvals(act, ids(3, 4));
        vm.warp(bound(late, act.deadline + 1, type(uint40).max));
        refusesAct(act, signed, abi.encodeWithSelector(IAuthorities.ActDeadlinePassed.selector, act.deadline));
        vm.warp(act.deadline);
        authorities.execute(act, signed);
    }

    function testFuzz_execute_refusesAnUnknownTarget(address target) public {
        vm.assume(target != address(authorities) && target != address(actTarget));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.ActTargetUnknown.selector, target);
        refusesAt(target, PROVINCE, _decide(1), treasurers(), reason);
    }

    function test_execute_refusesAnActWithinAnAct() public {
        Act memory inner = newAct(PROVINCE, address(actTarget), _decide(1));
        bytes memory call = abi.encodeCall(IAuthorities.execute, (inner, approvals(inner, treasurers())));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.ActWithinAct.selector);
        refusesAt(address(authorities), CITY, call, governors(), reason);
        assertTrue(!authorities.isExecuted(digestOf(inner)), "the inner act");
    }

    function test_execute_refusesAnAuthorityThatIsNone() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.AuthorityUnknown.selector, OTHER_PROVINCE);
        refuses(OTHER_PROVINCE, _decide(1), treasurers(), reason);
    }

    function test_execute_refusesActingForAnother() public {
        bytes memory notAnAct = abi.encodeWithSelector(IAuthorities.NotAnAct.selector);
        // The city's officers sign an act of the city that names the province inside, and the reverse.
        refuses(CITY, _decide(1), treasurers(), notAnAct);
        refuses(PROVINCE, decide(CITY, 1), treasurers(), notAnAct);
    }

    function testFuzz_execute_passesOnTheReason(uint256 why) public {
        bytes memory reason = abi.encodeWithSelector(ActTarget.Failed.selector, why);
        refuses(PROVINCE, abi.encodeCall(ActTarget.fail, (why)), treasurers(), reason);
    }

    function testFuzz_execute_refusesADeadlineTooFarAhead(uint40 ahead) public {
        Act memory act = newAct(PROVINCE, address(actTarget), _decide(1));
        uint40 latest = uint40(block.timestamp) + 30 days;
        act.deadline = uint40(bound(ahead, latest + 1, type(uint40).max));
        Approval[] memory signed = approvals(act, ids(3, 4));
        bytes4 tooFar = IAuthorities.ActDeadlineTooFar.selector;
        refusesAct(act, signed, abi.encodeWithSelector(tooFar, act.deadline, latest));
        vm.warp(act.deadline - 30 days);
        authorities.execute(act, signed);
    }

    function test_execute_refusesACallThatAsksNoOfficer() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.ActAsksNoOfficer.selector);
        bytes memory look = abi.encodeCall(ActTarget.look, ());
        // No one signs, then everybody: it would be the authority's name under a call that decided nothing.
        refuses(PROVINCE, look, new uint32[](0), reason);
        refuses(PROVINCE, look, ids(1, 3, 6), reason);
        refusesSelf(PROVINCE, abi.encodeCall(IAuthorities.founderOf, (CITY)), governors(), reason);
        Act memory empty = newAct(PROVINCE, address(actTarget), _decideBy(1, 0));
        refusesAct(empty, new Approval[](0), abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, 1));
    }

    function testFuzz_execute_asksAgainForEachAct(uint64 amount) public {
        execute(PROVINCE, address(actTarget), _decide(bound(amount, 0, SMALL)), ids(3, 4));
        // In the same transaction: who was asked before does not count for the next call.
        bytes memory reason = abi.encodeWithSelector(IAuthorities.ActAsksNoOfficer.selector);
        refuses(PROVINCE, abi.encodeCall(ActTarget.look, ()), new uint32[](0), reason);
    }

    function testFuzz_execute_refusesTheQuestionsThemselves(uint8 which, uint64 amount) public {
        // An act that only asks would end a reseat, or use up the day's band, and decide nothing.
        bytes memory call = which % 3 == 0
            ? abi.encodeCall(IAuthorities.requireAct, (PROVINCE, Role.Governor, amount))
            : which % 3 == 1
            ? abi.encodeCall(IAuthorities.requireActBy, (PROVINCE, Role.Governor, 1))
            : abi.encodeCall(IAuthorities.requireActToIssue, (PROVINCE, amount));
        uint32[] memory signers = which % 3 == 2 ? treasurers() : governors();
        refusesSelf(PROVINCE, call, signers, abi.encodeWithSelector(IAuthorities.NotAnAct.selector));
    }

    function test_execute_leavesNothingBehind() public {
        execute(PROVINCE, address(actTarget), _decide(1), treasurers());
        // In the same transaction as the act before: its authority must be gone.
        vm.expectRevert(IAuthorities.NotAnAct.selector);
        actTarget.decide(PROVINCE, Role.Treasurer, 2);
    }

    function testFuzz_execute_aloneReachesActs(address caller, uint8 which) public {
        (address target, bytes memory call) = _entryPoint(which);
        vm.prank(caller);
        (bool done, bytes memory reason) = target.call(call);
        assertTrue(!done && bytes4(reason) == IAuthorities.NotAnAct.selector, "reached without an act");
    }

    function testFuzz_requireAct_refusesOutsideAnAct(uint8 role, uint256 amount) public {
        vm.expectRevert(IAuthorities.NotAnAct.selector);
        authorities.requireAct(PROVINCE, Role(role % 3), amount);
    }

    function testFuzz_requireActBy_countsByItself(uint8 role, uint256 count) public {
        // Three treasurers, two registrars or three governors sign, regardless of the thresholds.
        uint256 had = role % 3 == 2 ? 2 : 3;
        uint32[] memory signers = role % 3 == 1 ? treasurers() : role % 3 == 0 ? governors() : ids(6, 7);
        count = bound(count, 0, had);
        execute(PROVINCE, address(actTarget), _decideBy(role, count), signers);
        assertEq(actTarget.decided(), count, "decided");
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, had, had + 1);
        refuses(PROVINCE, _decideBy(role, had + 1), signers, reason);
    }

    function testFuzz_requireActBy_doesNotCountAnotherRole(uint8 count) public {
        count = uint8(bound(count, 2, 255));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, count);
        refuses(PROVINCE, _decideBy(2, count), ids(1, 3, 6), reason);
    }

    function testFuzz_requireActBy_refusesAnotherAuthority(uint8 role, uint256 count) public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.NotAnAct.selector);
        refuses(CITY, _decideBy(role, count), treasurers(), reason);
    }

    function testFuzz_requireActBy_refusesOutsideAnAct(uint8 role, uint256 count) public {
        vm.expectRevert(IAuthorities.NotAnAct.selector);
        authorities.requireActBy(PROVINCE, Role(role % 3), count);
    }

    function _decide(uint256 amount) private pure returns (bytes memory) {
        return decide(PROVINCE, amount);
    }

    function _decideBy(uint8 role, uint256 count) private pure returns (bytes memory) {
        return abi.encodeCall(ActTarget.decideBy, (PROVINCE, Role(role % 3), count));
    }

    function _entryPoint(uint8 which) private view returns (address, bytes memory) {
        address a = address(authorities);
        which %= 9;
        if (which == 0) return (address(actTarget), decide(STATE, 1));
        if (which == 1) return (address(actTarget), abi.encodeCall(ActTarget.issue, (STATE, 1)));
        if (which == 2) {
            return (a, abi.encodeCall(IAuthorities.foundAuthority, (STATE, CITY, crew(CITY), thresholds())));
        }
        if (which == 3) return (a, abi.encodeCall(IAuthorities.setOfficers, (STATE, new Officer[](0))));
        if (which == 4) return (a, abi.encodeCall(IAuthorities.setThresholds, (STATE, thresholds())));
        if (which == 5) return (a, abi.encodeCall(IAuthorities.removeOfficers, (STATE, ids(1))));
        if (which == 6) return (a, abi.encodeCall(IAuthorities.stopChange, (STATE, bytes32(0))));
        if (which == 7) {
            return (a, abi.encodeCall(IAuthorities.proposeReseat, (STATE, PROVINCE, crew(CITY), thresholds())));
        }
        return (a, abi.encodeCall(IAuthorities.rejectReseat, (STATE)));
    }
}
