// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {Receipt, Return, SeriesTerms, Settlement} from "../../src/interfaces/VoucherTypes.sol";
import {ExtensionOrders} from "../support/ExtensionOrders.sol";
import {Order} from "../support/Orders.sol";
import {Log} from "../support/Test.sol";

/// @notice An explorer that knows ERC-1155's events alone sees every balance: any life of two series, replayed from
/// TransferSingle, gives what balanceOf says, and what the supply says is outstanding.
contract TokenLogTest is ExtensionOrders {
    uint256 private constant KEY = 0xBEEF;
    uint64 private constant GIVEN = 1_000_000;
    uint40 private constant UNTIL = NOW + 500 days;
    uint256 private constant RESIDENTS = 3;
    uint256 private constant ALL = 6;

    uint32[2] private _series;
    /// @dev What can still be taken back or returned: receipts of payments and of redemptions, with their parties.
    Receipt[] private _payments;
    Order[] private _paid;
    Receipt[] private _redemptions;
    Order[] private _redeemed;
    mapping(uint32 series => mapping(address holder => uint256)) private _seen;

    function setUp() public {
        build();
        for (uint256 i = RESIDENTS; i < ALL; i++) {
            register(person(KEY + i), CITY, 1, 0);
        }
        SeriesTerms memory terms = plainTerms(CITY);
        (terms.flags, terms.hops, terms.refundPercent, terms.refundDays) = (1, 2, 60, 7);
        _series[0] = publish(CITY, terms);
        _series[1] = publish(CITY, plainTerms(CITY));
    }

    function testFuzz_tokenLog_replaysToTheBalances(uint256 seed) public {
        vm.recordLogs();
        for (uint256 i = 0; i < RESIDENTS; i++) {
            issueTo(CITY, _series[0], _who(i), GIVEN);
            issueTo(CITY, _series[1], _who(i), GIVEN);
        }
        for (uint32 nonce = 1; nonce <= 24; nonce++) {
            seed = uint256(keccak256(abi.encode(seed)));
            _live(seed, nonce);
        }
        _end(_series[0]);
        _replay(vm.getRecordedLogs());
        for (uint256 s = 0; s < 2; s++) {
            uint256 sum = 0;
            for (uint256 i = 0; i < ALL; i++) {
                uint256 balance = tokens.balanceOf(_who(i), _series[s]);
                assertEq(_seen[_series[s]][_who(i)], balance, "replayed balance");
                sum += balance;
            }
            assertEq(sum, outstanding(_series[s]), "outstanding");
        }
    }

    /// @dev One step; a refused call changes nothing and emits no transfer.
    function _live(uint256 seed, uint32 nonce) private {
        uint256 from = (seed >> 8) % RESIDENTS;
        uint256 other = (from + 1 + (seed >> 16) % (RESIDENTS - 1)) % RESIDENTS;
        uint32 series = _series[(seed >> 24) % 2];
        uint64 amount = uint64(1 + (seed >> 32) % (GIVEN / 2));
        Order memory order = Order(_who(from), _who(RESIDENTS + other), series, amount, nonce, UNTIL, 0);
        uint256 what = seed % 10;
        if (what < 3) _pays(order, KEY + from, seed);
        else if (what == 3) _gives(order, other, KEY + from);
        else if (what == 4) _circulates(order, from, other);
        else if (what == 5) _redeems(order, from);
        else if (what == 6) _settles(order);
        else if (what == 7) _undoes(seed, nonce);
        else if (what == 8) _refunds(order, KEY + from);
        else _sends(order, seed);
    }

    /// @dev From one series or from both.
    function _pays(Order memory order, uint256 key, uint256 seed) private {
        if (seed >> 255 == 1) {
            order.series = listed(_series[0], _series[1]);
            vouchers.pay(one(transfer(order)), one(prove(wallet(key), paymentId(order))));
            return;
        }
        bytes memory proof = one(prove(wallet(key), paymentId(order)));
        if (vouchers.previewPayments(one(transfer(order)), proof)[0].code != 0) return;
        vouchers.pay(one(transfer(order)), proof);
        _payments.push(soleReceipt(paymentId(order), order.amount));
        _paid.push(order);
    }

    function _gives(Order memory order, uint256 other, uint256 key) private {
        order.to = _who(other);
        vouchers.give(one(transfer(order)), one(prove(wallet(key), giftId(order))));
    }

    function _circulates(Order memory order, uint256 from, uint256 other) private {
        (order.from, order.to) = (_who(RESIDENTS + from), _who(RESIDENTS + other));
        bytes32 id = circulationId(order);
        vouchers.circulate(one(transfer(order)), one(prove(wallet(KEY + RESIDENTS + from), id)));
    }

    function _redeems(Order memory order, uint256 from) private {
        (order.from, order.to) = (_who(RESIDENTS + from), address(0));
        bytes memory proof = one(prove(wallet(KEY + RESIDENTS + from), redemptionId(order)));
        if (vouchers.previewRedemptions(one(transfer(order)), proof)[0].code != 0) return;
        vouchers.redeem(one(transfer(order)), proof);
        _redemptions.push(soleReceipt(redemptionId(order), order.amount));
        _redeemed.push(order);
    }

    function _settles(Order memory order) private {
        Settlement[] memory lines = new Settlement[](1);
        lines[0] = Settlement(order.to, uint32(order.series), order.amount);
        act(CITY, abi.encodeCall(IVouchersAdmin.settle, (CITY, bytes32(0), lines)), treasurers());
    }

    /// @dev A void of a payment, or the return of a redemption.
    function _undoes(uint256 seed, uint32 nonce) private {
        if (seed >> 255 == 1 && _redemptions.length != 0) {
            uint256 last = _redemptions.length - 1;
            Return[] memory entries = new Return[](1);
            entries[0] = Return(_redeemed[last].from, uint32(_redeemed[last].series), _redemptions[last]);
            act(CITY, abi.encodeCall(IVouchersAdmin.returnRedemptions, (CITY, entries)), treasurers());
            _redemptions.pop();
            _redeemed.pop();
        } else if (_payments.length != 0) {
            uint256 i = seed % _payments.length;
            Order memory payment = _paid[i];
            uint64 amount = payment.amount / 2 + 1;
            Order memory order = Order(payment.to, payment.from, payment.series, amount, nonce, UNTIL, 0);
            uint256 key = KEY;
            while (person(key) != payment.to) key++;
            bytes memory proof = one(prove(wallet(key), voidId(order, _payments[i].id)));
            vouchers.voidPayments(one(transfer(order)), one(_payments[i]), proof);
        }
    }

    function _refunds(Order memory order, uint256 key) private {
        order.to = address(0);
        order.amount = vouchers.holding(uint32(order.series), order.from).balance;
        vouchers.refund(one(transfer(order)), one(prove(wallet(key), refundId(order))));
    }

    /// @dev As tokens; the same id twice.
    function _sends(Order memory order, uint256 seed) private {
        uint256[] memory list = new uint256[](2);
        uint256[] memory values = new uint256[](2);
        (list[0], list[1]) = (order.series, order.series);
        (values[0], values[1]) = (order.amount, 1 + seed % 1_000);
        _replay(vm.getRecordedLogs());
        vm.prank(order.from);
        try tokens.safeBatchTransferFrom(order.from, order.to, list, values, "") {}
        catch {
            // The first may have gone before the second was refused. A chain forgets both; what records here does not.
            vm.getRecordedLogs();
        }
    }

    function _end(uint32 series) private {
        vm.warp(NOW + 365 days);
        startExpiry(CITY, series);
        vouchers.expire(series, one(_who(0)));
    }

    function _replay(Log[] memory logs) private {
        for (uint256 i = 0; i < logs.length; i++) {
            assertTrue(logs[i].topics[0] != IERC1155.TransferBatch.selector, "single transfers alone");
            if (logs[i].topics[0] != IERC1155.TransferSingle.selector) continue;
            address from = address(uint160(uint256(logs[i].topics[2])));
            address to = address(uint160(uint256(logs[i].topics[3])));
            (uint256 id, uint256 value) = abi.decode(logs[i].data, (uint256, uint256));
            // Below zero would revert: no account gives more than the log shows it to have.
            if (from != address(0)) _seen[uint32(id)][from] -= value;
            if (to != address(0)) _seen[uint32(id)][to] += value;
        }
    }

    function _who(uint256 i) private pure returns (address) {
        return vm.addr(KEY + i);
    }
}
