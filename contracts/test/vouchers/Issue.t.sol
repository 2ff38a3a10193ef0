// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {SeriesTerms, Supply, FLAG_COMPANY} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Log} from "../support/Test.sol";
import {Tree} from "../support/Tree.sol";
import {World} from "../support/World.sol";

contract IssueTest is World {
    uint64 private constant EACH = 50_000;

    uint32 private _series;
    uint256[][] private _chunks;
    bytes32[] private _leaves;

    function setUp() public {
        build();
        _series = publish(CITY, plainTerms(CITY));
    }

    function testFuzz_issue_givesToAWholeList(uint8 chunkCount, uint8 perChunk, uint256 seed) public {
        _list(bound(chunkCount, 1, 9), bound(perChunk, 1, 12));
        uint64 total = _total();
        uint64 order = approve(CITY, _series, total, Tree.root(_leaves));
        // Chunks in any order: the seed says where to begin.
        for (uint256 i = 0; i < _chunks.length; i++) {
            uint256 index = (i + seed % _chunks.length) % _chunks.length;
            assertTrue(!vouchers.isChunkIssued(order, index), "not yet");
            vouchers.issue(order, index, _chunks[index], Tree.proof(_leaves, index));
            assertTrue(vouchers.isChunkIssued(order, index), "issued");
        }
        for (uint256 i = 0; i < _chunks.length; i++) {
            for (uint256 j = 0; j < _chunks[i].length; j++) {
                address account = address(uint160(_chunks[i][j]));
                assertEq(vouchers.holding(_series, account).balance, EACH + i, "balance");
                assertEq(vouchers.holding(_series, account).received, EACH + i, "received");
            }
        }
        Supply memory supply = vouchers.supply(_series);
        assertEq(supply.issued, total, "issued");
        assertEq(supply.approved, total, "approved");
        uint64 remaining = vouchers.issueOrder(order).remaining;
        assertEq(remaining, 0, "nothing left");
    }

    function testFuzz_issue_acceptsAnySubmitterOnce(address submitter, uint8 which) public {
        uint64 order = _approved(3, 2);
        uint256 index = which % 3;
        bytes32[] memory proof = Tree.proof(_leaves, index);
        vm.prank(submitter);
        vouchers.issue(order, index, _chunks[index], proof);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ChunkAlreadyIssued.selector, order, index));
        vouchers.issue(order, index, _chunks[index], proof);
    }

    function testFuzz_issue_refusesAChangedRecipientOrAmount(uint8 which, uint256 change) public {
        uint64 order = _approved(4, 3);
        uint256 index = which % 4;
        uint256[] memory items = _chunks[index];
        items[which % 3] ^= bound(change, 1, type(uint256).max);
        _refusesChunk(order, index, items, Tree.proof(_leaves, index));
    }

    function testFuzz_issue_refusesAnotherLengthOrOrder(uint8 which) public {
        uint64 order = _approved(2, 3);
        uint256[] memory items = _chunks[1];
        if (which % 2 == 0) {
            (items[0], items[1]) = (items[1], items[0]);
        } else {
            uint256[] memory fewer = new uint256[](2);
            (fewer[0], fewer[1]) = (items[0], items[1]);
            items = fewer;
        }
        _refusesChunk(order, 1, items, Tree.proof(_leaves, 1));
    }

    function testFuzz_issue_refusesAnotherIndex(uint256 index) public {
        uint64 order = _approved(4, 3);
        vm.assume(index != 2);
        // Under another number the same chunk could be issued a second time.
        _refusesChunk(order, index, _chunks[2], Tree.proof(_leaves, 2));
    }

    function testFuzz_issue_refusesABrokenProof(uint8 which, uint256 change) public {
        uint64 order = _approved(4, 1);
        bytes32[] memory proof = Tree.proof(_leaves, 0);
        proof[which % 2] ^= bytes32(bound(change, 1, type(uint256).max));
        _refusesChunk(order, 0, _chunks[0], proof);
        _refusesChunk(order, 0, _chunks[0], new bytes32[](0));
    }

    function test_issue_refusesAnotherOrdersChunk() public {
        _approved(2, 1);
        uint256[] memory items = new uint256[](1);
        items[0] = issueItem(address(0xE), EACH);
        uint64 other = approve(CITY, _series, EACH, leafOf(0, items));
        _refusesChunk(other, 0, _chunks[0], Tree.proof(_leaves, 0));
    }

    function testFuzz_issue_refusesAnUnknownOrder(uint64 order) public {
        vm.assume(order != _approved(2, 1));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.OrderUnknown.selector, order));
        vouchers.issue(order, 0, _chunks[0], Tree.proof(_leaves, 0));
    }

    function test_issue_refusesAClosedOrder() public {
        uint64 order = _approved(2, 1);
        act(CITY, abi.encodeCall(IVouchersAdmin.closeIssueOrder, (CITY, order)), treasurers()
        );
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.OrderClosed.selector, order));
        vouchers.issue(order, 0, _chunks[0], Tree.proof(_leaves, 0));
    }

    function testFuzz_issue_refusesAChunkAbove400(uint16 count) public {
        uint256[] memory items = new uint256[](bound(count, 401, 900));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, items.length, 400));
        vouchers.issue(1, 0, items, new bytes32[](0));
    }

    function testFuzz_issue_waitsWhilePausedAndLosesNothing(uint40 until) public {
        uint64 order = _approved(2, 2);
        until = uint40(bound(until, NOW + 1, NOW + 7 days));
        pause(CITY, _series, until);
        bytes32[] memory proof = Tree.proof(_leaves, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IVoucherEvents.SeriesNotOpen.selector, _series, Refusal.SeriesPaused)
        );
        vouchers.issue(order, 0, _chunks[0], proof);
        vm.warp(until);
        vouchers.issue(order, 0, _chunks[0], proof);
        assertEq(vouchers.supply(_series).issued, 2 * EACH, "the same list, after the pause");
    }

    function testFuzz_issue_refusesAnExpiredSeries(uint40 late) public {
        uint64 order = _approved(2, 1);
        vm.warp(bound(late, NOW + 365 days, type(uint40).max));
        bytes32[] memory proof = Tree.proof(_leaves, 0);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.SeriesNotOpen.selector, _series, Refusal.Expired));
        vouchers.issue(order, 0, _chunks[0], proof);
    }

    function test_issue_givesBeforeTheFirstDayOfUse() public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.validFrom = NOW + 10 days;
        uint32 series = publish(CITY, terms);
        issueTo(CITY, series, address(0xA), EACH);
        assertEq(vouchers.holding(series, address(0xA)).balance, EACH, "handed out beforehand");
    }

    function testFuzz_issue_refusesAboveTheHoldingCap(uint64 cap, uint64 amount) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.holdingCap = uint64(bound(cap, EACH, 10 * EACH));
        _series = publish(CITY, terms);
        address full = address(0xF);
        issueTo(CITY, _series, full, EACH);
        uint64 left = terms.holdingCap - EACH;
        amount = uint64(bound(amount, left + 1, 1_000_000_000));
        // The neighbour on the list still gets it.
        _refusesItem(full, amount, amount, Refusal.HoldingCapExceeded, left, amount);
        assertEq(vouchers.holding(_series, full).balance, EACH, "as before");
    }

    function testFuzz_issue_refusesMoreThanWasApproved(uint64 total, uint64 amount) public {
        total = uint64(bound(total, EACH, 1_000_000_000));
        amount = uint64(bound(amount, total - EACH + 1, type(uint64).max));
        _refusesItem(address(0xF), amount, total - EACH, Refusal.BudgetExceeded, total - EACH, amount);
    }

    function test_issue_refusesAnAmountOfZero() public {
        _refusesItem(address(0xF), 0, 0, Refusal.AmountZero, 0, 0);
    }

    /// @notice Every event of an issue, and the day on which vouchers came in.
    function testFuzz_issue_emitsEachRecipientAndTheToken(address account, uint64 amount, uint40 when) public {
        amount = uint64(bound(amount, 1, PLAIN_BUDGET));
        vm.assume(account != address(0));
        vm.warp(bound(when, NOW, NOW + 365 days - 1));
        uint256[] memory items = oneItem(account, amount);
        uint64 order = approve(CITY, _series, amount, leafOf(0, items));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.Issued(order, _series, account, amount);
        vm.expectEmit(address(vouchers));
        emit IERC1155.TransferSingle(address(this), address(0), account, _series, amount);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.ChunkIssued(order, 0);
        vouchers.issue(order, 0, items, new bytes32[](0));
        assertEq(vouchers.holding(_series, account).receivedDay, (block.timestamp + 9 hours) / 1 days, "day");
        assertEq(tokens.balanceOf(account, _series), amount, "token");
        assertEq(vouchers.supply(_series).issued, amount, "issued");
    }

    function testFuzz_issue_fillsTheHoldingToItsCap(uint64 cap) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.holdingCap = uint64(bound(cap, EACH + 1, 10 * EACH));
        _series = publish(CITY, terms);
        issueTo(CITY, _series, address(0xF), EACH);
        issueTo(CITY, _series, address(0xF), terms.holdingCap - EACH);
        assertEq(vouchers.holding(_series, address(0xF)).balance, terms.holdingCap, "to the last won");
        _refusesItem(address(0xF), 1, 1, Refusal.HoldingCapExceeded, 0, 1);
    }

    /// @dev What a contract of the platform held, anybody could spend: any act may call from there.
    function testFuzz_issue_refusesThePlatformsContracts(uint8 which, uint64 amount) public {
        amount = uint64(bound(amount, 1, 1_000_000));
        _refusesItem(ownContract(which), amount, amount, Refusal.ReceiverIsContract, 0, 0);
    }

    function testFuzz_issue_refusesTheZeroAccount(uint64 amount) public {
        amount = uint64(bound(amount, 1, 1_000_000_000));
        _refusesItem(address(0), amount, amount, Refusal.BuyerNotEligible, 0, 0);
    }

    function testFuzz_issue_refusesCompaniesWhatIsForResidents(uint64 amount) public {
        amount = uint64(bound(amount, 1, 1_000_000_000));
        attest(person(0xC0), CITY, 2, true);
        _refusesItem(person(0xC0), amount, amount, Refusal.BuyerNotEligible, 0, 0);
    }

    function testFuzz_issue_refusesResidentsWhatIsForCompanies(uint64 amount) public {
        amount = uint64(bound(amount, 1, 1_000_000_000));
        SeriesTerms memory terms = plainTerms(CITY);
        terms.flags = FLAG_COMPANY;
        _series = publish(CITY, terms);
        attest(person(0xAA), CITY, 2, true);
        _refusesItem(address(0xF), amount, amount, Refusal.BuyerNotEligible, 0, 0);
    }

    function testFuzz_issue_refusesANumberAbove32Bits(uint256 index) public {
        index = bound(index, uint256(type(uint32).max) + 1, type(uint256).max);
        uint256[] memory items = oneItem(address(0xA), EACH);
        uint64 order = approve(CITY, _series, EACH, leafOf(index, items));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ChunkNotInOrder.selector, order, index));
        vouchers.issue(order, index, items, new bytes32[](0));
    }

    /// @dev A list of two, a neighbour with EACH and the one to refuse, approved for EACH + `approvedFor`.
    function _refusesItem(address account, uint64 amount, uint64 approvedFor, Refusal why, uint256 a, uint256 b)
        private
    {
        uint256[] memory items = new uint256[](2);
        items[0] = issueItem(person(0xAA), EACH);
        items[1] = issueItem(account, amount);
        uint64 order = approve(CITY, _series, EACH + approvedFor, leafOf(0, items));
        bytes32 before = keccak256(abi.encode(vouchers.holding(_series, account)));
        uint64 issued = vouchers.supply(_series).issued;
        vm.recordLogs();
        vouchers.issue(order, 0, items, new bytes32[](0));
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 4, "issued and its token, refused, chunk done");
        assertEq(logs[2].topics[0], IVoucherEvents.IssueRefused.selector, "refused");
        assertEq(logs[2].topics[1], bytes32(uint256(order)), "order");
        assertEq(logs[2].topics[2], bytes32(uint256(uint160(account))), "account");
        assertEq(
            keccak256(logs[2].data), keccak256(abi.encode(amount, uint8(why), a, b)), "why"
        );
        assertEq(keccak256(abi.encode(vouchers.holding(_series, account))), before, "nothing changed");
        assertEq(vouchers.supply(_series).issued, issued + EACH, "only the neighbour got it");
        uint64 remaining = vouchers.issueOrder(order).remaining;
        assertEq(remaining, approvedFor, "the rest stays approved");
    }

    function _refusesChunk(uint64 order, uint256 index, uint256[] memory items, bytes32[] memory proof) private {
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ChunkNotInOrder.selector, order, index));
        vouchers.issue(order, index, items, proof);
        assertEq(vouchers.supply(_series).issued, 0, "issued nothing");
    }

    function _approved(uint256 chunkCount, uint256 perChunk) private returns (uint64) {
        _list(chunkCount, perChunk);
        return approve(CITY, _series, _total(), Tree.root(_leaves));
    }

    /// @dev Every account in chunk i gets EACH + i won.
    function _list(uint256 chunkCount, uint256 perChunk) private {
        for (uint256 i = 0; i < chunkCount; i++) {
            uint256[] memory items = new uint256[](perChunk);
            for (uint256 j = 0; j < perChunk; j++) {
                items[j] = issueItem(address(uint160(1_000 * (i + 1) + j)), uint64(EACH + i));
            }
            _chunks.push(items);
            _leaves.push(leafOf(i, items));
        }
    }

    function _total() private view returns (uint64 total) {
        for (uint256 i = 0; i < _chunks.length; i++) {
            total += uint64(_chunks[i].length * (EACH + i));
        }
    }
}
