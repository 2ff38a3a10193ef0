// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {Account, Holding, Outcome, Receipt, SeriesTerms, MerchantBalance} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region} from "../../src/types/Region.sol";
import {ReplayWindow} from "../../src/types/ReplayWindow.sol";
import {Log} from "./Test.sol";
import {Order, Orders, Signer} from "./Orders.sol";
import {Tree} from "./Tree.sol";

/// @notice Signs, submits and watches orders, one in a batch. Whatever is submitted, the preview must have said the
/// same before, and a refused item must change nothing and emit nothing but its refusal.
abstract contract Till is Orders {
    // Payments

    /// @notice A payment from one series settles, by the payer's wallet.
    function settles(Order memory order, uint256 key) internal {
        settles(order, wallet(key));
    }

    function settles(Order memory order, Signer memory signer) internal {
        uint64[] memory parts = new uint64[](1);
        parts[0] = order.amount;
        settles(order, signer, parts);
    }

    /// @notice The payment settles, and takes from each listed series this part: every slot that it touches holds what
    /// it must, and every event is emitted.
    function settles(Order memory order, Signer memory signer, uint64[] memory parts) internal {
        bytes32 id = paymentId(order);
        bytes memory proofs = one(prove(signer, id));
        _same(vouchers.previewPayments(one(transfer(order)), proofs), id, Refusal.None, 0, 0);
        uint256[] memory list = listOf(order.series);
        assertEq(list.length, parts.length, "test: a part for each series");
        Holding[] memory held = new Holding[](list.length);
        MerchantBalance[] memory taken = new MerchantBalance[](list.length);
        for (uint256 i = 0; i < list.length; i++) {
            held[i] = vouchers.holding(uint32(list[i]), order.from);
            taken[i] = vouchers.merchantBalance(uint32(list[i]), order.to);
            held[i].balance -= uint48(parts[i]);
            taken[i].balance += uint48(parts[i]);
            _count(held[i], uint32(list[i]), order.from, parts[i]);
        }
        (held[0].top, held[0].window) = ReplayWindow.use(held[0].top, held[0].window, order.nonce);
        Account memory payer = _afterDevice(order, signer);
        vm.recordLogs();
        vouchers.pay(one(transfer(order)), proofs);
        _assertPaidEvents(order, id, list, parts, signedBy(order, signer));
        for (uint256 i = 0; i < list.length; i++) {
            _equal(abi.encode(vouchers.holding(uint32(list[i]), order.from)), abi.encode(held[i]), "payer's");
            _equal(abi.encode(vouchers.merchantBalance(uint32(list[i]), order.to)), abi.encode(taken[i]), "merchant's");
        }
        _equal(abi.encode(vouchers.account(order.from)), abi.encode(payer), "payer's account");
    }

    /// @notice The payment is refused with this code and arguments, and nothing changes.
    function refusesPayment(Order memory order, bytes memory proof, Refusal why, uint256 a, uint256 b) internal {
        bytes32 id = paymentId(order);
        bytes32 before = stateOf(order);
        _same(vouchers.previewPayments(one(transfer(order)), one(proof)), id, why, a, b);
        vm.recordLogs();
        vouchers.pay(one(transfer(order)), one(proof));
        emitsOnlyRefusal(IVoucherEvents.PaymentRefused.selector, id, why, a, b);
        assertEq(stateOf(order), before, "a refused payment changed something");
    }

    function refusesPayment(Order memory order, Signer memory signer, Refusal why, uint256 a, uint256 b) internal {
        refusesPayment(order, prove(signer, paymentId(order)), why, a, b);
    }

    function refusesPayment(Order memory order, uint256 key, Refusal why, uint256 a, uint256 b) internal {
        refusesPayment(order, wallet(key), why, a, b);
    }

    /// @notice A plain payment by a wallet, as the precondition of a test, and its receipt.
    function paid(Order memory order, uint256 key) internal returns (Receipt memory) {
        settles(order, key);
        return soleReceipt(paymentId(order), order.amount);
    }

    // Redemptions

    /// @notice The redemption settles: burned from the merchant balances, what made most hops first, and counted as
    /// redeemed.
    function redeems(Order memory order, Signer memory signer) internal {
        bytes32 id = redemptionId(order);
        uint32 series = uint32(order.series);
        bytes memory proofs = one(prove(signer, id));
        _same(vouchers.previewRedemptions(one(transfer(order)), proofs), id, Refusal.None, 0, 0);
        MerchantBalance memory taken = vouchers.merchantBalance(series, order.from);
        (taken.top, taken.window) = ReplayWindow.use(taken.top, taken.window, order.nonce);
        burnFrom(taken, order.amount);
        uint64 redeemed = vouchers.supply(series).redeemed;
        bytes memory account = abi.encode(vouchers.account(order.from));
        vm.recordLogs();
        vouchers.redeem(one(transfer(order)), proofs);
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 3, "events");
        _isRedeemed(logs[0], id, order);
        isToken(logs[1], order.from, address(0), series, order.amount);
        isReceipts(logs[2], receiptLeaf(id, order.from, address(0), series, order.amount));
        _equal(abi.encode(vouchers.merchantBalance(series, order.from)), abi.encode(taken), "merchant balance");
        _equal(abi.encode(vouchers.account(order.from)), account, "merchant's account");
        assertEq(vouchers.supply(series).redeemed, redeemed + order.amount, "redeemed in all");
    }

    function redeems(Order memory order, uint256 key) internal {
        redeems(order, wallet(key));
    }

    function refusesRedemption(Order memory order, bytes memory proof, Refusal why, uint256 a, uint256 b) internal {
        bytes32 id = redemptionId(order);
        bytes32 before = stateOf(order);
        _same(vouchers.previewRedemptions(one(transfer(order)), one(proof)), id, why, a, b);
        vm.recordLogs();
        vouchers.redeem(one(transfer(order)), one(proof));
        emitsOnlyRefusal(IVoucherEvents.RedemptionRefused.selector, id, why, a, b);
        assertEq(stateOf(order), before, "a refused redemption changed something");
    }

    function refusesRedemption(Order memory order, uint256 key, Refusal why, uint256 a, uint256 b) internal {
        refusesRedemption(order, prove(wallet(key), redemptionId(order)), why, a, b);
    }

    // For orders of every kind

    /// @notice Everything that an order could change, in one hash.
    function stateOf(Order memory order) internal view returns (bytes32 state) {
        uint256[] memory list = listOf(order.series);
        state = keccak256(
            abi.encode(vouchers.account(order.from), vouchers.account(order.to), vouchers.receiptCount())
        );
        for (uint256 i = 0; i < list.length; i++) {
            uint32 series = uint32(list[i]);
            state = keccak256(
                abi.encode(
                    state,
                    vouchers.holding(series, order.from),
                    vouchers.holding(series, order.to),
                    vouchers.merchantBalance(series, order.from),
                    vouchers.merchantBalance(series, order.to),
                    vouchers.supply(series)
                )
            );
            (Region authority,) = vouchers.seriesTerms(series);
            (uint64 inMonth, uint64 inYear, uint64 gifts) = vouchers.purchases(authority, order.to);
            state = keccak256(abi.encode(state, inMonth, inYear, gifts));
        }
    }

    /// @notice The recorded logs are one refusal of `id`.
    function emitsOnlyRefusal(bytes32 refused, bytes32 id, Refusal why, uint256 a, uint256 b) internal {
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "events of a refusal");
        assertEq(logs[0].topics[0], refused, "a refusal");
        assertEq(logs[0].topics[1], id, "id in event");
        (uint8 code, uint256 gotA, uint256 gotB) = abi.decode(logs[0].data, (uint8, uint256, uint256));
        isRefusal(Outcome(id, code, gotA, gotB), why, a, b);
    }

    function isRefusal(Outcome memory said, Refusal why, uint256 a, uint256 b) internal pure {
        assertEq(said.code, uint8(why), "refusal");
        assertEq(said.a, a, "first argument of the refusal");
        assertEq(said.b, b, "second argument of the refusal");
    }

    /// @notice ERC-1155's event of a movement that this test submitted.
    function isToken(Log memory log, address from, address to, uint32 series, uint256 value) internal view {
        assertEq(log.emitter, address(vouchers), "emitter");
        assertEq(log.topics[0], IERC1155.TransferSingle.selector, "TransferSingle");
        assertEq(address(uint160(uint256(log.topics[1]))), address(this), "operator");
        assertEq(address(uint160(uint256(log.topics[2]))), from, "from");
        assertEq(address(uint160(uint256(log.topics[3]))), to, "to");
        (uint256 id, uint256 moved) = abi.decode(log.data, (uint256, uint256));
        assertEq(id, series, "token");
        assertEq(moved, value, "value");
    }

    /// @notice The newest batch of receipts has this root.
    function isReceipts(Log memory log, bytes32 root) internal view {
        assertEq(log.topics[0], IVoucherEvents.ReceiptsStored.selector, "ReceiptsStored");
        uint64 batch = vouchers.receiptCount();
        assertEq(uint256(log.topics[1]), batch, "batch");
        assertEq(abi.decode(log.data, (bytes32)), root, "root in event");
        assertEq(vouchers.receiptRoot(batch), root, "root");
    }

    /// @notice Merchant balances after burning, worked out by hand.
    function burnFrom(MerchantBalance memory taken, uint64 amount) internal pure {
        for (uint256 hop = 3; hop > 0; hop--) {
            uint64 part = taken.byHop[hop - 1] < amount ? taken.byHop[hop - 1] : amount;
            taken.byHop[hop - 1] -= part;
            amount -= part;
        }
        taken.balance -= uint48(amount);
    }

    /// @notice The signer's account after it moved the order's amount: a device's day counts.
    function _afterDevice(Order memory order, Signer memory signer) internal view returns (Account memory mover) {
        mover = vouchers.account(order.from);
        if (!isDevice(signer)) return mover;
        if (mover.day != today()) (mover.day, mover.spentByDevices) = (today(), 0);
        mover.spentByDevices += uint32(order.amount);
    }

    function isDevice(Signer memory signer) internal pure returns (bool) {
        return signer.ring.length != 0 && signer.ring[4 + 33 * uint256(signer.position)] == 0x01;
    }

    /// @notice The nonce and who signed, as events have them: 1 a device, 2 an owner.
    function signedBy(Order memory order, Signer memory signer) internal pure returns (uint40) {
        return uint40(isDevice(signer) ? 1 : 2) * 2 ** 32 + order.nonce;
    }

    function _equal(bytes memory got, bytes memory wanted, string memory what) internal pure {
        assertEq(keccak256(got), keccak256(wanted), what);
    }

    /// @dev Spending of a day is counted where the series has a cap for this payer.
    function _count(Holding memory held, uint32 series, address payer, uint64 part) private view {
        (, SeriesTerms memory terms) = vouchers.seriesTerms(series);
        Account memory known = vouchers.account(payer);
        if (part == 0 || terms.dailyCaps[known.company ? 2 : known.tier] == 0) return;
        if (held.day != today()) (held.day, held.spentToday) = (today(), 0);
        held.spentToday += uint32(part);
    }

    function _assertPaidEvents(
        Order memory order,
        bytes32 id,
        uint256[] memory list,
        uint64[] memory parts,
        uint40 signed
    ) private {
        Log[] memory logs = vm.getRecordedLogs();
        bytes32[] memory leaves = new bytes32[](0);
        uint256 next = 0;
        for (uint256 i = 0; i < list.length; i++) {
            if (parts[i] == 0) continue;
            uint32 series = uint32(list[i]);
            _isPaid(logs[next], id, series, parts[i], order, signed);
            isToken(logs[next + 1], order.from, order.to, series, parts[i]);
            leaves = Tree.append(leaves, receiptLeaf(id, order.from, order.to, series, parts[i]));
            next += 2;
        }
        assertEq(logs.length, next + 1, "events of a payment");
        isReceipts(logs[next], Tree.root(leaves));
    }

    function _isPaid(
        Log memory log,
        bytes32 id,
        uint32 series,
        uint64 part,
        Order memory order,
        uint40 signed
    ) private view {
        assertEq(log.emitter, address(vouchers), "emitter");
        assertEq(log.topics[0], IVoucherEvents.Paid.selector, "Paid");
        assertEq(log.topics[1], id, "payment");
        assertEq(uint256(log.topics[2]), series, "series");
        assertEq(address(uint160(uint256(log.topics[3]))), order.from, "payer");
        _equal(log.data, abi.encode(order.to, part, signed, order.note), "data of a payment");
    }

    function _isRedeemed(Log memory log, bytes32 id, Order memory order) private view {
        assertEq(log.emitter, address(vouchers), "emitter");
        assertEq(log.topics[0], IVoucherEvents.Redeemed.selector, "Redeemed");
        assertEq(log.topics[1], id, "redemption");
        assertEq(uint256(log.topics[2]), uint32(order.series), "series");
        assertEq(address(uint160(uint256(log.topics[3]))), order.from, "merchant");
        _equal(log.data, abi.encode(order.amount, order.nonce, order.note), "data of a redemption");
    }

    function _same(Outcome[] memory said, bytes32 id, Refusal why, uint256 a, uint256 b) private pure {
        assertEq(said.length, 1, "previews");
        assertEq(said[0].id, id, "id in preview");
        isRefusal(said[0], why, a, b);
    }
}
