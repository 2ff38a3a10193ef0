// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Takings} from "../interfaces/IVouchers.sol";
import {ReplayWindow} from "./ReplayWindow.sol";

/// @notice {Takings} in one word, so that a payment reads and writes it once.
/// @dev Bits 0..63 balance, 64..127 earned, 128..159 top, 160..223 window.
type PackedTakings is uint256;

using {balance, isFresh, top, earn, redeem, unpack} for PackedTakings global;

function balance(PackedTakings taken) pure returns (uint64) {
    return uint64(PackedTakings.unwrap(taken));
}

/// @notice Whether a redemption with this nonce may still be made.
function isFresh(PackedTakings taken, uint32 nonce) pure returns (bool) {
    return ReplayWindow.isFresh(taken.top(), uint64(PackedTakings.unwrap(taken) >> 160), nonce);
}

/// @notice The highest nonce used.
function top(PackedTakings taken) pure returns (uint32) {
    return uint32(PackedTakings.unwrap(taken) >> 128);
}

/// @notice After a payment of `amount`; no merchant can earn more than was issued, which fits 56 bits.
function earn(PackedTakings taken, uint64 amount) pure returns (PackedTakings) {
    return PackedTakings.wrap(PackedTakings.unwrap(taken) + (uint256(amount) | uint256(amount) << 64));
}

/// @notice After redeeming `amount`, at most the balance, with a fresh nonce.
function redeem(PackedTakings taken, uint64 amount, uint32 nonce) pure returns (PackedTakings) {
    uint256 raw = PackedTakings.unwrap(taken);
    (uint32 nextTop, uint64 nextWindow) = ReplayWindow.use(taken.top(), uint64(raw >> 160), nonce);
    uint256 replay = uint256(nextTop) << 128 | uint256(nextWindow) << 160;
    return PackedTakings.wrap((raw & type(uint128).max | replay) - amount);
}

function unpack(PackedTakings taken) pure returns (Takings memory) {
    uint256 raw = PackedTakings.unwrap(taken);
    return Takings({
        balance: uint64(raw),
        earned: uint64(raw >> 64),
        top: uint32(raw >> 128),
        window: uint64(raw >> 160)
    });
}
