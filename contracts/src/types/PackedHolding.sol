// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Holding} from "../interfaces/VoucherTypes.sol";
import {ReplayWindow} from "./ReplayWindow.sol";

/// @notice A {Holding} in one word, so that a payment reads and writes it once and needs no memory: memory grows with
/// every item of a batch, and its price with the square.
/// @dev Bits 0..47 balance, 48..95 received, 96..127 top, 128..191 window, 192..207 day, 208..239 spentToday,
/// 240..255 receivedDay. Amounts fit 48 bits because no budget passes them.
type PackedHolding is uint256;

using {
    balance,
    received,
    receivedDay,
    isFresh,
    top,
    spentOn,
    useNonce,
    useNonces,
    receiveVouchers,
    giveBack,
    spend,
    giveAway,
    empty,
    recordSpent,
    unrecordSpent,
    unpack
} for PackedHolding global;

function balance(PackedHolding held) pure returns (uint48) {
    return uint48(PackedHolding.unwrap(held));
}

/// @notice All that came in, less what was given away.
function received(PackedHolding held) pure returns (uint48) {
    return uint48(PackedHolding.unwrap(held) >> 48);
}

/// @notice The Korean day on which vouchers last came in.
function receivedDay(PackedHolding held) pure returns (uint16) {
    return uint16(PackedHolding.unwrap(held) >> 240);
}

/// @notice Whether an order with this nonce may still be made.
function isFresh(PackedHolding held, uint32 nonce) pure returns (bool) {
    return ReplayWindow.isFresh(held.top(), uint64(PackedHolding.unwrap(held) >> 128), nonce);
}

/// @notice The highest nonce used.
function top(PackedHolding held) pure returns (uint32) {
    return uint32(PackedHolding.unwrap(held) >> 96);
}

/// @notice won spent on a Korean calendar day, if it is the last one on which anything was spent.
function spentOn(PackedHolding held, uint16 today) pure returns (uint32) {
    uint256 raw = PackedHolding.unwrap(held);
    return uint16(raw >> 192) == today ? uint32(raw >> 208) : 0;
}

/// @notice After an order with a fresh nonce.
function useNonce(PackedHolding held, uint32 nonce) pure returns (PackedHolding) {
    uint256 raw = PackedHolding.unwrap(held);
    (uint32 nextTop, uint64 nextWindow) = ReplayWindow.use(held.top(), uint64(raw >> 128), nonce);
    return _withWindow(raw, nextTop, nextWindow);
}

/// @notice After the `count` nonces that end at `nonce` were used up, see {ReplayWindow-useUpTo}.
function useNonces(PackedHolding held, uint32 nonce, uint64 count) pure returns (PackedHolding) {
    uint256 raw = PackedHolding.unwrap(held);
    (uint32 nextTop, uint64 nextWindow) = ReplayWindow.useUpTo(held.top(), uint64(raw >> 128), nonce, count);
    return _withWindow(raw, nextTop, nextWindow);
}

function _withWindow(uint256 raw, uint32 nextTop, uint64 nextWindow) pure returns (PackedHolding) {
    uint256 mask = uint256(type(uint96).max) << 96;
    return PackedHolding.wrap((raw & ~mask) | (uint256(nextTop) | uint256(nextWindow) << 32) << 96);
}

/// @notice After vouchers were issued or given to it, on the Korean day `today`.
function receiveVouchers(PackedHolding held, uint64 amount, uint16 today) pure returns (PackedHolding) {
    uint256 raw = PackedHolding.unwrap(held) & type(uint240).max | uint256(today) << 240;
    return PackedHolding.wrap(raw + (uint256(amount) | uint256(amount) << 48));
}

/// @notice After a payment was taken back: the vouchers were the payer's before, so `received` stays. Only a holding
/// that was emptied by a refund since that payment receives `receivedAgain` of it.
function giveBack(PackedHolding held, uint64 amount) pure returns (PackedHolding, uint64 receivedAgain) {
    uint256 raw = PackedHolding.unwrap(held) + amount;
    receivedAgain = uint48(raw) > held.received() ? uint48(raw) - held.received() : 0;
    return (PackedHolding.wrap(raw + (uint256(receivedAgain) << 48)), receivedAgain);
}

/// @notice After `amount`, at most the balance, was spent.
function spend(PackedHolding held, uint64 amount) pure returns (PackedHolding) {
    return PackedHolding.wrap(PackedHolding.unwrap(held) - amount);
}

/// @notice After all of it was refunded: `received` restarts at zero, so that earlier spending doesn't make the next
/// refund due.
function empty(PackedHolding held) pure returns (PackedHolding) {
    return PackedHolding.wrap(PackedHolding.unwrap(held) >> 96 << 96);
}

/// @notice After `amount`, at most the balance, was given away or expired: neither spent nor received here any more.
function giveAway(PackedHolding held, uint64 amount) pure returns (PackedHolding) {
    return PackedHolding.wrap(PackedHolding.unwrap(held) - (uint256(amount) | uint256(amount) << 48));
}

/// @notice After `amount` more was spent today; the sum is at most a daily cap, which fits 32 bits.
function recordSpent(PackedHolding held, uint64 amount, uint16 today) pure returns (PackedHolding) {
    return _withSpent(held, uint256(held.spentOn(today)) + amount, today);
}

/// @notice After a payment of today was taken back.
function unrecordSpent(PackedHolding held, uint64 amount, uint16 today) pure returns (PackedHolding) {
    uint256 spent = held.spentOn(today);
    return _withSpent(held, spent > amount ? spent - amount : 0, today);
}

function _withSpent(PackedHolding held, uint256 spent, uint16 today) pure returns (PackedHolding) {
    uint256 mask = uint256(type(uint48).max) << 192;
    return PackedHolding.wrap(PackedHolding.unwrap(held) & ~mask | uint256(today) << 192 | spent << 208);
}

function unpack(PackedHolding held) pure returns (Holding memory) {
    uint256 raw = PackedHolding.unwrap(held);
    return Holding({
        balance: uint48(raw),
        received: uint48(raw >> 48),
        top: uint32(raw >> 96),
        window: uint64(raw >> 128),
        day: uint16(raw >> 192),
        spentToday: uint32(raw >> 208),
        receivedDay: uint16(raw >> 240)
    });
}
