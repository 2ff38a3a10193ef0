// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {MerchantStatus, Outcome, SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {ExtensionOrders} from "../support/ExtensionOrders.sol";
import {Keys} from "../support/Keys.sol";
import {Order} from "../support/Orders.sol";

/// @notice A gift from resident to resident, and each reason to refuse it. The monthly cap has a file of its own.
contract GiftTest is ExtensionOrders {
    uint256 private constant KEY = 0xBEEF;
    uint64 private constant GIVEN = 1_000_000;
    address private immutable FRIEND = person(0xF12E);
    address private immutable SHOP = person(0x5A0F);

    address private _giver;
    uint32 private _series;

    function setUp() public {
        build();
        _giver = person(KEY);
        register(SHOP, CITY, 1, 0);
        _series = _open(_terms());
    }

    function testFuzz_give_movesFromGiverToReceiver(uint64 amount, uint32 nonce, bytes32 note, address to) public {
        vm.assume(to != _giver && to != SHOP && to != address(0));
        Order memory order = _order();
        order.to = to;
        order.amount = uint64(bound(amount, 1, GIVEN));
        order.nonce = uint32(bound(nonce, 1, 63));
        order.note = note;
        gives(order, KEY);
    }

    /// @dev What was spent before stays spent; what is given was not received here.
    function testFuzz_give_afterSpending(uint64 spent, uint64 amount) public {
        spent = uint64(bound(spent, 1, GIVEN - 1));
        settles(Order(_giver, SHOP, _series, spent, 1, NOW + 1 days, 0), KEY);
        Order memory order = _order();
        order.nonce = 2;
        order.amount = uint64(bound(amount, 1, GIVEN - spent));
        gives(order, KEY);
    }

    function testFuzz_give_refusesZero(uint32 nonce) public {
        Order memory order = _order();
        (order.amount, order.nonce) = (0, nonce);
        refusesGift(order, KEY, Refusal.AmountZero, 0, 0);
    }

    function testFuzz_give_refusesAfterItsDeadline(uint40 late) public {
        Order memory order = _order();
        vm.warp(bound(late, order.deadline + 1, type(uint40).max));
        refusesGift(order, KEY, Refusal.DeadlinePassed, order.deadline, block.timestamp);
        vm.warp(order.deadline);
        gives(order, KEY);
    }

    function testFuzz_give_refusesAnUnknownSeries(uint32 series) public {
        vm.assume(series != _series);
        Order memory order = _order();
        order.series = series;
        refusesGift(order, KEY, Refusal.SeriesUnknown, series, 0);
    }

    function testFuzz_give_refusesAnotherSigner(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != KEY);
        refusesGift(_order(), key, Refusal.SignatureInvalid, 0, 0);
    }

    function testFuzz_give_refusesAFieldChangedAfterSigning(uint8 field, uint64 by) public {
        bytes memory proof = prove(wallet(KEY), giftId(_order()));
        Order memory changed = _order();
        by = uint64(bound(by, 1, 500));
        if (field % 6 == 0) changed.from = address(uint160(changed.from) + by);
        if (field % 6 == 1) changed.to = address(uint160(changed.to) + by);
        if (field % 6 == 2) changed.amount += by;
        if (field % 6 == 3) changed.nonce += uint32(by);
        if (field % 6 == 4) changed.deadline += uint40(by);
        if (field % 6 == 5) changed.note = bytes32(uint256(by));
        refusesGift(changed, proof, Refusal.SignatureInvalid, 0, 0);
    }

    /// @dev A signed payment or circulation is no gift, though its fields are the same.
    function test_give_refusesAnOrderOfAnotherKind() public {
        Order memory order = _order();
        refusesGift(order, prove(wallet(KEY), paymentId(order)), Refusal.SignatureInvalid, 0, 0);
        refusesGift(order, prove(wallet(KEY), circulationId(order)), Refusal.SignatureInvalid, 0, 0);
        refusesGift(order, prove(wallet(KEY), refundId(order)), Refusal.SignatureInvalid, 0, 0);
    }

    function testFuzz_give_refusesADeviceKey(uint32 limit, uint64 amount) public {
        bytes memory ring = ringOf(limit, Keys.walletId(KEY), Keys.walletId(KEY + 1));
        Order memory order = _order();
        order.from = residentOf(ring);
        order.amount = uint64(bound(amount, 1, GIVEN));
        issueTo(CITY, _series, order.from, GIVEN);
        bytes memory proof = prove(wallet(KEY, 0, ring), giftId(order));
        refusesGift(order, proof, Refusal.OwnerKeyNeeded, 0, 0);
        gives(order, wallet(KEY + 1, 1, ring));
    }

    /// @dev Whoever lets a contract of the platform send a transaction would spend what it holds.
    function testFuzz_give_refusesContractsAsReceivers(uint8 which) public {
        Order memory order = _order();
        order.to = which % 6 == 5 ? address(this) : ownContract(which % 6);
        refusesGift(order, KEY, Refusal.ReceiverIsContract, 0, 0);
    }

    function testFuzz_give_refusesAFrozenGiverOrReceiver(bool receiver) public {
        address frozen = receiver ? FRIEND : _giver;
        attest(frozen, CITY, 1);
        freeze(frozen, true);
        refusesGift(_order(), KEY, Refusal.AccountFrozen, 0, 0);
        freeze(frozen, false);
        gives(_order(), KEY);
    }

    function testFuzz_give_refusesTheGiverAndTheZeroAccount(uint64 amount, bool zero) public {
        Order memory order = _order();
        order.to = zero ? address(0) : _giver;
        order.amount = uint64(bound(amount, 1, GIVEN));
        refusesGift(order, KEY, Refusal.SelfPayment, 0, 0);
    }

    function testFuzz_give_refusesAMerchant(uint8 status, uint64 amount) public {
        if (status % 3 == 1) setStatus(SHOP, MerchantStatus.Suspended);
        if (status % 3 == 2) setStatus(SHOP, MerchantStatus.Closed);
        Order memory order = _order();
        order.to = SHOP;
        order.amount = uint64(bound(amount, 1, GIVEN));
        refusesGift(order, KEY, Refusal.GiftToMerchant, 0, 0);
    }

    function testFuzz_give_refusesAReplay(uint32 nonce, uint64 amount) public {
        Order memory order = _order();
        order.nonce = uint32(bound(nonce, 1, 63));
        order.amount = uint64(bound(amount, 1, GIVEN / 2));
        // 0 stands in events that no holder's signature caused.
        (nonce, order.nonce) = (order.nonce, 0);
        refusesGift(order, KEY, Refusal.Replayed, 0, 0);
        order.nonce = nonce;
        gives(order, KEY);
        refusesGift(order, KEY, Refusal.Replayed, order.nonce, order.nonce);
        // Gifts and payments count in one window.
        Order memory payment = order;
        payment.to = SHOP;
        refusesPayment(payment, KEY, Refusal.Replayed, order.nonce, order.nonce);
    }

    function testFuzz_give_refusesWhereTheSeriesDoesNotAllowIt(uint8 flags) public {
        SeriesTerms memory terms = _terms();
        terms.flags = flags % 2 == 0 ? 0 : 2;
        Order memory order = _order();
        order.series = _open(terms);
        refusesGift(order, KEY, Refusal.GiftNotAllowed, order.series, 0);
    }

    function testFuzz_give_refusesWhilePaused(uint40 until) public {
        until = uint40(bound(until, NOW + 1, NOW + 7 days));
        pause(CITY, _series, until);
        refusesGift(_order(), KEY, Refusal.SeriesPaused, until, 0);
        vm.warp(until - 1);
        refusesGift(_order(), KEY, Refusal.SeriesPaused, until, 0);
        vm.warp(until);
        gives(_order(), KEY);
    }

    function testFuzz_give_refusesOutsideItsValidity(uint40 start, uint40 end) public {
        SeriesTerms memory terms = _terms();
        terms.validFrom = uint40(bound(start, NOW + 1, NOW + 100 days));
        terms.validUntil = uint40(bound(end, terms.validFrom + 1, NOW + 200 days));
        Order memory order = _order();
        order.series = _open(terms);
        vm.warp(terms.validFrom - 1);
        refusesGift(order, KEY, Refusal.NotYetValid, terms.validFrom, 0);
        vm.warp(terms.validUntil);
        refusesGift(order, KEY, Refusal.Expired, terms.validUntil, 0);
        vm.warp(terms.validUntil - 1);
        gives(order, KEY);
    }

    function testFuzz_give_refusesMoreThanTheBalance(uint64 amount) public {
        Order memory order = _order();
        order.amount = uint64(bound(amount, GIVEN + 1, type(uint64).max));
        refusesGift(order, KEY, Refusal.InsufficientBalance, GIVEN, order.amount);
        order.amount = GIVEN;
        gives(order, KEY);
        (order.nonce, order.amount) = (2, 1);
        refusesGift(order, KEY, Refusal.InsufficientBalance, 0, 1);
    }

    /// @dev A merchant's balance is not the resident's to give, even of the same account.
    function test_give_refusesMerchantBalances() public {
        register(_giver, CITY, 1, 0);
        issueTo(CITY, _series, person(KEY + 1), GIVEN);
        settles(Order(person(KEY + 1), _giver, _series, GIVEN, 1, NOW + 1 days, 0), KEY + 1);
        Order memory order = _order();
        order.amount = GIVEN + 1;
        refusesGift(order, KEY, Refusal.InsufficientBalance, GIVEN, GIVEN + 1);
    }

    /// @dev By the giver's tier; payments and gifts count together.
    function testFuzz_give_refusesAboveTheDailyCap(uint8 tier, uint32 cap, uint64 first, uint64 second) public {
        tier %= 4;
        cap = uint32(bound(cap, 2, GIVEN / 2));
        // Company accounts, tried as tier 3, have the cap of tier 2.
        attest(_giver, CITY, tier == 3 ? 0 : tier, tier == 3);
        SeriesTerms memory terms = _terms();
        terms.dailyCaps[tier == 3 ? 2 : tier] = cap;
        if (tier == 3) {
            terms.flags |= 4;
            attest(FRIEND, CITY, 2, true);
        }
        Order memory order = _order();
        order.series = _open(terms);
        first = uint64(bound(first, 1, cap - 1));
        settles(Order(_giver, SHOP, order.series, first, 1, NOW + 1 days, 0), KEY);
        order.nonce = 2;
        uint64 left = cap - first;
        order.amount = uint64(bound(second, left + 1, GIVEN - first));
        refusesGift(order, KEY, Refusal.DailyCapExceeded, left, order.amount);
        order.amount = left;
        gives(order, KEY);
        Order memory payment = Order(_giver, SHOP, order.series, 1, 3, NOW + 1 days, 0);
        refusesPayment(payment, KEY, Refusal.DailyCapExceeded, 0, 1);
    }

    /// @dev Companies' vouchers reach companies alone, and residents' vouchers residents, by gift as by issue.
    function testFuzz_give_refusesAReceiverWhoCouldNotBuy(bool companies, uint8 tier) public {
        SeriesTerms memory terms = _terms();
        if (companies) terms.flags |= 4;
        attest(_giver, CITY, 2, companies);
        Order memory order = _order();
        order.series = _open(terms);
        attest(FRIEND, CITY, tier % 3, !companies);
        refusesGift(order, KEY, Refusal.BuyerNotEligible, 0, 0);
        order.to = person(0xF13E);
        attest(order.to, CITY, tier % 3, companies);
        gives(order, KEY);
    }

    function testFuzz_give_refusesAboveTheReceiversHoldingCap(uint64 cap, uint64 had, uint64 amount) public {
        SeriesTerms memory terms = _terms();
        terms.holdingCap = uint64(bound(cap, GIVEN + 1, 2 * GIVEN - 1));
        Order memory order = _order();
        order.series = _open(terms);
        had = uint64(bound(had, terms.holdingCap - GIVEN + 1, terms.holdingCap - 1));
        issueTo(CITY, uint32(order.series), FRIEND, had);
        uint64 left = terms.holdingCap - had;
        order.amount = uint64(bound(amount, left + 1, GIVEN));
        refusesGift(order, KEY, Refusal.HoldingCapExceeded, left, order.amount);
        order.amount = left;
        gives(order, KEY);
    }

    function testFuzz_give_settlesTheRestOfABatch(uint8 bad, uint64 amount) public {
        Transfer[] memory items = new Transfer[](4);
        bytes memory proofs;
        Order memory order = _order();
        order.amount = uint64(bound(amount, 1, GIVEN / 4));
        for (uint32 i = 0; i < 4; i++) {
            order.nonce = i + 1;
            items[i] = transfer(order);
            proofs = bytes.concat(proofs, one(prove(wallet(i == bad % 4 ? KEY + 1 : KEY), giftId(order))));
        }
        Outcome[] memory said = vouchers.give(items, proofs);
        for (uint256 i = 0; i < 4; i++) {
            assertEq(said[i].code, i == bad % 4 ? uint8(Refusal.SignatureInvalid) : 0, "each on its own");
        }
        assertEq(vouchers.holding(_series, FRIEND).balance, 3 * order.amount, "three of four");
    }

    function testFuzz_give_doesNotGiveTwiceInABatch(uint64 amount) public {
        Order memory order = _order();
        order.amount = uint64(bound(amount, GIVEN / 2 + 1, GIVEN));
        Transfer[] memory items = new Transfer[](3);
        bytes memory proofs;
        for (uint256 i = 0; i < 3; i++) {
            if (i == 2) order.nonce++;
            items[i] = transfer(order);
            proofs = bytes.concat(proofs, one(prove(wallet(KEY), giftId(order))));
        }
        Outcome[] memory said = vouchers.give(items, proofs);
        assertEq(said[1].code, uint8(Refusal.Replayed), "the same again");
        assertEq(said[2].code, uint8(Refusal.InsufficientBalance), "more than there was");
        assertEq(vouchers.holding(_series, FRIEND).balance, order.amount, "once");
    }

    function testFuzz_give_refusesABatchAbove400(uint16 count) public {
        Transfer[] memory items = new Transfer[](bound(count, 401, 600));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, items.length, 400));
        vouchers.give(items, "");
    }

    function test_give_refusesAMissingProof() public {
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ProofMissing.selector, 0));
        vouchers.give(one(transfer(_order())), hex"0041");
    }

    function _terms() private view returns (SeriesTerms memory terms) {
        terms = plainTerms(CITY);
        terms.flags = 1;
    }

    function _order() private view returns (Order memory) {
        return Order(_giver, FRIEND, _series, 10_000, 1, NOW + 300 days, keccak256("happy birthday"));
    }

    function _open(SeriesTerms memory terms) private returns (uint32 series) {
        series = publish(CITY, terms);
        issueTo(CITY, series, _giver, GIVEN);
    }
}
