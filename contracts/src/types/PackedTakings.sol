// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReplayWindow} from "./ReplayWindow.sol";

/// @notice A merchant's takings in one word, so that a payment reads and writes it once.
/// @dev Bits 0..47 balance taken from residents, 48..79 top, 80..143 window.
type PackedTakings is uint256;

using {balance, isFresh, top, window, useNonce, earn, give} for PackedTakings global;

function balance(PackedTakings taken) pure returns (uint48) {
    return uint48(PackedTakings.unwrap(taken));
}

/// @notice The highest nonce used.
function top(PackedTakings taken) pure returns (uint32) {
    return uint32(PackedTakings.unwrap(taken) >> 48);
}

/// @notice One bit for each of the 64 nonces that end at {top}.
function window(PackedTakings taken) pure returns (uint64) {
    return uint64(PackedTakings.unwrap(taken) >> 80);
}

/// @notice Whether an order with this nonce may still be made.
function isFresh(PackedTakings taken, uint32 nonce) pure returns (bool) {
    return ReplayWindow.isFresh(taken.top(), taken.window(), nonce);
}

/// @notice After an order with a fresh nonce.
function useNonce(PackedTakings taken, uint32 nonce) pure returns (PackedTakings) {
    (uint32 nextTop, uint64 nextWindow) = ReplayWindow.use(taken.top(), taken.window(), nonce);
    return PackedTakings.wrap(uint256(taken.balance()) | uint256(nextTop) << 48 | uint256(nextWindow) << 80);
}

/// @notice After `amount` more was taken; no merchant can take more than was issued, which fits 48 bits.
function earn(PackedTakings taken, uint64 amount) pure returns (PackedTakings) {
    return PackedTakings.wrap(PackedTakings.unwrap(taken) + amount);
}

/// @notice After `amount`, at most the balance, left.
function give(PackedTakings taken, uint64 amount) pure returns (PackedTakings) {
    return PackedTakings.wrap(PackedTakings.unwrap(taken) - amount);
}
