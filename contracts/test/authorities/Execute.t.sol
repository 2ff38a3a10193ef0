// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Act, Approval, IAuthorities, Officer, Role} from "../../src/interfaces/IAuthorities.sol";
import {AccountEntry, IVouchers, MerchantEntry, MerchantStatus} from "../../src/interfaces/IVouchers.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {World} from "../support/World.sol";

/// @notice k of n: who may act, and what no one may.
contract ExecuteTest is World {
    uint32 private _series;

    function setUp() public {
        build();
        _series = publish(PROVINCE, plainTerms(PROVINCE));
    }

    function testFuzz_execute_countsDistinctOfficers(uint64 budget, uint8 pick) public {
        budget = uint64(bound(budget, 0, SMALL));
        uint32[] memory two = pick % 3 == 0 ? ids(3, 4) : pick % 3 == 1 ? ids(3, 5) : ids(4, 5);
        execute(PROVINCE, address(vouchers), _setBudget(budget), two);
        assertEq(vouchers.supply(_series).budget, budget, "budget");
    }

    function testFuzz_execute_takesAnyBringer(address bringer) public {
        Act memory act = newAct(PROVINCE, address(vouchers), _setBudget(5));
        Approval[] memory signed = approvals(act, ids(3, 4));
        vm.prank(bringer);
        authorities.execute(act, signed);
        assertTrue(authorities.isExecuted(digestOf(act)), "executed");
        assertEq(authorities.actDigest(act), digestOf(act), "digest");
    }

    function testFuzz_execute_refusesTooFew(uint64 budget, uint8 pick) public {
        budget = uint64(bound(budget, 0, SMALL));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, 2);
        refuses(PROVINCE, _setBudget(budget), ids(3 + pick % 3), reason);
    }

    function testFuzz_execute_refusesTooFewForTheBand(uint64 budget) public {
        budget = uint64(bound(budget, SMALL + 1, type(uint56).max));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3);
        refuses(PROVINCE, _setBudget(budget), ids(3, 4), reason);
        execute(PROVINCE, address(vouchers), _setBudget(budget), ids(3, 4, 5));
        assertEq(vouchers.supply(_series).budget, budget, "three suffice");
    }

    function test_execute_refusesNobody() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, 2);
        refuses(PROVINCE, _setBudget(1), new uint32[](0), reason);
    }

    function testFuzz_execute_doesNotCountAnotherRole(uint64 budget) public {
        budget = uint64(bound(budget, 0, SMALL));
        // A governor and a registrar sign, which is no harm, but only the treasurer counts.
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, 2);
        refuses(PROVINCE, _setBudget(budget), ids(1, 3, 6), reason);
        execute(PROVINCE, address(vouchers), _setBudget(budget), ids(1, 3, 4));
    }

    function testFuzz_execute_refusesTheSameOfficerTwice(uint8 pick) public {
        uint32 id = 3 + pick % 3;
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersNotAscending.selector, id);
        refuses(PROVINCE, _setBudget(1), ids(id, id), reason);
    }

    function testFuzz_execute_refusesDescendingOfficers(uint8 pick) public {
        uint32 id = 3 + pick % 2;
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersNotAscending.selector, id);
        refuses(PROVINCE, _setBudget(1), ids(id + 1, id), reason);
    }

    function test_execute_refusesOfficerZero() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersNotAscending.selector, 0);
        refuses(PROVINCE, _setBudget(1), ids(0, 3), reason);
    }

    function testFuzz_execute_refusesAnUnknownOfficer(uint32 id) public {
        id = uint32(bound(id, 8, type(uint32).max));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficerUnknown.selector, id);
        refuses(PROVINCE, _setBudget(1), ids(3, id), reason);
    }

    function testFuzz_execute_refusesTheSignatureOfAnother(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        Act memory act = newAct(PROVINCE, address(vouchers), _setBudget(1));
        Approval[] memory signed = approvals(act, ids(3, 4));
        signed[1] = approval(4, key, digestOf(act));
        refusesAct(act, signed, abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 4));
    }

    function testFuzz_execute_refusesAFieldChangedAfterSigning(uint8 field, uint64 other) public {
        Act memory act = newAct(PROVINCE, address(vouchers), _setBudget(1));
        Approval[] memory signed = approvals(act, ids(3, 4));
        if (field % 3 == 0) act.call = _setBudget(uint64(bound(other, 2, SMALL)));
        else if (field % 3 == 1) act.nonce += bound(other, 1, 1_000_000);
        else act.deadline += uint40(bound(other, 1, 1_000_000));
        refusesAct(act, signed, abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 3));
    }

    function test_execute_refusesAMirroredSignature() public {
        Act memory act = newAct(PROVINCE, address(vouchers), _setBudget(1));
        Approval[] memory signed = approvals(act, ids(3, 4));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(officerKey(PROVINCE, 3), digestOf(act));
        uint256 order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        signed[0].signature = abi.encodePacked(r, order - uint256(s), v == 27 ? uint8(28) : uint8(27));
        refusesAct(act, signed, abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 3));
    }

    function testFuzz_execute_refusesASecondTime(uint64 budget) public {
        Act memory act = newAct(PROVINCE, address(vouchers), _setBudget(uint64(bound(budget, 0, SMALL))));
        authorities.execute(act, approvals(act, ids(3, 4)));
        // Other signers make no other act of it.
        Approval[] memory others = approvals(act, ids(4, 5));
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ActAlreadyExecuted.selector, digestOf(act)));
        authorities.execute(act, others);
    }

    function testFuzz_execute_refusesAfterItsDeadline(uint40 late) public {
        Act memory act = newAct(PROVINCE, address(vouchers), _setBudget(1));
        Approval[] memory signed = approvals(act, ids(3, 4));
        vm.warp(bound(late, act.deadline + 1, type(uint40).max));
        refusesAct(act, signed, abi.encodeWithSelector(IAuthorities.ActDeadlinePassed.selector, act.deadline));
        vm.warp(act.deadline);
        authorities.execute(act, signed);
    }

    function testFuzz_execute_refusesAnUnknownTarget(address target) public {
        vm.assume(target != address(authorities) && target != address(vouchers));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.ActTargetUnknown.selector, target);
        refusesAt(target, PROVINCE, _setBudget(1), treasurers(), reason);
    }

    function test_execute_refusesAnActWithinAnAct() public {
        Act memory inner = newAct(PROVINCE, address(vouchers), _setBudget(1));
        bytes memory call = abi.encodeCall(IAuthorities.execute, (inner, approvals(inner, treasurers())));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.ActWithinAct.selector);
        refusesAt(address(authorities), CITY, call, governors(), reason);
        assertTrue(!authorities.isExecuted(digestOf(inner)), "the inner act");
    }

    function test_execute_refusesAnAuthorityThatIsNone() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.AuthorityUnknown.selector, OTHER_PROVINCE);
        refuses(OTHER_PROVINCE, _setBudget(1), treasurers(), reason);
    }

    function test_execute_refusesActingForAnother() public {
        bytes memory notOurs = abi.encodeWithSelector(IAuthorities.NotAnAct.selector);
        // The city's officers sign an act of the city that names the province inside, and the reverse.
        refuses(CITY, _setBudget(1), treasurers(), notOurs);
        bytes memory forCity = abi.encodeCall(IVouchers.setBudget, (CITY, _series, 1));
        refuses(PROVINCE, forCity, treasurers(), notOurs);
    }

    function test_execute_passesOnTheReason() public {
        bytes memory call = abi.encodeCall(IVouchers.setBudget, (PROVINCE, 99, 1));
        bytes memory reason = abi.encodeWithSelector(IVouchers.SeriesNotOfAuthority.selector, 99, PROVINCE);
        refuses(PROVINCE, call, treasurers(), reason);
    }

    function test_execute_leavesNothingBehind() public {
        execute(PROVINCE, address(vouchers), _setBudget(1), treasurers());
        // In the same transaction as the act before: its authority must be gone.
        vm.expectRevert(IAuthorities.NotAnAct.selector);
        vouchers.setBudget(PROVINCE, _series, 2);
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

    function _setBudget(uint64 budget) private view returns (bytes memory) {
        return abi.encodeCall(IVouchers.setBudget, (PROVINCE, _series, budget));
    }

    function _entryPoint(uint8 which) private view returns (address, bytes memory) {
        address v = address(vouchers);
        address a = address(authorities);
        which %= 12;
        if (which == 0) return (v, abi.encodeCall(IVouchers.publishSeries, (STATE, plainTerms(CITY))));
        if (which == 1) return (v, abi.encodeCall(IVouchers.setBudget, (STATE, 1, 1)));
        if (which == 2) return (v, abi.encodeCall(IVouchers.pauseSeries, (STATE, 1, 0)));
        if (which == 3) return (v, abi.encodeCall(IVouchers.approveIssue, (STATE, 1, 1, 0)));
        if (which == 4) return (v, abi.encodeCall(IVouchers.closeIssueOrder, (STATE, 1)));
        if (which == 5) return (v, abi.encodeCall(IVouchers.setMerchants, (STATE, new MerchantEntry[](0))));
        if (which == 6) {
            return (v, abi.encodeCall(IVouchers.setMerchantStatus, (STATE, one(v), MerchantStatus.Active)));
        }
        if (which == 7) return (v, abi.encodeCall(IVouchers.attestAccounts, (STATE, new AccountEntry[](0))));
        if (which == 8) return (v, abi.encodeCall(IVouchers.freezeAccounts, (STATE, one(v), true)));
        if (which == 9) {
            return (a, abi.encodeCall(IAuthorities.foundAuthority, (STATE, CITY, crew(CITY), thresholds())));
        }
        if (which == 10) return (a, abi.encodeCall(IAuthorities.setOfficers, (STATE, new Officer[](0))));
        return (a, abi.encodeCall(IAuthorities.setThresholds, (STATE, thresholds())));
    }
}
