// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A signed order to move vouchers, packed into five words so that 400 fit one transaction.
/// @dev `from`: bits 0..159 account, 160..191 nonce, 192..231 deadline (Unix seconds).
/// `to`: bits 0..159 merchant (zero in a redemption), 160..191 series, 192..255 amount in won.
/// `r`, `vs`: the secp256k1 signature in its compact form (EIP-2098).
struct SignedTransfer {
    uint256 from;
    uint256 to;
    bytes32 order;
    bytes32 r;
    bytes32 vs;
}

using {account, nonce, deadline, recipient, series, amount} for SignedTransfer global;

function account(SignedTransfer calldata item) pure returns (address) {
    return address(uint160(item.from));
}

function nonce(SignedTransfer calldata item) pure returns (uint32) {
    return uint32(item.from >> 160);
}

function deadline(SignedTransfer calldata item) pure returns (uint40) {
    return uint40(item.from >> 192);
}

function recipient(SignedTransfer calldata item) pure returns (address) {
    return address(uint160(item.to));
}

function series(SignedTransfer calldata item) pure returns (uint32) {
    return uint32(item.to >> 160);
}

function amount(SignedTransfer calldata item) pure returns (uint64) {
    return uint64(item.to >> 192);
}
