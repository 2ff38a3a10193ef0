// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Transfer} from "./Transfer.sol";
import {Region} from "./Region.sol";

/// @notice EIP-712 hashes of everything that people sign. One function per message.
library TypedData {
    bytes32 private constant DOMAIN_TYPE = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)"
    );
    bytes32 private constant PAYMENT_TYPE = keccak256(
        "Payment(address payer,address merchant,uint64 amount,uint32[] series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant VOID_TYPE = keccak256(
        "Void(bytes32 payment,address merchant,uint64 amount,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant GIFT_TYPE = keccak256(
        "Gift(address giver,address receiver,uint64 amount,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant CIRCULATION_TYPE = keccak256(
        "Circulation(address merchant,address recipient,uint64 amount,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant REDEMPTION_TYPE = keccak256(
        "Redemption(address merchant,uint64 amount,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant REFUND_TYPE = keccak256(
        "Refund(address account,uint64 amount,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant CANCELLATION_TYPE = keccak256(
        "Cancellation(address account,uint64 count,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant MERCHANT_CANCELLATION_TYPE = keccak256(
        "MerchantCancellation(address merchant,uint64 count,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 private constant KEY_CHANGE_TYPE =
        keccak256("KeyChange(address account,bytes keys,uint32 change,uint40 deadline)");
    bytes32 private constant OBJECTION_TYPE =
        keccak256("Objection(address account,bytes32 keys,uint32 number,uint40 deadline)");
    bytes32 private constant CONSENT_TYPE =
        keccak256("Consent(address account,uint48 from,uint48 to,uint32 number,uint40 deadline)");
    bytes32 private constant HAND_OVER_OBJECTION_TYPE =
        keccak256("HandOverObjection(address account,uint48 to,uint32 number,uint40 deadline)");
    bytes32 private constant QUOTA_ISSUE_TYPE =
        keccak256("QuotaIssue(uint64 order,uint256 index,bytes32 items)");
    bytes32 private constant ACT_TYPE =
        keccak256("Act(uint48 authority,address target,bytes call,uint256 nonce,uint40 deadline)");
    bytes32 private constant WITHDRAWAL_TYPE = keccak256("Withdrawal(bytes32 act)");

    /// @param salt differs with every deployment, so that a re-created test chain accepts nothing old.
    function domainSeparator(string memory name, bytes32 salt) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                DOMAIN_TYPE, keccak256(bytes(name)), keccak256("1"), block.chainid, address(this), salt
            )
        );
    }

    function hashPayment(Transfer calldata item) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                PAYMENT_TYPE,
                item.account(),
                item.recipient(),
                item.amount(),
                _hashSeries(item.series),
                item.nonce(),
                item.deadline(),
                item.order
            )
        );
    }

    /// @dev Names no payer: the receipt says who paid, so that a till signs it without knowing an account.
    function hashVoid(Transfer calldata item, bytes32 payment) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                VOID_TYPE,
                payment,
                item.account(),
                item.amount(),
                item.firstSeries(),
                item.nonce(),
                item.deadline(),
                item.order
            )
        );
    }

    function hashGift(Transfer calldata item) internal pure returns (bytes32) {
        return _hashBetween(GIFT_TYPE, item);
    }

    function hashCirculation(Transfer calldata item) internal pure returns (bytes32) {
        return _hashBetween(CIRCULATION_TYPE, item);
    }

    function hashRedemption(Transfer calldata item) internal pure returns (bytes32) {
        return _hashAlone(REDEMPTION_TYPE, item);
    }

    function hashRefund(Transfer calldata item) internal pure returns (bytes32) {
        return _hashAlone(REFUND_TYPE, item);
    }

    /// @dev The amount is the count of nonces.
    function hashCancellation(Transfer calldata item) internal pure returns (bytes32) {
        return _hashAlone(CANCELLATION_TYPE, item);
    }

    function hashMerchantCancellation(Transfer calldata item) internal pure returns (bytes32) {
        return _hashAlone(MERCHANT_CANCELLATION_TYPE, item);
    }

    function hashKeyChange(address account, bytes calldata keys, uint32 change, uint40 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(KEY_CHANGE_TYPE, account, keccak256(keys), change, deadline));
    }

    function hashObjection(address account, bytes32 keys, uint32 number, uint40 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(OBJECTION_TYPE, account, keys, number, deadline));
    }

    /// @param number how often the authority that answers for the account changed before.
    function hashConsent(address account, Region from, Region to, uint32 number, uint40 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(CONSENT_TYPE, account, Region.unwrap(from), Region.unwrap(to), number, deadline)
        );
    }

    function hashHandOverObjection(address account, Region to, uint32 number, uint40 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(HAND_OVER_OBJECTION_TYPE, account, Region.unwrap(to), number, deadline));
    }

    function hashQuotaIssue(uint64 order, uint256 index, bytes32 items) internal pure returns (bytes32) {
        return keccak256(abi.encode(QUOTA_ISSUE_TYPE, order, index, items));
    }

    function hashAct(Region authority, address target, bytes calldata call, uint256 nonce, uint40 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(ACT_TYPE, Region.unwrap(authority), target, keccak256(call), nonce, deadline)
        );
    }

    function hashWithdrawal(bytes32 act) internal pure returns (bytes32) {
        return keccak256(abi.encode(WITHDRAWAL_TYPE, act));
    }

    /// @dev From one account to another.
    function _hashBetween(bytes32 messageType, Transfer calldata item) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                messageType,
                item.account(),
                item.recipient(),
                item.amount(),
                item.firstSeries(),
                item.nonce(),
                item.deadline(),
                item.order
            )
        );
    }

    /// @dev Of one account alone.
    function _hashAlone(bytes32 messageType, Transfer calldata item) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                messageType,
                item.account(),
                item.amount(),
                item.firstSeries(),
                item.nonce(),
                item.deadline(),
                item.order
            )
        );
    }

    /// @dev EIP-712 hashes an array as its elements, a word each. One series is the common case.
    function _hashSeries(uint256 packed) private pure returns (bytes32) {
        if (packed >> 32 == 0) return keccak256(abi.encode(packed));
        uint256 count = 0;
        for (uint256 rest = packed; uint32(rest) != 0; rest >>= 32) {
            count++;
        }
        uint256[] memory ids = new uint256[](count);
        for (uint256 i = 0; i < count; i++) {
            ids[i] = uint32(packed >> (32 * i));
        }
        return keccak256(abi.encodePacked(ids));
    }
}
