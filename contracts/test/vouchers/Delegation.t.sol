// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {IssueOrder} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {World} from "../support/World.sol";

/// @notice delegateBudget: a province lets its city issue a part of the province's series to the city's residents.
contract DelegationTest is World {
    uint64 private constant LEFT = 1_000_000;
    address private immutable RESIDENT = person(0xA11);
    bytes32 private constant ROOT = keccak256("list");

    uint32 private _series;

    function setUp() public {
        build();
        _series = publish(PROVINCE, plainTerms(PROVINCE));
    }

    function testFuzz_delegateBudget_setsWhatIsLeft(uint48 first, uint48 second) public {
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.BudgetDelegated(_series, CITY, first);
        delegate(PROVINCE, _series, CITY, first);
        assertEq(vouchers.delegatedBudget(_series, CITY), first, "delegated");
        delegate(PROVINCE, _series, CITY, second);
        assertEq(vouchers.delegatedBudget(_series, CITY), second, "receivedAgain, not in addition");
        assertEq(vouchers.delegatedBudget(_series, OTHER_CITY), 0, "to no other authority");
        assertEq(vouchers.supply(_series).approved, 0, "nothing is claimed");
    }

    function testFuzz_delegateBudget_refusesOutsideItsRegion(uint48 raw) public {
        Region to = Region.wrap(raw);
        if (to.isValid() && PROVINCE.contains(to) && !to.equals(PROVINCE)) to = OTHER_PROVINCE;
        bytes memory reason =
            abi.encodeWithSelector(IVoucherEvents.RegionOutsideAuthority.selector, PROVINCE, to);
        refuses(PROVINCE, _call(PROVINCE, to, LEFT), treasurers(), reason);
        assertEq(vouchers.delegatedBudget(_series, to), 0, "delegated nothing");
    }

    function testFuzz_delegateBudget_refusesMoreThanAnySeriesHas(uint64 left) public {
        left = uint64(bound(left, uint256(type(uint48).max) + 1, type(uint64).max));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.TermsInvalid.selector, "left");
        refuses(PROVINCE, _call(PROVINCE, CITY, left), treasurers(), reason);
        assertEq(vouchers.delegatedBudget(_series, CITY), 0, "delegated nothing");
    }

    function testFuzz_delegateBudget_refusesItselfAndAnothersSeries(uint48 left) public {
        bytes memory reason =
            abi.encodeWithSelector(IVoucherEvents.RegionOutsideAuthority.selector, PROVINCE, PROVINCE);
        refuses(PROVINCE, _call(PROVINCE, PROVINCE, left), treasurers(), reason);
        reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, _series, CITY);
        refuses(CITY, _call(CITY, CITY, left), treasurers(), reason);
        reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, _series, STATE);
        refuses(STATE, _call(STATE, CITY, left), treasurers(), reason);
    }

    function testFuzz_delegateBudget_needsTheOfficersOfItsAmount(uint64 left) public {
        left = uint64(bound(left, SMALL + 1, type(uint64).max));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3);
        refuses(PROVINCE, _call(PROVINCE, CITY, left), ids(3, 4), reason);
    }

    function testFuzz_approveIssue_usesTheDelegationUp(uint64 first) public {
        first = uint64(bound(first, 1, LEFT - 1));
        delegate(PROVINCE, _series, CITY, LEFT);
        uint64 order = approve(CITY, _series, first, ROOT);
        assertTrue(vouchers.issueOrder(order).by.equals(CITY), "by the city");
        assertEq(vouchers.delegatedBudget(_series, CITY), LEFT - first, "left");
        assertEq(vouchers.supply(_series).approved, first, "of the series' budget");
        uint64 left = LEFT - first;
        refuses(CITY, _approveCall(CITY, left + 1), treasurers(), _exceeded(left, left + 1));
        approveQuota(CITY, _series, left, 1, bytes32("key"));
        assertEq(vouchers.delegatedBudget(_series, CITY), 0, "used up");
        refuses(CITY, _approveCall(CITY, 1), treasurers(), _notOf(CITY));
    }

    function testFuzz_approveIssue_refusesWithoutOrAfterADelegation(uint64 total) public {
        refuses(CITY, _approveCall(CITY, total), treasurers(), _notOf(CITY));
        delegate(PROVINCE, _series, CITY, LEFT);
        refuses(OTHER_CITY, _approveCall(OTHER_CITY, total), treasurers(), _notOf(OTHER_CITY));
        delegate(PROVINCE, _series, CITY, 0);
        refuses(CITY, _approveCall(CITY, total), treasurers(), _notOf(CITY));
    }

    function testFuzz_approveIssue_staysWithinTheBudgetOfTheSeries(uint64 own) public {
        own = uint64(bound(own, PLAIN_BUDGET - LEFT + 1, PLAIN_BUDGET));
        approve(PROVINCE, _series, own, ROOT);
        delegate(PROVINCE, _series, CITY, LEFT);
        bytes memory reason =
            abi.encodeWithSelector(IVoucherEvents.BudgetExceeded.selector, PLAIN_BUDGET - own, LEFT);
        refuses(CITY, _approveCall(CITY, LEFT), treasurers(), reason);
        assertEq(vouchers.delegatedBudget(_series, CITY), LEFT, "a refused claim uses nothing up");
    }

    function testFuzz_closeIssueOrder_givesTheDelegationBack(uint64 total, uint64 issued) public {
        total = uint64(bound(total, 1, LEFT));
        issued = uint64(bound(issued, 1, total));
        attest(RESIDENT, CITY, 1);
        delegate(PROVINCE, _series, CITY, LEFT);
        uint256[] memory items = oneItem(RESIDENT, issued);
        uint64 order = approve(CITY, _series, total, leafOf(0, items));
        vouchers.issue(order, 0, items, new bytes32[](0));
        act(CITY, _closeCall(CITY, order), treasurers());
        assertEq(vouchers.delegatedBudget(_series, CITY), LEFT - issued, "delegated again");
        assertEq(vouchers.supply(_series).approved, issued, "approved");
        assertTrue(vouchers.issueOrder(order).closed, "closed");
    }

    /// @dev Taken back, a delegation stays taken back: an order that the delegate closes later frees the budget alone.
    function testFuzz_closeIssueOrder_restoresNoRevokedDelegation(uint64 total, uint64 again) public {
        total = uint64(bound(total, 1, LEFT));
        again = uint64(bound(again, 0, LEFT));
        delegate(PROVINCE, _series, CITY, LEFT);
        uint64 order = approve(CITY, _series, total, ROOT);
        delegate(PROVINCE, _series, CITY, again);
        act(CITY, _closeCall(CITY, order), treasurers());
        assertEq(vouchers.delegatedBudget(_series, CITY), again, "as the act said");
        assertEq(vouchers.supply(_series).approved, 0, "free in the budget");
        if (again == 0) refuses(CITY, _approveCall(CITY, 1), treasurers(), _notOf(CITY));
    }

    /// @dev A quota key that a delegate lost: the series' owner ends it, one treasurer is enough, and no sibling can.
    function testFuzz_closeIssueOrder_byTheSeriesOwner(uint64 total, bool quota) public {
        total = uint64(bound(total, 1, LEFT));
        delegate(PROVINCE, _series, CITY, LEFT);
        uint64 order = quota
            ? approveQuota(CITY, _series, total, total, bytes32("stolen"))
            : approve(CITY, _series, total, ROOT);
        refuses(OTHER_CITY, _closeCall(OTHER_CITY, order), treasurers(), _notOf(OTHER_CITY));
        refuses(STATE, _closeCall(STATE, order), treasurers(), _notOf(STATE));
        bytes memory tooFew = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, 2);
        if (!quota) refuses(PROVINCE, _closeCall(PROVINCE, order), ids(3), tooFew);
        act(PROVINCE, _closeCall(PROVINCE, order), quota ? ids(3) : treasurers());
        assertTrue(vouchers.issueOrder(order).closed, "closed");
        assertEq(vouchers.delegatedBudget(_series, CITY), LEFT, "the delegation itself goes on");
        assertEq(vouchers.supply(_series).approved, 0, "free in the budget");
    }

    function testFuzz_issue_reachesOnlyResidentsOfTheDelegate(uint64 amount) public {
        amount = uint64(bound(amount, 1, LEFT));
        delegate(PROVINCE, _series, CITY, LEFT);
        attest(RESIDENT, CITY, 1);
        _issue(CITY, RESIDENT, amount);
        assertEq(vouchers.holding(_series, RESIDENT).balance, amount, "issued");
        delegate(PROVINCE, _series, CITY, LEFT);
        attest(RESIDENT, OTHER_CITY, 1);
        _refusesHome(RESIDENT, OTHER_CITY, amount);
        attest(person(0xB), OTHER_PROVINCE, 1);
        delegate(PROVINCE, _series, CITY, LEFT);
        _refusesHome(person(0xB), OTHER_PROVINCE, amount);
// An account that was not attested has no home; a home as large as the province is not in the city.
        delegate(PROVINCE, _series, CITY, LEFT);
        _refusesHome(address(0xC), STATE, amount);
        attest(person(0xD), PROVINCE, 1);
        delegate(PROVINCE, _series, CITY, LEFT);
        _refusesHome(person(0xD), PROVINCE, amount);
    }

    function testFuzz_issue_ofTheOwnAuthorityReachesAnyAccount(uint64 amount) public {
        amount = uint64(bound(amount, 1, LEFT));
        issueTo(PROVINCE, _series, address(0xC), amount);
        attest(RESIDENT, OTHER_PROVINCE, 1);
        issueTo(PROVINCE, _series, RESIDENT, amount);
        assertEq(vouchers.supply(_series).issued, 2 * amount, "issued");
    }

    function _refusesHome(address account, Region home, uint64 amount) private {
        uint256[] memory items = oneItem(account, amount);
        uint64 order = approve(CITY, _series, amount, leafOf(0, items));
        uint64 issued = vouchers.supply(_series).issued;
        bytes32 before = keccak256(abi.encode(vouchers.holding(_series, account)));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.IssueRefused(
            order, account, amount, uint8(Refusal.HomeOutside), Region.unwrap(home), Region.unwrap(CITY)
        );
        vouchers.issue(order, 0, items, new bytes32[](0));
        assertEq(vouchers.supply(_series).issued, issued, "issued nothing");
        assertEq(keccak256(abi.encode(vouchers.holding(_series, account))), before, "holding");
        IssueOrder memory known = vouchers.issueOrder(order);
        assertEq(known.remaining, amount, "the rest stays approved");
    }

    function _issue(Region by, address account, uint64 amount) private {
        uint256[] memory items = oneItem(account, amount);
        vouchers.issue(approve(by, _series, amount, leafOf(0, items)), 0, items, new bytes32[](0));
    }

    function _call(Region by, Region to, uint64 left) private view returns (bytes memory) {
        return abi.encodeCall(IVouchersAdmin.delegateBudget, (by, _series, to, left));
    }

    function _approveCall(Region by, uint64 total) private view returns (bytes memory) {
        return abi.encodeCall(IVouchersAdmin.approveIssue, (by, _series, total, ROOT));
    }

    function _closeCall(Region by, uint64 order) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersAdmin.closeIssueOrder, (by, order));
    }

    function _exceeded(uint64 left, uint64 needed) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.DelegationExceeded.selector, left, needed);
    }

    function _notOf(Region by) private view returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, _series, by);
    }
}
