// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {Account, Holding, Outcome, Receipt, SeriesTerms, MerchantBalance} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region} from "../../src/types/Region.sol";
import {ReplayWindow} from "../../src/types/ReplayWindow.sol";
import {Keys} from "./Keys.sol";
import {Log} from "./Test.sol";
import {Order, Signer} from "./Orders.sol";
import {Till} from "./Till.sol";

/// @notice Submits and watches the extension's orders: voids, gifts, circulation and refunds, one in a batch. A settled
/// order changes exactly the slots that it must, computed here by hand; a refused one changes nothing.
abstract contract ExtensionOrders is Till {
    /// @dev What an order stands between. `from` and `to` of a void are merchant and payer.
    struct Books {
        Holding fromHeld;
        Holding toHeld;
        MerchantBalance fromTaken;
        MerchantBalance toTaken;
        Account from;
        Account to;
    }

    // Voids

    function voids(Order memory order, Receipt memory receipt, uint256 key) internal {
        voids(order, receipt, wallet(key));
    }

    function voids(Order memory order, Receipt memory receipt, Signer memory signer) internal {
        bytes32 id = voidId(order, receipt.id);
        uint32 series = uint32(order.series);
        uint64 voided = vouchers.voided(receipt.id, series);
        bytes memory supply = abi.encode(vouchers.supply(series));
        Books memory books = booksOf(order);
        books.from = _afterDevice(order, signer);
        _useNonce(books.fromTaken, order.nonce);
        books.fromTaken.balance -= uint48(order.amount);
        uint48 receivedAgain = _takeBack(books.toHeld, order.amount);
        if (receipt.day == today()) _giveAllowanceBack(books.toHeld, order.amount);
        _submitVoid(order, receipt, id, one(prove(signer, id)));
        _assertVoided(order, id, receipt.id, receivedAgain, signedBy(order, signer));
        _areEqual(booksOf(order), books);
        _equal(abi.encode(vouchers.supply(series)), supply, "supply");
        assertEq(vouchers.voided(receipt.id, series), voided + order.amount, "voided");
    }

    function _submitVoid(Order memory order, Receipt memory receipt, bytes32 id, bytes memory proofs) private {
        vm.recordLogs();
        _isSettled(vouchers.voidPayments(one(transfer(order)), one(receipt), proofs), id);
    }

    function _assertVoided(
        Order memory order,
        bytes32 id,
        bytes32 payment,
        uint48 receivedAgain,
        uint40 signed
    ) private {
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "events of a void");
        _assertTopics(logs[0], IVoucherEvents.Voided.selector, id, payment, bytes32(order.series));
        bytes memory expected = abi.encode(order.to, order.from, order.amount, receivedAgain, signed, order.note);
        _equal(logs[0].data, expected, "data of a void");
        isToken(logs[1], order.from, order.to, uint32(order.series), order.amount);
    }

    function refusesVoid(Order memory order, Receipt memory receipt, uint256 key, Refusal why, uint256 a, uint256 b)
        internal
    {
        refusesVoid(order, receipt, prove(wallet(key), voidId(order, receipt.id)), why, a, b);
    }

    function refusesVoid(
        Order memory order,
        Receipt memory receipt,
        bytes memory proof,
        Refusal why,
        uint256 a,
        uint256 b
    ) internal {
        bytes32 id = voidId(order, receipt.id);
        bytes32 before = stateOf(order);
        uint64 voided = vouchers.voided(receipt.id, uint32(order.series));
        vm.recordLogs();
        Outcome[] memory said = vouchers.voidPayments(one(transfer(order)), one(receipt), one(proof));
        _isRefused(said, IVoucherEvents.VoidRefused.selector, id, why, a, b);
        assertEq(stateOf(order), before, "a refused void changed something");
        assertEq(vouchers.voided(receipt.id, uint32(order.series)), voided, "a refused void counts");
    }

    function one(Receipt memory receipt) internal pure returns (Receipt[] memory list) {
        list = new Receipt[](1);
        list[0] = receipt;
    }

    // Gifts

    function gives(Order memory order, uint256 key) internal {
        gives(order, wallet(key));
    }

    function gives(Order memory order, Signer memory signer) internal {
        bytes32 id = giftId(order);
        uint32 series = uint32(order.series);
        Books memory books = booksOf(order);
        _giveAway(books.fromHeld, order);
        _receive(books.toHeld, order.amount);
        (, SeriesTerms memory terms) = vouchers.seriesTerms(series);
        if (terms.dailyCaps[books.from.company ? 2 : books.from.tier] != 0) {
            _takeAllowance(books.fromHeld, order.amount);
        }
        bytes memory month = _monthOf(order, terms.giftCap == 0 ? 0 : order.amount);
        bytes memory supply = abi.encode(vouchers.supply(series));
        _submitGift(order, id, one(prove(signer, id)));
        _isMove(IVoucherEvents.Given.selector, id, order, order.nonce);
        _areEqual(booksOf(order), books);
        _equal(abi.encode(vouchers.supply(series)), supply, "supply");
        _equal(_monthOf(order, 0), month, "receiver's month");
    }

    /// @dev What the receiver bought and was given, with `more` gifts.
    function _monthOf(Order memory order, uint64 more) private view returns (bytes memory) {
        (Region authority,) = vouchers.seriesTerms(uint32(order.series));
        (uint64 inMonth, uint64 inYear, uint64 gifts) = vouchers.purchases(authority, order.to);
        return abi.encode(inMonth, inYear, gifts + more);
    }

    function _submitGift(Order memory order, bytes32 id, bytes memory proofs) private {
        vm.recordLogs();
        _isSettled(vouchers.give(one(transfer(order)), proofs), id);
    }

    function refusesGift(Order memory order, uint256 key, Refusal why, uint256 a, uint256 b) internal {
        refusesGift(order, prove(wallet(key), giftId(order)), why, a, b);
    }

    function refusesGift(Order memory order, bytes memory proof, Refusal why, uint256 a, uint256 b) internal {
        bytes32 before = stateOf(order);
        vm.recordLogs();
        Outcome[] memory said = vouchers.give(one(transfer(order)), one(proof));
        _isRefused(said, IVoucherEvents.GiftRefused.selector, giftId(order), why, a, b);
        assertEq(stateOf(order), before, "a refused gift changed something");
    }

    // Circulation

    function circulates(Order memory order, uint256 key) internal {
        circulates(order, wallet(key));
    }

    function circulates(Order memory order, Signer memory signer) internal {
        bytes32 id = circulationId(order);
        uint32 series = uint32(order.series);
        Books memory books = booksOf(order);
        books.from = _afterDevice(order, signer);
        _useNonce(books.fromTaken, order.nonce);
        (, SeriesTerms memory terms) = vouchers.seriesTerms(series);
        _hop(books.fromTaken, books.toTaken, order.amount, terms.hops);
        bytes memory supply = abi.encode(vouchers.supply(series));
        bytes memory proofs = one(prove(signer, id));
        vm.recordLogs();
        _isSettled(vouchers.circulate(one(transfer(order)), proofs), id);
        _isMove(IVoucherEvents.Circulated.selector, id, order, signedBy(order, signer));
        _areEqual(booksOf(order), books);
        _equal(abi.encode(vouchers.supply(series)), supply, "supply");
    }

    function refusesCirculation(Order memory order, uint256 key, Refusal why, uint256 a, uint256 b) internal {
        refusesCirculation(order, prove(wallet(key), circulationId(order)), why, a, b);
    }

    function refusesCirculation(Order memory order, bytes memory proof, Refusal why, uint256 a, uint256 b)
        internal
    {
        bytes32 before = stateOf(order);
        vm.recordLogs();
        Outcome[] memory said = vouchers.circulate(one(transfer(order)), one(proof));
        _isRefused(said, IVoucherEvents.CirculationRefused.selector, circulationId(order), why, a, b);
        assertEq(stateOf(order), before, "a refused circulation changed something");
    }

    // Refunds

    function refunds(Order memory order, uint256 key, uint64 own) internal {
        bytes32 id = refundId(order);
        uint32 series = uint32(order.series);
        Books memory books = booksOf(order);
        uint48 received = books.fromHeld.received;
        _giveAway(books.fromHeld, order);
        assertEq(books.fromHeld.balance, 0, "test: a refund is of the whole");
        books.fromHeld.received = 0;
        uint64 refunded = vouchers.supply(series).refunded;
        _submitRefund(order, id, one(prove(wallet(key), id)));
        _assertRefunded(order, id, own, received);
        _areEqual(booksOf(order), books);
        assertEq(vouchers.supply(series).refunded, refunded + order.amount, "refunded in all");
    }

    function _submitRefund(Order memory order, bytes32 id, bytes memory proofs) private {
        vm.recordLogs();
        _isSettled(vouchers.refund(one(transfer(order)), proofs), id);
    }

    function _assertRefunded(Order memory order, bytes32 id, uint64 own, uint48 received) private {
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "events of a refund");
        bytes32 who = bytes32(uint256(uint160(order.from)));
        _assertTopics(logs[0], IVoucherEvents.Refunded.selector, id, bytes32(order.series), who);
        bytes memory expected = abi.encode(order.amount, own, received, order.nonce, order.note);
        _equal(logs[0].data, expected, "data of a refund");
        isToken(logs[1], order.from, address(0), uint32(order.series), order.amount);
    }

    function refusesRefund(Order memory order, uint256 key, Refusal why, uint256 a, uint256 b) internal {
        refusesRefund(order, prove(wallet(key), refundId(order)), why, a, b);
    }

    function refusesRefund(Order memory order, bytes memory proof, Refusal why, uint256 a, uint256 b) internal {
        bytes32 before = stateOf(order);
        vm.recordLogs();
        Outcome[] memory said = vouchers.refund(one(transfer(order)), one(proof));
        _isRefused(said, IVoucherEvents.RefundRefused.selector, refundId(order), why, a, b);
        assertEq(stateOf(order), before, "a refused refund changed something");
    }

    // Keys

    /// @notice What an owner key signs to put a new ring into force. @param number of the change, from 1.
    function keyChangeId(address account, bytes memory ring, uint32 number, uint40 deadline)
        internal
        view
        returns (bytes32)
    {
        bytes32 kind = keccak256("KeyChange(address account,bytes keys,uint32 change,uint40 deadline)");
        return digest(abi.encode(kind, account, keccak256(ring), number, deadline));
    }

    /// @notice What an owner key signs to stop a proposed ring, by the number of the proposal.
    function objectionId(address account, bytes memory ring, uint32 number, uint40 deadline)
        internal
        view
        returns (bytes32)
    {
        bytes32 kind = keccak256("Objection(address account,bytes32 keys,uint32 number,uint40 deadline)");
        return digest(abi.encode(kind, account, Keys.ringHash(ring), number, deadline));
    }

    // For all of them

    function booksOf(Order memory order) internal view returns (Books memory) {
        uint32 series = uint32(order.series);
        return Books(
            vouchers.holding(series, order.from),
            vouchers.holding(series, order.to),
            vouchers.merchantBalance(series, order.from),
            vouchers.merchantBalance(series, order.to),
            vouchers.account(order.from),
            vouchers.account(order.to)
        );
    }

    /// @notice A ring of a device (position 0) and an owner (position 1), both wallets' keys.
    function ringOf(uint32 dailyLimit, bytes32 deviceKey, bytes32 ownerKey) internal pure returns (bytes memory) {
        return abi.encodePacked(dailyLimit, uint8(1), deviceKey, uint8(2), ownerKey);
    }

    /// @notice won in circulation: what was issued and is neither redeemed nor refunded nor expired.
    function outstanding(uint32 series) internal view returns (uint256) {
        return uint256(vouchers.supply(series).issued) - vouchers.supply(series).redeemed
            - vouchers.supply(series).refunded - vouchers.supply(series).expired;
    }

    function _giveAway(Holding memory held, Order memory order) private pure {
        held.balance -= uint48(order.amount);
        held.received -= uint48(order.amount);
        (held.top, held.window) = ReplayWindow.use(held.top, held.window, order.nonce);
    }

    /// @dev What comes back was received before, except where the holding was refunded since.
    function _takeBack(Holding memory held, uint64 amount) private pure returns (uint48 receivedAgain) {
        held.balance += uint48(amount);
        if (held.balance <= held.received) return 0;
        receivedAgain = held.balance - held.received;
        held.received = held.balance;
    }

    function _receive(Holding memory held, uint64 amount) private view {
        held.balance += uint48(amount);
        held.received += uint48(amount);
        held.receivedDay = today();
    }

    function _useNonce(MerchantBalance memory taken, uint32 nonce) private pure {
        (taken.top, taken.window) = ReplayWindow.use(taken.top, taken.window, nonce);
    }

    function _takeAllowance(Holding memory held, uint64 amount) private view {
        if (held.day != today()) (held.day, held.spentToday) = (today(), 0);
        held.spentToday += uint32(amount);
    }

    function _giveAllowanceBack(Holding memory held, uint64 amount) private view {
        if (held.day != today()) (held.day, held.spentToday) = (today(), 0);
        held.spentToday = held.spentToday > amount ? held.spentToday - uint32(amount) : 0;
    }

    /// @dev won by won: what made most hops that may still hop goes first, and arrives one hop further.
    function _hop(MerchantBalance memory from, MerchantBalance memory to, uint64 amount, uint8 hops) private pure {
        uint64[4] memory had = [from.balance, from.byHop[0], from.byHop[1], from.byHop[2]];
        for (uint256 left = hops; left > 0; left--) {
            uint64 part = had[left - 1] < amount ? had[left - 1] : amount;
            amount -= part;
            if (left == 1) from.balance -= uint48(part);
            else from.byHop[left - 2] -= part;
            to.byHop[left - 1] += part;
        }
        assertEq(amount, 0, "test: all of it may hop");
    }

    function _isSettled(Outcome[] memory said, bytes32 id) internal pure {
        assertEq(said.length, 1, "outcomes");
        assertEq(said[0].id, id, "id");
        isRefusal(said[0], Refusal.None, 0, 0);
    }

    function _isRefused(Outcome[] memory said, bytes32 refused, bytes32 id, Refusal why, uint256 a, uint256 b)
        internal
    {
        assertEq(said.length, 1, "outcomes");
        assertEq(said[0].id, id, "id");
        isRefusal(said[0], why, a, b);
        emitsOnlyRefusal(refused, id, why, a, b);
    }

    /// @dev The recorded logs are a movement from account to account: its own event and ERC-1155's.
    function _isMove(bytes32 what, bytes32 id, Order memory order, uint40 signed) private {
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "events of a movement");
        bytes32 series = bytes32(uint256(uint32(order.series)));
        _assertTopics(logs[0], what, id, series, bytes32(uint256(uint160(order.from))));
        _equal(logs[0].data, abi.encode(order.to, order.amount, signed, order.note), "data of a movement");
        isToken(logs[1], order.from, order.to, uint32(order.series), order.amount);
    }

    function _assertTopics(Log memory log, bytes32 what, bytes32 one_, bytes32 two, bytes32 three) internal view {
        assertEq(log.emitter, address(vouchers), "emitter");
        assertEq(log.topics[0], what, "event");
        assertEq(log.topics[1], one_, "first topic");
        assertEq(log.topics[2], two, "second topic");
        assertEq(log.topics[3], three, "third topic");
    }

    function _areEqual(Books memory got, Books memory wanted) internal pure {
        _equal(abi.encode(got.fromHeld), abi.encode(wanted.fromHeld), "sender's holding");
        _equal(abi.encode(got.toHeld), abi.encode(wanted.toHeld), "receiver's holding");
        _equal(abi.encode(got.fromTaken), abi.encode(wanted.fromTaken), "sender's merchant balances");
        _equal(abi.encode(got.toTaken), abi.encode(wanted.toTaken), "receiver's merchant balances");
        _equal(abi.encode(got.from), abi.encode(wanted.from), "sender's account");
        _equal(abi.encode(got.to), abi.encode(wanted.to), "receiver's account");
        assertTrue(got.fromHeld.balance <= got.fromHeld.received, "sender holds more than it received");
        assertTrue(got.toHeld.balance <= got.toHeld.received, "receiver holds more than it received");
    }
}
