// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A signed order to move vouchers, packed into four words so that 400 fit one transaction.
/// @dev `from`: bits 0..159 account, 160..191 nonce, 192..231 deadline (Unix seconds).
/// `to`: bits 0..159 recipient (zero in redemptions, refunds and cancellations), 160..223 amount in won (in cancellations
/// the count of nonces).
/// `series`: up to eight ids of 32 bits, the first in the lowest bits, ended by a zero. Only payments may name several.
struct Transfer {
    uint256 from;
    uint256 to;
    uint256 series;
    bytes32 order;
}

using {account, nonce, deadline, recipient, amount, firstSeries} for Transfer global;

function account(Transfer calldata item) pure returns (address) {
    return address(uint160(item.from));
}

function nonce(Transfer calldata item) pure returns (uint32) {
    return uint32(item.from >> 160);
}

function deadline(Transfer calldata item) pure returns (uint40) {
    return uint40(item.from >> 192);
}

function recipient(Transfer calldata item) pure returns (address) {
    return address(uint160(item.to));
}

function amount(Transfer calldata item) pure returns (uint64) {
    return uint64(item.to >> 160);
}

/// @notice The series whose holding counts the nonces of this order.
function firstSeries(Transfer calldata item) pure returns (uint32) {
    return uint32(item.series);
}
