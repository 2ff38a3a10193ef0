// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SignedTransfer} from "./SignedTransfer.sol";
import {Region} from "./Region.sol";

/// @notice EIP-712 hashes of everything that people sign. One function per message.
library TypedData {
    bytes32 internal constant DOMAIN_TYPE = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)"
    );
    bytes32 internal constant PAYMENT_TYPE = keccak256(
        "Payment(address payer,address merchant,uint32 series,uint64 amount,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 internal constant REDEMPTION_TYPE = keccak256(
        "Redemption(address merchant,uint32 series,uint64 amount,uint32 nonce,uint40 deadline,bytes32 order)"
    );
    bytes32 internal constant ACT_TYPE =
        keccak256("Act(uint48 authority,address target,bytes call,uint256 nonce,uint40 deadline)");

    /// @param salt differs with every deployment, so that a re-created test chain accepts nothing old.
    function domainSeparator(string memory name, bytes32 salt) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                DOMAIN_TYPE, keccak256(bytes(name)), keccak256("1"), block.chainid, address(this), salt
            )
        );
    }

    function hashPayment(SignedTransfer calldata item) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                PAYMENT_TYPE,
                item.account(),
                item.recipient(),
                item.series(),
                item.amount(),
                item.nonce(),
                item.deadline(),
                item.order
            )
        );
    }

    function hashRedemption(SignedTransfer calldata item) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                REDEMPTION_TYPE,
                item.account(),
                item.series(),
                item.amount(),
                item.nonce(),
                item.deadline(),
                item.order
            )
        );
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
}
