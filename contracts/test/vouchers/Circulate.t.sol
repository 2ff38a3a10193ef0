// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {MerchantStatus, Outcome, SeriesTerms, MerchantBalance} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region} from "../../src/types/Region.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {ExtensionOrders} from "../support/ExtensionOrders.sol";
import {Keys} from "../support/Keys.sol";
import {Order, Signer} from "../support/Orders.sol";

/// @notice Merchant balances that hop from merchant to merchant, and each reason to refuse it.
contract CirculateTest is ExtensionOrders {
    uint256 private constant PAYER_KEY = 0xBEEF;
    uint256 private constant KEY = 0x5A0F;
    uint64 private constant EARNED = 600_000;
    uint8 private constant CATEGORY = 7;

    address private _payer;
    uint32 private _series;

    function setUp() public {
        build();
        _payer = person(PAYER_KEY);
        for (uint256 i = 0; i < 5; i++) {
            register(person(KEY + i), CITY, CATEGORY, 2);
        }
        _series = _open(_terms(3));
    }

    function testFuzz_circulate_movesToTheNextMerchant(uint64 amount, uint32 nonce, bytes32 note) public {
        Order memory order = _order();
        order.amount = uint64(bound(amount, 1, EARNED));
        order.nonce = uint32(bound(nonce, 1, 63));
        order.note = note;
        circulates(order, KEY);
    }

    /// @dev Along a chain of merchants each won hops as often as the series allows, and not once more.
    function testFuzz_circulate_asOftenAsTheSeriesAllows(uint8 hops, uint64 amount) public {
        hops = uint8(bound(hops, 1, 3));
        Order memory order = _order();
        order.series = _open(_terms(hops));
        order.amount = uint64(bound(amount, 1, EARNED));
        for (uint256 i = 0; i < hops; i++) {
            (order.from, order.to) = (_shop(i), _shop(i + 1));
            circulates(order, KEY + i);
            uint64 arrived = vouchers.merchantBalance(uint32(order.series), _shop(i + 1)).byHop[i];
            assertEq(arrived, order.amount, "one hop further");
        }
        (order.from, order.to) = (_shop(hops), _shop(4));
        refusesCirculation(order, KEY + hops, Refusal.HopLimitReached, 0, order.amount);
        // At the end of its way it is owed like any merchant balance.
        order.to = address(0);
        redeems(order, KEY + hops);
    }

    /// @dev Any traffic between merchants: what may hop is worked out won by won in ExtensionOrders, and no won is
    /// lost.
    function testFuzz_circulate_anyTraffic(uint256 seed, uint8 hops) public {
        hops = uint8(bound(hops, 1, 3));
        uint32 series = _open(_terms(hops));
        Order memory order = _order();
        order.series = series;
        for (uint32 i = 1; i < 20; i++) {
            uint256 from = seed % 4;
            (order.from, order.to, order.nonce) = (_shop(from), _shop((from + 1 + seed / 8 % 3) % 4), i);
            order.amount = uint64(1 + (seed >> 64) % (EARNED / 2));
            uint256 has = tokens.balanceOf(order.from, series);
            uint256 movable = _movable(series, order.from, hops);
            if (order.amount > has) {
                refusesCirculation(order, KEY + from, Refusal.InsufficientMerchantBalance, has, order.amount);
            } else if (order.amount > movable) {
                refusesCirculation(order, KEY + from, Refusal.HopLimitReached, movable, order.amount);
            } else {
                circulates(order, KEY + from);
            }
            order.to = address(0);
            order.nonce = 20 + i;
            order.amount = uint64(tokens.balanceOf(order.from, series) / 10);
            if (seed % 5 == 0 && order.amount != 0) redeems(order, KEY + from);
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 sum = 0;
            for (uint256 m = 0; m < 4; m++) {
                sum += tokens.balanceOf(_shop(m), series);
            }
            assertEq(sum, outstanding(series), "every won belongs to an account");
        }
    }

    function testFuzz_circulate_refusesZero(uint32 nonce) public {
        Order memory order = _order();
        (order.amount, order.nonce) = (0, nonce);
        refusesCirculation(order, KEY, Refusal.AmountZero, 0, 0);
    }

    function testFuzz_circulate_refusesAfterItsDeadline(uint40 late) public {
        Order memory order = _order();
        vm.warp(bound(late, order.deadline + 1, type(uint40).max));
        refusesCirculation(order, KEY, Refusal.DeadlinePassed, order.deadline, block.timestamp);
        vm.warp(order.deadline);
        circulates(order, KEY);
    }

    function testFuzz_circulate_refusesAnUnknownSeries(uint32 series) public {
        vm.assume(series != _series);
        Order memory order = _order();
        order.series = series;
        refusesCirculation(order, KEY, Refusal.SeriesUnknown, series, 0);
    }

    function testFuzz_circulate_refusesAnotherSigner(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != KEY);
        refusesCirculation(_order(), key, Refusal.SignatureInvalid, 0, 0);
    }

    function testFuzz_circulate_refusesAFieldChangedAfterSigning(uint8 field, uint64 by) public {
        bytes memory proof = prove(wallet(KEY), circulationId(_order()));
        Order memory changed = _order();
        by = uint64(bound(by, 1, 500));
        if (field % 6 == 0) changed.from = address(uint160(changed.from) + by);
        if (field % 6 == 1) changed.to = address(uint160(changed.to) + by);
        if (field % 6 == 2) changed.amount += by;
        if (field % 6 == 3) changed.nonce += uint32(by);
        if (field % 6 == 4) changed.deadline += uint40(by);
        if (field % 6 == 5) changed.note = bytes32(uint256(by));
        refusesCirculation(changed, proof, Refusal.SignatureInvalid, 0, 0);
    }

    function test_circulate_refusesAFrozenAccount() public {
        attest(_shop(0), CITY, 1);
        freeze(_shop(0), true);
        refusesCirculation(_order(), KEY, Refusal.AccountFrozen, 0, 0);
        freeze(_shop(0), false);
        circulates(_order(), KEY);
    }

    function testFuzz_circulate_refusesOneself(uint64 amount) public {
        Order memory order = _order();
        order.to = order.from;
        order.amount = uint64(bound(amount, 1, EARNED));
        refusesCirculation(order, KEY, Refusal.SelfPayment, 0, 0);
    }

    function testFuzz_circulate_refusesAReplay(uint32 nonce, uint64 amount) public {
        Order memory order = _order();
        order.nonce = uint32(bound(nonce, 1, 63));
        order.amount = uint64(bound(amount, 1, EARNED / 2));
        // 0 stands in events that no holder's signature caused.
        (nonce, order.nonce) = (order.nonce, 0);
        refusesCirculation(order, KEY, Refusal.Replayed, 0, 0);
        order.nonce = nonce;
        circulates(order, KEY);
        refusesCirculation(order, KEY, Refusal.Replayed, order.nonce, order.nonce);
        // Circulation and redemption count in one window.
        order.to = address(0);
        refusesRedemption(order, KEY, Refusal.Replayed, order.nonce, order.nonce);
    }

    function testFuzz_circulate_refusesWhereTheSeriesDoesNotAllowIt(uint64 amount) public {
        Order memory order = _order();
        order.series = _open(_terms(0));
        order.amount = uint64(bound(amount, 1, EARNED));
        refusesCirculation(order, KEY, Refusal.CirculationNotAllowed, order.series, 0);
    }

    function testFuzz_circulate_refusesWhilePaused(uint40 until) public {
        until = uint40(bound(until, NOW + 1, NOW + 7 days));
        pause(CITY, _series, until);
        vm.warp(until - 1);
        refusesCirculation(_order(), KEY, Refusal.SeriesPaused, until, 0);
        vm.warp(until);
        circulates(_order(), KEY);
    }

    /// @dev No merchant has a balance before the first day, but the check is the payment's.
    function testFuzz_circulate_refusesOutsideItsValidity(uint40 start, uint40 end) public {
        SeriesTerms memory terms = _terms(1);
        terms.validFrom = uint40(bound(start, NOW + 1, NOW + 100 days));
        terms.validUntil = uint40(bound(end, terms.validFrom + 1, NOW + 200 days));
        Order memory order = _order();
        order.series = publish(CITY, terms);
        issueTo(CITY, uint32(order.series), _payer, EARNED);
        refusesCirculation(order, KEY, Refusal.NotYetValid, terms.validFrom, 0);
        vm.warp(terms.validFrom);
        settles(Order(_payer, _shop(0), order.series, EARNED, 1, NOW + 300 days, 0), PAYER_KEY);
        vm.warp(terms.validUntil);
        refusesCirculation(order, KEY, Refusal.Expired, terms.validUntil, 0);
        vm.warp(terms.validUntil - 1);
        circulates(order, KEY);
    }

    function testFuzz_circulate_refusesAnUnknownRecipient(address to) public {
        for (uint256 i = 0; i < 5; i++) {
            vm.assume(to != _shop(i));
        }
        Order memory order = _order();
        order.to = to;
        refusesCirculation(order, KEY, Refusal.MerchantUnknown, 0, 0);
    }

    function testFuzz_circulate_refusesASenderWhoIsNoMerchant(uint64 amount) public {
        Order memory order = _order();
        order.from = _payer;
        order.amount = uint64(bound(amount, 1, EARNED));
        refusesCirculation(order, PAYER_KEY, Refusal.MerchantUnknown, 0, 0);
    }

    function testFuzz_circulate_refusesAnInactiveSenderOrRecipient(bool sender, bool closed) public {
        MerchantStatus status = closed ? MerchantStatus.Closed : MerchantStatus.Suspended;
        setStatus(_shop(sender ? 0 : 1), status);
        refusesCirculation(_order(), KEY, Refusal.MerchantNotActive, uint256(status), 0);
    }

    /// @dev The recipient must be one whom a resident could have paid.
    function testFuzz_circulate_refusesARecipientOutsideTheScope(uint8 what) public {
        SeriesTerms memory terms = _terms(3);
        terms.rules[0] = rule(CITY, uint128(1) << CATEGORY, 2);
        Order memory order = _order();
        order.series = _open(terms);
        order.to = person(0xFA4);
        if (what % 3 == 0) {
            register(order.to, OTHER_CITY, CATEGORY, 2);
            uint256 there = Region.unwrap(OTHER_CITY);
            refusesCirculation(order, KEY, Refusal.WrongRegion, there, Region.unwrap(CITY));
        } else if (what % 3 == 1) {
            register(order.to, CITY, CATEGORY + 1, 2);
            refusesCirculation(order, KEY, Refusal.WrongCategory, CATEGORY + 1, 0);
        } else {
            register(order.to, CITY, CATEGORY, 3);
            refusesCirculation(order, KEY, Refusal.MerchantTooLarge, 3, 2);
        }
    }

    function testFuzz_circulate_refusesMoreThanTheMerchantBalance(uint64 amount) public {
        Order memory order = _order();
        order.amount = uint64(bound(amount, EARNED + 1, type(uint64).max));
        refusesCirculation(order, KEY, Refusal.InsufficientMerchantBalance, EARNED, order.amount);
        order.amount = EARNED;
        circulates(order, KEY);
        (order.nonce, order.amount) = (2, 1);
        refusesCirculation(order, KEY, Refusal.InsufficientMerchantBalance, 0, 1);
    }

    /// @dev What a merchant holds as a resident is not a merchant balance.
    function test_circulate_refusesAHolding() public {
        issueTo(CITY, _series, _shop(0), EARNED);
        Order memory order = _order();
        order.amount = EARNED + 1;
        refusesCirculation(order, KEY, Refusal.InsufficientMerchantBalance, EARNED, EARNED + 1);
    }

    function testFuzz_circulate_refusesAboveTheDeviceLimit(uint32 limit, uint64 first, uint64 second) public {
        limit = uint32(bound(limit, 2, EARNED / 2));
        bytes memory ring = ringOf(limit, Keys.deviceId(KEY), Keys.passkeyId(KEY));
        Order memory order = _order();
        order.from = merchantOf(ring);
        register(order.from, CITY, CATEGORY, 2);
        issueTo(CITY, _series, _payer, EARNED);
        settles(Order(_payer, order.from, _series, EARNED, 2, NOW + 1 days, 0), PAYER_KEY);
        Signer memory phone = device(KEY, 0, ring);
        order.amount = first = uint64(bound(first, 1, limit - 1));
        circulates(order, phone);
        order.nonce++;
        order.amount = uint64(bound(second, limit - first + 1, EARNED - first));
        bytes memory proof = prove(phone, circulationId(order));
        refusesCirculation(order, proof, Refusal.DeviceLimitExceeded, limit - first, order.amount);
        circulates(order, passkey(KEY, 1, ring));
    }

    function testFuzz_circulate_doesNotMoveTwiceInABatch(uint64 amount) public {
        Order memory order = _order();
        order.amount = uint64(bound(amount, EARNED / 2 + 1, EARNED));
        Transfer[] memory items = new Transfer[](3);
        bytes memory proofs;
        for (uint256 i = 0; i < 3; i++) {
            if (i == 2) order.nonce++;
            items[i] = transfer(order);
            proofs = bytes.concat(proofs, one(prove(wallet(KEY), circulationId(order))));
        }
        Outcome[] memory said = vouchers.circulate(items, proofs);
        assertEq(said[0].code, 0, "the first");
        assertEq(said[1].code, uint8(Refusal.Replayed), "the same again");
        assertEq(said[2].code, uint8(Refusal.InsufficientMerchantBalance), "more than there was");
        assertEq(vouchers.merchantBalance(_series, _shop(1)).byHop[0], order.amount, "once");
    }

    function testFuzz_circulate_refusesABatchAbove400(uint16 count) public {
        Transfer[] memory items = new Transfer[](bound(count, 401, 600));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, items.length, 400));
        vouchers.circulate(items, "");
    }

    function test_circulate_refusesAMissingProof() public {
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ProofMissing.selector, 0));
        vouchers.circulate(one(transfer(_order())), hex"00");
    }

    function _shop(uint256 i) private pure returns (address) {
        return vm.addr(KEY + i);
    }

    /// @dev What has not hopped `hops` times.
    function _movable(uint32 series, address shop, uint8 hops) private view returns (uint256 total) {
        MerchantBalance memory taken = vouchers.merchantBalance(series, shop);
        total = taken.balance;
        if (hops > 1) total += taken.byHop[0];
        if (hops > 2) total += taken.byHop[1];
    }

    function _terms(uint8 hops) private view returns (SeriesTerms memory terms) {
        terms = plainTerms(CITY);
        terms.hops = hops;
    }

    function _order() private view returns (Order memory) {
        return Order(_shop(0), _shop(1), _series, 10_000, 1, NOW + 300 days, keccak256("flour"));
    }

    /// @dev A series of which the first shop has taken something.
    function _open(SeriesTerms memory terms) private returns (uint32 series) {
        series = publish(CITY, terms);
        issueTo(CITY, series, _payer, EARNED);
        settles(Order(_payer, _shop(0), series, EARNED, 1, NOW + 300 days, 0), PAYER_KEY);
    }
}
