// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Holding} from "../interfaces/IVouchers.sol";
import {ReplayWindow} from "./ReplayWindow.sol";

/// @notice A {Holding} in one word, so that a payment reads and writes it once and needs no memory: memory grows with
/// every item of a batch, and its price with the square.
/// @dev Bits 0..55 balance, 56..111 received, 112..143 top, 144..207 window, 208..223 day, 224..255 spentToday.
type PackedHolding is uint256;

using {balance, isFresh, top, spentOn, receiveVouchers, pay, recordSpent, unpack} for PackedHolding global;

function balance(PackedHolding held) pure returns (uint56) {
    return uint56(PackedHolding.unwrap(held));
}

/// @notice Whether a payment with this nonce may still be made.
function isFresh(PackedHolding held, uint32 nonce) pure returns (bool) {
    return ReplayWindow.isFresh(held.top(), uint64(PackedHolding.unwrap(held) >> 144), nonce);
}

/// @notice The highest nonce used.
function top(PackedHolding held) pure returns (uint32) {
    return uint32(PackedHolding.unwrap(held) >> 112);
}

/// @notice won spent on a Korean calendar day, if it is the last one on which anything was spent.
function spentOn(PackedHolding held, uint16 today) pure returns (uint32) {
    uint256 raw = PackedHolding.unwrap(held);
    return uint16(raw >> 208) == today ? uint32(raw >> 224) : 0;
}

/// @notice After receiving `amount`, which the caller knows to fit: all that is issued stays within the budget, and
/// that fits 56 bits.
function receiveVouchers(PackedHolding held, uint64 amount) pure returns (PackedHolding) {
    return PackedHolding.wrap(PackedHolding.unwrap(held) + (uint256(amount) | uint256(amount) << 56));
}

/// @notice After paying `amount`, at most the balance, with a fresh nonce.
function pay(PackedHolding held, uint64 amount, uint32 nonce) pure returns (PackedHolding) {
    uint256 raw = PackedHolding.unwrap(held);
    (uint32 nextTop, uint64 nextWindow) = ReplayWindow.use(uint32(raw >> 112), uint64(raw >> 144), nonce);
    uint256 replay = uint256(nextTop) | uint256(nextWindow) << 32;
    uint256 mask = uint256(type(uint96).max) << 112;
    return PackedHolding.wrap(((raw & ~mask) | replay << 112) - amount);
}

/// @notice After `amount` more was spent today; the sum is at most the series' daily cap, which fits 32 bits.
function recordSpent(PackedHolding held, uint64 amount, uint16 today) pure returns (PackedHolding) {
    uint256 spent = uint256(held.spentOn(today)) + amount;
    uint256 kept = PackedHolding.unwrap(held) & type(uint208).max;
    return PackedHolding.wrap(kept | uint256(today) << 208 | spent << 224);
}

function unpack(PackedHolding held) pure returns (Holding memory) {
    uint256 raw = PackedHolding.unwrap(held);
    return Holding({
        balance: uint56(raw),
        received: uint56(raw >> 56),
        top: uint32(raw >> 112),
        window: uint64(raw >> 144),
        day: uint16(raw >> 208),
        spentToday: uint32(raw >> 224)
    });
}
