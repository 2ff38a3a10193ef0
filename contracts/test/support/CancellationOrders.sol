// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {Holding, MerchantBalance, Outcome} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {ReplayWindow} from "../../src/types/ReplayWindow.sol";
import {ExtensionOrders} from "./ExtensionOrders.sol";
import {Log} from "./Test.sol";
import {Order, Signer} from "./Orders.sol";

/// @notice Submits and watches cancellations as {ExtensionOrders} does what they cancel.
abstract contract CancellationOrders is ExtensionOrders {
    /// @notice A cancellation by an owner settles: these nonces of the holding are used up, and nothing else changes.
    function cancels(Order memory order, Signer memory signer) internal {
        Books memory books = booksOf(order);
        Holding memory held = books.fromHeld;
        (held.top, held.window) = usedUp(held.top, held.window, order);
        bytes memory proofs = one(prove(signer, cancellationId(order)));
        vm.recordLogs();
        _isSettled(vouchers.cancel(one(transfer(order)), proofs), cancellationId(order));
        _isCancelled(IVoucherEvents.Cancelled.selector, cancellationId(order), order);
        _areEqual(booksOf(order), books);
    }

    /// @notice The same of a merchant balance.
    function cancelsAsMerchant(Order memory order, Signer memory signer) internal {
        Books memory books = booksOf(order);
        MerchantBalance memory taken = books.fromTaken;
        (taken.top, taken.window) = usedUp(taken.top, taken.window, order);
        bytes memory proofs = one(prove(signer, merchantCancellationId(order)));
        vm.recordLogs();
        _isSettled(vouchers.cancelAsMerchant(one(transfer(order)), proofs), merchantCancellationId(order));
        _isCancelled(IVoucherEvents.MerchantCancelled.selector, merchantCancellationId(order), order);
        _areEqual(booksOf(order), books);
    }

    /// @notice Nonce by nonce, as if each had been used by an order.
    function usedUp(uint32 top, uint64 window, Order memory order) internal pure returns (uint32, uint64) {
        uint256 least = order.nonce > 200 ? order.nonce - 200 : 1;
        uint256 first = order.amount > order.nonce - least ? least : order.nonce + 1 - order.amount;
        for (uint256 nonce = first; nonce <= order.nonce; nonce++) {
            if (ReplayWindow.isFresh(top, window, uint32(nonce))) {
                (top, window) = ReplayWindow.use(top, window, uint32(nonce));
            }
        }
        return (top, window);
    }

    function _isCancelled(bytes32 what, bytes32 id, Order memory order) private {
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "events of a cancellation");
        bytes32 who = bytes32(uint256(uint160(order.from)));
        _assertTopics(logs[0], what, id, bytes32(order.series), who);
        _equal(logs[0].data, abi.encode(order.amount, order.nonce, order.note), "data of a cancellation");
    }

    function refusesCancellation(Order memory order, Signer memory signer, Refusal why, uint256 a, uint256 b)
        internal
    {
        bytes32 before = stateOf(order);
        bytes32 id = cancellationId(order);
        bytes memory proofs = one(prove(signer, id));
        vm.recordLogs();
        Outcome[] memory said = vouchers.cancel(one(transfer(order)), proofs);
        _isRefused(said, IVoucherEvents.CancellationRefused.selector, id, why, a, b);
        assertEq(stateOf(order), before, "a refused cancellation changed something");
    }

    function refusesMerchantCancellation(
        Order memory order,
        Signer memory signer,
        Refusal why,
        uint256 a,
        uint256 b
    ) internal {
        bytes32 before = stateOf(order);
        bytes32 id = merchantCancellationId(order);
        bytes memory proofs = one(prove(signer, id));
        vm.recordLogs();
        Outcome[] memory said = vouchers.cancelAsMerchant(one(transfer(order)), proofs);
        _isRefused(said, IVoucherEvents.MerchantCancellationRefused.selector, id, why, a, b);
        assertEq(stateOf(order), before, "a refused cancellation changed something");
    }
}
