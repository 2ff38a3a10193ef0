// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {Order, Signer} from "../support/Orders.sol";
import {Till} from "../support/Till.sol";

/// @notice One payment from several series: the earliest expiry first, each as much as it may, all or nothing.
contract PayFromSeveralTest is Till {
    uint256 private constant KEY = 0xBEEF;
    address private immutable SHOP = person(0x5A0F);
    uint8 private constant CATEGORY = 7;

    address private _payer;

    function setUp() public {
        build();
        _payer = person(KEY);
        register(SHOP, CITY, CATEGORY, 2);
    }

    /// @dev Against a plain model: fill from the first, the last takes the rest.
    function testFuzz_pay_takesFromTheEarliestExpiryFirst(
        uint16[8] memory balances,
        uint16[8] memory caps,
        uint8 count,
        uint256 amount
    ) public {
        count = uint8(bound(count, 2, 8));
        uint256 most = 0;
        Order memory order = _order(0, 0);
        uint64[] memory room = new uint64[](count);
        for (uint256 i = 0; i < count; i++) {
            SeriesTerms memory terms = plainTerms(CITY);
            // Equal ends are in order too.
            terms.validUntil += uint40(i / 2);
            if (caps[i] % 3 == 1) terms.paymentCap = uint64(caps[i]);
            if (caps[i] % 3 == 2) terms.dailyCaps[0] = uint32(caps[i]);
            uint32 series = publish(CITY, terms);
            // The first must be able to give something.
            uint64 balance = i == 0 ? uint64(balances[i]) + 1 : balances[i];
            if (balance != 0) issueTo(CITY, series, _payer, balance);
            order.series |= uint256(series) << (32 * i);
            room[i] = caps[i] % 3 != 0 && caps[i] < balance ? caps[i] : balance;
            most += room[i];
        }
        order.amount = uint64(bound(amount, 1, most));
        settles(order, wallet(KEY), _fill(room, order.amount));
    }

    function testFuzz_pay_takesNothingFromALaterSeriesThatIsNotNeeded(uint64 amount) public {
        (uint32 a, uint32 b) = _pair(1_000, 1_000);
        Order memory order = _order(listed(a, b), uint64(bound(amount, 1, 1_000)));
        settles(order, wallet(KEY), _parts(order.amount, 0));
    }

    function testFuzz_pay_refusesMoreThanAllHoldTogether(uint64 first, uint64 second, uint64 amount) public {
        first = uint64(bound(first, 1, 1_000_000));
        second = uint64(bound(second, 1, 1_000_000));
        (uint32 a, uint32 b) = _pair(first, second);
        Order memory order = _order(listed(a, b), uint64(bound(amount, first + second + 1, type(uint64).max)));
        refusesPayment(order, KEY, Refusal.InsufficientBalance, second, order.amount - first);
        order.amount = first + second + 1;
        refusesPayment(order, KEY, Refusal.InsufficientBalance, second, second + 1);
        order.amount = first + second;
        settles(order, wallet(KEY), _parts(first, second));
    }

    function testFuzz_pay_refusesAboveTheLastSeriesPaymentCap(uint32 cap, uint64 over) public {
        cap = uint32(bound(cap, 1, 999));
        SeriesTerms memory terms = plainTerms(CITY);
        terms.paymentCap = cap;
        (uint32 a, uint32 b) = (_series(plainTerms(CITY), 1_000), _series(terms, 1_000));
        Order memory order = _order(listed(a, b), uint64(bound(over, 1_001 + cap, type(uint64).max)));
        refusesPayment(order, KEY, Refusal.PaymentCapExceeded, cap, order.amount - 1_000);
        order.amount = 1_000 + cap;
        settles(order, wallet(KEY), _parts(1_000, cap));
    }

    function testFuzz_pay_refusesAboveTheLastSeriesDailyCap(uint32 cap, uint32 spent, uint64 over) public {
        SeriesTerms memory terms = plainTerms(CITY);
        cap = terms.dailyCaps[0] = uint32(bound(cap, 2, 900));
        (uint32 a, uint32 b) = (_series(plainTerms(CITY), 1_000), _series(terms, 1_000));
        spent = uint32(bound(spent, 1, cap - 1));
        settles(_order(b, spent), KEY);
        uint64 left = cap - spent;
        Order memory order = _order(listed(a, b), uint64(bound(over, 1_001 + left, 2_000 - spent)));
        refusesPayment(order, KEY, Refusal.DailyCapExceeded, left, order.amount - 1_000);
        order.amount = 1_000 + left;
        settles(order, wallet(KEY), _parts(1_000, left));
    }

    /// @dev The cap of the payment is reported before the balance, the balance before the cap of the day.
    function test_pay_reportsTheLastSeriesFirstReason() public {
        SeriesTerms memory terms = plainTerms(CITY);
        (terms.paymentCap, terms.dailyCaps[0]) = (300, 100);
        (uint32 a, uint32 b) = (_series(plainTerms(CITY), 1_000), _series(terms, 200));
        refusesPayment(_order(listed(a, b), 1_301), KEY, Refusal.PaymentCapExceeded, 300, 301);
        refusesPayment(_order(listed(a, b), 1_300), KEY, Refusal.InsufficientBalance, 200, 300);
        refusesPayment(_order(listed(a, b), 1_200), KEY, Refusal.DailyCapExceeded, 100, 200);
        settles(_order(listed(a, b), 1_100), wallet(KEY), _parts(1_000, 100));
    }

    /// @dev The first series' holding counts the nonce, so it must give something; else its own reason is reported.
    function testFuzz_pay_refusesWhenTheFirstSeriesIsEmpty(uint64 amount) public {
        (uint32 a, uint32 b) = _pair(0, 1_000);
        Order memory order = _order(listed(a, b), uint64(bound(amount, 1, 1_000)));
        refusesPayment(order, KEY, Refusal.InsufficientBalance, 0, order.amount);
        order.series = b;
        settles(order, KEY);
    }

    function testFuzz_pay_refusesWhenTheFirstSeriesIsSpentForToday(uint32 cap, uint64 amount) public {
        SeriesTerms memory terms = plainTerms(CITY);
        cap = terms.dailyCaps[0] = uint32(bound(cap, 1, 999));
        (uint32 a, uint32 b) = (_series(terms, 1_000), _series(plainTerms(CITY), 1_000));
        settles(_order(a, cap), KEY);
        Order memory order = _order(listed(a, b), uint64(bound(amount, 1, 1_000)));
        order.nonce++;
        refusesPayment(order, KEY, Refusal.DailyCapExceeded, 0, order.amount);
        vm.warp(block.timestamp + 1 days);
        order.deadline += 1 days;
        uint64 part = cap < 1_000 - cap ? cap : 1_000 - cap;
        if (order.amount < part) part = order.amount;
        settles(order, wallet(KEY), _parts(part, order.amount - part));
    }

    /// @dev A series in between may give nothing: no event, no write.
    function testFuzz_pay_passesOverAnEmptySeriesInBetween(uint64 amount) public {
        (uint32 a, uint32 b) = _pair(1_000, 0);
        uint32 c = _series(plainTerms(CITY), 1_000);
        uint64[] memory parts = new uint64[](3);
        (parts[0], parts[2]) = (1_000, uint64(bound(amount, 1, 1_000)));
        settles(_order(listed(a, b, c), parts[0] + parts[2]), wallet(KEY), parts);
    }

    function testFuzz_pay_refusesALaterSeriesThatExpiresEarlier(uint40 earlier) public {
        SeriesTerms memory terms = plainTerms(CITY);
        uint32 a = _series(terms, 1_000);
        terms.validUntil -= uint40(bound(earlier, 1, 300 days));
        uint32 b = _series(terms, 1_000);
        Order memory order = _order(listed(a, b), 1_500);
        refusesPayment(order, KEY, Refusal.SeriesOrder, b, terms.validUntil);
        order.series = listed(b, a);
        settles(order, wallet(KEY), _parts(1_000, 500));
    }

    function testFuzz_pay_refusesASeriesNamedTwice(uint8 first, uint8 second) public {
        uint256 packed = 0;
        for (uint256 i = 0; i < 8; i++) {
            packed |= uint256(_series(plainTerms(CITY), 1_000)) << (32 * i);
        }
        first = uint8(bound(first, 0, 6));
        second = uint8(bound(second, first + 1, 7));
        uint256 twice = uint32(packed >> (32 * first));
        packed = packed & ~(uint256(type(uint32).max) << (32 * second)) | twice << (32 * second);
        Order memory order = _order(packed, 7_500);
        refusesPayment(order, KEY, Refusal.SeriesOrder, twice, plainTerms(CITY).validUntil);
    }

    function testFuzz_pay_refusesAnUnknownSeriesInTheList(uint8 place, uint32 unknown) public {
        (uint32 a, uint32 b) = _pair(1_000, 1_000);
        unknown = uint32(bound(unknown, b + 1, type(uint32).max));
        uint256 packed = place % 2 == 0 ? listed(unknown, a) : listed(a, b, unknown);
        // Reported before the signature is checked.
        refusesPayment(_order(packed, 1), KEY + 1, Refusal.SeriesUnknown, unknown, 0);
    }

    /// @dev Even where the payment would not need the paused series.
    function testFuzz_pay_refusesWhenAnyListedSeriesIsNotOpen(bool first, uint8 how) public {
        SeriesTerms memory terms = plainTerms(CITY);
        if (how % 3 == 1) terms.validFrom = NOW + 1;
        if (how % 3 == 2) terms.validUntil = NOW + 10;
        uint32 shut = _series(terms, 1_000);
        SeriesTerms memory other = plainTerms(CITY);
        other.validUntil = first ? terms.validUntil : terms.validUntil - 5;
        uint32 open = _series(other, 1_000);
        if (how % 3 == 0) pause(CITY, shut, NOW + 5);
        Order memory order = _order(first ? listed(shut, open) : listed(open, shut), 1);
        if (how % 3 == 2) vm.warp(NOW + 10 - (first ? 0 : 5));
        if (how % 3 == 0) refusesPayment(order, KEY, Refusal.SeriesPaused, NOW + 5, 0);
        if (how % 3 == 1) refusesPayment(order, KEY, Refusal.NotYetValid, NOW + 1, 0);
        if (how % 3 == 2) refusesPayment(order, KEY, Refusal.Expired, first ? NOW + 10 : NOW + 5, 0);
    }

    /// @dev Series by series: the order and the openness of an earlier one before those of a later one, all of these
    /// before the merchant, the merchant before the scope.
    function test_pay_reportsTheFirstSeriesReasonFirst() public {
        SeriesTerms memory terms = plainTerms(OTHER_CITY);
        uint32 late = _series(terms, 1_000);
        uint32 paused = _series(terms, 1_000);
        terms.validUntil -= 5 days;
        uint32 early = _series(terms, 1_000);
        pause(CITY, paused, NOW + 60);
        Order memory order = _order(listed(late, paused, early), 10);
        refusesPayment(order, KEY, Refusal.SeriesPaused, NOW + 60, 0);
        order.series = listed(late, early, paused);
        refusesPayment(order, KEY, Refusal.SeriesOrder, early, terms.validUntil);
        pause(CITY, early, NOW + 70);
        refusesPayment(order, KEY, Refusal.SeriesOrder, early, terms.validUntil);
        pause(CITY, early, 0);
        order.to = address(0xBAD);
        refusesPayment(order, KEY, Refusal.SeriesOrder, early, terms.validUntil);
        order.series = listed(early, late);
        refusesPayment(order, KEY, Refusal.MerchantUnknown, 0, 0);
        order.to = SHOP;
        uint256 here = Region.unwrap(CITY);
        refusesPayment(order, KEY, Refusal.WrongRegion, here, Region.unwrap(OTHER_CITY));
        order.amount = 10_000;
        refusesPayment(order, KEY, Refusal.WrongRegion, here, Region.unwrap(OTHER_CITY));
    }

    function testFuzz_pay_refusesWhenAnyListedSeriesIsOutOfScope(uint8 place) public {
        uint256 packed = 0;
        place %= 4;
        for (uint256 i = 0; i < 4; i++) {
            SeriesTerms memory terms = plainTerms(CITY);
            if (i == place) terms.rules[0] = rule(CITY, ALL_CATEGORIES ^ uint128(1) << CATEGORY, 255);
            if (i > place) terms.rules[0] = rule(CITY, ALL_CATEGORIES, 1);
            packed |= uint256(_series(terms, 1_000)) << (32 * i);
        }
        refusesPayment(_order(packed, 10), KEY, Refusal.WrongCategory, CATEGORY, 0);
    }

    /// @dev The nonce is the first series' alone: the same number is free in the others.
    function testFuzz_pay_usesTheNonceOfTheFirstSeries(uint32 nonce) public {
        (uint32 a, uint32 b) = _pair(1_000, 3_000);
        Order memory order = _order(listed(a, b), 1_500);
        order.nonce = uint32(bound(nonce, 1, 63));
        settles(order, wallet(KEY), _parts(1_000, 500));
        refusesPayment(order, KEY, Refusal.Replayed, order.nonce, order.nonce);
        order.series = a;
        refusesPayment(order, KEY, Refusal.Replayed, order.nonce, order.nonce);
        order.series = b;
        settles(order, KEY);
    }

    /// @dev A device's limit is one for the whole payment, however many series it takes from.
    function testFuzz_pay_countsTheDeviceLimitOverAllSeries(uint32 limit) public {
        limit = uint32(bound(limit, 1_002, 1_999));
        bytes memory ring = Keys.ring(limit, Keys.entry(1, Keys.deviceId(KEY)));
        _payer = residentOf(ring);
        (uint32 a, uint32 b) = _pair(1_000, 1_000);
        Signer memory signer = device(KEY, 0, ring);
        Order memory order = _order(listed(a, b), limit + 1);
        refusesPayment(order, signer, Refusal.DeviceLimitExceeded, limit, limit + 1);
        order.amount = limit;
        settles(order, signer, _parts(1_000, limit - 1_000));
        order = _order(b, 1);
        refusesPayment(order, signer, Refusal.DeviceLimitExceeded, 0, 1);
    }

    function testFuzz_pay_refusesAListThatWasNotSigned(uint8 how) public {
        (uint32 a, uint32 b) = _pair(1_000, 1_000);
        uint32 c = _series(plainTerms(CITY), 1_000);
        bytes memory proof = prove(wallet(KEY), paymentId(_order(listed(a, b), 10)));
        uint256[4] memory others = [listed(b, a), uint256(a), listed(a, b, c), listed(a, c)];
        refusesPayment(_order(others[how % 4], 10), proof, Refusal.SignatureInvalid, 0, 0);
    }

    function _fill(uint64[] memory room, uint64 rest) private pure returns (uint64[] memory parts) {
        parts = new uint64[](room.length);
        for (uint256 i = 0; i < room.length; i++) {
            parts[i] = room[i] < rest ? room[i] : rest;
            rest -= parts[i];
        }
    }

    function _parts(uint64 a, uint64 b) private pure returns (uint64[] memory parts) {
        parts = new uint64[](2);
        (parts[0], parts[1]) = (a, b);
    }

    function _pair(uint64 first, uint64 second) private returns (uint32, uint32) {
        return (_series(plainTerms(CITY), first), _series(plainTerms(CITY), second));
    }

    /// @dev A new series of which the payer has `balance`.
    function _series(SeriesTerms memory terms, uint64 balance) private returns (uint32 series) {
        series = publish(CITY, terms);
        if (balance != 0) issueTo(CITY, series, _payer, balance);
    }

    function _order(uint256 series, uint64 amount) private view returns (Order memory) {
        return Order(_payer, SHOP, series, amount, 1, NOW + 3 minutes, keccak256("till 1"));
    }
}
