// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReplayWindow} from "./ReplayWindow.sol";

/// @notice A merchant's balance in one word, so that a payment reads and writes it once.
/// @dev Bits 0..47 balance taken from residents, 48..79 top, 80..143 window.
type PackedMerchantBalance is uint256;

using {balance, isFresh, top, window, useNonce, useNonces, earn, give} for PackedMerchantBalance global;

function balance(PackedMerchantBalance taken) pure returns (uint48) {
    return uint48(PackedMerchantBalance.unwrap(taken));
}

/// @notice The highest nonce used.
function top(PackedMerchantBalance taken) pure returns (uint32) {
    return uint32(PackedMerchantBalance.unwrap(taken) >> 48);
}

/// @notice One bit for each of the 64 nonces that end at {top}.
function window(PackedMerchantBalance taken) pure returns (uint64) {
    return uint64(PackedMerchantBalance.unwrap(taken) >> 80);
}

/// @notice Whether an order with this nonce may still be made.
function isFresh(PackedMerchantBalance taken, uint32 nonce) pure returns (bool) {
    return ReplayWindow.isFresh(taken.top(), taken.window(), nonce);
}

/// @notice After an order with a fresh nonce.
function useNonce(PackedMerchantBalance taken, uint32 nonce) pure returns (PackedMerchantBalance) {
    (uint32 nextTop, uint64 nextWindow) = ReplayWindow.use(taken.top(), taken.window(), nonce);
    return _withWindow(taken, nextTop, nextWindow);
}

/// @notice After the `count` nonces that end at `nonce` were used up, see {ReplayWindow-useUpTo}.
function useNonces(PackedMerchantBalance taken, uint32 nonce, uint64 count) pure returns (PackedMerchantBalance) {
    (uint32 nextTop, uint64 nextWindow) = ReplayWindow.useUpTo(taken.top(), taken.window(), nonce, count);
    return _withWindow(taken, nextTop, nextWindow);
}

function _withWindow(PackedMerchantBalance taken, uint32 nextTop, uint64 nextWindow)
    pure
    returns (PackedMerchantBalance)
{
    return PackedMerchantBalance.wrap(uint256(taken.balance()) | uint256(nextTop) << 48 | uint256(nextWindow) << 80);
}

/// @notice After `amount` more was taken; no merchant can take more than was issued, which fits 48 bits.
function earn(PackedMerchantBalance taken, uint64 amount) pure returns (PackedMerchantBalance) {
    return PackedMerchantBalance.wrap(PackedMerchantBalance.unwrap(taken) + amount);
}

/// @notice After `amount`, at most the balance, left.
function give(PackedMerchantBalance taken, uint64 amount) pure returns (PackedMerchantBalance) {
    return PackedMerchantBalance.wrap(PackedMerchantBalance.unwrap(taken) - amount);
}
