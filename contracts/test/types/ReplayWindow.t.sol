// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReplayWindow} from "../../src/types/ReplayWindow.sol";
import {Test} from "../support/Test.sol";

/// @notice The sliding window against a naive model that remembers every nonce.
contract ReplayWindowTest is Test {
    mapping(uint32 nonce => bool) private _used;

    function testFuzz_window_asNaiveModel(uint32 start, int16[48] memory steps) public {
        uint32 top = uint32(bound(start, 0, type(uint32).max - 1_000));
        uint64 window = 0;
        uint32 highest = top;
        for (uint256 i = 0; i < steps.length; i++) {
            // From 80 behind to 20 ahead: old ones, repeated ones, new ones, all of them often.
            int256 next = int256(uint256(highest)) + steps[i] % 50 - 30;
            if (next < 0) next = 0;
            uint32 nonce = uint32(uint256(next));
            bool fresh = nonce != 0 && !_used[nonce] && uint256(nonce) + 63 >= highest;
            assertTrue(ReplayWindow.isFresh(top, window, nonce) == fresh, "isFresh");
            if (!fresh) continue;
            (top, window) = ReplayWindow.use(top, window, nonce);
            _used[nonce] = true;
            if (nonce > highest) highest = nonce;
            assertEq(top, highest, "top");
            assertTrue(!ReplayWindow.isFresh(top, window, nonce), "a used nonce is fresh");
        }
    }

    function testFuzz_use_neverReopens(uint32 top, uint64 window, uint32 used, uint32 next) public pure {
        used = _fresh(top, window, used);
        (uint32 top1, uint64 window1) = ReplayWindow.use(top, window, used);
        next = _fresh(top1, window1, next);
        (uint32 top2, uint64 window2) = ReplayWindow.use(top1, window1, next);
        assertTrue(!ReplayWindow.isFresh(top2, window2, used), "a later nonce re-opened an earlier one");
        assertTrue(!ReplayWindow.isFresh(top2, window2, next), "a used nonce is fresh");
        assertTrue(top2 >= top1 && top1 >= top, "the window moved backwards");
    }

    function testFuzz_isFresh_refusesAJump(uint32 top, uint64 window, uint32 jump) public pure {
        top = uint32(bound(top, 0, type(uint32).max - 64));
        uint32 far = uint32(bound(jump, uint256(top) + 64, type(uint32).max));
        assertTrue(!ReplayWindow.isFresh(top, window, far), "a stray nonce would shut out all later ones");
        assertTrue(ReplayWindow.isFresh(top, window, top + 63), "the largest jump");
    }

    function testFuzz_use_leavesRoomForWhatWasSignedBefore(uint32 top, uint64 window, uint32 signed, uint32 jump)
        public
        pure
    {
        top = uint32(bound(top, 0, type(uint32).max - 63));
        signed = uint32(bound(signed, uint256(top) + 1, uint256(top) + 63));
        jump = uint32(bound(jump, uint256(top) + 1, uint256(top) + 63));
        vm.assume(signed != jump);
        (uint32 next, uint64 after_) = ReplayWindow.use(top, window, jump);
        assertTrue(ReplayWindow.isFresh(next, after_, signed), "one jump killed what was signed");
    }

    function testFuzz_useUpTo_asOneAfterTheOther(uint32 top, uint64 window, uint32 nonce, uint64 count) public pure {
        top = uint32(bound(top, 70, type(uint32).max - 63));
        nonce = uint32(bound(nonce, top - 64, uint256(top) + 63));
        count = uint64(bound(count, 1, nonce));
        (uint32 nextTop, uint64 next) = ReplayWindow.useUpTo(top, window, nonce, count);
        for (uint256 i = count < 130 ? count : 130; i != 0; i--) {
            uint32 one = uint32(nonce + 1 - i);
            if (ReplayWindow.isFresh(top, window, one)) (top, window) = ReplayWindow.use(top, window, one);
        }
        assertEq(nextTop, top, "top");
        assertEq(next, window, "window");
    }

    function testFuzz_isFresh_refusesWhatIsOlderThanTheWindow(uint32 top, uint64 window, uint32 nonce) public pure {
        top = uint32(bound(top, 64, type(uint32).max));
        nonce = uint32(bound(nonce, 0, top - 64));
        assertTrue(!ReplayWindow.isFresh(top, window, nonce), "too old");
    }

    function test_isFresh_startsAtOne() public pure {
        assertTrue(!ReplayWindow.isFresh(0, 0, 0) && ReplayWindow.isFresh(0, 0, 1), "the first nonce");
        (uint32 top, uint64 window) = ReplayWindow.use(0, 0, 1);
        assertTrue(!ReplayWindow.isFresh(top, window, 0), "zero after one");
    }

    function testFuzz_use_movesTheBitsOfTheWindow(uint32 top, uint64 window, uint32 jump) public pure {
        jump = uint32(bound(jump, 1, 80));
        top = uint32(bound(top, 64, type(uint32).max - 80));
        (uint32 nextTop, uint64 next) = ReplayWindow.use(top, window, top + jump);
        assertEq(nextTop, top + jump, "top");
        assertEq(next & 1, 1, "the nonce itself");
        for (uint256 age = 1; age < 64; age++) {
            // Between the old top and the new one nothing was used; behind it all is as before.
            bool used = age >= jump && (window >> (age - jump)) & 1 == 1;
            assertTrue((next >> age) & 1 == (used ? 1 : 0), "a bit of the window");
        }
    }

    function testFuzz_use_setsOneBitOfTheWindow(uint32 top, uint64 window, uint8 age) public pure {
        top = uint32(bound(top, 63, type(uint32).max));
        (uint32 nextTop, uint64 next) = ReplayWindow.use(top, window, top - age % 64);
        assertEq(nextTop, top, "top");
        assertEq(next, uint256(window) | 2 ** (age % 64), "window");
    }

    function test_isFresh_reachesTheLastNonce() public pure {
        uint32 last = type(uint32).max;
        assertTrue(ReplayWindow.isFresh(last - 1, 1, last), "the last nonce");
        (uint32 top, uint64 window) = ReplayWindow.use(last - 1, 1, last);
        assertTrue(!ReplayWindow.isFresh(top, window, last) && !ReplayWindow.isFresh(top, window, 0), "nothing after it");
        assertTrue(ReplayWindow.isFresh(top, window, last - 2), "but what is still in the window");
    }

    /// @dev A fresh nonce near `wish`: in the window where a bit is clear, else ahead of it.
    function _fresh(uint32 top, uint64 window, uint32 wish) private pure returns (uint32) {
        uint256 age = wish % 64;
        if (wish % 3 == 0 && age <= top && (window >> age) & 1 == 0) return uint32(top - age);
        vm.assume(top < type(uint32).max - 63);
        return uint32(bound(wish, uint256(top) + 1, uint256(top) + 63));
    }
}
