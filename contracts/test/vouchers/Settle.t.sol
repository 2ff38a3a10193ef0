// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {MerchantStatus, SeriesTerms, Settlement, MerchantBalance} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region} from "../../src/types/Region.sol";
import {Log} from "../support/Test.sol";
import {Order} from "../support/Orders.sol";
import {Till} from "../support/Till.sol";
import {Tree} from "../support/Tree.sol";

/// @notice settle: an authority burns the balances of its merchants without their signatures.
contract SettleTest is Till {
    uint64 private constant TAKEN = 100_000;
    uint256 private constant PAYER_KEY = 0xA11;
    uint256 private constant SHOP_KEY = 0x5A0F;
    bytes32 private constant RUN = keccak256("run 7");

    address private _shop;
    address private _other;
    uint32 private _series;

    function setUp() public {
        build();
        SeriesTerms memory terms = plainTerms(CITY);
        terms.hops = 2;
        _series = publish(CITY, terms);
        (_shop, _other) = (person(SHOP_KEY), person(0x5A10));
        register(_shop, CITY, 1, 1);
        register(_other, CITY, 1, 1);
        issueTo(CITY, _series, person(PAYER_KEY), 10 * TAKEN);
        _pay(_shop, 1);
        _pay(_other, 2);
    }

    function testFuzz_settle_burnsAndEmitsWhatIsOwed(uint64 amount) public {
        amount = uint64(bound(amount, 1, TAKEN));
        Settlement[] memory lines = _lines(amount);
        bytes32 id = _idOf(1, 0);
        MerchantBalance memory taken = vouchers.merchantBalance(_series, _shop);
        taken.balance -= uint48(amount);
        vm.recordLogs();
        act(CITY, _call(CITY, lines), treasurers());
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 4, "redeemed, token, receipts, act");
        _isRedeemed(logs[0], id, _shop, amount);
        _isToken(logs[1], _shop, amount);
        isReceipts(logs[2], receiptLeaf(id, _shop, address(0), _series, amount));
        _equal(abi.encode(vouchers.merchantBalance(_series, _shop)), abi.encode(taken), "merchant balances; no nonce is used");
        assertEq(vouchers.supply(_series).redeemed, amount, "redeemed");
        assertEq(tokens.balanceOf(_shop, _series), TAKEN - amount, "token");
        assertEq(vouchers.merchantBalance(_series, _other).balance, TAKEN, "no other merchant's");
    }

    function testFuzz_settle_refusesALineAloneThatIsTooLarge(uint64 amount) public {
        amount = uint64(bound(amount, TAKEN + 1, 1 << 40));
        Settlement[] memory lines = new Settlement[](3);
        lines[0] = Settlement(_shop, _series, amount);
        lines[1] = Settlement(_other, _series, TAKEN);
        lines[2] = Settlement(_shop, _series, 0);
        vm.recordLogs();
        act(CITY, _call(CITY, lines), treasurers());
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 6, "refused, redeemed, token, refused, receipts, act");
        _isRefused(logs[0], _idOf(1, 0), Refusal.InsufficientMerchantBalance, TAKEN, amount);
        _isRedeemed(logs[1], _idOf(1, 1), _other, TAKEN);
        _isToken(logs[2], _other, TAKEN);
        _isRefused(logs[3], _idOf(1, 2), Refusal.AmountZero, 0, 0);
        isReceipts(logs[4], receiptLeaf(_idOf(1, 1), _other, address(0), _series, TAKEN));
        assertEq(vouchers.merchantBalance(_series, _shop).balance, TAKEN, "kept");
        assertEq(vouchers.merchantBalance(_series, _other).balance, 0, "burned");
        assertEq(vouchers.supply(_series).redeemed, TAKEN, "redeemed");
    }

    function testFuzz_settle_ofNothingStoresNoReceipts(uint64 amount) public {
        amount = uint64(bound(amount, TAKEN + 1, 1 << 40));
        uint64 batches = vouchers.receiptCount();
        act(CITY, _call(CITY, _lines(amount)), treasurers());
        assertEq(vouchers.receiptCount(), batches, "no batch");
        act(CITY, _call(CITY, new Settlement[](0)), treasurers());
        assertEq(vouchers.receiptCount(), batches, "no batch of nothing");
    }

    /// @dev The same merchant twice takes from what the first line left.
    function testFuzz_settle_countsTheSameMerchantTwice(uint64 first, uint64 second) public {
        first = uint64(bound(first, 1, TAKEN));
        second = uint64(bound(second, 1, TAKEN));
        Settlement[] memory lines = new Settlement[](2);
        lines[0] = Settlement(_shop, _series, first);
        lines[1] = Settlement(_shop, _series, second);
        act(CITY, _call(CITY, lines), treasurers());
        uint64 burned = first + second > TAKEN ? first : first + second;
        assertEq(vouchers.merchantBalance(_series, _shop).balance, TAKEN - burned, "merchant balances");
        assertEq(vouchers.supply(_series).redeemed, burned, "redeemed");
    }

    function testFuzz_settle_numbersItsRuns(uint64 amount) public {
        amount = uint64(bound(amount, 1, TAKEN / 2));
        act(CITY, _call(CITY, _lines(amount)), treasurers());
        Settlement[] memory both = new Settlement[](2);
        both[0] = Settlement(_other, _series, amount);
        both[1] = Settlement(_shop, _series, amount);
        vm.recordLogs();
        act(CITY, _call(CITY, both), treasurers());
        Log[] memory logs = vm.getRecordedLogs();
        _isRedeemed(logs[0], _idOf(2, 0), _other, amount);
        _isRedeemed(logs[2], _idOf(2, 1), _shop, amount);
        bytes32[] memory leaves = new bytes32[](2);
        leaves[0] = receiptLeaf(_idOf(2, 0), _other, address(0), _series, amount);
        leaves[1] = receiptLeaf(_idOf(2, 1), _shop, address(0), _series, amount);
        isReceipts(logs[4], Tree.root(leaves));
    }

    function testFuzz_settle_burnsMostHopsFirst(uint64 byHop, uint64 amount) public {
        byHop = uint64(bound(byHop, 1, TAKEN));
        Order memory order =
            Order(_shop, _other, _series, byHop, 1, uint40(block.timestamp), bytes32("circulated"));
        vouchers.circulate(one(transfer(order)), one(prove(wallet(SHOP_KEY), circulationId(order))));
        MerchantBalance memory taken = vouchers.merchantBalance(_series, _other);
        assertEq(taken.byHop[0], byHop, "test: hopped");
        amount = uint64(bound(amount, 1, TAKEN + byHop));
        burnFrom(taken, amount);
        Settlement[] memory lines = new Settlement[](1);
        lines[0] = Settlement(_other, _series, amount);
        act(CITY, _call(CITY, lines), treasurers());
        _equal(abi.encode(vouchers.merchantBalance(_series, _other)), abi.encode(taken), "merchant balances");
    }

    function testFuzz_settle_worksDuringPauseSuspensionAndAfterValidity(uint8 which) public {
        if (which % 3 == 0) pause(CITY, _series, NOW + 1 days);
        if (which % 3 == 1) setStatus(_shop, which % 2 == 0 ? MerchantStatus.Suspended : MerchantStatus.Closed);
        if (which % 3 == 2) vm.warp(NOW + 366 days);
        act(CITY, _call(CITY, _lines(TAKEN)), treasurers());
        assertEq(vouchers.supply(_series).redeemed, TAKEN, "it was earned");
    }

    function testFuzz_settle_refusesAnotherAuthoritysSeries(bool parent, uint32 id) public {
        Region other = parent ? PROVINCE : OTHER_CITY;
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, _series, other);
        refuses(other, _call(other, _lines(TAKEN)), treasurers(), reason);
        // One foreign line spoils the run.
        vm.assume(id != _series);
        Settlement[] memory lines = new Settlement[](2);
        lines[0] = Settlement(_shop, _series, TAKEN);
        lines[1] = Settlement(_shop, id, 0);
        reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, id, CITY);
        refuses(CITY, _call(CITY, lines), treasurers(), reason);
        assertEq(vouchers.merchantBalance(_series, _shop).balance, TAKEN, "kept");
    }

    function testFuzz_settle_needsTheOfficersOfItsSum(uint64 first, uint64 second) public {
        Settlement[] memory lines = new Settlement[](2);
        lines[0] = Settlement(_shop, _series, uint64(bound(first, SMALL / 2 + 1, type(uint64).max / 2)));
        lines[1] = Settlement(_other, _series, uint64(bound(second, SMALL / 2, type(uint64).max / 2)));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3);
        refuses(CITY, _call(CITY, lines), ids(3, 4), reason);
        (lines[0].amount, lines[1].amount) = (SMALL / 2, SMALL / 2);
        act(CITY, _call(CITY, lines), ids(3, 4));
    }

    function testFuzz_settle_refusesAbove400(uint16 count) public {
        Settlement[] memory lines = new Settlement[](bound(count, 401, 600));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, lines.length, 400);
        refuses(CITY, _call(CITY, lines), treasurers(), reason);
    }

    function test_settle_refusesCallersWithoutAnAct() public {
        vm.expectRevert(IAuthorities.NotAnAct.selector);
        vouchers.settle(CITY, RUN, _lines(TAKEN));
    }

    function _pay(address shop, uint32 nonce) private {
        address payer = person(PAYER_KEY);
        settles(Order(payer, shop, _series, TAKEN, nonce, uint40(block.timestamp), bytes32("")), PAYER_KEY);
    }

    function _lines(uint64 amount) private view returns (Settlement[] memory lines) {
        lines = new Settlement[](1);
        lines[0] = Settlement(_shop, _series, amount);
    }

    function _call(Region by, Settlement[] memory lines) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersAdmin.settle, (by, RUN, lines));
    }

    function _idOf(uint64 run, uint256 line) private view returns (bytes32) {
        return keccak256(abi.encode("settlement", address(vouchers), block.chainid, run, line));
    }

    function _isRedeemed(Log memory log, bytes32 id, address shop, uint64 amount) private view {
        assertEq(log.topics[0], IVoucherEvents.Redeemed.selector, "Redeemed");
        assertEq(log.topics[1], id, "redemption");
        assertEq(uint256(log.topics[2]), _series, "series");
        assertEq(address(uint160(uint256(log.topics[3]))), shop, "merchant");
        _equal(log.data, abi.encode(amount, uint32(0), RUN), "data of a settlement");
    }

    function _isRefused(Log memory log, bytes32 id, Refusal why, uint256 a, uint256 b) private pure {
        assertEq(log.topics[0], IVoucherEvents.RedemptionRefused.selector, "RedemptionRefused");
        assertEq(log.topics[1], id, "redemption");
        _equal(log.data, abi.encode(uint8(why), a, b), "why");
    }

    /// @dev The operator is the contract that executes acts.
    function _isToken(Log memory log, address from, uint64 value) private view {
        assertEq(address(uint160(uint256(log.topics[1]))), address(authorities), "operator");
        assertEq(address(uint160(uint256(log.topics[2]))), from, "from");
        assertEq(uint256(log.topics[3]), 0, "burned");
        _equal(log.data, abi.encode(uint256(_series), uint256(value)), "token and value");
    }
}
