// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchers, Outcome, Holding, Takings} from "../../src/interfaces/IVouchers.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {SignedTransfer} from "../../src/types/SignedTransfer.sol";
import {Log} from "./Test.sol";
import {World} from "./World.sol";

/// @notice A payment or redemption in plain fields.
struct Order {
    address from;
    address to;
    uint32 series;
    uint64 amount;
    uint32 nonce;
    uint40 deadline;
    bytes32 note;
}

/// @notice Signs, submits and watches payments and redemptions. Whatever is submitted, the preview must have said
/// the same before, and a refused item must change nothing.
abstract contract Till is World {
    bytes32 private constant PAYMENT = keccak256(
        "Payment(address payer,address merchant,uint32 series,uint64 amount,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant REDEMPTION = keccak256(
        "Redemption(address merchant,uint32 series,uint64 amount,uint32 nonce,uint40 deadline,bytes32 order)"
    );

    function paymentId(Order memory order) internal view returns (bytes32) {
        return _digest(
            keccak256(
                abi.encode(
                    PAYMENT,
                    order.from,
                    order.to,
                    order.series,
                    order.amount,
                    order.nonce,
                    order.deadline,
                    order.note
                )
            )
        );
    }

    function redemptionId(Order memory order) internal view returns (bytes32) {
        return _digest(
            keccak256(
                abi.encode(
                    REDEMPTION, order.from, order.series, order.amount, order.nonce, order.deadline, order.note
                )
            )
        );
    }

    function signPayment(Order memory order, uint256 key) internal view returns (SignedTransfer memory) {
        return _pack(order, key, paymentId(order));
    }

    function signRedemption(Order memory order, uint256 key) internal view returns (SignedTransfer memory) {
        return _pack(order, key, redemptionId(order));
    }

    function only(SignedTransfer memory item) internal pure returns (SignedTransfer[] memory items) {
        items = new SignedTransfer[](1);
        items[0] = item;
    }

    /// @notice The payment settles: the event, the payer's and the merchant's balance say so.
    function settles(Order memory order, uint256 key) internal {
        SignedTransfer[] memory items = only(signPayment(order, key));
        Holding memory held = vouchers.holding(order.series, order.from);
        Takings memory taken = vouchers.takings(order.series, order.to);
        _previews(vouchers.previewPayments(items), paymentId(order), Refusal.None, 0, 0);
        vm.recordLogs();
        vouchers.pay(items);
        (uint8 code,,) = _outcome(paymentId(order), IVouchers.PaymentRefused.selector);
        assertEq(code, 0, "settled");
        Holding memory left = vouchers.holding(order.series, order.from);
        Takings memory got = vouchers.takings(order.series, order.to);
        assertEq(left.balance, held.balance - order.amount, "payer's balance");
        assertEq(left.received, held.received, "received by payer");
        assertEq(got.balance, taken.balance + order.amount, "merchant's takings");
        assertEq(got.earned, taken.earned + order.amount, "earned by merchant");
    }

    /// @notice The payment is refused with this code and arguments, and nothing changes.
    function refusesPayment(SignedTransfer memory item, bytes32 id, Refusal why, uint256 a, uint256 b) internal {
        SignedTransfer[] memory items = only(item);
        bytes32 before = _state(item);
        _previews(vouchers.previewPayments(items), id, why, a, b);
        vm.recordLogs();
        vouchers.pay(items);
        (uint8 code, uint256 gotA, uint256 gotB) = _outcome(id, IVouchers.PaymentRefused.selector);
        _same(code, gotA, gotB, why, a, b);
        assertEq(_state(item), before, "a refused payment changed something");
    }

    function refusesPayment(Order memory order, uint256 key, Refusal why, uint256 a, uint256 b) internal {
        refusesPayment(signPayment(order, key), paymentId(order), why, a, b);
    }

    /// @notice The redemption settles: burned from the takings and counted as redeemed.
    function redeems(Order memory order, uint256 key) internal {
        SignedTransfer[] memory items = only(signRedemption(order, key));
        uint64 balance = vouchers.takings(order.series, order.from).balance;
        uint64 redeemed = vouchers.supply(order.series).redeemed;
        _previews(vouchers.previewRedemptions(items), redemptionId(order), Refusal.None, 0, 0);
        vm.recordLogs();
        vouchers.redeem(items);
        (uint8 code,,) = _outcome(redemptionId(order), IVouchers.RedemptionRefused.selector);
        assertEq(code, 0, "redeemed");
        assertEq(vouchers.takings(order.series, order.from).balance, balance - order.amount, "takings");
        assertEq(vouchers.supply(order.series).redeemed, redeemed + order.amount, "redeemed in all");
    }

    function refusesRedemption(Order memory order, uint256 key, Refusal why, uint256 a, uint256 b) internal {
        SignedTransfer memory item = signRedemption(order, key);
        bytes32 before = _state(item);
        _previews(vouchers.previewRedemptions(only(item)), redemptionId(order), why, a, b);
        vm.recordLogs();
        vouchers.redeem(only(item));
        (uint8 code, uint256 gotA, uint256 gotB) =
            _outcome(redemptionId(order), IVouchers.RedemptionRefused.selector);
        _same(code, gotA, gotB, why, a, b);
        assertEq(_state(item), before, "a refused redemption changed something");
    }

    function _pack(Order memory order, uint256 key, bytes32 id) private pure returns (SignedTransfer memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, id);
        return SignedTransfer(
            uint160(order.from) | uint256(order.nonce) << 160 | uint256(order.deadline) << 192,
            uint160(order.to) | uint256(order.series) << 160 | uint256(order.amount) << 192,
            order.note,
            r,
            bytes32(uint256(s) | uint256(v - 27) << 255)
        );
    }

    function _digest(bytes32 content) private view returns (bytes32) {
        return
            keccak256(abi.encodePacked(hex"1901", domain("Jangteo Vouchers", address(vouchers)), content));
    }

    function _previews(Outcome[] memory said, bytes32 id, Refusal why, uint256 a, uint256 b) private pure {
        assertEq(said.length, 1, "previews");
        assertEq(said[0].id, id, "id in preview");
        _same(said[0].code, said[0].a, said[0].b, why, a, b);
    }

    function _same(uint8 code, uint256 gotA, uint256 gotB, Refusal why, uint256 a, uint256 b) private pure {
        assertEq(code, uint8(why), "refusal");
        assertEq(gotA, a, "first argument of the refusal");
        assertEq(gotB, b, "second argument of the refusal");
    }

    /// @dev The one event about `id`: a refusal, or a settlement (code 0).
    function _outcome(bytes32 id, bytes32 refusedTopic) private returns (uint8 code, uint256 a, uint256 b) {
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "events");
        assertEq(logs[0].topics[1], id, "id in event");
        if (logs[0].topics[0] == refusedTopic) return abi.decode(logs[0].data, (uint8, uint256, uint256));
    }

    function _state(SignedTransfer memory item) private view returns (bytes32) {
        uint32 series = uint32(item.to >> 160);
        address from = address(uint160(item.from));
        address to = address(uint160(item.to));
        return keccak256(
            abi.encode(
                vouchers.holding(series, from),
                vouchers.takings(series, from),
                vouchers.takings(series, to),
                vouchers.supply(series)
            )
        );
    }
}
