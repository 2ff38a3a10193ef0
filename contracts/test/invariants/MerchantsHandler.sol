// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Receipt} from "../../src/interfaces/VoucherTypes.sol";
import {Order} from "../support/Orders.sol";
import {Kind, Line, Settled} from "./Mirror.sol";
import {Submissions} from "./Submissions.sol";

/// @notice What merchants do: take payments back, pay each other, redeem.
abstract contract MerchantsHandler is Submissions {
    function _voidPayment(uint8 which, uint64 amount, uint8 ahead, uint8 twist) internal {
        if (payments.length == 0) return;
        Settled memory paid = payments[which % payments.length];
        Receipt memory receipt = _receiptOf(paid);
        Order memory order;
        (order.from, order.to, order.series) = (paid.to, paid.from, paid.series);
        // Another merchant's payment, more than was paid, or the proof of another item.
        if (twist % 16 == 1) order.to = _anybody(ahead);
        if (twist % 16 == 2) receipt.amount++;
        if (twist % 16 == 3) receipt.batch++;
        if (twist % 16 == 4) order.series = _anySeries(ahead);
        order.amount = _amount(amount, paid.amount);
        order.nonce = _nonce(lines[paid.series][paid.to].takenTop, ahead);
        _submit(Kind.Void, order, which ^ ahead, twist, receipt);
    }

    function _circulate(uint8 who, uint8 to, uint64 amount, uint8 ahead, uint8 which, uint8 twist) internal {
        Order memory order = _fromShop(_anySeries(which), twist % 16 == 1 ? _resident(who) : _shop(who), ahead, amount);
        order.to = _shop(to);
        _submit(Kind.Circulation, order, who ^ ahead, twist);
    }

    function _redeem(uint8 who, uint64 amount, uint8 ahead, uint8 which, uint8 twist) internal {
        Order memory order = _fromShop(_anySeries(which), _anybody(who), ahead, amount);
        _submit(Kind.Redemption, order, who ^ ahead, twist);
    }

    function _fromShop(uint32 series, address shop, uint8 ahead, uint64 amount)
        private
        view
        returns (Order memory order)
    {
        Line storage line = lines[series][shop];
        (order.from, order.series) = (shop, series);
        order.amount = _amount(amount, uint256(line.hops[0]) + line.hops[1] + line.hops[2] + line.hops[3]);
        order.nonce = _nonce(line.takenTop, ahead);
    }
}
