// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerchantStatus, SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {Order, Signer} from "../support/Orders.sol";
import {Till} from "../support/Till.sol";

/// @notice Of several reasons to refuse a payment the first is reported, so that every reader sees the same one.
contract PayOrderTest is Till {
    uint256 private constant OWNER = uint256(keccak256("owner")) >> 1;
    uint256 private constant DEVICE = uint256(keccak256("device")) >> 1;
    address private immutable SHOP = person(0x5A0F);
    uint256 private constant FAULTS = 17;
    uint32 private constant DEVICE_LIMIT = 50_000;
    uint32 private constant DAILY_CAP = 100_000;
    uint64 private constant BALANCE = 200_000;
    uint64 private constant PAYMENT_CAP = 300_000;

    bytes private _ring;
    address private _payer;
    uint32 private _series;
    uint40 private _until;

    function setUp() public {
        build();
        _ring = Keys.ring(
            DEVICE_LIMIT, bytes.concat(Keys.entry(2, Keys.passkeyId(OWNER)), Keys.entry(1, Keys.deviceId(DEVICE)))
        );
        _payer = residentOf(_ring);
        attest(_payer, CITY, 1);
        SeriesTerms memory terms = plainTerms(CITY);
        terms.rules[0] = rule(CITY, type(uint64).max, 2);
        terms.paymentCap = PAYMENT_CAP;
        terms.dailyCaps = [uint32(1), DAILY_CAP, 2];
        _until = terms.validUntil;
        _series = publish(CITY, terms);
        issueTo(CITY, _series, _payer, BALANCE);
    }

    /// @param faults a bit for each reason, in the order in which they are reported.
    function testFuzz_pay_reportsTheFirstReason(uint32 faults) public {
        faults = uint32(bound(faults, 1, 2 ** FAULTS - 1));
        Order memory order = Order(_payer, SHOP, _series, 10_000, 1, _until + 1 days, 0);
        _placeMerchant(faults);
        if (_has(faults, 6)) vm.warp(_until - 1 hours);
        if (_has(faults, 5)) _replay(order);
        if (_has(faults, 6)) pause(CITY, _series, _until + 2 hours);
        if (_has(faults, 4)) order.to = _payer;
        if (_has(faults, 7)) vm.warp(_until + 1 hours);
        // A freeze ends by itself, so it begins at the moment of the payment.
        if (_has(faults, 3)) freeze(_payer, true);
        if (_has(faults, 1)) order.deadline = uint40(block.timestamp) - 1;
        if (_has(faults, 0)) order.amount = 0;
        else order.amount = _amount(faults);
        // 2 is the signature.
        Signer memory signer = device(_has(faults, 2) ? OWNER : DEVICE, 1, _ring);
        (Refusal why, uint256 a, uint256 b) = _first(faults, order);
        refusesPayment(order, signer, why, a, b);
    }

    function test_pay_reportsAnUnknownSeriesAfterTheDeadlineAndBeforeTheSignature() public {
        Order memory order = Order(_payer, SHOP, 99, 1, 1, NOW, 0);
        refusesPayment(order, wallet(OWNER), Refusal.SeriesUnknown, 99, 0);
        order.deadline--;
        refusesPayment(order, wallet(OWNER), Refusal.DeadlinePassed, NOW - 1, NOW);
    }

    function _has(uint32 faults, uint256 fault) private pure returns (bool) {
        return faults >> fault & 1 == 1;
    }

    function _placeMerchant(uint32 faults) private {
        if (_has(faults, 8)) return;
        Region region = _has(faults, 10) ? OTHER_CITY : CITY;
        register(SHOP, region, _has(faults, 11) ? 64 : 63, _has(faults, 12) ? 3 : 2);
        if (_has(faults, 9)) setStatus(SHOP, MerchantStatus.Suspended);
    }

    /// @dev Uses the order's nonce at another merchant, by the owner.
    function _replay(Order memory order) private {
        address other = person(0xA11);
        register(other, CITY, 0, 0);
        Order memory before = Order(_payer, other, _series, 1, order.nonce, order.deadline, keccak256("first"));
        settles(before, passkey(OWNER, 0, _ring));
    }

    /// @dev Above the limits from the first faulty one on.
    function _amount(uint32 faults) private pure returns (uint64) {
        if (_has(faults, 13)) return PAYMENT_CAP + 1;
        if (_has(faults, 14)) return BALANCE + 1;
        if (_has(faults, 15)) return DAILY_CAP + 1;
        return _has(faults, 16) ? DEVICE_LIMIT + 1 : 10_000;
    }

    function _first(uint32 faults, Order memory order) private view returns (Refusal, uint256, uint256) {
        if (_has(faults, 0)) return (Refusal.AmountZero, 0, 0);
        if (_has(faults, 1)) return (Refusal.DeadlinePassed, order.deadline, block.timestamp);
        if (_has(faults, 2)) return (Refusal.SignatureInvalid, 0, 0);
        if (_has(faults, 3)) return (Refusal.AccountFrozen, 0, 0);
        if (_has(faults, 4)) return (Refusal.SelfPayment, 0, 0);
        if (_has(faults, 5)) return (Refusal.Replayed, 1, 1);
        if (_has(faults, 6)) return (Refusal.SeriesPaused, _until + 2 hours, 0);
        if (_has(faults, 7)) return (Refusal.Expired, _until, 0);
        if (_has(faults, 8)) return (Refusal.MerchantUnknown, 0, 0);
        if (_has(faults, 9)) return (Refusal.MerchantNotActive, uint256(MerchantStatus.Suspended), 0);
        if (_has(faults, 10)) return (Refusal.WrongRegion, Region.unwrap(OTHER_CITY), Region.unwrap(CITY));
        if (_has(faults, 11)) return (Refusal.WrongCategory, 64, 0);
        if (_has(faults, 12)) return (Refusal.MerchantTooLarge, 3, 2);
        if (_has(faults, 13)) return (Refusal.PaymentCapExceeded, PAYMENT_CAP, order.amount);
        uint64 spent = _has(faults, 5) ? 1 : 0;
        if (_has(faults, 14)) return (Refusal.InsufficientBalance, BALANCE - spent, order.amount);
        if (_has(faults, 15)) return (Refusal.DailyCapExceeded, DAILY_CAP - spent, order.amount);
        return (Refusal.DeviceLimitExceeded, DEVICE_LIMIT, order.amount);
    }
}
