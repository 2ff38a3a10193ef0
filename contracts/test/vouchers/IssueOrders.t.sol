// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVouchers, Supply} from "../../src/interfaces/IVouchers.sol";
import {Region} from "../../src/types/Region.sol";
import {World} from "../support/World.sol";

/// @notice approveIssue and closeIssueOrder: what officers claim of the budget, and give back.
contract IssueOrdersTest is World {
    uint64 private constant BUDGET = 10_000_000_000;
    bytes32 private constant ROOT = keccak256("list");

    uint32 private _series;

    function setUp() public {
        build();
        _series = publish(CITY, plainTerms(CITY));
    }

    function testFuzz_approveIssue_claimsTheBudget(uint64 first, uint64 second) public {
        first = uint64(bound(first, 0, BUDGET));
        second = uint64(bound(second, 0, BUDGET - first));
        uint64 order = approve(CITY, _series, first, ROOT);
        (uint32 series, uint64 remaining, bytes32 root, bool closed) = vouchers.issueOrder(order);
        assertEq(series, _series, "series");
        assertEq(remaining, first, "remaining");
        assertEq(root, ROOT, "root");
        assertTrue(!closed, "open");
        assertEq(approve(CITY, _series, second, ROOT), order + 1, "orders are numbered");
        Supply memory supply = vouchers.supply(_series);
        assertEq(supply.approved, first + second, "approved");
        assertEq(supply.issued, 0, "nothing is issued yet");
    }

    function testFuzz_approveIssue_refusesMoreThanTheBudget(uint64 first, uint64 second) public {
        first = uint64(bound(first, 0, BUDGET));
        approve(CITY, _series, first, ROOT);
        uint64 left = BUDGET - first;
        second = uint64(bound(second, left + 1, type(uint64).max));
        bytes memory reason = abi.encodeWithSelector(IVouchers.BudgetExceeded.selector, left, second);
        refuses(CITY, _approveCall(CITY, second), treasurers(), reason);
    }

    function testFuzz_approveIssue_needsTheOfficersOfItsAmount(uint64 total) public {
        total = uint64(bound(total, SMALL + 1, BUDGET));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3);
        refuses(CITY, _approveCall(CITY, total), ids(3, 4), reason);
    }

    function testFuzz_approveIssue_refusesAnotherAuthoritysSeries(uint64 total, bool parent) public {
        // Not even the province may spend its city's budget.
        Region other = parent ? PROVINCE : OTHER_CITY;
        bytes memory reason = abi.encodeWithSelector(IVouchers.SeriesNotOfAuthority.selector, _series, other);
        refuses(other, _approveCall(other, total), treasurers(), reason);
    }

    function testFuzz_closeIssueOrder_freesTheRest(uint64 total, uint64 issued) public {
        total = uint64(bound(total, 1, BUDGET));
        issued = uint64(bound(issued, 1, total));
        uint256[] memory items = new uint256[](1);
        items[0] = issueItem(address(0xA), issued);
        uint64 order = approve(CITY, _series, total, leafOf(0, items));
        vouchers.issue(order, 0, items, new bytes32[](0));
        execute(CITY, address(vouchers), _closeCall(CITY, order), treasurers());
        Supply memory supply = vouchers.supply(_series);
        assertEq(supply.approved, issued, "what was issued stays claimed");
        assertEq(supply.issued, issued, "issued");
        (, uint64 remaining,, bool closed) = vouchers.issueOrder(order);
        assertTrue(closed && remaining == 0, "closed");
        // What was freed can be approved again, to the last won.
        approve(CITY, _series, BUDGET - issued, ROOT);
    }

    function test_closeIssueOrder_refusesASecondTime() public {
        uint64 order = approve(CITY, _series, 5, ROOT);
        execute(CITY, address(vouchers), _closeCall(CITY, order), treasurers());
        bytes memory reason = abi.encodeWithSelector(IVouchers.OrderClosed.selector, order);
        refuses(CITY, _closeCall(CITY, order), treasurers(), reason);
    }

    function testFuzz_closeIssueOrder_refusesAnUnknownOrder(uint64 order) public {
        vm.assume(order != approve(CITY, _series, 5, ROOT));
        bytes memory reason = abi.encodeWithSelector(IVouchers.OrderUnknown.selector, order);
        refuses(CITY, _closeCall(CITY, order), treasurers(), reason);
    }

    function testFuzz_closeIssueOrder_refusesAnotherAuthority(bool parent) public {
        uint64 order = approve(CITY, _series, 5, ROOT);
        Region other = parent ? PROVINCE : OTHER_CITY;
        bytes memory reason = abi.encodeWithSelector(IVouchers.SeriesNotOfAuthority.selector, _series, other);
        refuses(other, _closeCall(other, order), treasurers(), reason);
    }

    function _approveCall(Region authority, uint64 total) private view returns (bytes memory) {
        return abi.encodeCall(IVouchers.approveIssue, (authority, _series, total, ROOT));
    }

    function _closeCall(Region authority, uint64 order) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchers.closeIssueOrder, (authority, order));
    }
}
