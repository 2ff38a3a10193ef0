// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {Receipt, Return, SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {ExtensionOrders} from "../support/ExtensionOrders.sol";
import {Order} from "../support/Orders.sol";
import {Tree} from "../support/Tree.sol";

/// @notice What proves a payment, and what does not; and that no voucher can be spent twice, whatever comes between a
/// payment and its void.
contract VoidReceiptsTest is ExtensionOrders {
    uint256 private constant PAYER_KEY = 0xBEEF;
    uint256 private constant FRIEND_KEY = 0xF12E;
    uint256 private constant KEY = 0x5A0F;
    uint256 private constant OTHER_KEY = 0x0517;
    uint64 private constant GIVEN = 1_000_000;
    uint40 private constant UNTIL = NOW + 500 days;

    address private _payer;
    address private _friend;
    address private _shop;
    address private _other;
    uint32 private _series;

    function setUp() public {
        build();
        (_payer, _friend) = (person(PAYER_KEY), person(FRIEND_KEY));
        (_shop, _other) = (person(KEY), person(OTHER_KEY));
        register(_shop, CITY, 1, 0);
        register(_other, CITY, 1, 0);
        SeriesTerms memory terms = plainTerms(CITY);
        (terms.flags, terms.hops, terms.refundPercent, terms.refundDays) = (1, 3, 60, 7);
        _series = publish(CITY, terms);
        issueTo(CITY, _series, _payer, GIVEN);
    }

    /// @dev Every payment of a large batch, with the refused ones between, has its branch.
    function testFuzz_receipt_provesAnyPaymentOfABatch(uint8 count, uint8 refused, uint8 which, uint64 amount) public {
        count = uint8(bound(count, 2, 40));
        refused %= count;
        which %= count;
        amount = uint64(bound(amount, 1, GIVEN / 40));
        bytes32[] memory leaves = new bytes32[](0);
        uint256 place = 0;
        Transfer[] memory items = new Transfer[](count);
        bytes memory proofs;
        for (uint32 i = 0; i < count; i++) {
            Order memory payment = _payment(_shop, amount, i + 1);
            items[i] = transfer(payment);
            bytes32 id = paymentId(payment);
            proofs = bytes.concat(proofs, one(prove(wallet(i == refused ? KEY : PAYER_KEY), id)));
            if (i == which) place = leaves.length;
            if (i != refused) leaves = Tree.append(leaves, receiptLeaf(id, _payer, _shop, _series, amount));
        }
        vouchers.pay(items, proofs);
        bytes32 wanted = paymentId(_payment(_shop, amount, which + 1));
        uint64 batch = vouchers.receiptCount();
        Receipt memory receipt = Receipt(wanted, amount, today(), batch, Tree.proof(leaves, place));
        Order memory order = _void(amount, 1);
        if (which == refused) refusesVoid(order, receipt, KEY, Refusal.ReceiptUnknown, batch, 0);
        else voids(order, receipt, KEY);
    }

    /// @dev Each fact of the leaf counts: another amount, day, payer, series or branch is no receipt.
    function testFuzz_receipt_provesNothingElse(uint8 field, uint64 by, bytes32 noise) public {
        Receipt memory receipt = paid(_payment(_shop, 1_000, 1), PAYER_KEY);
        uint32 twin = publish(CITY, plainTerms(CITY));
        paid(_payment(_other, 1_000, 2), PAYER_KEY);
        Order memory order = _void(500, 1);
        by = uint64(bound(by, 1, 400));
        if (field % 7 == 0) receipt.amount += by;
        if (field % 7 == 1) receipt.day += uint16(by);
        if (field % 7 == 2) order.to = _friend;
        if (field % 7 == 3) order.series = twin;
        if (field % 7 == 4) receipt.batch = 0;
        if (field % 7 == 5) (receipt.branch = new bytes32[](1))[0] = noise;
        // Another payment's batch, which is there, does not prove this one.
        if (field % 7 == 6) receipt.batch++;
        refusesVoid(order, receipt, KEY, Refusal.ReceiptUnknown, receipt.batch, 0);
    }

    /// @dev Another merchant may not take back what was paid to this one.
    function test_receipt_isItsMerchantsAlone() public {
        Receipt memory receipt = paid(_payment(_shop, 1_000, 1), PAYER_KEY);
        paid(_payment(_other, 1_000, 2), PAYER_KEY);
        Order memory order = _void(1_000, 1);
        order.from = _other;
        refusesVoid(order, receipt, OTHER_KEY, Refusal.ReceiptUnknown, receipt.batch, 0);
    }

    /// @dev A redemption's receipt would name the merchant as payer and account zero as merchant.
    function test_receipt_ofARedemptionIsNone() public {
        settles(_payment(_shop, 1_000, 1), PAYER_KEY);
        Order memory redemption = Order(_shop, address(0), _series, 400, 1, UNTIL, 0);
        redeems(redemption, KEY);
        Receipt memory receipt = soleReceipt(redemptionId(redemption), 400);
        Order memory order = _void(400, 2);
        refusesVoid(order, receipt, KEY, Refusal.ReceiptUnknown, receipt.batch, 0);
        order.to = _shop;
        refusesVoid(order, receipt, KEY, Refusal.ReceiptUnknown, receipt.batch, 0);
        (order.from, order.to) = (address(0), _shop);
        refusesVoid(order, receipt, KEY, Refusal.SignatureInvalid, 0, 0);
    }

    /// @dev And a payment's receipt returns no redemption.
    function test_receipt_ofAPaymentReturnsNoRedemption() public {
        Receipt memory receipt = paid(_payment(_shop, 1_000, 1), PAYER_KEY);
        refuses(
            CITY,
            _return(receipt),
            treasurers(),
            abi.encodeWithSelector(IVoucherEvents.ReturnInvalid.selector, receipt.id)
        );
    }

    /// @dev A payment from two series has a receipt for each; one is not the other's.
    function testFuzz_void_ofAPaymentFromTwoSeries(uint64 rest, uint64 first, uint64 second) public {
        uint32 later = publish(CITY, plainTerms(CITY));
        issueTo(CITY, later, _payer, GIVEN);
        rest = uint64(bound(rest, 1, GIVEN));
        Order memory payment = _payment(_shop, GIVEN + rest, 1);
        payment.series = listed(_series, later);
        uint64[] memory parts = new uint64[](2);
        (parts[0], parts[1]) = (GIVEN, rest);
        settles(payment, wallet(PAYER_KEY), parts);
        bytes32[] memory leaves = new bytes32[](2);
        leaves[0] = receiptLeaf(paymentId(payment), _payer, _shop, _series, GIVEN);
        leaves[1] = receiptLeaf(paymentId(payment), _payer, _shop, later, rest);
        uint64 batch = vouchers.receiptCount();
        Receipt memory one_ = Receipt(paymentId(payment), GIVEN, today(), batch, Tree.proof(leaves, 0));
        Receipt memory two = Receipt(paymentId(payment), rest, today(), batch, Tree.proof(leaves, 1));
        Order memory order = _void(uint64(bound(first, 1, GIVEN)), 1);
        voids(order, one_, KEY);
        order.series = later;
        refusesVoid(order, one_, KEY, Refusal.ReceiptUnknown, batch, 0);
        order.amount = uint64(bound(second, 1, rest));
        voids(order, two, KEY);
        order.nonce++;
        uint64 left = rest - order.amount;
        order.amount = left + 1;
        refusesVoid(order, two, KEY, Refusal.VoidExceedsPayment, left, left + 1);
    }

    /// @dev Redeemed, returned by the bank, voided: once each, and nothing is left to redeem.
    function testFuzz_void_afterARedemptionCameBack(uint64 amount) public {
        amount = uint64(bound(amount, 1, GIVEN));
        Receipt memory receipt = paid(_payment(_shop, amount, 1), PAYER_KEY);
        Order memory redemption = Order(_shop, address(0), _series, amount, 1, UNTIL, 0);
        redeems(redemption, KEY);
        Receipt memory burned = soleReceipt(redemptionId(redemption), amount);
        refusesVoid(_void(amount, 2), receipt, KEY, Refusal.InsufficientMerchantBalance, 0, amount);
        act(CITY, _return(burned), treasurers());
        voids(_void(amount, 2), receipt, KEY);
        refuses(
            CITY,
            _return(burned),
            treasurers(),
            abi.encodeWithSelector(IVoucherEvents.ReturnInvalid.selector, burned.id)
        );
        redemption.nonce = 3;
        refusesRedemption(redemption, KEY, Refusal.InsufficientMerchantBalance, 0, amount);
        assertEq(outstanding(_series), GIVEN, "all of it is with the payer again");
    }

    /// @dev Paid, the rest refunded, the payment voided: what comes back is all that is left, and was received.
    function testFuzz_void_afterARefund(uint64 spent) public {
        spent = uint64(bound(spent, GIVEN * 6 / 10, GIVEN - 1));
        Receipt memory receipt = paid(_payment(_shop, spent, 1), PAYER_KEY);
        uint64 rest = GIVEN - spent;
        refunds(Order(_payer, address(0), _series, rest, 2, UNTIL, 0), PAYER_KEY, rest * 9 / 10);
        voids(_void(spent, 1), receipt, KEY);
        assertEq(vouchers.holding(_series, _payer).balance, spent, "back");
        assertEq(vouchers.holding(_series, _payer).received, spent, "received again");
        assertEq(outstanding(_series), spent, "nothing twice");
    }

    /// @dev Voids of payments before and after a refund: what fits what was received since is not received again.
    function testFuzz_void_acrossARefund(uint64 next, uint64 nextSpent, bool newFirst) public {
        next = uint64(bound(next, 1, GIVEN));
        nextSpent = uint64(bound(nextSpent, 1, next));
        uint64 spent = GIVEN * 6 / 10;
        Receipt memory old = paid(_payment(_shop, spent, 1), PAYER_KEY);
        refunds(Order(_payer, address(0), _series, GIVEN - spent, 2, UNTIL, 0), PAYER_KEY, (GIVEN - spent) * 9 / 10);
        issueTo(CITY, _series, _payer, next);
        Receipt memory recent = paid(_payment(_shop, nextSpent, 3), PAYER_KEY);
        if (newFirst) voids(_void(nextSpent, 1), recent, KEY);
        voids(_void(spent, 2), old, KEY);
        if (!newFirst) voids(_void(nextSpent, 1), recent, KEY);
        assertEq(vouchers.holding(_series, _payer).balance, uint256(next) + spent, "all of it is back");
        assertEq(vouchers.holding(_series, _payer).received, uint256(next) + spent, "and none of it spent");
        assertEq(outstanding(_series), uint256(next) + spent, "nothing twice");
    }

    /// @dev Paid, the rest given away, the payment voided, and given away as well.
    function testFuzz_void_afterAGift(uint64 spent) public {
        spent = uint64(bound(spent, 1, GIVEN - 1));
        Receipt memory receipt = paid(_payment(_shop, spent, 1), PAYER_KEY);
        gives(Order(_payer, _friend, _series, GIVEN - spent, 2, UNTIL, 0), PAYER_KEY);
        voids(_void(spent, 1), receipt, KEY);
        gives(Order(_payer, _friend, _series, spent, 3, UNTIL, 0), PAYER_KEY);
        assertEq(vouchers.holding(_series, _friend).balance, GIVEN, "all of it, once");
        assertEq(vouchers.holding(_series, _payer).received, 0, "nothing left here");
        refusesVoid(_void(1, 2), receipt, KEY, Refusal.VoidExceedsPayment, 0, 1);
    }

/// @dev Any life of one payment: in every order of calls no won is in two places, no holding passes
    /// what it received, and the payment comes back once at most.
    function testFuzz_void_anywhereInALife(uint256 seed) public {
        Receipt memory receipt = paid(_payment(_shop, GIVEN / 2, 1), PAYER_KEY);
        for (uint32 i = 2; i < 18; i++) {
            uint64 amount = uint64(1 + seed % (GIVEN / 4));
            uint256 what = (seed >> 128) % 8;
            if (what == 7) vm.warp(block.timestamp + 1 days);
            else if (what == 6) _expire();
            else _try(what, amount, i, receipt);
            seed = uint256(keccak256(abi.encode(seed)));
            _holds(_payer);
            _holds(_friend);
            uint256 sum = tokens.balanceOf(_payer, _series) + tokens.balanceOf(_friend, _series)
                + tokens.balanceOf(_shop, _series) + tokens.balanceOf(_other, _series);
            assertEq(sum, outstanding(_series), "every won is in one place");
            assertTrue(vouchers.voided(receipt.id, _series) <= receipt.amount, "came back more than once");
        }
    }

    function _try(uint256 what, uint64 amount, uint32 nonce, Receipt memory receipt) private {
        Order memory order = Order(_payer, _friend, _series, amount, nonce, UNTIL, 0);
        if (what == 0) {
            order = _void(amount, nonce);
            bytes memory proof = one(prove(wallet(KEY), voidId(order, receipt.id)));
            vouchers.voidPayments(one(transfer(order)), one(receipt), proof);
        } else if (what == 1) {
            vouchers.give(one(transfer(order)), one(prove(wallet(PAYER_KEY), giftId(order))));
        } else if (what == 2) {
            (order.from, order.to) = (_friend, _payer);
            vouchers.give(one(transfer(order)), one(prove(wallet(FRIEND_KEY), giftId(order))));
        } else if (what == 3) {
            order.amount = vouchers.holding(_series, _payer).balance;
            vouchers.refund(one(transfer(order)), one(prove(wallet(PAYER_KEY), refundId(order))));
        } else if (what == 4) {
            (order.from, order.to) = (_shop, _other);
            vouchers.circulate(one(transfer(order)), one(prove(wallet(KEY), circulationId(order))));
        } else {
            (order.from, order.to) = (_shop, address(0));
            vouchers.redeem(one(transfer(order)), one(prove(wallet(KEY), redemptionId(order))));
        }
    }

    /// @dev Ends the series when it comes first.
    function _expire() private {
        if (block.timestamp < NOW + 365 days) {
            vm.warp(NOW + 365 days);
            startExpiry(CITY, _series);
        }
        address[] memory holders = new address[](2);
        (holders[0], holders[1]) = (_payer, _friend);
        vouchers.expire(_series, holders);
    }

    function _holds(address holder) private view {
        uint48 balance = vouchers.holding(_series, holder).balance;
        assertTrue(balance <= vouchers.holding(_series, holder).received, "more than it received");
    }

    function _payment(address shop, uint64 amount, uint32 nonce) private view returns (Order memory) {
        return Order(_payer, shop, _series, amount, nonce, UNTIL, 0);
    }

    function _void(uint64 amount, uint32 nonce) private view returns (Order memory) {
        return Order(_shop, _payer, _series, amount, nonce, UNTIL, 0);
    }

    function _return(Receipt memory receipt) private view returns (bytes memory) {
        Return[] memory entries = new Return[](1);
        entries[0] = Return(_shop, _series, receipt);
        return abi.encodeCall(IVouchersAdmin.returnRedemptions, (CITY, entries));
    }
}
