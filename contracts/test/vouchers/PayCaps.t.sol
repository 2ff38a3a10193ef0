// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Order} from "../support/Orders.sol";
import {Till} from "../support/Till.sol";

/// @notice How much a payment may be: the balance, the cap of a payment and the cap of a Korean day by tier.
contract PayCapsTest is Till {
    uint256 private constant KEY = 0xBEEF;
    uint64 private constant GIVEN = 1_000_000;
    address private immutable SHOP = person(0x5A0F);

    address private _payer;

    function setUp() public {
        build();
        _payer = person(KEY);
        register(SHOP, CITY, 7, 2);
    }

    function testFuzz_pay_refusesAbovePaymentCap(uint64 cap, uint64 amount) public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.paymentCap = uint64(bound(cap, 1, GIVEN - 1));
        Order memory order = _orderIn(terms);
        order.amount = uint64(bound(amount, terms.paymentCap + 1, type(uint64).max));
        refusesPayment(order, KEY, Refusal.PaymentCapExceeded, terms.paymentCap, order.amount);
        order.amount = terms.paymentCap + 1;
        refusesPayment(order, KEY, Refusal.PaymentCapExceeded, terms.paymentCap, order.amount);
        order.amount = terms.paymentCap;
        settles(order, KEY);
    }

    function testFuzz_pay_refusesMoreThanTheBalance(uint64 amount) public {
        Order memory order = _orderIn(plainTerms(CITY));
        order.amount = uint64(bound(amount, GIVEN + 1, type(uint64).max));
        refusesPayment(order, KEY, Refusal.InsufficientBalance, GIVEN, order.amount);
        order.amount = GIVEN + 1;
        refusesPayment(order, KEY, Refusal.InsufficientBalance, GIVEN, order.amount);
        order.amount = GIVEN;
        settles(order, KEY);
        order.nonce++;
        order.amount = 1;
        refusesPayment(order, KEY, Refusal.InsufficientBalance, 0, 1);
    }

    function testFuzz_pay_refusesAboveDailyCap(uint32 cap, uint64 first, uint64 second) public {
        cap = uint32(bound(cap, 2, GIVEN / 2));
        Order memory order = _orderIn(_capped([cap, 0, 0]));
        order.amount = first = uint64(bound(first, 1, cap - 1));
        settles(order, KEY);
        order.nonce++;
        uint64 left = cap - first;
        order.amount = uint64(bound(second, left + 1, GIVEN - first));
        refusesPayment(order, KEY, Refusal.DailyCapExceeded, left, order.amount);
        order.amount = left + 1;
        refusesPayment(order, KEY, Refusal.DailyCapExceeded, left, order.amount);
        order.amount = left;
        settles(order, KEY);
        order.nonce++;
        order.amount = 1;
        refusesPayment(order, KEY, Refusal.DailyCapExceeded, 0, 1);
    }

    function testFuzz_pay_takesTheDailyCapOfThePayersTier(uint8 tier, bool company) public {
        uint32[3] memory caps = [uint32(1_000), 20_000, 300_000];
        tier = uint8(bound(tier, 0, 2));
        SeriesTerms memory terms = _capped(caps);
        Order memory order = _order(publish(CITY, terms));
        issueTo(CITY, uint32(order.series), _payer, GIVEN);
        attest(_payer, CITY, tier, company);
        // A company counts as tier 2, whatever tier is recorded.
        uint32 cap = company ? caps[2] : caps[tier];
        order.amount = cap + 1;
        refusesPayment(order, KEY, Refusal.DailyCapExceeded, cap, order.amount);
        order.amount = cap;
        settles(order, KEY);
    }

    function testFuzz_pay_countsWhatALowerTierSpent(uint32 spent, uint32 more) public {
        Order memory order = _orderIn(_capped([uint32(1_000), 20_000, 0]));
        order.amount = spent = uint32(bound(spent, 1, 1_000));
        settles(order, KEY);
        attest(_payer, CITY, 1);
        order.nonce++;
        order.amount = more = uint32(bound(more, 20_001 - spent, 900_000));
        refusesPayment(order, KEY, Refusal.DailyCapExceeded, 20_000 - spent, more);
        order.amount = 20_000 - spent;
        settles(order, KEY);
        // Down again: what was spent is above the lower cap.
        attest(_payer, CITY, 0);
        order.nonce++;
        order.amount = 1;
        refusesPayment(order, KEY, Refusal.DailyCapExceeded, 0, 1);
        // The highest tier has no cap here.
        attest(_payer, CITY, 2);
        order.amount = 500_000;
        settles(order, KEY);
    }

    function testFuzz_pay_takesAnyAmountOfTheBalanceWithoutCaps(uint8 tier, uint64 amount) public {
        attest(_payer, CITY, uint8(bound(tier, 0, 2)));
        Order memory order = _orderIn(plainTerms(CITY));
        order.amount = uint64(bound(amount, 1, GIVEN));
        settles(order, KEY);
    }

    function testFuzz_pay_restartsTheDailyCapAtKoreanMidnight(uint40 second) public {
        // 15:00 UTC is midnight in Korea.
        uint256 midnight = (uint256(NOW) / 1 days + 2) * 1 days + 15 hours;
        vm.warp(midnight - bound(second, 1, 1 days));
        Order memory order = _orderIn(_capped([uint32(10_000), 0, 0]));
        order.amount = 10_000;
        settles(order, KEY);
        order.nonce++;
        vm.warp(midnight - 1);
        refusesPayment(order, KEY, Refusal.DailyCapExceeded, 0, 10_000);
        vm.warp(midnight);
        settles(order, KEY);
    }

    function testFuzz_pay_countsTheDayOfEachSeriesApart(uint32 cap) public {
        cap = uint32(bound(cap, 1, GIVEN));
        Order memory order = _orderIn(_capped([cap, 0, 0]));
        order.amount = cap;
        settles(order, KEY);
        order = _orderIn(_capped([cap, 0, 0]));
        order.amount = cap;
        settles(order, KEY);
    }

    function _capped(uint32[3] memory caps) private view returns (SeriesTerms memory terms) {
        terms = plainTerms(CITY);
        terms.dailyCaps = caps;
    }

    function _order(uint32 series) private view returns (Order memory) {
        return Order(_payer, SHOP, series, 10_000, 1, NOW + 300 days, keccak256("till 1"));
    }

    /// @dev An order in a new series of these terms, of which the payer has GIVEN.
    function _orderIn(SeriesTerms memory terms) private returns (Order memory order) {
        order = _order(publish(CITY, terms));
        issueTo(CITY, uint32(order.series), _payer, GIVEN);
    }
}
