// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Receipt} from "../../src/interfaces/VoucherTypes.sol";
import {Region} from "../../src/types/Region.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {Keys} from "./Keys.sol";
import {World} from "./World.sol";

/// @notice An order to move vouchers in plain fields.
/// @param to zero in redemptions, refunds and cancellations. @param amount of a cancellation the count of nonces. @param series an id, or several as {Orders-listed} packs them.
struct Order {
    address from;
    address to;
    uint256 series;
    uint64 amount;
    uint32 nonce;
    uint40 deadline;
    bytes32 note;
}

/// @notice Who signs, and how. @param kind 1 wallet, 2 device, 3 passkey. @param ring empty for a plain wallet.
struct Signer {
    uint8 kind;
    uint256 key;
    uint8 position;
    bytes ring;
}

/// @notice Hashes, signs and packs orders of every kind, by hand, so that the contracts' own hashing and unpacking is
/// tested against a second one.
abstract contract Orders is World {
    bytes32 private constant PAYMENT = keccak256(
        "Payment(address payer,address merchant,uint64 amount,uint32[] series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant VOID = keccak256(
        "Void(bytes32 payment,address merchant,uint64 amount,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant GIFT = keccak256(
        "Gift(address giver,address receiver,uint64 amount,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant CIRCULATION = keccak256(
        "Circulation(address merchant,address recipient,uint64 amount,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant REDEMPTION = keccak256(
        "Redemption(address merchant,uint64 amount,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant REFUND = keccak256(
        "Refund(address account,uint64 amount,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );

    bytes32 private constant CANCELLATION = keccak256(
        "Cancellation(address account,uint64 count,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant MERCHANT_CANCELLATION = keccak256(
        "MerchantCancellation(address merchant,uint64 count,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );

    // Ids: the digests that are signed

    function paymentId(Order memory order) internal view returns (bytes32) {
        uint256[] memory series = listOf(order.series);
        return digest(
            abi.encode(
                PAYMENT,
                order.from,
                order.to,
                order.amount,
                keccak256(abi.encodePacked(series)),
                order.nonce,
                order.deadline,
                order.note
            )
        );
    }

    function voidId(Order memory order, bytes32 payment) internal view returns (bytes32) {
        return digest(
            abi.encode(
                VOID,
                payment,
                order.from,
                order.amount,
                uint32(order.series),
                order.nonce,
                order.deadline,
                order.note
            )
        );
    }

    function giftId(Order memory order) internal view returns (bytes32) {
        return _betweenId(GIFT, order);
    }

    function circulationId(Order memory order) internal view returns (bytes32) {
        return _betweenId(CIRCULATION, order);
    }

    function redemptionId(Order memory order) internal view returns (bytes32) {
        return _aloneId(REDEMPTION, order);
    }

    function refundId(Order memory order) internal view returns (bytes32) {
        return _aloneId(REFUND, order);
    }

    /// @param order its amount is the count of nonces.
    function cancellationId(Order memory order) internal view returns (bytes32) {
        return _aloneId(CANCELLATION, order);
    }

    function merchantCancellationId(Order memory order) internal view returns (bytes32) {
        return _aloneId(MERCHANT_CANCELLATION, order);
    }

    /// @notice The digest of a message to Vouchers. @param message its type's hash and its fields, a word each.
    function digest(bytes memory message) internal view returns (bytes32) {
        bytes32 separator = domain("Jangteo Vouchers", address(vouchers));
        return keccak256(abi.encodePacked(hex"1901", separator, keccak256(message)));
    }

    /// @notice What an owner signs to stop a hand-over, by the number of the proposal.
    function handOverObjectionId(address account, Region to, uint32 number, uint40 deadline)
        internal
        view
        returns (bytes32)
    {
        bytes32 kind = keccak256("HandOverObjection(address account,uint48 to,uint32 number,uint40 deadline)");
        return digest(abi.encode(kind, account, to, number, deadline));
    }

    function _betweenId(bytes32 kind, Order memory order) private view returns (bytes32) {
        return digest(
            abi.encode(
                kind,
                order.from,
                order.to,
                order.amount,
                uint32(order.series),
                order.nonce,
                order.deadline,
                order.note
            )
        );
    }

    function _aloneId(bytes32 kind, Order memory order) private view returns (bytes32) {
        return digest(
            abi.encode(
                kind,
                order.from,
                order.amount,
                uint32(order.series),
                order.nonce,
                order.deadline,
                order.note
            )
        );
    }

    // Signers and proofs

    function wallet(uint256 key) internal pure returns (Signer memory) {
        return Signer(1, key, 0, "");
    }

    function wallet(uint256 key, uint8 position, bytes memory ring) internal pure returns (Signer memory) {
        return Signer(1, key, position, ring);
    }

    function device(uint256 key, uint8 position, bytes memory ring) internal pure returns (Signer memory) {
        return Signer(2, key, position, ring);
    }

    function passkey(uint256 key, uint8 position, bytes memory ring) internal pure returns (Signer memory) {
        return Signer(3, key, position, ring);
    }

    /// @notice What goes along with an item: the signature, and the ring if there is one.
    function prove(Signer memory signer, bytes32 id) internal view returns (bytes memory signature) {
        if (signer.kind == 1) signature = Keys.walletSign(signer.key, id);
        else if (signer.kind == 2) signature = Keys.deviceSign(signer.key, id);
        else signature = Keys.passkeySign(signer.key, id);
        if (signer.ring.length == 0) return signature;
        return Keys.ringProof(signature, signer.position, bytes.concat(foundingOf(signer.ring), signer.ring));
    }

    function one(bytes memory proof) internal pure returns (bytes memory stream) {
        return abi.encodePacked(uint16(proof.length), proof);
    }

    // Items

    function transfer(Order memory order) internal pure returns (Transfer memory) {
        return Transfer(
            uint160(order.from) | uint256(order.nonce) << 160 | uint256(order.deadline) << 192,
            uint160(order.to) | uint256(order.amount) << 160,
            order.series,
            order.note
        );
    }

    function one(Transfer memory item) internal pure returns (Transfer[] memory items) {
        items = new Transfer[](1);
        items[0] = item;
    }

    function listed(uint32 a, uint32 b) internal pure returns (uint256) {
        return a | uint256(b) << 32;
    }

    function listed(uint32 a, uint32 b, uint32 c) internal pure returns (uint256) {
        return a | uint256(b) << 32 | uint256(c) << 64;
    }

    /// @notice The ids of a packed list up to the first zero; one at least.
    function listOf(uint256 packed) internal pure returns (uint256[] memory list) {
        uint256 count = 1;
        while (count < 8 && uint32(packed >> (32 * count)) != 0) {
            count++;
        }
        list = new uint256[](count);
        for (uint256 i = 0; i < count; i++) {
            list[i] = uint32(packed >> (32 * i));
        }
    }

    // Receipts

    /// @notice The Korean day (UTC+9) since 1970.
    function today() internal view returns (uint16) {
        return uint16((block.timestamp + 9 hours) / 1 days);
    }

    /// @param other the merchant of a payment, zero for a redemption.
    function receiptLeaf(bytes32 id, address subject, address other, uint32 series, uint64 amount)
        internal
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(id, subject, other, series, amount, today()));
    }

    /// @notice The receipt of what settled last and alone in its batch, today.
    function soleReceipt(bytes32 id, uint64 amount) internal view returns (Receipt memory) {
        return Receipt(id, amount, today(), vouchers.receiptCount(), new bytes32[](0));
    }
}
