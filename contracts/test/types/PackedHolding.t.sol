// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Holding} from "../../src/interfaces/VoucherTypes.sol";
import {PackedHolding} from "../../src/types/PackedHolding.sol";
import {ReplayWindow} from "../../src/types/ReplayWindow.sol";
import {Test} from "../support/Test.sol";

/// @notice The word against the plain struct: each function changes its fields and no neighbour's.
contract PackedHoldingTest is Test {
    uint256 private constant AMOUNT_MAX = type(uint48).max;

    function testFuzz_fields_comeBack(Holding memory plain, uint16 today) public pure {
        PackedHolding held = _pack(plain);
        _same(held, plain);
        assertEq(held.balance(), plain.balance, "balance");
        assertEq(held.received(), plain.received, "received");
        assertEq(held.receivedDay(), plain.receivedDay, "receivedDay");
        assertEq(held.top(), plain.top, "top");
        assertEq(held.spentOn(today), today == plain.day ? plain.spentToday : 0, "another day");
        assertEq(held.spentOn(plain.day), plain.spentToday, "the same day");
    }

    function testFuzz_isFresh_asTheWindow(Holding memory plain, uint32 nonce, uint8 age) public pure {
        // Near the window as well as anywhere.
        if (age % 2 == 0 && plain.top >= age) nonce = plain.top - age;
        bool fresh = ReplayWindow.isFresh(plain.top, plain.window, nonce);
        assertTrue(_pack(plain).isFresh(nonce) == fresh, "fresh");
    }

    function testFuzz_useNonce_changesTheWindowAlone(Holding memory plain, uint32 ahead, bool old) public pure {
        plain.top = uint32(bound(plain.top, 64, type(uint32).max - 63));
        uint32 nonce = old ? plain.top - ahead % 64 : plain.top + uint32(bound(ahead, 1, 63));
        PackedHolding held = _pack(plain);
        (plain.top, plain.window) = ReplayWindow.use(plain.top, plain.window, nonce);
        held = held.useNonce(nonce);
        _same(held, plain);
        assertTrue(!held.isFresh(nonce), "a used nonce is fresh");
    }

    function testFuzz_useNonces_changesTheWindowAlone(Holding memory plain, uint32 nonce, uint64 count) public pure {
        plain.top = uint32(bound(plain.top, 64, type(uint32).max - 63));
        nonce = uint32(bound(nonce, plain.top - 64, uint256(plain.top) + 63));
        PackedHolding held = _pack(plain).useNonces(nonce, count);
        (plain.top, plain.window) = ReplayWindow.useUpTo(plain.top, plain.window, nonce, count);
        _same(held, plain);
    }

    function testFuzz_receiveVouchers_addsToBothAndDatesIt(Holding memory plain, uint64 amount, uint16 today)
        public
        pure
    {
        amount = uint64(bound(amount, 0, AMOUNT_MAX - _max(plain.balance, plain.received)));
        PackedHolding held = _pack(plain);
        plain.balance += uint48(amount);
        plain.received += uint48(amount);
        plain.receivedDay = today;
        _same(held.receiveVouchers(amount, today), plain);
    }

    function testFuzz_giveBack_addsToTheBalanceAlone(Holding memory plain, uint64 amount) public pure {
        plain.received = uint48(bound(plain.received, plain.balance, AMOUNT_MAX));
        amount = uint64(bound(amount, 0, plain.received - plain.balance));
        PackedHolding held = _pack(plain);
        plain.balance += uint48(amount);
        (PackedHolding back, uint64 receivedAgain) = held.giveBack(amount);
        assertEq(receivedAgain, 0, "received again");
        _same(back, plain);
    }

    function testFuzz_giveBack_countsAsReceivedWhatIsMoreThanThat(Holding memory plain, uint64 amount) public pure {
        plain.balance = uint48(bound(plain.balance, 0, AMOUNT_MAX - 1));
        plain.received = uint48(bound(plain.received, plain.balance, AMOUNT_MAX - 1));
        uint64 spent = plain.received - plain.balance;
        amount = uint64(bound(amount, spent + 1, AMOUNT_MAX - plain.balance));
        PackedHolding held = _pack(plain);
        plain.balance += uint48(amount);
        plain.received = plain.balance;
        (PackedHolding back, uint64 receivedAgain) = held.giveBack(amount);
        assertEq(receivedAgain, amount - spent, "received again");
        _same(back, plain);
    }

    function testFuzz_empty_restartsTheHolding(Holding memory plain) public pure {
        PackedHolding held = _pack(plain);
        plain.balance = 0;
        plain.received = 0;
        _same(held.empty(), plain);
    }

    function testFuzz_spend_lowersTheBalanceAlone(Holding memory plain, uint64 amount) public pure {
        amount = uint64(bound(amount, 0, plain.balance));
        PackedHolding held = _pack(plain);
        plain.balance -= uint48(amount);
        _same(held.spend(amount), plain);
    }

    function testFuzz_giveAway_lowersBoth(Holding memory plain, uint64 amount) public pure {
        // No holding has more than came in.
        plain.received = uint48(bound(plain.received, plain.balance, AMOUNT_MAX));
        amount = uint64(bound(amount, 0, plain.balance));
        PackedHolding held = _pack(plain);
        plain.balance -= uint48(amount);
        plain.received -= uint48(amount);
        _same(held.giveAway(amount), plain);
    }

    function testFuzz_recordSpent_addsUpWithinADay(Holding memory plain, uint64 amount, uint16 today, bool same)
        public
        pure
    {
        if (same) today = plain.day;
        uint256 before = today == plain.day ? plain.spentToday : 0;
        amount = uint64(bound(amount, 0, type(uint32).max - before));
        PackedHolding held = _pack(plain);
        plain.spentToday = uint32(before + amount);
        plain.day = today;
        _same(held.recordSpent(amount, today), plain);
    }

    function testFuzz_unrecordSpent_givesTheDayBack(Holding memory plain, uint64 amount, uint16 today, bool same)
        public
        pure
    {
        if (same) today = plain.day;
        if (amount % 2 == 0) amount %= uint64(plain.spentToday) + 1;
        uint256 before = today == plain.day ? plain.spentToday : 0;
        PackedHolding held = _pack(plain);
        // What was spent under no cap is not recorded, so that more may come back than stands there.
        plain.spentToday = uint32(before > amount ? before - amount : 0);
        plain.day = today;
        _same(held.unrecordSpent(amount, today), plain);
    }

    function testFuzz_unrecordSpent_undoesRecordSpent(Holding memory plain, uint64 amount, uint16 today) public pure {
        PackedHolding held = _pack(plain);
        amount = uint64(bound(amount, 0, type(uint32).max - held.spentOn(today)));
        uint256 before = held.spentOn(today);
        held = held.recordSpent(amount, today).unrecordSpent(amount, today);
        assertEq(held.spentOn(today), before, "spent");
    }

    /// @dev From the highest bits to the lowest, as the word is documented.
    function _pack(Holding memory plain) private pure returns (PackedHolding) {
        bytes memory high = abi.encodePacked(plain.receivedDay, plain.spentToday, plain.day, plain.window);
        bytes memory low = abi.encodePacked(plain.top, plain.received, plain.balance);
        return PackedHolding.wrap(uint256(bytes32(bytes.concat(high, low))));
    }

    function _same(PackedHolding held, Holding memory plain) private pure {
        assertEq(PackedHolding.unwrap(held), PackedHolding.unwrap(_pack(plain)), "the word");
        assertEq(keccak256(abi.encode(held.unpack())), keccak256(abi.encode(plain)), "unpacked");
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
