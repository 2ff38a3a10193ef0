// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Receipt} from "../../src/interfaces/VoucherTypes.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {Order, Signer} from "../support/Orders.sol";
import {Tree} from "../support/Tree.sol";
import {MirrorEvents} from "./MirrorEvents.sol";
import {Kind, Settled, Signed} from "./Mirror.sol";

/// @notice Signs orders, well or badly, and submits them twice each: the second must never settle.
abstract contract Submissions is MirrorEvents {
    struct Sent {
        Kind kind;
        Transfer item;
        bytes proof;
        Receipt receipt;
    }

    Sent[] internal _sent;

    /// @dev Every change of a call must emit events that have a reason. A call that reverts leaves its logs in the
    /// record, so a function that catches one restarts the record.
    modifier watched() {
        vm.recordLogs();
        _;
        _reconcile();
        duty = Duty.None;
    }

    /// @param which key of the account signs. @param twist 0 of 16: another account's key does.
    function _submit(Kind kind, Order memory order, uint256 which, uint8 twist) internal {
        Receipt memory none;
        _submit(kind, order, which, twist, none);
    }

    function _submit(Kind kind, Order memory order, uint256 which, uint8 twist, Receipt memory receipt)
        internal
        watched
    {
        order.deadline = uint40(block.timestamp + 1 hours);
        order.note = keccak256(abi.encode(_sent.length));
        bytes32 id = _idOf(kind, order, receipt.id);
        bool forged = twist % 16 == 0;
        Signer memory by = _signerOf(forged ? people[(indexOf[order.from] + 1) % PEOPLE] : order.from, which);
        if (!forged) _sign(kind, id, order, receipt.id, _isDevice(by));
        Sent storage sent = _sent.push();
        (sent.kind, sent.item, sent.proof, sent.receipt) = (kind, transfer(order), prove(by, id), receipt);
        _submitSent(sent);
    }

    function _sign(Kind kind, bytes32 id, Order memory order, bytes32 payment, bool byDevice) internal {
        signed[id] = Signed(
            kind,
            order.from,
            order.to,
            order.series,
            order.amount,
            order.nonce,
            order.deadline,
            payment,
            byDevice,
            byDevice ? _deviceLimit(rings[order.from]) : 0,
            generation[order.from],
            signed[id].moved
        );
    }

    /// @dev Twice in one batch. Where nothing settled, nothing may have changed.
    function _submitSent(Sent storage sent) internal {
        Transfer[] memory items = new Transfer[](2);
        items[0] = items[1] = sent.item;
        bytes memory stream = bytes.concat(one(sent.proof), one(sent.proof));
        bytes32 before = _stateOf(items[0]);
        Receipt[] memory receipts = new Receipt[](2);
        receipts[0] = receipts[1] = sent.receipt;
        if (sent.kind == Kind.Payment) vouchers.pay(items, stream);
        else if (sent.kind == Kind.Void) vouchers.voidPayments(items, receipts, stream);
        else if (sent.kind == Kind.Gift) vouchers.give(items, stream);
        else if (sent.kind == Kind.Circulation) vouchers.circulate(items, stream);
        else if (sent.kind == Kind.Redemption) vouchers.redeem(items, stream);
        else if (sent.kind == Kind.Refund) vouchers.refund(items, stream);
        else if (sent.kind == Kind.Cancellation) vouchers.cancel(items, stream);
        else vouchers.cancelAsMerchant(items, stream);
        _reconcile();
        if (!moved) assertEq(_stateOf(items[0]), before, "a refused item changed something");
        vm.recordLogs();
    }

    /// @dev The receipt of what settled, from the leaves of its batch.
    function _receiptOf(Settled memory about) internal view returns (Receipt memory) {
        bytes32[] memory branch = Tree.proof(leaves[about.batch], about.place);
        return Receipt(about.id, about.amount, about.day, about.batch, branch);
    }

    /// @dev Mostly the next ones, sometimes an old one, seldom far ahead.
    function _nonce(uint32 top, uint8 ahead) internal pure returns (uint32) {
        uint32 by = ahead / 8;
        if (ahead % 8 == 0) return top > 2 * by ? top - 2 * by : 0;
        if (ahead % 8 == 1) return top + 40 + by;
        return top + 1 + by % 3;
    }

    /// @dev Mostly a part, sometimes all of it, none, or more.
    function _amount(uint64 seed, uint256 most) internal pure returns (uint64) {
        if (seed % 8 == 0) return uint64(most);
        if (seed % 8 == 1) return uint64(bound(seed, 0, most * 5 / 4 + 1));
        return uint64(bound(seed, 0, most / 5 + 1));
    }

    function _idOf(Kind kind, Order memory order, bytes32 payment) private view returns (bytes32) {
        if (kind == Kind.Payment) return paymentId(order);
        if (kind == Kind.Void) return voidId(order, payment);
        if (kind == Kind.Gift) return giftId(order);
        if (kind == Kind.Circulation) return circulationId(order);
        if (kind == Kind.Redemption) return redemptionId(order);
        if (kind == Kind.Refund) return refundId(order);
        return kind == Kind.Cancellation ? cancellationId(order) : merchantCancellationId(order);
    }

    function _stateOf(Transfer memory item) private view returns (bytes32 state) {
        (address from, address to) = (address(uint160(item.from)), address(uint160(item.to)));
        uint256[] memory list = listOf(item.series);
        state = keccak256(abi.encode(vouchers.account(from), vouchers.receiptCount()));
        for (uint256 i = 0; i < list.length; i++) {
            uint32 id = uint32(list[i]);
            state = keccak256(
                abi.encode(
                    state,
                    vouchers.holding(id, from),
                    vouchers.merchantBalance(id, from),
                    vouchers.holding(id, to),
                    vouchers.merchantBalance(id, to)
                )
            );
        }
    }

    function _rekey(address account, bytes memory ring) internal {
        rings[account] = ring;
        generation[account]++;
    }
}
