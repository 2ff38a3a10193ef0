// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {IssueOrder, SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {Orders} from "../support/Orders.sol";

/// @notice approveQuota and issueByQuota: what a key may issue, and what a stolen one can't.
contract QuotaTest is Orders {
    uint64 private constant TOTAL = 1_000_000;
    uint64 private constant PER_DAY = 300_000;
    uint256 private constant KEY = 0x9007A;
    uint256 private constant OTHER_KEY = 0xBAD;
    address private immutable BUYER = person(0xA11);

    uint32 private _series;
    uint64 private _order;

    function setUp() public {
        build();
        _series = publish(CITY, plainTerms(CITY));
        _order = approveQuota(CITY, _series, TOTAL, PER_DAY, Keys.walletId(KEY));
    }

    function testFuzz_approveQuota_claimsTheBudget(uint64 total, uint64 perDay, bytes32 key) public {
        total = uint64(bound(total, 0, PLAIN_BUDGET - TOTAL));
        vm.assume(key != 0);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.QuotaApproved(_order + 1, _series, CITY, total, perDay, key);
        uint64 order = approveQuota(CITY, _series, total, perDay, key);
        assertEq(order, _order + 1, "orders are numbered");
        IssueOrder memory known = vouchers.issueOrder(order);
        assertEq(known.series, _series, "series");
        assertEq(known.remaining, total, "remaining");
        assertEq(known.key, key, "key");
        assertEq(known.perDay, perDay, "per day");
        assertTrue(known.by.equals(CITY) && known.root == 0 && !known.closed, "an open quota of the city");
        assertEq(vouchers.supply(_series).approved, TOTAL + total, "approved");
    }

    function testFuzz_approveQuota_refusesMoreThanTheBudget(uint64 total) public {
        total = uint64(bound(total, PLAIN_BUDGET - TOTAL + 1, type(uint64).max));
        bytes memory reason =
            abi.encodeWithSelector(IVoucherEvents.BudgetExceeded.selector, PLAIN_BUDGET - TOTAL, total);
        refuses(CITY, _approveCall(CITY, total, bytes32("key")), treasurers(), reason);
    }

    function test_approveQuota_refusesKeyZero() public {
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.KeysInvalid.selector);
        refuses(CITY, _approveCall(CITY, 5, 0), treasurers(), reason);
    }

    function testFuzz_approveQuota_refusesAnotherAuthoritysSeries(bool parent) public {
        Region other = parent ? PROVINCE : OTHER_CITY;
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, _series, other);
        refuses(other, _approveCall(other, 5, bytes32("key")), treasurers(), reason);
    }

    function testFuzz_approveQuota_needsTheOfficersOfItsTotal(uint64 total) public {
        total = uint64(bound(total, SMALL + 1, PLAIN_BUDGET - TOTAL));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3);
        refuses(CITY, _approveCall(CITY, total, bytes32("key")), ids(3, 4), reason);
    }

    function testFuzz_issueByQuota_issues(uint64 amount, uint32 index, address submitter, uint8 kind) public {
        amount = uint64(bound(amount, 1, PER_DAY));
        uint256[] memory items = oneItem(BUYER, amount);
        bytes32 id = kind % 3 == 0 ? Keys.walletId(KEY) : kind % 3 == 1 ? Keys.deviceId(KEY) : Keys.passkeyId(KEY);
        uint64 order = approveQuota(CITY, _series, TOTAL, PER_DAY, id);
        bytes memory proof = kind % 3 == 0
            ? Keys.walletSign(KEY, _digestOf(order, index, items))
            : kind % 3 == 1
                ? Keys.deviceSign(KEY, _digestOf(order, index, items))
                : Keys.passkeySign(KEY, _digestOf(order, index, items));
        vm.assume(submitter != address(vouchers));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.Issued(order, _series, BUYER, amount);
        vm.expectEmit(address(vouchers));
        emit IERC1155.TransferSingle(submitter, address(0), BUYER, _series, amount);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.ChunkIssued(order, index);
        vm.prank(submitter);
        vouchers.issueByQuota(order, index, items, proof);
        IssueOrder memory known = vouchers.issueOrder(order);
        assertEq(known.remaining, TOTAL - amount, "remaining");
        assertEq(known.issuedToday, amount, "issued today");
        assertEq(known.day, today(), "today");
        assertEq(vouchers.holding(_series, BUYER).balance, amount, "balance");
        assertEq(vouchers.supply(_series).issued, amount, "issued");
        assertTrue(vouchers.isChunkIssued(order, index), "spent");
    }

    function test_issueByQuota_givesBeforeTheFirstDayOfUse() public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.validFrom = NOW + 10 days;
        _series = publish(CITY, terms);
        _order = approveQuota(CITY, _series, TOTAL, PER_DAY, Keys.walletId(KEY));
        _issue(1, PER_DAY);
        assertEq(vouchers.holding(_series, BUYER).balance, PER_DAY, "handed out beforehand");
    }

    function testFuzz_issueByQuota_refusesTheSameNumberAgain(uint32 index, uint64 again) public {
        _issue(index, 1);
        again = uint64(bound(again, 1, PER_DAY - 1));
        bytes4 why = IVoucherEvents.ChunkAlreadyIssued.selector;
        _refuses(index, oneItem(BUYER, again), KEY, abi.encodeWithSelector(why, _order, uint256(index)));
    }

    function testFuzz_issueByQuota_refusesANumberAbove32Bits(uint256 index) public {
        index = bound(index, uint256(type(uint32).max) + 1, type(uint256).max);
        _refuses(index, oneItem(BUYER, 1), KEY, _notInOrder(index));
    }

    function testFuzz_issueByQuota_keepsWithinItsDay(uint64 first, uint64 second) public {
        first = uint64(bound(first, 1, PER_DAY));
        _issue(1, first);
        second = uint64(bound(second, PER_DAY - first + 1, TOTAL - first));
        uint256[] memory items = oneItem(BUYER, second);
        bytes memory reason =
            abi.encodeWithSelector(IVoucherEvents.QuotaExceeded.selector, PER_DAY - first, second);
        _refuses(2, items, KEY, reason);
        // To the last won it may, and the next Korean day again.
        if (first < PER_DAY) _issue(2, PER_DAY - first);
        uint256 midnight = (uint256(today()) + 1) * 1 days - 9 hours;
        vm.warp(midnight - 1);
        _refuses(3, oneItem(BUYER, 1), KEY, abi.encodeWithSelector(IVoucherEvents.QuotaExceeded.selector, 0, 1));
        vm.warp(midnight);
        _issue(3, PER_DAY);
        assertEq(vouchers.issueOrder(_order).issuedToday, PER_DAY, "a new day");
    }

    function test_issueByQuota_refusesItemsBeyondItsTotal() public {
        for (uint256 day = 0; day < 3; day++) {
            _issue(day, PER_DAY);
            vm.warp(NOW + (day + 1) * 1 days);
        }
        uint64 left = TOTAL - 3 * PER_DAY;
        uint256[] memory items = new uint256[](2);
        (items[0], items[1]) = (issueItem(BUYER, left + 1), issueItem(BUYER, left));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.IssueRefused(_order, BUYER, left + 1, uint8(Refusal.BudgetExceeded), left, left + 1);
        vouchers.issueByQuota(_order, 3, items, Keys.walletSign(KEY, _digestOf(_order, 3, items)));
        assertEq(vouchers.issueOrder(_order).remaining, 0, "used up");
        assertEq(vouchers.issueOrder(_order).issuedToday, left, "what was refused does not count");
    }

    function testFuzz_issueByQuota_refusesAnotherKey(uint256 key, uint32 index) public {
        key = bound(key, 1, 1 << 254);
        vm.assume(key != KEY);
        _refuses(index, oneItem(BUYER, 1), key, _notInOrder(index));
    }

    function testFuzz_issueByQuota_refusesWhatWasNotSigned(uint256 change, uint32 index, uint8 what) public {
        uint256[] memory items = oneItem(BUYER, 1000);
        bytes memory proof = Keys.walletSign(KEY, _digestOf(_order, index, items));
        if (what % 3 == 0) items[0] ^= bound(change, 1, type(uint224).max);
        if (what % 3 == 1) proof = bytes.concat(proof, hex"00");
        if (what % 3 == 2) proof[1 + change % 64] ^= 0x01;
        vm.expectRevert(_notInOrder(index));
        vouchers.issueByQuota(_order, index, items, proof);
        assertEq(vouchers.supply(_series).issued, 0, "issued nothing");
    }

    function test_issueByQuota_refusesAnotherOrdersSignatureAndEmptyProofs() public {
        uint64 other = approveQuota(CITY, _series, TOTAL, PER_DAY, Keys.walletId(KEY));
        uint256[] memory items = oneItem(BUYER, 1000);
        bytes memory proof = Keys.walletSign(KEY, _digestOf(other, 0, items));
        vm.expectRevert(_notInOrder(0));
        vouchers.issueByQuota(_order, 0, items, proof);
        vm.expectRevert(_notInOrder(0));
        vouchers.issueByQuota(_order, 0, items, "");
    }

    function test_issueByQuota_isNoWayIntoAListNorTheOtherWayRound() public {
        uint256[] memory items = oneItem(BUYER, 1000);
        uint64 list = approve(CITY, _series, 1000, leafOf(0, items));
        bytes memory proof = Keys.walletSign(KEY, _digestOf(list, 0, items));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ChunkNotInOrder.selector, list, 0));
        vouchers.issueByQuota(list, 0, items, proof);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ChunkNotInOrder.selector, list, 0));
        vouchers.issueByQuota(list, 0, items, "");
        vm.expectRevert(_notInOrder(0));
        vouchers.issue(_order, 0, items, new bytes32[](0));
    }

    function test_closeIssueOrder_ofAQuotaNeedsOneTreasurer() public {
        _issue(0, 1000);
        bytes memory call = abi.encodeCall(IVouchersAdmin.closeIssueOrder, (CITY, _order));
        refuses(CITY, call, registrars(), abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, 1));
        act(CITY, call, ids(4));
        assertEq(vouchers.supply(_series).approved, 1000, "the rest is free again");
        _refuses(1, oneItem(BUYER, 1), KEY, abi.encodeWithSelector(IVoucherEvents.OrderClosed.selector, _order));
    }

    function testFuzz_issueByQuota_refusesWhatIsClosedUnknownOrTooLarge(uint64 order, uint16 count) public {
        vm.assume(order != _order);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.OrderUnknown.selector, order));
        vouchers.issueByQuota(order, 0, oneItem(BUYER, 1), "");
        uint256[] memory items = new uint256[](bound(count, 401, 900));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, items.length, 400));
        vouchers.issueByQuota(_order, 0, items, "");
    }

    function testFuzz_issueByQuota_waitsWhilePausedAndEndsWithItsSeries(uint40 until) public {
        until = uint40(bound(until, NOW + 1, NOW + 7 days));
        pause(CITY, _series, until);
        bytes4 why = IVoucherEvents.SeriesNotOpen.selector;
        _refuses(0, oneItem(BUYER, 1), KEY, abi.encodeWithSelector(why, _series, Refusal.SeriesPaused));
        vm.warp(until);
        _issue(0, 1);
        vm.warp(NOW + 365 days - 1);
        _issue(1, 1);
        vm.warp(NOW + 365 days);
        _refuses(2, oneItem(BUYER, 1), KEY, abi.encodeWithSelector(why, _series, Refusal.Expired));
    }

    function _issue(uint256 index, uint64 amount) private {
        uint256[] memory items = oneItem(BUYER, amount);
        vouchers.issueByQuota(_order, index, items, Keys.walletSign(KEY, _digestOf(_order, index, items)));
    }

    function _refuses(uint256 index, uint256[] memory items, uint256 key, bytes memory reason) private {
        bytes memory proof = Keys.walletSign(key, _digestOf(_order, index, items));
        bytes32 before = _state();
        vm.expectRevert(reason);
        vouchers.issueByQuota(_order, index, items, proof);
        assertEq(_state(), before, "a refused chunk changed something");
    }

    function _state() private view returns (bytes32) {
        return keccak256(
            abi.encode(
                vouchers.issueOrder(_order), vouchers.supply(_series), vouchers.holding(_series, BUYER)
            )
        );
    }

    function _digestOf(uint64 order, uint256 index, uint256[] memory items) private view returns (bytes32) {
        return digest(
            abi.encode(
                keccak256("QuotaIssue(uint64 order,uint256 index,bytes32 items)"),
                order,
                index,
                keccak256(abi.encodePacked(items))
            )
        );
    }

    function _approveCall(Region by, uint64 total, bytes32 key) private view returns (bytes memory) {
        return abi.encodeCall(IVouchersAdmin.approveQuota, (by, _series, total, PER_DAY, key));
    }

    function _notInOrder(uint256 index) private view returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.ChunkNotInOrder.selector, _order, index);
    }
}
