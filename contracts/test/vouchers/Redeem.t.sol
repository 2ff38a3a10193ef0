// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchers, MerchantStatus} from "../../src/interfaces/IVouchers.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {SignedTransfer} from "../../src/types/SignedTransfer.sol";
import {Order, Till} from "../support/Till.sol";

contract RedeemTest is Till {
    uint256 private constant PAYER_KEY = 0xBEEF;
    uint256 private constant KEY = 0x5A0F;
    uint64 private constant EARNED = 500_000;

    address private _payer;
    address private _shop;
    uint32 private _series;

    function setUp() public {
        build();
        (_payer, _shop) = (vm.addr(PAYER_KEY), vm.addr(KEY));
        _series = publish(CITY, plainTerms(CITY));
        register(_shop, CITY, 1, 0);
        give(CITY, _series, _payer, 2 * EARNED);
        settles(Order(_payer, _shop, _series, EARNED, 1, NOW + 1 days, 0), PAYER_KEY);
    }

    function testFuzz_redeem_burnsTakings(uint64 amount, uint32 nonce, bytes32 note) public {
        Order memory order = _order();
        order.amount = uint64(bound(amount, 1, EARNED));
        order.nonce = uint32(bound(nonce, 0, 1_000_000));
        order.note = note;
        redeems(order, KEY);
        assertEq(vouchers.takings(_series, _shop).earned, EARNED, "what was earned stays known");
    }

    function testFuzz_redeem_tellsWhatIsOwed(uint64 amount, bytes32 note, address bringer) public {
        Order memory order = _order();
        order.amount = uint64(bound(amount, 1, EARNED));
        order.note = note;
        SignedTransfer[] memory items = only(signRedemption(order, KEY));
        vm.expectEmit(address(vouchers));
        emit IVouchers.Redeemed(redemptionId(order), _series, _shop, order.amount, order.nonce, note);
        vm.prank(bringer);
        vouchers.redeem(items);
    }

    function testFuzz_redeem_refusesZero(uint32 nonce) public {
        Order memory order = _order();
        order.amount = 0;
        order.nonce = nonce;
        refusesRedemption(order, KEY, Refusal.AmountZero, 0, 0);
    }

    function testFuzz_redeem_refusesAfterItsDeadline(uint40 late) public {
        Order memory order = _order();
        vm.warp(bound(late, order.deadline + 1, type(uint40).max));
        refusesRedemption(order, KEY, Refusal.DeadlinePassed, order.deadline, block.timestamp);
    }

    function testFuzz_redeem_refusesAnUnknownSeries(uint32 series) public {
        vm.assume(series != _series);
        Order memory order = _order();
        order.series = series;
        refusesRedemption(order, KEY, Refusal.SeriesUnknown, series, 0);
    }

    function testFuzz_redeem_refusesAnotherSigner(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != KEY);
        refusesRedemption(_order(), key, Refusal.SignatureInvalid, 0, 0);
    }

    function testFuzz_redeem_refusesAReplay(uint32 nonce, uint64 amount) public {
        Order memory order = _order();
        order.nonce = uint32(bound(nonce, 0, 1_000_000));
        order.amount = uint64(bound(amount, 1, EARNED / 2));
        redeems(order, KEY);
        refusesRedemption(order, KEY, Refusal.Replayed, order.nonce, order.nonce);
    }

    function testFuzz_redeem_refusesMoreThanTheTakings(uint64 amount) public {
        Order memory order = _order();
        order.amount = uint64(bound(amount, EARNED + 1, type(uint64).max));
        refusesRedemption(order, KEY, Refusal.InsufficientTakings, EARNED, order.amount);
    }

    function testFuzz_redeem_refusesWhatAResidentHolds(uint64 amount) public {
        // What was never spent is not redeemable (Act Art 9: merchants only).
        Order memory order = _order();
        order.from = _payer;
        order.amount = uint64(bound(amount, 1, EARNED));
        refusesRedemption(order, PAYER_KEY, Refusal.InsufficientTakings, 0, order.amount);
    }

    function test_redeem_refusesAPaymentsSignature() public {
        Order memory order = Order(_payer, _shop, _series, 1_000, 2, NOW + 1 days, 0);
        SignedTransfer[] memory items = only(signPayment(order, PAYER_KEY));
        vouchers.redeem(items);
        assertEq(vouchers.supply(_series).redeemed, 0, "a payment is no redemption");
        Order memory redemption = _order();
        vouchers.pay(only(signRedemption(redemption, KEY)));
        assertEq(vouchers.takings(_series, _shop).balance, EARNED, "a redemption is no payment");
    }

    function testFuzz_redeem_goesOnWhileStopped(uint8 how) public {
        Order memory order = _order();
        if (how % 4 == 0) pause(CITY, _series, NOW + 7 days);
        if (how % 4 == 1) setStatus(_shop, MerchantStatus.Suspended);
        if (how % 4 == 2) setStatus(_shop, MerchantStatus.Closed);
        if (how % 4 == 3) vm.warp(NOW + 400 days);
        order.deadline = uint40(block.timestamp + 1 days);
        redeems(order, KEY);
    }

    function testFuzz_redeem_doesNotPayTwiceInABatch(uint64 amount) public {
        SignedTransfer[] memory items = new SignedTransfer[](3);
        Order memory order = _order();
        order.amount = uint64(bound(amount, EARNED / 2 + 1, EARNED));
        items[0] = items[1] = signRedemption(order, KEY);
        order.nonce++;
        items[2] = signRedemption(order, KEY);
        vouchers.redeem(items);
        assertEq(vouchers.supply(_series).redeemed, order.amount, "once");
    }

    function testFuzz_redeem_refusesABatchAbove400(uint16 count) public {
        SignedTransfer[] memory items = new SignedTransfer[](bound(count, 401, 1_000));
        vm.expectRevert(abi.encodeWithSelector(IVouchers.BatchTooLarge.selector, items.length, 400));
        vouchers.redeem(items);
    }

    function _order() private view returns (Order memory) {
        return Order(_shop, address(0), _series, 10_000, 1, NOW + 1 days, keccak256("payout"));
    }
}
