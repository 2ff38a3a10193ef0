// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Order} from "../support/Orders.sol";
import {Kind, Line} from "./Mirror.sol";
import {Submissions} from "./Submissions.sol";

/// @notice Owners cancel what they signed, devices try to; and a thief of a device key wastes numbers.
abstract contract CancellationsHandler is Submissions {
    function _cancel(uint8 who, uint8 ahead, uint8 count, uint8 which, uint8 twist) internal {
        Order memory order;
        order.from = _anybody(who);
        order.series = _anySeries(which);
        Line memory line = lines[uint32(order.series)][order.from];
        bool asMerchant = twist / 16 % 2 == 1;
        uint32 top = asMerchant ? line.takenTop : line.top;
        // From behind the window to beyond what may lead.
        uint32 from = top > 70 ? top - 70 : 0;
        order.nonce = uint32(from + uint256(ahead) * (top + 66 - from) / 255);
        order.amount = count % 8 == 0 ? order.nonce : 1 + count % 70;
        _submit(asMerchant ? Kind.MerchantCancellation : Kind.Cancellation, order, ahead ^ count, twist);
    }

    /// @dev One won at a time, as far ahead as it gets.
    function _thiefPays(uint8 who, uint8 to, uint8 ahead, uint8 which) internal {
        Order memory order;
        order.from = _resident(who);
        if (rings[order.from].length == 0) order.from = people[1];
        order.to = _shop(to);
        order.series = _anySeries(which);
        order.amount = 1;
        uint32 top = lines[uint32(order.series)][order.from].top;
        order.nonce = ahead % 4 == 0 ? top + 64 + ahead : top + 63 - ahead % 4;
        _submit(Kind.Payment, order, 0, 1);
    }
}
