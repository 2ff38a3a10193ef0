// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {Order} from "../support/Orders.sol";
import {Log} from "../support/Test.sol";
import {Till} from "../support/Till.sol";

/// @notice Many payments in one call: each on its own, in their order, with a proof for each.
contract PayBatchTest is Till {
    uint256 private constant KEY = 0xBEEF;
    uint64 private constant GIVEN = 1_000_000;
    address private immutable SHOP = person(0x5A0F);

    address private _payer;
    uint32 private _series;

    function setUp() public {
        build();
        _payer = person(KEY);
        _series = publish(CITY, plainTerms(CITY));
        register(SHOP, CITY, 7, 2);
        issueTo(CITY, _series, _payer, GIVEN);
    }

    function testFuzz_pay_settlesTheRestOfABatch(uint8 bad, uint64 amount) public {
        Transfer[] memory items = new Transfer[](5);
        bytes memory proofs;
        Order memory order = _order();
        order.amount = uint64(bound(amount, 1, GIVEN / 5));
        bad %= 5;
        for (uint256 i = 0; i < 5; i++) {
            order.nonce = uint32(i + 1);
            (items[i], proofs) = (transfer(order), bytes.concat(proofs, _proof(order, i == bad ? KEY + 1 : KEY)));
        }
        vouchers.pay(items, proofs);
        assertEq(vouchers.merchantBalance(_series, SHOP).balance, 4 * order.amount, "four of five");
        assertEq(vouchers.holding(_series, _payer).balance, GIVEN - 4 * order.amount, "paid four times");
        // The number of the refused one is still free.
        order.nonce = uint32(bad) + 1;
        settles(order, KEY);
    }

    /// @dev The terms of one series must never be applied to an item of another.
    function testFuzz_pay_mixesSeriesInABatch(uint256 seed) public {
        uint32 elsewhere = publish(CITY, plainTerms(OTHER_CITY));
        SeriesTerms memory terms = plainTerms(CITY);
        terms.paymentCap = 500;
        uint32 capped = publish(CITY, terms);
        issueTo(CITY, elsewhere, _payer, GIVEN);
        issueTo(CITY, capped, _payer, GIVEN);
        uint32[4] memory series = [_series, elsewhere, capped, 99];
        Transfer[] memory items = new Transfer[](8);
        bytes memory proofs;
        uint64 expected = 0;
        for (uint32 i = 0; i < 8; i++) {
            Order memory order = _order();
            (order.series, order.nonce, order.amount) = (series[(seed >> 2 * i) % 4], i + 1, 1_000);
            (items[i], proofs) = (transfer(order), bytes.concat(proofs, _proof(order, KEY)));
            if (order.series == _series) expected += 1_000;
        }
        vouchers.pay(items, proofs);
        assertEq(vouchers.merchantBalance(_series, SHOP).balance, expected, "good here");
        assertEq(vouchers.merchantBalance(elsewhere, SHOP).balance, 0, "wrong region");
        assertEq(vouchers.merchantBalance(capped, SHOP).balance, 0, "above the cap");
    }

    function testFuzz_pay_doesNotSpendTwiceInABatch(uint64 amount) public {
        Transfer[] memory items = new Transfer[](3);
        Order memory order = _order();
        order.amount = uint64(bound(amount, GIVEN / 2 + 1, GIVEN));
        items[0] = items[1] = transfer(order);
        bytes memory proofs = bytes.concat(_proof(order, KEY), _proof(order, KEY));
        order.nonce++;
        items[2] = transfer(order);
        vouchers.pay(items, bytes.concat(proofs, _proof(order, KEY)));
        assertEq(vouchers.merchantBalance(_series, SHOP).balance, order.amount, "once");
        assertEq(vouchers.holding(_series, _payer).balance, GIVEN - order.amount, "once");
    }

    function testFuzz_pay_refusesABatchAbove400(uint16 count) public {
        Transfer[] memory items = new Transfer[](bound(count, 401, 1_000));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, items.length, 400));
        vouchers.pay(items, new bytes(2 * items.length));
    }

    function test_pay_takesAnEmptyBatchAndStoresNoReceipts() public {
        vm.recordLogs();
        vouchers.pay(new Transfer[](0), "");
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 0, "no event");
        assertEq(vouchers.receiptCount(), 0, "no receipts");
        assertEq(vouchers.previewPayments(new Transfer[](0), "").length, 0, "nothing");
    }

    /// @dev Cut anywhere, the stream lacks the proof of the item in which it was cut, or of the next one.
    function testFuzz_pay_refusesAStreamThatEndsEarly(uint8 count, uint16 cut) public {
        (Transfer[] memory items, bytes memory proofs) = _several(bound(count, 1, 6));
        cut = uint16(bound(cut, 0, proofs.length - 1));
        bytes memory reason =
            abi.encodeWithSelector(IVoucherEvents.ProofMissing.selector, cut / (proofs.length / items.length));
        bytes memory short = _cut(proofs, cut);
        vm.expectRevert(reason);
        vouchers.previewPayments(items, short);
        vm.expectRevert(reason);
        vouchers.pay(items, short);
        vouchers.pay(items, proofs);
        assertEq(vouchers.merchantBalance(_series, SHOP).balance, items.length, "paid");
    }

    /// @dev An empty proof, or one with a piece of the next, fails its own item alone.
    function testFuzz_pay_refusesOnlyTheItemWhoseProofIsMalformed(bytes memory junk, uint8 which) public {
        (Transfer[] memory items, bytes memory proofs) = _several(3);
        uint256 each = proofs.length / 3;
        which %= 3;
        bytes memory spoilt = bytes.concat(
            _cut(proofs, which * each), one(junk), _tail(proofs, (uint256(which) + 1) * each)
        );
        assertEq(vouchers.previewPayments(items, spoilt)[which].code, uint8(Refusal.SignatureInvalid), "junk");
        vouchers.pay(items, spoilt);
        assertEq(vouchers.merchantBalance(_series, SHOP).balance, 2, "the others are paid");
    }

    /// @dev Proofs belong to items by their order.
    function test_pay_refusesProofsInAnotherOrder() public {
        (Transfer[] memory items, bytes memory proofs) = _several(2);
        uint256 each = proofs.length / 2;
        vouchers.pay(items, bytes.concat(_tail(proofs, each), _cut(proofs, each)));
        assertEq(vouchers.merchantBalance(_series, SHOP).balance, 0, "paid by another item's proof");
    }

    function testFuzz_pay_ignoresWhatFollowsTheLastProof(bytes memory rest) public {
        (Transfer[] memory items, bytes memory proofs) = _several(2);
        vouchers.pay(items, bytes.concat(proofs, rest));
        assertEq(vouchers.merchantBalance(_series, SHOP).balance, 2, "paid");
    }

    /// @dev Payments of one won each, with proofs of equal length.
    function _several(uint256 count) private view returns (Transfer[] memory items, bytes memory proofs) {
        items = new Transfer[](count);
        Order memory order = _order();
        order.amount = 1;
        for (uint256 i = 0; i < count; i++) {
            order.nonce = uint32(i + 1);
            (items[i], proofs) = (transfer(order), bytes.concat(proofs, _proof(order, KEY)));
        }
    }

    function _proof(Order memory order, uint256 key) private view returns (bytes memory) {
        return one(prove(wallet(key), paymentId(order)));
    }

    function _cut(bytes memory whole, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; i++) {
            part[i] = whole[i];
        }
    }

    function _tail(bytes memory whole, uint256 start) private pure returns (bytes memory part) {
        part = new bytes(whole.length - start);
        for (uint256 i = 0; i < part.length; i++) {
            part[i] = whole[start + i];
        }
    }

    function _order() private view returns (Order memory) {
        return Order(_payer, SHOP, _series, 10_000, 1, NOW + 3 minutes, keccak256("till 1"));
    }
}
