// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {Holding, MerchantStatus} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {ExtensionOrders} from "../support/ExtensionOrders.sol";
import {Order} from "../support/Orders.sol";
import {Log} from "../support/Test.sol";

/// @notice Unspent vouchers go back to the funders, once officers have started the expiry; any address submits holders.
contract ExpireTest is ExtensionOrders {
    uint256 private constant KEY = 0xBEEF;
    uint256 private constant SHOP_KEY = 0x5A0F;
    uint64 private constant GIVEN = 1_000_000;
    uint40 private constant END = NOW + 365 days;

    address private _shop;
    uint32 private _series;

    function setUp() public {
        build();
        _shop = person(SHOP_KEY);
        register(_shop, CITY, 1, 0);
        _series = publish(CITY, plainTerms(CITY));
        for (uint256 i = 0; i < 3; i++) {
            issueTo(CITY, _series, person(KEY + i), GIVEN);
        }
    }

    function testFuzz_expire_burnsWholeHoldings(uint64 spent, uint40 late) public {
        spent = uint64(bound(spent, 1, GIVEN - 1));
        settles(Order(person(KEY), _shop, _series, spent, 1, END, 0), KEY);
        _start(late);
        Holding memory held = vouchers.holding(_series, person(KEY));
        uint64 rest = GIVEN - spent;
        (held.balance, held.received) = (0, uint48(spent));
        vm.recordLogs();
        vouchers.expire(_series, one(person(KEY)));
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "events");
        _isExpired(logs[0], person(KEY), rest);
        isToken(logs[1], person(KEY), address(0), _series, rest);
        _equal(abi.encode(vouchers.holding(_series, person(KEY))), abi.encode(held), "holding");
        assertEq(vouchers.supply(_series).expired, rest, "expired");
        assertEq(vouchers.merchantBalance(_series, _shop).balance, spent, "what was earned stays");
    }

    /// @dev Each holder once, however often it is submitted, in one call or in several; empty holdings are skipped.
    function testFuzz_expire_countsEachHolderOnce(uint256 seed) public {
        _start(0);
        address[] memory holders = new address[](12);
        bool[4] memory submitted;
        uint256 wanted = 0;
        for (uint256 i = 0; i < 12; i++) {
            uint256 who = (seed >> 2 * i) % 4;
            holders[i] = person(KEY + who);
            // The fourth has nothing.
            if (who < 3 && !submitted[who]) wanted += GIVEN;
            submitted[who] = true;
        }
        vm.recordLogs();
        vouchers.expire(_series, holders);
        assertEq(vm.getRecordedLogs().length, 2 * wanted / GIVEN, "two events a holder");
        assertEq(vouchers.supply(_series).expired, wanted, "expired");
        vouchers.expire(_series, holders);
        assertEq(vouchers.supply(_series).expired, wanted, "once");
        assertEq(outstanding(_series), 3 * GIVEN - wanted, "outstanding");
    }

    function testFuzz_expire_acceptsAnySubmitter(address submitter) public {
        _start(0);
        vm.prank(submitter);
        vouchers.expire(_series, one(person(KEY)));
        assertEq(vouchers.holding(_series, person(KEY)).balance, 0, "expired");
    }

    /// @dev Not by the end of validity alone: officers must have started it.
    function testFuzz_expire_refusesBeforeItWasStarted(uint40 moment, uint32 series) public {
        vm.warp(bound(moment, NOW, END + 100 days));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.SeriesNotExpiring.selector, _series));
        vouchers.expire(_series, one(person(KEY)));
        vm.assume(series != _series);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.SeriesNotExpiring.selector, series));
        vouchers.expire(series, one(person(KEY)));
    }

    function testFuzz_expire_leavesOtherSeriesAlone(uint64 amount) public {
        uint32 other = publish(CITY, plainTerms(CITY));
        issueTo(CITY, other, person(KEY), uint64(bound(amount, 1, GIVEN)));
        _start(0);
        uint48 had = vouchers.holding(other, person(KEY)).balance;
        vouchers.expire(_series, one(person(KEY)));
        assertEq(vouchers.holding(other, person(KEY)).balance, had, "another series");
        assertEq(vouchers.supply(other).expired, 0, "another series");
    }

    function testFuzz_expire_refusesABatchAbove400(uint16 count) public {
        _start(0);
        address[] memory holders = new address[](bound(count, 401, 1_000));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, holders.length, 400));
        vouchers.expire(_series, holders);
        vouchers.expire(_series, new address[](400));
    }

    /// @dev Whose they are may be in question; when the freeze is over they expire as all others.
    function testFuzz_expire_leavesAFrozenAccountUntilTheFreezeEnds(uint40 ahead) public {
        attest(person(KEY), CITY, 1);
        vm.warp(END);
        uint40 until = END + uint40(bound(ahead, 1, 365 days));
        freezeUntil(person(KEY), until);
        _start(0);
        address[] memory holders = new address[](2);
        (holders[0], holders[1]) = (person(KEY), person(KEY + 1));
        vouchers.expire(_series, holders);
        assertEq(vouchers.holding(_series, holders[0]).balance, GIVEN, "frozen");
        assertEq(vouchers.holding(_series, holders[1]).balance, 0, "expired");
        vm.warp(until - 1);
        vouchers.expire(_series, holders);
        assertEq(vouchers.supply(_series).expired, GIVEN, "still frozen");
        vm.warp(until);
        vouchers.expire(_series, holders);
        assertEq(vouchers.supply(_series).expired, 2 * GIVEN, "expired as well");
    }

    /// @dev A merchant's balance never expires, even that of a closed one.
    function test_expire_takesHoldingsNotMerchantBalances() public {
        settles(Order(person(KEY + 1), _shop, _series, GIVEN, 1, END, 0), KEY + 1);
        setStatus(_shop, MerchantStatus.Closed);
        _start(0);
        address[] memory holders = new address[](4);
        for (uint256 i = 0; i < 3; i++) {
            holders[i] = person(KEY + i);
        }
        holders[3] = _shop;
        vouchers.expire(_series, holders);
        assertEq(vouchers.supply(_series).expired, 2 * GIVEN, "two holdings");
        redeems(Order(_shop, address(0), _series, GIVEN, 1, END + 10 days, 0), SHOP_KEY);
        assertEq(outstanding(_series), 0, "nothing left");
        close(CITY, _series);
    }

    /// @dev After it nothing can be spent or given, and a refund finds nothing.
    function test_expire_leavesNothingBehind() public {
        _start(0);
        vouchers.expire(_series, one(person(KEY)));
        Order memory order = Order(person(KEY), _shop, _series, 1, 1, END + 10 days, 0);
        refusesPayment(order, KEY, Refusal.Expired, END, 0);
        order.to = address(0);
        refusesRefund(order, KEY, Refusal.RefundNotWhole, 0, 1);
    }

    function _start(uint40 late) private {
        vm.warp(bound(late, END, END + 5 days));
        startExpiry(CITY, _series);
    }

    function _isExpired(Log memory log, address holder, uint64 amount) private view {
        assertEq(log.emitter, address(vouchers), "emitter");
        assertEq(log.topics[0], IVoucherEvents.Expired.selector, "Expired");
        assertEq(uint256(log.topics[1]), _series, "series");
        assertEq(address(uint160(uint256(log.topics[2]))), holder, "holder");
        assertEq(abi.decode(log.data, (uint64)), amount, "amount");
    }
}
