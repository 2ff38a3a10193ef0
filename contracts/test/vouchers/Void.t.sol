// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {MerchantStatus, Outcome, Receipt, SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {ExtensionOrders} from "../support/ExtensionOrders.sol";
import {Keys} from "../support/Keys.sol";
import {Order, Signer} from "../support/Orders.sol";

/// @notice A merchant takes payments back, and each reason to refuse it. Receipts have a file of their own.
contract VoidTest is ExtensionOrders {
    uint256 private constant PAYER_KEY = 0xBEEF;
    uint256 private constant KEY = 0x5A0F;
    uint64 private constant GIVEN = 1_000_000;
    uint64 private constant PAID = 300_000;

    address private _payer;
    address private _shop;
    uint32 private _series;
    Receipt private _receipt;

    function setUp() public {
        build();
        (_payer, _shop) = (person(PAYER_KEY), person(KEY));
        attest(_payer, CITY, 0);
        register(_shop, CITY, 1, 0);
        _series = _open(plainTerms(CITY));
        _receipt = paid(_payment(_series, PAID, 1), PAYER_KEY);
    }

    function testFuzz_void_returnsToThePayer(uint64 amount, uint32 nonce, bytes32 note) public {
        Order memory order = _order();
        order.amount = uint64(bound(amount, 1, PAID));
        order.nonce = uint32(bound(nonce, 1, 63));
        order.note = note;
        voids(order, _receipt, KEY);
    }

    function testFuzz_void_inPartsUpToThePayment(uint64 first, uint64 second) public {
        Order memory order = _order();
        order.amount = first = uint64(bound(first, 1, PAID - 1));
        voids(order, _receipt, KEY);
        order.nonce++;
        uint64 left = PAID - first;
        order.amount = uint64(bound(second, left + 1, type(uint64).max));
        refusesVoid(order, _receipt, KEY, Refusal.VoidExceedsPayment, left, order.amount);
        order.amount = left;
        voids(order, _receipt, KEY);
        order.nonce++;
        order.amount = 1;
        refusesVoid(order, _receipt, KEY, Refusal.VoidExceedsPayment, 0, 1);
        assertEq(vouchers.holding(_series, _payer).balance, GIVEN, "all of it is back");
    }

    function testFuzz_void_refusesZero(uint32 nonce) public {
        Order memory order = _order();
        (order.amount, order.nonce) = (0, nonce);
        refusesVoid(order, _receipt, KEY, Refusal.AmountZero, 0, 0);
    }

    function testFuzz_void_refusesAfterItsDeadline(uint40 late) public {
        Order memory order = _order();
        vm.warp(bound(late, order.deadline + 1, type(uint40).max));
        refusesVoid(order, _receipt, KEY, Refusal.DeadlinePassed, order.deadline, block.timestamp);
        vm.warp(order.deadline);
        voids(order, _receipt, KEY);
    }

    function testFuzz_void_refusesAnUnknownSeries(uint32 series) public {
        vm.assume(series != _series);
        Order memory order = _order();
        order.series = series;
        refusesVoid(order, _receipt, KEY, Refusal.SeriesUnknown, series, 0);
    }

    function testFuzz_void_refusesAnotherSigner(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != KEY);
        refusesVoid(_order(), _receipt, key, Refusal.SignatureInvalid, 0, 0);
        // Nor may the payer take it back.
        refusesVoid(_order(), _receipt, PAYER_KEY, Refusal.SignatureInvalid, 0, 0);
    }

    function testFuzz_void_refusesAFieldChangedAfterSigning(uint8 field, uint64 by) public {
        bytes memory proof = prove(wallet(KEY), voidId(_order(), _receipt.id));
        Order memory changed = _order();
        by = uint64(bound(by, 1, 500));
        if (field % 5 == 0) changed.from = address(uint160(changed.from) + by);
        if (field % 5 == 1) changed.amount += by;
        if (field % 5 == 2) changed.nonce += uint32(by);
        if (field % 5 == 3) changed.deadline += uint40(by);
        if (field % 5 == 4) changed.note = bytes32(uint256(by));
        refusesVoid(changed, _receipt, proof, Refusal.SignatureInvalid, 0, 0);
    }

    /// @dev The merchant signs no payer: whom a submitter names has to be the one of the receipt.
    function testFuzz_void_givesBackToThePayerAlone(address other) public {
        vm.assume(other != _payer);
        bytes memory proof = prove(wallet(KEY), voidId(_order(), _receipt.id));
        Order memory changed = _order();
        changed.to = other;
        assertEq(voidId(changed, _receipt.id), voidId(_order(), _receipt.id), "the same message");
        refusesVoid(changed, _receipt, proof, Refusal.ReceiptUnknown, _receipt.batch, 0);
        voids(_order(), _receipt, KEY);
    }

    /// @dev A submitter can't use it for another payment of the same payer.
    function test_void_refusesThePaymentChangedAfterSigning() public {
        bytes memory proof = prove(wallet(KEY), voidId(_order(), _receipt.id));
        Receipt memory other = paid(_payment(_series, PAID, 2), PAYER_KEY);
        refusesVoid(_order(), other, proof, Refusal.SignatureInvalid, 0, 0);
    }

    function testFuzz_void_refusesAReplay(uint32 nonce, uint64 amount) public {
        Order memory order = _order();
        order.nonce = uint32(bound(nonce, 1, 63));
        order.amount = uint64(bound(amount, 1, PAID / 2));
        // 0 stands in events that no holder's signature caused.
        (nonce, order.nonce) = (order.nonce, 0);
        refusesVoid(order, _receipt, KEY, Refusal.Replayed, 0, 0);
        order.nonce = nonce;
        voids(order, _receipt, KEY);
        refusesVoid(order, _receipt, KEY, Refusal.Replayed, order.nonce, order.nonce);
        order.note = keccak256("another");
        refusesVoid(order, _receipt, KEY, Refusal.Replayed, order.nonce, order.nonce);
    }

    /// @dev Voids and redemptions count in one window.
    function testFuzz_void_refusesTheNonceOfARedemption(uint32 nonce) public {
        Order memory order = _order();
        order.nonce = uint32(bound(nonce, 1, 63));
        redeems(Order(_shop, address(0), _series, 1, order.nonce, NOW + 1 days, 0), KEY);
        refusesVoid(order, _receipt, KEY, Refusal.Replayed, order.nonce, order.nonce);
    }

    function testFuzz_void_refusesAnUnknownReceipt(uint64 batch, bytes32 id) public {
        vm.assume(batch != _receipt.batch && id != _receipt.id);
        Receipt memory receipt = _receipt;
        receipt.batch = batch;
        refusesVoid(_order(), receipt, KEY, Refusal.ReceiptUnknown, batch, 0);
        receipt = _receipt;
        receipt.id = id;
        refusesVoid(_order(), receipt, KEY, Refusal.ReceiptUnknown, receipt.batch, 0);
    }

    function testFuzz_void_refusesMoreThanIsLeftOfTheMerchantBalance(uint64 redeemed, uint64 amount) public {
        redeemed = uint64(bound(redeemed, 1, PAID));
        redeems(Order(_shop, address(0), _series, redeemed, 1, NOW + 1 days, 0), KEY);
        Order memory order = _order();
        order.nonce = 2;
        uint64 left = PAID - redeemed;
        order.amount = uint64(bound(amount, left + 1, PAID));
        refusesVoid(order, _receipt, KEY, Refusal.InsufficientMerchantBalance, left, order.amount);
        if (left == 0) return;
        order.amount = left;
        voids(order, _receipt, KEY);
    }

    /// @dev What the merchant took from other merchants is not a customer's to get back.
    function test_void_refusesBalanceThatCirculated() public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.hops = 3;
        uint32 series = _open(terms);
        uint256 otherKey = 0x0517;
        register(person(otherKey), CITY, 1, 0);
        Receipt memory receipt = paid(_payment(series, PAID, 1), PAYER_KEY);
        circulates(Order(_shop, person(otherKey), series, PAID, 1, NOW + 1 days, 0), KEY);
        circulates(Order(person(otherKey), _shop, series, PAID, 1, NOW + 1 days, 0), otherKey);
        Order memory order = _order();
        (order.series, order.nonce) = (series, 2);
        refusesVoid(order, receipt, KEY, Refusal.InsufficientMerchantBalance, 0, PAID);
    }

    function testFuzz_void_refusesAboveTheDeviceLimit(uint32 limit, uint64 first, uint64 second) public {
        limit = uint32(bound(limit, 2, PAID / 2));
        bytes memory ring = ringOf(limit, Keys.walletId(KEY), Keys.walletId(KEY + 1));
        address shop = merchantOf(ring);
        register(shop, CITY, 1, 0);
        Order memory payment = _payment(_series, PAID, 2);
        payment.to = shop;
        Receipt memory receipt = paid(payment, PAYER_KEY);
        Signer memory device = wallet(KEY, 0, ring);
        Order memory order = _order();
        order.from = shop;
        order.amount = first = uint64(bound(first, 1, limit - 1));
        voids(order, receipt, device);
        order.nonce++;
        order.amount = uint64(bound(second, limit - first + 1, PAID - first));
        bytes memory proof = prove(device, voidId(order, receipt.id));
        refusesVoid(order, receipt, proof, Refusal.DeviceLimitExceeded, limit - first, order.amount);
        voids(order, receipt, wallet(KEY + 1, 1, ring));
    }

    /// @dev A payment may be taken back in every state of the series, the payer and the merchant.
    function testFuzz_void_worksWhenAllElseStops(uint8 what) public {
        if (what % 6 == 0) pause(CITY, _series, NOW + 7 days);
        if (what % 6 == 1) vm.warp(NOW + 400 days);
        if (what % 6 == 2) freeze(_payer, true);
        if (what % 6 == 3) setStatus(_shop, MerchantStatus.Suspended);
        if (what % 6 == 4) setStatus(_shop, MerchantStatus.Closed);
        if (what % 6 == 5) {
            attest(_shop, CITY, 2);
            freeze(_shop, true);
        }
        voids(_order(), _receipt, KEY);
    }

    /// @dev Vouchers that were expired already come back to the payer, and expire again.
    function test_void_afterTheSeriesWasExpired() public {
        vm.warp(NOW + 365 days);
        startExpiry(CITY, _series);
        vouchers.expire(_series, one(_payer));
        voids(_order(), _receipt, KEY);
        assertEq(vouchers.holding(_series, _payer).balance, PAID, "back");
        vouchers.expire(_series, one(_payer));
        assertEq(outstanding(_series), 0, "all expired");
        close(CITY, _series);
    }

    /// @dev A void may take a holding above its cap: the vouchers were the payer's.
    function test_void_mayPassTheHoldingCap() public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.holdingCap = GIVEN;
        uint32 series = _open(terms);
        Receipt memory receipt = paid(_payment(series, PAID, 1), PAYER_KEY);
        issueTo(CITY, series, _payer, PAID);
        Order memory order = _order();
        order.series = series;
        voids(order, receipt, KEY);
        assertEq(vouchers.holding(series, _payer).balance, GIVEN + PAID, "above the cap");
        // The cap refuses every further issue with its own reason.
        uint256[] memory items = oneItem(_payer, 1);
        uint64 list = approve(CITY, series, 1, leafOf(0, items));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.IssueRefused(list, _payer, 1, uint8(Refusal.HoldingCapExceeded), 0, 1);
        vouchers.issue(list, 0, items, new bytes32[](0));
        assertEq(vouchers.holding(series, _payer).balance, GIVEN + PAID, "not issued");
    }

    /// @dev 15:00 UTC is midnight in Korea.
    function testFuzz_void_givesTheDailyAllowanceBackOnTheSameDay(uint40 second, uint64 amount, bool next) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.dailyCaps[0] = uint32(PAID);
        uint32 series = _open(terms);
        uint256 midnight = (uint256(NOW) / 1 days + 2) * 1 days + 15 hours;
        vm.warp(midnight - bound(second, 1, 1 days));
        Order memory payment = _payment(series, PAID, 1);
        Receipt memory receipt = paid(payment, PAYER_KEY);
        payment.nonce++;
        refusesPayment(payment, PAYER_KEY, Refusal.DailyCapExceeded, 0, PAID);
        vm.warp(next ? midnight : midnight - 1);
        if (next) settles(payment, PAYER_KEY);
        Order memory order = _order();
        order.series = series;
        order.amount = uint64(bound(amount, 1, PAID));
        voids(order, receipt, KEY);
        payment.nonce++;
        uint64 left = next ? 0 : order.amount;
        payment.amount = left + 1;
        refusesPayment(payment, PAYER_KEY, Refusal.DailyCapExceeded, left, left + 1);
        payment.amount = left;
        if (!next) settles(payment, PAYER_KEY);
    }

    function testFuzz_void_settlesTheRestOfABatch(uint8 bad) public {
        bad %= 4;
        Transfer[] memory items = new Transfer[](4);
        Receipt[] memory receipts = new Receipt[](4);
        bytes memory proofs;
        Order memory order = _order();
        order.amount = PAID / 3;
        for (uint32 i = 0; i < 4; i++) {
            order.nonce = i + 1;
            items[i] = transfer(order);
            receipts[i] = _receipt;
            uint256 key = i == bad ? PAYER_KEY : KEY;
            proofs = bytes.concat(proofs, one(prove(wallet(key), voidId(order, _receipt.id))));
        }
        Outcome[] memory said = vouchers.voidPayments(items, receipts, proofs);
        for (uint256 i = 0; i < 4; i++) {
            assertEq(said[i].code, i == bad ? uint8(Refusal.SignatureInvalid) : 0, "each on its own");
        }
        assertEq(vouchers.voided(_receipt.id, _series), PAID, "three of four");
        assertEq(vouchers.merchantBalance(_series, _shop).balance, 0, "taken back");
    }

    /// @dev The same void twice in a batch, and two that only together exceed the payment.
    function testFuzz_void_doesNotReturnTwiceInABatch(uint64 amount) public {
        settles(_payment(_series, PAID, 2), PAYER_KEY);
        Order memory order = _order();
        order.amount = uint64(bound(amount, PAID / 2 + 1, PAID));
        Transfer[] memory items = new Transfer[](3);
        Receipt[] memory receipts = new Receipt[](3);
        bytes memory proofs;
        for (uint32 i = 0; i < 3; i++) {
            if (i == 2) order.nonce++;
            items[i] = transfer(order);
            receipts[i] = _receipt;
            proofs = bytes.concat(proofs, one(prove(wallet(KEY), voidId(order, _receipt.id))));
        }
        Outcome[] memory said = vouchers.voidPayments(items, receipts, proofs);
        assertEq(said[0].code, 0, "the first");
        assertEq(said[1].code, uint8(Refusal.Replayed), "the same again");
        assertEq(said[2].code, uint8(Refusal.VoidExceedsPayment), "more than was paid");
        assertEq(vouchers.voided(_receipt.id, _series), order.amount, "once");
    }

    function testFuzz_void_refusesABatchAbove400(uint16 count) public {
        Transfer[] memory items = new Transfer[](bound(count, 401, 600));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, items.length, 400));
        vouchers.voidPayments(items, new Receipt[](items.length), "");
    }

    function testFuzz_void_refusesAnotherNumberOfReceipts(uint8 count, uint8 receipts) public {
        vm.assume(count != receipts);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.LengthsDiffer.selector, count, receipts));
        vouchers.voidPayments(new Transfer[](count), new Receipt[](receipts), "");
    }

    function testFuzz_void_refusesAMissingProof(uint8 cut) public {
        bytes memory proofs = one(prove(wallet(KEY), voidId(_order(), _receipt.id)));
        bytes memory short = new bytes(bound(cut, 0, proofs.length - 1));
        for (uint256 i = 0; i < short.length; i++) {
            short[i] = proofs[i];
        }
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ProofMissing.selector, 0));
        vouchers.voidPayments(one(transfer(_order())), one(_receipt), short);
    }

    function _order() private view returns (Order memory) {
        return Order(_shop, _payer, _series, PAID, 1, NOW + 500 days, keccak256("till 1"));
    }

    function _payment(uint32 series, uint64 amount, uint32 nonce) private view returns (Order memory) {
        return Order(_payer, _shop, series, amount, nonce, NOW + 300 days, 0);
    }

    function _open(SeriesTerms memory terms) private returns (uint32 series) {
        series = publish(CITY, terms);
        issueTo(CITY, series, _payer, GIVEN);
    }
}
