// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {IssueOrder, Supply} from "../../src/interfaces/VoucherTypes.sol";
import {Region, STATE} from "../../src/types/Region.sol";
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
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.IssueApproved(vouchers.issueOrderCount() + 1, _series, CITY, first, ROOT);
        uint64 order = approve(CITY, _series, first, ROOT);
        IssueOrder memory known = vouchers.issueOrder(order);
        assertEq(known.series, _series, "series");
        assertEq(known.remaining, first, "remaining");
        assertEq(known.root, ROOT, "root");
        assertTrue(!known.closed && known.by.equals(CITY) && known.key == 0, "an open list of the city");
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
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BudgetExceeded.selector, left, second);
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
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, _series, other);
        refuses(other, _approveCall(other, total), treasurers(), reason);
    }

    /// @dev The state owns no series, not even those that are not there.
    function testFuzz_approveIssue_refusesAnUnknownSeries(uint32 series) public {
        vm.assume(series != _series);
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, series, STATE);
        bytes memory call = abi.encodeCall(IVouchersAdmin.approveIssue, (STATE, series, 0, ROOT));
        refuses(STATE, call, treasurers(), reason);
        assertEq(vouchers.issueOrderCount(), 0, "orders");
    }

    function testFuzz_closeIssueOrder_freesTheRest(uint64 total, uint64 issued) public {
        total = uint64(bound(total, 1, BUDGET));
        issued = uint64(bound(issued, 1, total));
        uint256[] memory items = new uint256[](1);
        items[0] = issueItem(address(0xA), issued);
        uint64 order = approve(CITY, _series, total, leafOf(0, items));
        vouchers.issue(order, 0, items, new bytes32[](0));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.IssueOrderClosed(order, total - issued);
        act(CITY, _closeCall(CITY, order), treasurers());
        Supply memory supply = vouchers.supply(_series);
        assertEq(supply.approved, issued, "what was issued stays claimed");
        assertEq(supply.issued, issued, "issued");
        IssueOrder memory known = vouchers.issueOrder(order);
        assertTrue(known.closed && known.remaining == 0, "closed");
        assertEq(vouchers.delegatedBudget(_series, CITY), 0, "the series' own authority has no delegation");
        // What was freed can be approved again, to the last won.
        approve(CITY, _series, BUDGET - issued, ROOT);
    }

    function test_closeIssueOrder_refusesASecondTime() public {
        uint64 order = approve(CITY, _series, 5, ROOT);
        act(CITY, _closeCall(CITY, order), treasurers());
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.OrderClosed.selector, order);
        refuses(CITY, _closeCall(CITY, order), treasurers(), reason);
    }

    function testFuzz_closeIssueOrder_refusesAnUnknownOrder(uint64 order) public {
        vm.assume(order != approve(CITY, _series, 5, ROOT));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.OrderUnknown.selector, order);
        refuses(CITY, _closeCall(CITY, order), treasurers(), reason);
    }

    function testFuzz_closeIssueOrder_refusesAnotherAuthority(bool parent) public {
        uint64 order = approve(CITY, _series, 5, ROOT);
        Region other = parent ? PROVINCE : OTHER_CITY;
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, _series, other);
        refuses(other, _closeCall(other, order), treasurers(), reason);
    }

    function test_closeIssueOrder_ofAListNeedsTwoTreasurers() public {
        uint64 order = approve(CITY, _series, 5, ROOT);
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, 2);
        refuses(CITY, _closeCall(CITY, order), ids(3), reason);
        assertTrue(!vouchers.issueOrder(order).closed, "open");
    }

    function _approveCall(Region authority, uint64 total) private view returns (bytes memory) {
        return abi.encodeCall(IVouchersAdmin.approveIssue, (authority, _series, total, ROOT));
    }

    function _closeCall(Region authority, uint64 order) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersAdmin.closeIssueOrder, (authority, order));
    }
}
