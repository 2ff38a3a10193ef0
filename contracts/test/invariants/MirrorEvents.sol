// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {MerchantStatus} from "../../src/interfaces/VoucherTypes.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {Log} from "../support/Test.sol";
import {Tree} from "../support/Tree.sol";
import {Charge, Kind, Line, Mirror, Settled, Signed} from "./Mirror.sol";

/// @notice Writes the second ledger from events. Each event must have a reason: a good signature that is not used up,
/// or the act under way. Where the ledgers differ then, something moved without an event.
abstract contract MirrorEvents is Mirror {
    bytes32[] private _pendingLeaves;
    bytes32[] private _paidIds;

    /// @dev Writes the logs of a call and compares the contract's ledger with the result.
    function _reconcile() internal {
        Log[] memory logs = vm.getRecordedLogs();
        moved = false;
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].emitter == address(vouchers)) _read(logs[i]);
        }
        assertEq(_pendingLeaves.length, 0, "settled without a receipt");
        for (uint256 i = 0; i < _paidIds.length; i++) {
            assertEq(signed[_paidIds[i]].moved, signed[_paidIds[i]].amount, "a payment settled in part");
        }
        delete _paidIds;
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].emitter != address(vouchers) || logs[i].topics[0] != IERC1155.TransferSingle.selector) {
                continue;
            }
            (uint256 id,) = abi.decode(logs[i].data, (uint256, uint256));
            _checkLine(uint32(id), _address(logs[i].topics[2]));
            _checkLine(uint32(id), _address(logs[i].topics[3]));
        }
    }

    function _read(Log memory log) private {
        bytes32 topic = log.topics[0];
        if (topic == IERC1155.TransferSingle.selector) _readToken(log);
        else if (topic == IVoucherEvents.Paid.selector) _readPaid(log);
        else if (topic == IVoucherEvents.Voided.selector) _readVoided(log);
        else if (topic == IVoucherEvents.Given.selector) _readGiven(log);
        else if (topic == IVoucherEvents.Circulated.selector) _readCirculated(log);
        else if (topic == IVoucherEvents.Redeemed.selector) _readRedeemed(log);
        else if (topic == IVoucherEvents.Refunded.selector) _readRefunded(log);
        else if (topic == IVoucherEvents.Cancelled.selector) _readCancelled(log);
        else if (topic == IVoucherEvents.MerchantCancelled.selector) _readMerchantCancelled(log);
        else if (topic == IVoucherEvents.Issued.selector) _readIssued(log);
        else if (topic == IVoucherEvents.Expired.selector) _readExpired(log);
        else if (topic == IVoucherEvents.RedemptionReturned.selector) _readReturned(log);
        else if (topic == IVoucherEvents.ReceiptsStored.selector) _readReceipts(log);
        else if (topic == IVoucherEvents.HandOverProposed.selector) _readProposed(log);
        else if (topic == IVoucherEvents.HandOverStopped.selector) _readStopped(log);
        else if (topic == IVoucherEvents.AccountTaken.selector) _readTaken(log);
    }

    function _readToken(Log memory log) private {
        (uint256 id, uint256 value) = abi.decode(log.data, (uint256, uint256));
        (address from, address to) = (_address(log.topics[2]), _address(log.topics[3]));
        assertTrue(value != 0 && from != to, "an empty movement");
        if (from != address(0)) lines[uint32(id)][from].tokens -= value;
        if (to != address(0)) lines[uint32(id)][to].tokens += value;
        moved = true;
    }

    function _readPaid(Log memory log) private {
        (address shop, uint64 amount, uint40 by,) = abi.decode(log.data, (address, uint64, uint40, bytes32));
        (bytes32 id, uint32 series, address payer) = _about(log);
        Signed storage order = _signedAs(Kind.Payment, id, payer);
        uint32 nonce = _nonceOf(order, by);
        assertTrue(order.to == shop && order.nonce == nonce, "paid to another account");
        assertTrue(!_isFrozen(payer) && statusOf[shop] == MerchantStatus.Active, "paid though stopped");
        _requireOpen(series);
        uint32 first = uint32(order.series);
        if (order.moved == 0) {
            assertEq(series, first, "the first series gives first");
            lines[first][payer].top = _use("held", first, payer, nonce, lines[first][payer].top);
            _paidIds.push(id);
            _requireOrder(order.series);
        }
        order.moved += amount;
        if (termsOf[series].paymentCap != 0) assertTrue(amount <= termsOf[series].paymentCap, "payment cap");
        _countDay(series, payer, amount);
        _countDevice(order, amount);
        lines[series][payer].balance -= amount;
        lines[series][shop].hops[0] += amount;
        payments.push(Settled(id, payer, shop, series, amount, today(), 0, _pendingLeaves.length));
        _pendingLeaves.push(receiptLeaf(id, payer, shop, series, amount));
    }

    /// @dev Whatever was extended since: the listed series are in the order of the ends that they were published with.
    function _requireOrder(uint256 list) private view {
        for (; uint32(list >> 32) != 0; list >>= 32) {
            bool inOrder = termsOf[uint32(list)].validUntil <= termsOf[uint32(list >> 32)].validUntil;
            assertTrue(inOrder, "paid in another order than that of the original ends");
        }
    }

    function _readVoided(Log memory log) private {
        (address payer, address shop, uint64 amount, uint64 receivedAgain, uint40 by,) =
            abi.decode(log.data, (address, address, uint64, uint64, uint40, bytes32));
        (bytes32 id, bytes32 payment, uint32 series) =
            (log.topics[1], log.topics[2], uint32(uint256(log.topics[3])));
        Signed storage order = _signedAs(Kind.Void, id, shop);
        _once(order, amount);
        assertTrue(order.to == payer && order.payment == payment, "voided something else");
        assertEq(series, uint32(order.series), "voided in another series");
        Settled memory paid = _paymentOf(payment, series);
        assertTrue(paid.from == payer && paid.to == shop, "voided another merchant's payment");
        assertTrue(_add("voided", payment, series, amount) <= paid.amount, "voided more than was paid");
        if (paid.day == today()) tally[_dayOf(series, payer)] -= amount;
        _countDevice(order, amount);
        lines[series][shop].takenTop =
            _use("taken", series, shop, _nonceOf(order, by), lines[series][shop].takenTop);
        lines[series][shop].hops[0] -= amount;
        Line storage line = lines[series][payer];
        line.balance += amount;
        // Only a holding that was refunded since the payment has more now than it ever received.
        assertEq(receivedAgain, line.balance > line.received ? line.balance - line.received : 0, "received again");
        line.received += receivedAgain;
    }

    /// @dev The nonce; the byte above it says which kind of key signed.
    function _nonceOf(Signed storage order, uint40 by) private view returns (uint32) {
        assertEq(by >> 32, order.byDevice ? 1 : 2, "who signed");
        return uint32(by);
    }

    function _readGiven(Log memory log) private {
        (address to, uint64 amount, uint32 nonce,) = abi.decode(log.data, (address, uint64, uint32, bytes32));
        (bytes32 id, uint32 series, address from) = _about(log);
        Signed storage order = _signedAs(Kind.Gift, id, from);
        _once(order, amount);
        assertTrue(order.to == to && !order.byDevice && uint32(order.series) == series, "given away otherwise");
        assertTrue(!_isFrozen(from) && !_isFrozen(to) && statusOf[to] == MerchantStatus.None, "given though stopped");
        _requireOpen(series);
        lines[series][from].top = _use("held", series, from, nonce, lines[series][from].top);
        _countDay(series, from, amount);
        lines[series][from].balance -= amount;
        lines[series][from].received -= amount;
        _receive(series, to, amount);
        uint256 cap = termsOf[series].giftCap;
        if (cap != 0) assertTrue(_add("gifts", _monthOf(series, to), 0, amount) <= cap, "gift cap");
    }

    function _readCirculated(Log memory log) private {
        (address to, uint64 amount, uint40 by,) = abi.decode(log.data, (address, uint64, uint40, bytes32));
        (bytes32 id, uint32 series, address from) = _about(log);
        Signed storage order = _signedAs(Kind.Circulation, id, from);
        _once(order, amount);
        assertTrue(order.to == to && uint32(order.series) == series, "circulated otherwise");
        assertTrue(!_isFrozen(from) && statusOf[from] == MerchantStatus.Active, "circulated though stopped");
        assertTrue(statusOf[to] == MerchantStatus.Active, "to a stopped shop");
        _requireOpen(series);
        _countDevice(order, amount);
        lines[series][from].takenTop = 
            _use("taken", series, from, _nonceOf(order, by), lines[series][from].takenTop);
        uint64 rest = amount;
        for (uint256 hop = termsOf[series].hops; hop != 0; hop--) {
            uint64 part = _least(rest, lines[series][from].hops[hop - 1]);
            lines[series][from].hops[hop - 1] -= part;
            lines[series][to].hops[hop] += part;
            rest -= part;
        }
        assertEq(rest, 0, "circulated more than may hop");
    }

    function _readRedeemed(Log memory log) private {
        (uint64 amount, uint32 nonce,) = abi.decode(log.data, (uint64, uint32, bytes32));
        (bytes32 id, uint32 series, address shop) = _about(log);
        if (signed[id].kind != Kind.None) {
            _once(_signedAs(Kind.Redemption, id, shop), amount);
            lines[series][shop].takenTop = _use("taken", series, shop, nonce, lines[series][shop].takenTop);
        } else {
            assertTrue(duty == Duty.Settle, "redeemed without a signature");
        }
        uint64 rest = amount;
        for (uint256 hop = 4; hop != 0; hop--) {
            uint64 part = _least(rest, lines[series][shop].hops[hop - 1]);
            lines[series][shop].hops[hop - 1] -= part;
            rest -= part;
        }
        assertEq(rest, 0, "redeemed more than was taken");
        redeemed[series] += amount;
        redemptions.push(Settled(id, shop, address(0), series, amount, today(), 0, _pendingLeaves.length));
        _pendingLeaves.push(receiptLeaf(id, shop, address(0), series, amount));
    }

    function _readRefunded(Log memory log) private {
        (uint64 amount, uint64 own, uint64 received, uint32 nonce,) =
            abi.decode(log.data, (uint64, uint64, uint64, uint32, bytes32));
        (bytes32 id, uint32 series, address account) = _about(log);
        Signed storage order = _signedAs(Kind.Refund, id, account);
        _once(order, amount);
        assertTrue(!order.byDevice && !_isFrozen(account), "refunded without the owner");
        Line storage line = lines[series][account];
        assertEq(amount, line.balance, "refunded in part");
        assertEq(own, amount * 9 / 10, "own part");
        line.top = _use("held", series, account, nonce, line.top);
        assertEq(received, line.received, "received before the refund");
        (line.balance, line.received) = (0, 0);
        refunded[series] += amount;
    }

    function _readCancelled(Log memory log) private {
        (bytes32 id, uint32 series, address account) = _about(log);
        (uint64 count, uint32 nonce) = _cancelledBy(_signedAs(Kind.Cancellation, id, account), log);
        lines[series][account].top = _useUp("held", series, account, nonce, count, lines[series][account].top);
        _checkLine(series, account);
    }

    function _readMerchantCancelled(Log memory log) private {
        (bytes32 id, uint32 series, address shop) = _about(log);
        (uint64 count, uint32 nonce) = _cancelledBy(_signedAs(Kind.MerchantCancellation, id, shop), log);
        lines[series][shop].takenTop = _useUp("taken", series, shop, nonce, count, lines[series][shop].takenTop);
        _checkLine(series, shop);
    }

    function _cancelledBy(Signed storage order, Log memory log) private returns (uint64 count, uint32 nonce) {
        (count, nonce,) = abi.decode(log.data, (uint64, uint32, bytes32));
        _once(order, count);
        assertTrue(order.nonce == nonce && !order.byDevice, "cancelled without the owner");
        assertEq(uint32(uint256(log.topics[2])), uint32(order.series), "cancelled in another series");
        moved = true;
    }

    function _readIssued(Log memory log) private {
        uint64 amount = abi.decode(log.data, (uint64));
        (uint64 order, uint32 series, address to) =
            (uint64(uint256(log.topics[1])), uint32(uint256(log.topics[2])), _address(log.topics[3]));
        assertTrue(duty == Duty.Issue && amount != 0, "issued without an order");
        assertTrue(block.timestamp < endOf[series], "issued too late");
        assertTrue(block.timestamp >= pausedUntil[series], "issued during a pause");
        orderLeft[order] -= amount;
        openLeft[series] -= amount;
        issued[series] += amount;
        _receive(series, to, amount);
        if (order == quotaOf[series]) {
            assertTrue(_add("quota", bytes32(uint256(today())), series, amount) <= PER_DAY, "quota of a day");
        }
        uint256 bought = _add("bought", _monthOf(series, to), 0, amount);
        if (termsOf[series].monthCap != 0) assertTrue(bought <= termsOf[series].monthCap, "month cap");
        bought = _add("bought", _yearOf(series, to), 1, amount);
        if (termsOf[series].yearCap != 0) assertTrue(bought <= termsOf[series].yearCap, "year cap");
    }

    function _readExpired(Log memory log) private {
        uint64 amount = abi.decode(log.data, (uint64));
        (uint32 series, address account) = (uint32(uint256(log.topics[1])), _address(log.topics[2]));
        assertTrue(duty == Duty.Expire && block.timestamp >= endOf[series], "expired too early");
        assertTrue(!_isFrozen(account), "expired though frozen");
        assertEq(amount, lines[series][account].balance, "expired in part");
        lines[series][account].balance = 0;
        lines[series][account].received -= amount;
        expired[series] += amount;
    }

    function _readReturned(Log memory log) private {
        uint64 amount = abi.decode(log.data, (uint64));
        (bytes32 id, uint32 series, address shop) = _about(log);
        assertTrue(duty == Duty.Return && !returned[id], "returned twice");
        returned[id] = true;
        redeemed[series] -= amount;
        lines[series][shop].hops[0] += amount;
    }

    function _readProposed(Log memory log) private {
        Charge storage known = charges[_address(log.topics[1])];
        (Region to, uint40 readyAt, uint32 number) = abi.decode(log.data, (Region, uint40, uint32));
        assertEq(uint256(log.topics[2]), Region.unwrap(known.authority), "handed over by another one");
        assertEq(readyAt, to.isState() ? 0 : uint40(block.timestamp) + HAND_OVER_DELAY, "without notice");
        assertEq(number, known.number + 1, "number of the proposal");
        (known.to, known.readyAt, known.number) = (to, readyAt, number);
    }

    function _readStopped(Log memory log) private {
        address account = _address(log.topics[1]);
        assertTrue(mayStop[account], "stopped without the owner");
        (charges[account].to, charges[account].readyAt) = (STATE, 0);
    }

    function _readTaken(Log memory log) private {
        address account = _address(log.topics[1]);
        Charge storage known = charges[account];
        (Region from,, uint32 moves) = abi.decode(log.data, (Region, Region, uint32));
        Region by = Region.wrap(uint48(uint256(log.topics[2])));
        assertTrue(!by.isState() && mayCome[account].equals(by), "taken without consent and notice");
        assertTrue(from.equals(known.authority) && moves == known.moves + 1, "taken from another one");
        (known.authority, known.moves, known.to, known.readyAt) = (by, moves, STATE, 0);
        mayCome[account] = STATE;
    }

    function _readReceipts(Log memory log) private {
        uint64 batch = uint64(uint256(log.topics[1]));
        uint256 count = _pendingLeaves.length;
        leaves[batch] = _pendingLeaves;
        delete _pendingLeaves;
        for (uint256 i = payments.length; i != 0 && payments[i - 1].batch == 0; i--) {
            payments[i - 1].batch = batch;
            count--;
        }
        for (uint256 i = redemptions.length; i != 0 && redemptions[i - 1].batch == 0; i--) {
            redemptions[i - 1].batch = batch;
            count--;
        }
        assertEq(count, 0, "receipts");
        bytes32[] memory all = leaves[batch];
        assertEq(abi.decode(log.data, (bytes32)), Tree.root(all), "root of the receipts");
    }
}
