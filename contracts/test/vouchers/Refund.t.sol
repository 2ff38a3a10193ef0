// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {Outcome, SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {ExtensionOrders} from "../support/ExtensionOrders.sol";
import {Keys} from "../support/Keys.sol";
import {Order} from "../support/Orders.sol";

/// @notice The statutory refund of a whole holding, and each reason to refuse it.
contract RefundTest is ExtensionOrders {
    uint256 private constant KEY = 0xBEEF;
    uint64 private constant GIVEN = 1_000_000;
    uint8 private constant PERCENT = 60;
    uint8 private constant DAYS = 7;
    address private immutable SHOP = person(0x5A0F);
    /// @dev The first midnight in Korea after NOW: 15:00 UTC.
    uint256 private constant MIDNIGHT = (uint256(NOW) / 1 days) * 1 days + 15 hours;

    address private _holder;
    /// @dev Refundable once 60 % is spent, or untouched for a week.
    uint32 private _series;

    function setUp() public {
        build();
        _holder = person(KEY);
        register(SHOP, CITY, 1, 0);
        _series = _open(_terms(PERCENT, DAYS));
    }

    function testFuzz_refund_onceEnoughIsSpent(uint64 spent, uint32 nonce, bytes32 note) public {
        spent = uint64(bound(spent, GIVEN * PERCENT / 100, GIVEN - 1));
        vm.warp(NOW + 100 days);
        _spend(_series, spent);
        Order memory order = _order();
        order.amount = GIVEN - spent;
        order.nonce = uint32(bound(nonce, 2, 64));
        order.note = note;
        refunds(order, KEY, order.amount * 9_000 / 10_000);
    }

    /// @dev One won below the threshold it is not due, at the threshold it is; odd amounts included.
    function testFuzz_refund_fromTheThresholdOn(uint8 percent, uint64 given) public {
        percent = uint8(bound(percent, 1, 99));
        given = uint64(bound(given, 200, 5_000_000));
        uint32 series = publish(CITY, _terms(percent, 0));
        issueTo(CITY, series, _holder, given);
        // The least that reaches the percentage.
        uint64 enough = (given * percent + 99) / 100;
        if (enough > 1) _spend(series, enough - 1);
        Order memory order = _order();
        order.series = series;
        order.amount = given - (enough - 1);
        order.nonce = 3;
        uint256 spent = uint256(enough - 1) * 100 / given;
        refusesRefund(order, KEY, Refusal.RefundNotDue, spent, percent);
        settles(Order(_holder, SHOP, series, 1, 2, NOW + 1 days, 0), KEY);
        order.amount--;
        refunds(order, KEY, order.amount * 9_000 / 10_000);
    }

    /// @dev Untouched, up to the end of the seventh Korean day after it came in; NOW is 23:13 in Korea.
    function testFuzz_refund_whileUntouchedAndNew(uint40 second) public {
        vm.warp(bound(second, NOW, MIDNIGHT + uint256(DAYS) * 1 days - 1));
        refunds(_order(), KEY, GIVEN * 9 / 10);
    }

    function testFuzz_refund_refusesUntouchedOnceItIsOld(uint40 second) public {
        vm.warp(bound(second, MIDNIGHT + uint256(DAYS) * 1 days, NOW + 300 days));
        refusesRefund(_order(), KEY, Refusal.RefundNotDue, 0, PERCENT);
    }

    /// @dev The days count from when it last grew.
    function testFuzz_refund_restartsTheDaysWhenItGrows(uint64 more) public {
        vm.warp(NOW + 30 days);
        refusesRefund(_order(), KEY, Refusal.RefundNotDue, 0, PERCENT);
        Order memory order = _order();
        order.amount = GIVEN + uint64(bound(more, 1, GIVEN));
        issueTo(CITY, _series, _holder, order.amount - GIVEN);
        vm.warp(MIDNIGHT + 37 days - 1);
        refunds(order, KEY, order.amount * 9_000 / 10_000);
    }

    function testFuzz_refund_refusesTouchedBelowTheThreshold(uint64 spent) public {
        spent = uint64(bound(spent, 1, GIVEN * PERCENT / 100 - 1));
        _spend(_series, spent);
        Order memory order = _order();
        (order.amount, order.nonce) = (GIVEN - spent, 2);
        refusesRefund(order, KEY, Refusal.RefundNotDue, uint256(spent) * 100 / GIVEN, PERCENT);
    }

    /// @dev 0 = never, by share and by days alike: of such a series nothing is ever due.
    function testFuzz_refund_refusesWhereTheSeriesHasNone(uint64 spent) public {
        uint32 series = _open(_terms(0, 0));
        spent = uint64(bound(spent, 1, GIVEN - 1));
        Order memory order = _order();
        order.series = series;
        refusesRefund(order, KEY, Refusal.RefundNotDue, 0, 0);
        _spend(series, spent);
        (order.amount, order.nonce) = (GIVEN - spent, 2);
        refusesRefund(order, KEY, Refusal.RefundNotDue, uint256(spent) * 100 / GIVEN, 0);
    }

    /// @dev After a refund `received` restarts at zero: the next vouchers are measured by themselves.
    function testFuzz_refund_restartsTheHolding(uint64 spent, uint64 next, uint64 nextSpent) public {
        uint32 series = _open(_terms(PERCENT, 0));
        spent = uint64(bound(spent, GIVEN * PERCENT / 100, GIVEN - 1));
        next = uint64(bound(next, 2, GIVEN));
        nextSpent = uint64(bound(nextSpent, 1, next - 1));
        _spend(series, spent);
        Order memory order = _order();
        (order.series, order.amount, order.nonce) = (series, GIVEN - spent, 2);
        refunds(order, KEY, order.amount * 9_000 / 10_000);
        issueTo(CITY, series, _holder, next);
        (order.amount, order.nonce) = (next, 3);
        refusesRefund(order, KEY, Refusal.RefundNotDue, 0, PERCENT);
        settles(Order(_holder, SHOP, series, nextSpent, 3, NOW + 1 days, 0), KEY);
        (order.amount, order.nonce) = (next - nextSpent, 4);
        uint256 percent = uint256(nextSpent) * 100 / next;
        if (percent >= PERCENT) refunds(order, KEY, order.amount * 9_000 / 10_000);
        else refusesRefund(order, KEY, Refusal.RefundNotDue, percent, PERCENT);
    }

    /// @dev The resident's own share, rounded down; the rest is the funders'.
    function testFuzz_refund_owesTheResidentsOwnShare(uint16 share, uint64 given) public {
        SeriesTerms memory terms = _terms(PERCENT, DAYS);
        share = uint16(bound(share, 0, 10_000));
        terms.funding = [share, 0, 0, 10_000 - share];
        Order memory order = _order();
        order.series = publish(CITY, terms);
        order.amount = uint64(bound(given, 1, SMALL));
        issueTo(CITY, uint32(order.series), _holder, order.amount);
        refunds(order, KEY, order.amount * share / 10_000);
    }

    function testFuzz_refund_refusesZero(uint32 nonce) public {
        Order memory order = _order();
        (order.amount, order.nonce) = (0, nonce);
        refusesRefund(order, KEY, Refusal.AmountZero, 0, 0);
        // An empty holding has nothing to refund either, whatever is asked.
        order.from = person(KEY + 1);
        refusesRefund(order, KEY + 1, Refusal.AmountZero, 0, 0);
        order.amount = 1;
        order.nonce = 1;
        refusesRefund(order, KEY + 1, Refusal.RefundNotWhole, 0, 1);
    }

    function testFuzz_refund_refusesAfterItsDeadline(uint40 late) public {
        Order memory order = _order();
        order.deadline = NOW + 1 days;
        vm.warp(bound(late, order.deadline + 1, type(uint40).max));
        refusesRefund(order, KEY, Refusal.DeadlinePassed, order.deadline, block.timestamp);
        vm.warp(order.deadline);
        refunds(order, KEY, GIVEN * 9 / 10);
    }

    function testFuzz_refund_refusesAnUnknownSeries(uint32 series) public {
        vm.assume(series != _series);
        Order memory order = _order();
        order.series = series;
        refusesRefund(order, KEY, Refusal.SeriesUnknown, series, 0);
    }

    function testFuzz_refund_refusesAnotherSigner(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != KEY);
        refusesRefund(_order(), key, Refusal.SignatureInvalid, 0, 0);
        // A merchant's redemption has the same fields.
        bytes memory proof = prove(wallet(KEY), redemptionId(_order()));
        refusesRefund(_order(), proof, Refusal.SignatureInvalid, 0, 0);
    }

    function testFuzz_refund_refusesAFieldChangedAfterSigning(uint8 field, uint64 by) public {
        bytes memory proof = prove(wallet(KEY), refundId(_order()));
        Order memory changed = _order();
        by = uint64(bound(by, 1, 500));
        if (field % 5 == 0) changed.from = address(uint160(changed.from) + by);
        if (field % 5 == 1) changed.amount += by;
        if (field % 5 == 2) changed.nonce += uint32(by);
        if (field % 5 == 3) changed.deadline += uint40(by);
        if (field % 5 == 4) changed.note = bytes32(uint256(by));
        refusesRefund(changed, proof, Refusal.SignatureInvalid, 0, 0);
    }

    function testFuzz_refund_refusesADeviceKey(uint32 limit) public {
        bytes memory ring = ringOf(limit, Keys.deviceId(KEY), Keys.walletId(KEY + 1));
        Order memory order = _order();
        order.from = residentOf(ring);
        issueTo(CITY, _series, order.from, GIVEN);
        bytes memory proof = prove(device(KEY, 0, ring), refundId(order));
        refusesRefund(order, proof, Refusal.OwnerKeyNeeded, 0, 0);
        proof = one(prove(wallet(KEY + 1, 1, ring), refundId(order)));
        assertEq(vouchers.refund(one(transfer(order)), proof)[0].code, 0, "an owner key");
    }

    function test_refund_refusesAFrozenAccount() public {
        attest(_holder, CITY, 2);
        freeze(_holder, true);
        refusesRefund(_order(), KEY, Refusal.AccountFrozen, 0, 0);
        freeze(_holder, false);
        refunds(_order(), KEY, GIVEN * 9 / 10);
    }

    function testFuzz_refund_refusesAReplay(uint32 nonce) public {
        Order memory order = _order();
        order.nonce = uint32(bound(nonce, 1, 63));
        // 0 stands in events that no holder's signature caused.
        (nonce, order.nonce) = (order.nonce, 0);
        refusesRefund(order, KEY, Refusal.Replayed, 0, 0);
        order.nonce = nonce;
        refunds(order, KEY, GIVEN * 9 / 10);
        issueTo(CITY, _series, _holder, GIVEN);
        refusesRefund(order, KEY, Refusal.Replayed, order.nonce, order.nonce);
    }

    function testFuzz_refund_refusesAPart(uint64 amount) public {
        Order memory order = _order();
        order.amount = uint64(bound(amount, 1, type(uint64).max));
        vm.assume(order.amount != GIVEN);
        refusesRefund(order, KEY, Refusal.RefundNotWhole, GIVEN, order.amount);
    }

    /// @dev The refund is the resident's by statute: neither pause nor the end of validity takes it.
    function testFuzz_refund_worksWhenAllElseStops(uint8 what) public {
        _spend(_series, GIVEN * PERCENT / 100);
        if (what % 3 == 0) pause(CITY, _series, NOW + 7 days);
        if (what % 3 != 0) vm.warp(NOW + 365 days);
        if (what % 3 == 2) startExpiry(CITY, _series);
        Order memory order = _order();
        (order.amount, order.nonce) = (GIVEN - GIVEN * PERCENT / 100, 2);
        refunds(order, KEY, order.amount * 9_000 / 10_000);
    }

    /// @dev Merchant balances are redeemed, not refunded.
    function test_refund_leavesMerchantBalancesAlone() public {
        register(_holder, CITY, 1, 0);
        uint256 other = KEY + 1;
        issueTo(CITY, _series, person(other), GIVEN);
        settles(Order(person(other), _holder, _series, GIVEN, 1, NOW + 1 days, 0), other);
        Order memory order = _order();
        order.amount = 2 * GIVEN;
        refusesRefund(order, KEY, Refusal.RefundNotWhole, GIVEN, 2 * GIVEN);
        order.amount = GIVEN;
        refunds(order, KEY, GIVEN * 9 / 10);
    }

    function test_refund_doesNotRefundTwiceInABatch() public {
        Transfer[] memory items = new Transfer[](3);
        bytes memory proofs;
        Order memory order = _order();
        for (uint256 i = 0; i < 3; i++) {
            if (i == 2) order.nonce++;
            items[i] = transfer(order);
            proofs = bytes.concat(proofs, one(prove(wallet(KEY), refundId(order))));
        }
        Outcome[] memory said = vouchers.refund(items, proofs);
        assertEq(said[0].code, 0, "the first");
        assertEq(said[1].code, uint8(Refusal.Replayed), "the same again");
        assertEq(said[2].code, uint8(Refusal.RefundNotWhole), "nothing is left");
        assertEq(vouchers.supply(_series).refunded, GIVEN, "once");
    }

    function testFuzz_refund_refusesABatchAbove400(uint16 count) public {
        Transfer[] memory items = new Transfer[](bound(count, 401, 600));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, items.length, 400));
        vouchers.refund(items, "");
    }

    function test_refund_refusesAMissingProof() public {
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ProofMissing.selector, 0));
        vouchers.refund(one(transfer(_order())), hex"");
    }

    function _terms(uint8 percent, uint8 untouchedDays) private view returns (SeriesTerms memory terms) {
        terms = plainTerms(CITY);
        (terms.refundPercent, terms.refundDays) = (percent, untouchedDays);
    }

    function _order() private view returns (Order memory) {
        return Order(_holder, address(0), _series, GIVEN, 1, NOW + 500 days, keccak256("my rest"));
    }

    function _spend(uint32 series, uint64 amount) private {
        settles(Order(_holder, SHOP, series, amount, 1, NOW + 300 days, 0), KEY);
    }

    function _open(SeriesTerms memory terms) private returns (uint32 series) {
        series = publish(CITY, terms);
        issueTo(CITY, series, _holder, GIVEN);
    }
}
