// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {MerchantStatus, SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region} from "../../src/types/Region.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {Order} from "../support/Orders.sol";
import {Till} from "../support/Till.sol";

/// @notice A payment and each reason to refuse it. Till checks with every refusal that the preview says the same
/// and that nothing changed.
contract PayTest is Till {
    uint256 private constant KEY = 0xBEEF;
    uint64 private constant GIVEN = 1_000_000;
    address private immutable SHOP = person(0x5A0F);
    uint8 private constant CATEGORY = 7;

    address private _payer;
    uint32 private _series;

    function setUp() public {
        build();
        _payer = person(KEY);
        _series = publish(CITY, plainTerms(CITY));
        register(SHOP, CITY, CATEGORY, 2);
        issueTo(CITY, _series, _payer, GIVEN);
    }

    function testFuzz_pay_movesFromPayerToMerchant(uint64 amount, uint32 nonce, bytes32 note) public {
        Order memory order = _order();
        order.amount = uint64(bound(amount, 1, GIVEN));
        order.nonce = uint32(bound(nonce, 1, 63));
        order.note = note;
        settles(order, KEY);
    }

    function testFuzz_pay_emitsEveryEvent(uint64 amount, bytes32 note, address submitter) public {
        // Vouchers calls itself for a token transfer alone, and emits the owner as the operator then.
        vm.assume(submitter != address(vouchers));
        Order memory order = _order();
        order.amount = uint64(bound(amount, 1, GIVEN));
        order.note = note;
        bytes memory proofs = one(prove(wallet(KEY), paymentId(order)));
        Transfer[] memory items = one(transfer(order));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.Paid(
            paymentId(order), _series, _payer, SHOP, order.amount, signedBy(order, wallet(KEY)), order.note
        );
        vm.expectEmit(address(vouchers));
        emit IERC1155.TransferSingle(submitter, _payer, SHOP, _series, order.amount);
        vm.prank(submitter);
        vouchers.pay(items, proofs);
    }

    function testFuzz_pay_refusesZero(uint32 nonce) public {
        Order memory order = _order();
        order.amount = 0;
        order.nonce = nonce;
        refusesPayment(order, KEY, Refusal.AmountZero, 0, 0);
    }

    function testFuzz_pay_refusesAfterItsDeadline(uint40 late) public {
        Order memory order = _order();
        vm.warp(bound(late, order.deadline + 1, NOW + 300 days));
        refusesPayment(order, KEY, Refusal.DeadlinePassed, order.deadline, block.timestamp);
        vm.warp(order.deadline);
        settles(order, KEY);
    }

    function testFuzz_pay_refusesAnUnknownSeries(uint32 series) public {
        vm.assume(series != _series);
        Order memory order = _order();
        order.series = series;
        refusesPayment(order, KEY, Refusal.SeriesUnknown, series, 0);
    }

    function testFuzz_pay_refusesAnotherSigner(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != KEY);
        refusesPayment(_order(), key, Refusal.SignatureInvalid, 0, 0);
    }

    function testFuzz_pay_refusesAFieldChangedAfterSigning(uint8 field, uint64 by) public {
        bytes memory proof = prove(wallet(KEY), paymentId(_order()));
        Order memory changed = _order();
        by = uint64(bound(by, 1, 500));
        if (field % 6 == 0) changed.from = address(uint160(changed.from) + by);
        if (field % 6 == 1) changed.to = address(uint160(changed.to) + by);
        if (field % 6 == 2) changed.amount += by;
        if (field % 6 == 3) changed.nonce += uint32(by);
        if (field % 6 == 4) changed.deadline += uint40(by);
        if (field % 6 == 5) changed.note = bytes32(uint256(by));
        refusesPayment(changed, proof, Refusal.SignatureInvalid, 0, 0);
    }

    function test_pay_refusesItsSeriesChangedAfterSigning() public {
        bytes memory proof = prove(wallet(KEY), paymentId(_order()));
        Order memory changed = _order();
        changed.series = publish(CITY, plainTerms(CITY));
        issueTo(CITY, uint32(changed.series), _payer, GIVEN);
        refusesPayment(changed, proof, Refusal.SignatureInvalid, 0, 0);
    }

    function testFuzz_pay_refusesAFrozenAccount(uint8 tier) public {
        attest(_payer, CITY, uint8(bound(tier, 0, 2)));
        freeze(_payer, true);
        refusesPayment(_order(), KEY, Refusal.AccountFrozen, 0, 0);
        freeze(_payer, false);
        settles(_order(), KEY);
    }

    function testFuzz_pay_refusesPayingOneself(uint64 amount) public {
        register(_payer, CITY, CATEGORY, 0);
        Order memory order = _order();
        order.to = _payer;
        order.amount = uint64(bound(amount, 1, GIVEN));
        refusesPayment(order, KEY, Refusal.SelfPayment, 0, 0);
    }

    function testFuzz_pay_refusesAReplay(uint32 nonce, uint64 amount) public {
        Order memory order = _order();
        order.nonce = uint32(bound(nonce, 1, 63));
        order.amount = uint64(bound(amount, 1, GIVEN / 2));
        settles(order, KEY);
        refusesPayment(order, KEY, Refusal.Replayed, order.nonce, order.nonce);
        // Another message under the same number is refused as well.
        order.note = keccak256("another");
        refusesPayment(order, KEY, Refusal.Replayed, order.nonce, order.nonce);
    }

    function testFuzz_pay_refusesANonceFarAheadOrTooOld(uint32 top, uint32 other) public {
        Order memory order = _order();
        order.nonce = 63;
        settles(order, KEY);
        order.nonce = uint32(bound(top, 64, 126));
        settles(order, KEY);
        top = order.nonce;
        order.nonce = other % 2 == 0
            ? uint32(bound(other, 0, top - 64))
            : uint32(bound(other, top + 64, type(uint32).max));
        refusesPayment(order, KEY, Refusal.Replayed, order.nonce, top);
    }

    function testFuzz_pay_takesTwoDevicesOutOfOrder(uint32 first, uint8 behind) public {
        Order memory order = _order();
        order.nonce = uint32(bound(first, 2, 63));
        settles(order, KEY);
        order.nonce -= uint32(bound(behind, 1, order.nonce - 1));
        settles(order, KEY);
        refusesPayment(order, KEY, Refusal.Replayed, order.nonce, bound(first, 2, 63));
    }

    function testFuzz_pay_refusesWhilePaused(uint40 until) public {
        until = uint40(bound(until, NOW + 1, NOW + 7 days));
        pause(CITY, _series, until);
        Order memory order = _order();
        order.deadline = NOW + 30 days;
        refusesPayment(order, KEY, Refusal.SeriesPaused, until, 0);
        vm.warp(until - 1);
        refusesPayment(order, KEY, Refusal.SeriesPaused, until, 0);
        vm.warp(until);
        settles(order, KEY);
    }

    function testFuzz_pay_refusesBeforeItsFirstDay(uint40 start) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.validFrom = uint40(bound(start, NOW + 1, NOW + 200 days));
        Order memory order = _orderIn(terms);
        refusesPayment(order, KEY, Refusal.NotYetValid, terms.validFrom, 0);
        vm.warp(terms.validFrom - 1);
        refusesPayment(order, KEY, Refusal.NotYetValid, terms.validFrom, 0);
        vm.warp(terms.validFrom);
        settles(order, KEY);
    }

    function testFuzz_pay_refusesOnceExpired(uint40 end) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.validUntil = uint40(bound(end, NOW + 2, NOW + 200 days));
        Order memory order = _orderIn(terms);
        vm.warp(terms.validUntil);
        refusesPayment(order, KEY, Refusal.Expired, terms.validUntil, 0);
        vm.warp(terms.validUntil - 1);
        settles(order, KEY);
    }

    function testFuzz_pay_refusesAnUnknownMerchant(address shop) public {
        vm.assume(shop != SHOP && shop != _payer);
        Order memory order = _order();
        order.to = shop;
        refusesPayment(order, KEY, Refusal.MerchantUnknown, 0, 0);
    }

    function test_pay_refusesASuspendedOrClosedMerchant() public {
        setStatus(SHOP, MerchantStatus.Suspended);
        refusesPayment(_order(), KEY, Refusal.MerchantNotActive, uint256(MerchantStatus.Suspended), 0);
        setStatus(SHOP, MerchantStatus.Active);
        settles(_order(), KEY);
        setStatus(SHOP, MerchantStatus.Closed);
        Order memory next = _order();
        next.nonce++;
        refusesPayment(next, KEY, Refusal.MerchantNotActive, uint256(MerchantStatus.Closed), 0);
    }

    function testFuzz_pay_refusesOutsideItsRegion(uint48 raw) public {
        Region region = Region.wrap(raw);
        if (!region.isValid() || region.isState() || CITY.contains(region)) {
            region = raw % 3 == 0 ? OTHER_CITY : raw % 3 == 1 ? PROVINCE : OTHER_PROVINCE;
        }
        Order memory order = _order();
        order.to = person(0xFA4);
        register(order.to, region, CATEGORY, 2);
        refusesPayment(order, KEY, Refusal.WrongRegion, Region.unwrap(region), Region.unwrap(CITY));
    }

    function testFuzz_pay_refusesAnotherCategory(uint8 category) public {
        category = uint8(bound(category, 0, 127));
        SeriesTerms memory terms = plainTerms(CITY);
        terms.rules[0] = rule(CITY, ALL_CATEGORIES ^ uint128(1) << category, 255);
        Order memory order = _orderIn(terms);
        register(SHOP, CITY, category, 2);
        refusesPayment(order, KEY, Refusal.WrongCategory, category, 0);
        register(SHOP, CITY, (category + 1) % 128, 2);
        settles(order, KEY);
    }

    function testFuzz_pay_refusesATooLargeMerchant(uint8 size, uint8 limit) public {
        limit = uint8(bound(limit, 0, 254));
        size = uint8(bound(size, limit + 1, 255));
        SeriesTerms memory terms = plainTerms(CITY);
        terms.rules[0] = rule(CITY, ALL_CATEGORIES, limit);
        Order memory order = _orderIn(terms);
        register(SHOP, CITY, CATEGORY, size);
        refusesPayment(order, KEY, Refusal.MerchantTooLarge, size, limit);
        register(SHOP, CITY, CATEGORY, limit);
        settles(order, KEY);
    }

    /// @dev Bits beyond the fields are not signed, so they may not make a second payment of one.
    function testFuzz_pay_ignoresBitsBeyondItsFields(uint24 above, uint32 beyond, uint32 behindTheEnd) public {
        Order memory order = _order();
        bytes memory proofs = one(prove(wallet(KEY), paymentId(order)));
        Transfer memory item = transfer(order);
        item.from |= uint256(above) << 232;
        item.to |= uint256(beyond) << 224;
        // A zero ends the list of series.
        item.series |= uint256(behindTheEnd) << 64;
        assertEq(vouchers.previewPayments(one(item), proofs)[0].id, paymentId(order), "the same payment");
        vouchers.pay(one(item), proofs);
        assertEq(vouchers.merchantBalance(_series, SHOP).balance, order.amount, "paid");
        refusesPayment(order, KEY, Refusal.Replayed, order.nonce, order.nonce);
    }

    function testFuzz_pay_refusesAListThatBeginsWithNothing(uint32 second) public {
        Order memory order = _order();
        order.series = uint256(second) << 32;
        bytes memory proofs = one(prove(wallet(KEY), paymentId(order)));
        isRefusal(
            vouchers.previewPayments(one(transfer(order)), proofs)[0], Refusal.SeriesUnknown, 0, 0
        );
        bytes32 before = stateOf(order);
        vouchers.pay(one(transfer(order)), proofs);
        assertEq(stateOf(order), before, "nothing is paid from no series");
    }

    function _order() private view returns (Order memory) {
        return Order(_payer, SHOP, _series, 10_000, 1, NOW + 3 minutes, keccak256("till 1"));
    }

    /// @dev An order in a new series of these terms, with a deadline that outlasts the test.
    function _orderIn(SeriesTerms memory terms) private returns (Order memory order) {
        order = _order();
        order.series = publish(CITY, terms);
        order.deadline = NOW + 300 days;
        issueTo(CITY, uint32(order.series), _payer, GIVEN);
    }
}
