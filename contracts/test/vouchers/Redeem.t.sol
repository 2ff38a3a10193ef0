// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {MerchantStatus, SeriesTerms, MerchantBalance} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {Keys} from "../support/Keys.sol";
import {Order} from "../support/Orders.sol";
import {Till} from "../support/Till.sol";

/// @notice A redemption and each reason to refuse it: what was earned is owed, to the merchant alone and once.
contract RedeemTest is Till {
    uint256 private constant PAYER_KEY = 0xBEEF;
    uint256 private constant KEY = 0x5A0F;
    uint64 private constant EARNED = 500_000;

    address private _payer;
    address private _shop;
    uint32 private _series;

    function setUp() public {
        build();
        (_payer, _shop) = (person(PAYER_KEY), person(KEY));
        _series = publish(CITY, plainTerms(CITY));
        register(_shop, CITY, 1, 0);
        issueTo(CITY, _series, _payer, 2 * EARNED);
        settles(Order(_payer, _shop, _series, EARNED, 1, NOW + 1 days, 0), PAYER_KEY);
    }

    function testFuzz_redeem_burnsMerchantBalance(uint64 amount, uint32 nonce, bytes32 note) public {
        Order memory order = _order();
        order.amount = uint64(bound(amount, 1, EARNED));
        order.nonce = uint32(bound(nonce, 1, 63));
        order.note = note;
        redeems(order, KEY);
    }

    function test_redeem_burnsTheLastWon() public {
        Order memory order = _order();
        order.amount = EARNED;
        redeems(order, KEY);
        assertEq(vouchers.merchantBalance(_series, _shop).balance, 0, "nothing left");
    }

    function testFuzz_redeem_emitsWhatIsOwed(uint64 amount, bytes32 note, address submitter) public {
        // Vouchers calls itself for a token transfer alone, and emits the owner as the operator then.
        vm.assume(submitter != address(vouchers));
        Order memory order = _order();
        order.amount = uint64(bound(amount, 1, EARNED));
        order.note = note;
        bytes memory proofs = _proof(order, KEY);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.Redeemed(redemptionId(order), _series, _shop, order.amount, order.nonce, note);
        vm.expectEmit(address(vouchers));
        emit IERC1155.TransferSingle(submitter, _shop, address(0), _series, order.amount);
        vm.prank(submitter);
        vouchers.redeem(one(transfer(order)), proofs);
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
        order.nonce = uint32(bound(nonce, 1, 63));
        order.amount = uint64(bound(amount, 1, EARNED / 2));
        redeems(order, KEY);
        refusesRedemption(order, KEY, Refusal.Replayed, order.nonce, order.nonce);
    }

    function testFuzz_redeem_refusesMoreThanTheMerchantBalance(uint64 amount) public {
        Order memory order = _order();
        order.amount = uint64(bound(amount, EARNED + 1, type(uint64).max));
        refusesRedemption(order, KEY, Refusal.InsufficientMerchantBalance, EARNED, order.amount);
    }

    function testFuzz_redeem_refusesWhatAResidentHolds(uint64 amount) public {
        // What was never spent is not redeemable (Act Art 9: merchants only).
        Order memory order = _order();
        order.from = _payer;
        order.amount = uint64(bound(amount, 1, EARNED));
        refusesRedemption(order, PAYER_KEY, Refusal.InsufficientMerchantBalance, 0, order.amount);
    }

    function testFuzz_redeem_refusesAPaymentsSignature(uint64 amount) public {
        amount = uint64(bound(amount, 1, EARNED));
        Order memory payment = Order(_payer, _shop, _series, amount, 2, NOW + 1 days, 0);
        vouchers.redeem(one(transfer(payment)), one(prove(wallet(PAYER_KEY), paymentId(payment))));
        assertEq(vouchers.supply(_series).redeemed, 0, "a payment is no redemption");
        bytes memory proof = prove(wallet(KEY), redemptionId(_order()));
        refusesPayment(_order(), proof, Refusal.SignatureInvalid, 0, 0);
        // Nor a refund, whose message has the same fields.
        proof = prove(wallet(KEY), refundId(_order()));
        refusesRedemption(_order(), proof, Refusal.SignatureInvalid, 0, 0);
    }

    function testFuzz_redeem_refusesAFieldChangedAfterSigning(uint8 field, uint32 by) public {
        bytes memory proof = prove(wallet(KEY), redemptionId(_order()));
        Order memory changed = _order();
        by = uint32(bound(by, 1, 500));
        if (field % 6 == 0) changed.from = address(uint160(changed.from) + by);
        if (field % 6 == 1) changed.amount += by;
        if (field % 6 == 2) changed.nonce += by;
        if (field % 6 == 3) changed.deadline += by;
        if (field % 6 == 4) changed.note = bytes32(uint256(by));
        if (field % 6 == 5) changed.series = publish(CITY, plainTerms(CITY));
        refusesRedemption(changed, proof, Refusal.SignatureInvalid, 0, 0);
    }

    /// @dev Of several reasons the first is reported. @param faults a bit for each reason, in their order.
    function testFuzz_redeem_reportsTheFirstReason(uint8 faults) public {
        faults = uint8(bound(faults, 1, 63));
        Order memory order = _order();
        Order memory first = _order();
        (first.amount, first.note) = (1, keccak256("first"));
        if (faults & 16 != 0) redeems(first, KEY);
        uint64 left = faults & 16 != 0 ? EARNED - 1 : EARNED;
        if (faults & 32 != 0) order.amount = EARNED + 1;
        if (faults & 1 != 0) order.amount = 0;
        if (faults & 2 != 0) order.deadline = NOW - 1;
        if (faults & 4 != 0) order.series = 99;
        uint256 key = faults & 8 != 0 ? PAYER_KEY : KEY;
        if (faults & 1 != 0) refusesRedemption(order, key, Refusal.AmountZero, 0, 0);
        else if (faults & 2 != 0) refusesRedemption(order, key, Refusal.DeadlinePassed, NOW - 1, NOW);
        else if (faults & 4 != 0) refusesRedemption(order, key, Refusal.SeriesUnknown, 99, 0);
        else if (faults & 8 != 0) refusesRedemption(order, key, Refusal.SignatureInvalid, 0, 0);
        else if (faults & 16 != 0) refusesRedemption(order, key, Refusal.Replayed, 1, 1);
        else refusesRedemption(order, key, Refusal.InsufficientMerchantBalance, left, EARNED + 1);
    }

    /// @dev It goes to the merchant's own bank account, so a till may do it without limit.
    function testFuzz_redeem_isFreeOfTheDevicesLimit(uint64 amount, uint32 limit) public {
        bytes memory ring = Keys.ring(limit, Keys.entry(1, Keys.deviceId(KEY)));
        address shop = merchantOf(ring);
        register(shop, CITY, 1, 0);
        Order memory payment = Order(_payer, shop, _series, EARNED, 2, NOW + 1 days, 0);
        settles(payment, PAYER_KEY);
        Order memory order = _order();
        order.from = shop;
        order.amount = uint64(bound(amount, 1, EARNED));
        redeems(order, device(KEY, 0, ring));
    }

    function testFuzz_redeem_takesThePasskeyOfARing(uint64 amount, uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        bytes memory ring = Keys.ring(0, Keys.entry(2, Keys.passkeyId(key)));
        address shop = merchantOf(ring);
        register(shop, CITY, 1, 0);
        settles(Order(_payer, shop, _series, EARNED, 2, NOW + 1 days, 0), PAYER_KEY);
        Order memory order = _order();
        (order.from, order.amount) = (shop, uint64(bound(amount, 1, EARNED)));
        bytes memory foreign = prove(device(key, 0, ring), redemptionId(order));
        refusesRedemption(order, foreign, Refusal.SignatureInvalid, 0, 0);
        redeems(order, passkey(key, 0, ring));
    }

    function test_redeem_goesOnWhenTheMerchantsAccountIsFrozen() public {
        attest(_shop, CITY, 2);
        freeze(_shop, true);
        redeems(_order(), KEY);
    }

    /// @dev Recipient and further series are no part of a redemption, so they may not make a second one of it.
    function testFuzz_redeem_ignoresWhatIsNoPartOfIt(address to, uint32 second) public {
        Order memory order = _order();
        bytes memory proofs = _proof(order, KEY);
        Order memory dressed = _order();
        (dressed.to, dressed.series) = (to, listed(_series, second));
        vouchers.redeem(one(transfer(dressed)), proofs);
        assertEq(vouchers.supply(_series).redeemed, order.amount, "redeemed");
        refusesRedemption(order, KEY, Refusal.Replayed, order.nonce, order.nonce);
    }

    /// @dev What made most hops can be used for least, so it is burned first.
    function testFuzz_redeem_burnsMostHopsFirst(uint64[4] memory amounts, uint64 amount) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.hops = 3;
        uint32 series = publish(CITY, terms);
        uint64 total = _hop(series, amounts);
        Order memory order = _order();
        order.series = series;
        order.amount = total + 1;
        refusesRedemption(order, KEY, Refusal.InsufficientMerchantBalance, total, total + 1);
        order.amount = uint64(bound(amount, 1, total));
        redeems(order, KEY);
        assertEq(tokens.balanceOf(_shop, series), total - order.amount, "token");
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
        Transfer[] memory items = new Transfer[](3);
        Order memory order = _order();
        order.amount = uint64(bound(amount, EARNED / 2 + 1, EARNED));
        items[0] = items[1] = transfer(order);
        bytes memory proofs = bytes.concat(_proof(order, KEY), _proof(order, KEY));
        order.nonce++;
        items[2] = transfer(order);
        vouchers.redeem(items, bytes.concat(proofs, _proof(order, KEY)));
        assertEq(vouchers.supply(_series).redeemed, order.amount, "once");
    }

    function testFuzz_redeem_refusesABatchAbove400(uint16 count) public {
        Transfer[] memory items = new Transfer[](bound(count, 401, 1_000));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, items.length, 400));
        vouchers.redeem(items, new bytes(2 * items.length));
    }

    function test_redeem_takesAnEmptyBatchAndStoresNoReceipts() public {
        uint64 batches = vouchers.receiptCount();
        vm.recordLogs();
        vouchers.redeem(new Transfer[](0), "");
        assertEq(vm.getRecordedLogs().length, 0, "no event");
        assertEq(vouchers.receiptCount(), batches, "no receipts");
        assertEq(vouchers.previewRedemptions(new Transfer[](0), "").length, 0, "nothing");
    }

    function testFuzz_redeem_refusesAStreamThatEndsEarly(uint8 cut) public {
        Order memory order = _order();
        Transfer[] memory items = new Transfer[](2);
        items[0] = items[1] = transfer(order);
        bytes memory proof = _proof(order, KEY);
        cut = uint8(bound(cut, 0, proof.length - 1));
        bytes memory short = new bytes(cut);
        for (uint256 i = 0; i < cut; i++) {
            short[i] = proof[i];
        }
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ProofMissing.selector, 0));
        vouchers.redeem(items, short);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ProofMissing.selector, 1));
        vouchers.redeem(items, bytes.concat(proof, short));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ProofMissing.selector, 1));
        vouchers.previewRedemptions(items, bytes.concat(proof, short));
    }

    /// @dev Merchant balances of each hop 0..3: a chain of shops passes one amount after another on to `_shop`.
    function _hop(uint32 series, uint64[4] memory amounts) private returns (uint64 total) {
        issueTo(CITY, series, _payer, 4 * EARNED);
        address[4] memory chain = [_shop, person(101), person(102), person(103)];
        uint256[4] memory keys = [KEY, 101, 102, 103];
        for (uint256 i = 1; i < 4; i++) {
            register(chain[i], CITY, 1, 0);
        }
        for (uint32 hops = 0; hops < 4; hops++) {
            uint64 amount = uint64(bound(amounts[hops], 1, EARNED));
            total += amount;
            settles(Order(_payer, chain[hops], series, amount, hops + 1, NOW + 1 days, 0), PAYER_KEY);
            for (uint256 place = hops; place > 0; place--) {
                _passOn(Order(chain[place], chain[place - 1], series, amount, hops + 1, NOW + 1 days, 0), keys[place]);
            }
        }
        MerchantBalance memory taken = vouchers.merchantBalance(series, _shop);
        assertEq(taken.balance, bound(amounts[0], 1, EARNED), "from residents");
        for (uint256 i = 0; i < 3; i++) {
            assertEq(taken.byHop[i], bound(amounts[i + 1], 1, EARNED), "hopped");
        }
    }

    function _passOn(Order memory order, uint256 key) private {
        bytes memory proofs = one(prove(wallet(key), circulationId(order)));
        assertEq(vouchers.circulate(one(transfer(order)), proofs)[0].code, 0, "circulated");
    }

    function _proof(Order memory order, uint256 key) private view returns (bytes memory) {
        return one(prove(wallet(key), redemptionId(order)));
    }

    function _order() private view returns (Order memory) {
        return Order(_shop, address(0), _series, 10_000, 1, NOW + 1 days, keccak256("payout"));
    }
}
