// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Sliding-window replay protection, as IPsec does it (RFC 4303, section 3.4.3): the highest nonce
/// seen and one bit for each of the 64 nonces that end there. Messages of two devices may arrive out of order.
library ReplayWindow {
    /// @dev A nonce may lead by no more than the window holds: no single order shuts out another one that its holder
    /// signed, and a key with a daily limit can't use up the numbers of a holding (4,358 payments of one won did, when the
    /// lead was a million).
    uint32 internal constant MAX_JUMP = 63;

    /// @notice Whether `nonce` was never used and is not older than the window. Nonces begin at 1: 0 stands in events
    /// that no holder's signature caused.
    function isFresh(uint32 top, uint64 window, uint32 nonce) internal pure returns (bool) {
        unchecked {
            if (nonce == 0) return false;
            if (nonce > top) return nonce - top <= MAX_JUMP;
            uint32 age = top - nonce;
            return age < 64 && (window >> age) & 1 == 0;
        }
    }

    /// @notice The window after a fresh `nonce` was used.
    function use(uint32 top, uint64 window, uint32 nonce) internal pure returns (uint32, uint64) {
        unchecked {
            if (nonce <= top) return (top, window | (uint64(1) << (top - nonce)));
            uint32 shift = nonce - top;
            return (nonce, shift < 64 ? (window << shift) | 1 : 1);
        }
    }

    /// @notice The window after the `count` nonces that end at `nonce` were used up, those included that were used before.
    /// `nonce` leads by {MAX_JUMP} at most.
    function useUpTo(uint32 top, uint64 window, uint32 nonce, uint64 count)
        internal
        pure
        returns (uint32 nextTop, uint64 nextWindow)
    {
        unchecked {
            nextTop = nonce > top ? nonce : top;
            // Whatever is older than the window falls out of the 64 bits, on both sides.
            uint256 range = (count < 64 ? uint256(1) << count : 1 << 64) - 1;
            return (nextTop, uint64(uint256(window) << (nextTop - top) | range << (nextTop - nonce)));
        }
    }
}
