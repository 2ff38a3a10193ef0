// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PackedMerchantBalance} from "../../src/types/PackedMerchantBalance.sol";
import {ReplayWindow} from "../../src/types/ReplayWindow.sol";
import {Test} from "../support/Test.sol";

/// @notice The word against a plain struct: each function changes its fields and no neighbour's.
contract PackedMerchantBalanceTest is Test {
    struct Plain {
        uint48 balance;
        uint32 top;
        uint64 window;
    }

    function testFuzz_fields_comeBack(Plain memory plain) public pure {
        _same(_pack(plain), plain);
    }

    function testFuzz_isFresh_asTheWindow(Plain memory plain, uint32 nonce, uint8 age) public pure {
        if (age % 2 == 0 && plain.top >= age) nonce = plain.top - age;
        bool fresh = ReplayWindow.isFresh(plain.top, plain.window, nonce);
        assertTrue(_pack(plain).isFresh(nonce) == fresh, "fresh");
    }

    function testFuzz_useNonce_changesTheWindowAlone(Plain memory plain, uint32 ahead, bool old) public pure {
        plain.top = uint32(bound(plain.top, 64, type(uint32).max - 63));
        uint32 nonce = old ? plain.top - ahead % 64 : plain.top + uint32(bound(ahead, 1, 63));
        PackedMerchantBalance taken = _pack(plain).useNonce(nonce);
        (plain.top, plain.window) = ReplayWindow.use(plain.top, plain.window, nonce);
        _same(taken, plain);
        assertTrue(!taken.isFresh(nonce), "a used nonce is fresh");
    }

    function testFuzz_useNonces_changesTheWindowAlone(Plain memory plain, uint32 nonce, uint64 count) public pure {
        plain.top = uint32(bound(plain.top, 64, type(uint32).max - 63));
        nonce = uint32(bound(nonce, plain.top - 64, uint256(plain.top) + 63));
        PackedMerchantBalance taken = _pack(plain).useNonces(nonce, count);
        (plain.top, plain.window) = ReplayWindow.useUpTo(plain.top, plain.window, nonce, count);
        _same(taken, plain);
    }

    function testFuzz_earn_addsToTheBalanceAlone(Plain memory plain, uint64 amount) public pure {
        amount = uint64(bound(amount, 0, type(uint48).max - plain.balance));
        PackedMerchantBalance taken = _pack(plain).earn(amount);
        plain.balance += uint48(amount);
        _same(taken, plain);
    }

    function testFuzz_give_lowersTheBalanceAlone(Plain memory plain, uint64 amount) public pure {
        amount = uint64(bound(amount, 0, plain.balance));
        PackedMerchantBalance taken = _pack(plain).give(amount);
        plain.balance -= uint48(amount);
        _same(taken, plain);
    }

    /// @dev From the highest bits to the lowest, as the word is documented.
    function _pack(Plain memory plain) private pure returns (PackedMerchantBalance) {
        return PackedMerchantBalance.wrap(uint144(bytes18(abi.encodePacked(plain.window, plain.top, plain.balance))));
    }

    function _same(PackedMerchantBalance taken, Plain memory plain) private pure {
        assertEq(PackedMerchantBalance.unwrap(taken), PackedMerchantBalance.unwrap(_pack(plain)), "the word");
        assertEq(taken.balance(), plain.balance, "balance");
        assertEq(taken.top(), plain.top, "top");
        assertEq(taken.window(), plain.window, "window");
    }
}
