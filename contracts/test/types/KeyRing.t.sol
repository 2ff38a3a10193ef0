// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KeyRing, Right} from "../../src/types/KeyRing.sol";
import {Region} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {Test} from "../support/Test.sol";

contract RingReader {
    function hash(bytes calldata ring) external pure returns (bytes32) {
        return KeyRing.hash(ring);
    }

    function rightAt(bytes calldata ring, uint256 position, bytes32 key) external pure returns (Right, uint32) {
        return KeyRing.rightAt(ring, position, key);
    }

    function founded(bytes calldata founding) external pure returns (address, bytes memory) {
        return KeyRing.founded(founding);
    }

    function isValid(bytes calldata ring) external pure returns (bool) {
        return KeyRing.isValid(ring);
    }
}

contract KeyRingTest is Test {
    RingReader private _reader;

    function setUp() public {
        _reader = new RingReader();
    }

    function testFuzz_account_isTheEndOfTheHash(uint48 authority, uint8 role, bytes32 salt, bytes memory ring)
        public
        view
    {
        assertEq(_reader.hash(ring), Keys.ringHash(ring), "hash");
        address account = KeyRing.account(Region.wrap(authority), role, salt, _reader.hash(ring));
        assertEq(account, Keys.accountOf(authority, role, salt, ring), "account");
        assertEq(KeyRing.EMPTY_HASH, Keys.ringHash(""), "no keys");
    }

    /// @dev Whoever answers for somebody else, is somebody else's account; so is the shop of a resident.
    function testFuzz_account_differsForEveryPartOfIt(uint48[2] memory by, uint8[2] memory role, bytes32[2] memory salt)
        public
        pure
    {
        vm.assume(by[0] != by[1] || role[0] != role[1] || salt[0] != salt[1]);
        address one = KeyRing.account(Region.wrap(by[0]), role[0], salt[0], keccak256("ring"));
        address other = KeyRing.account(Region.wrap(by[1]), role[1], salt[1], keccak256("ring"));
        assertTrue(one != other, "two accounts with one id");
    }

    function testFuzz_founded_readsAccountAndRing(uint48 authority, uint8 role, bytes32 salt, uint8 count, uint256 seed)
        public
        view
    {
        role %= 128;
        bytes memory ring = _ring(7, bound(count, 1, 8), seed);
        bytes memory founding = bytes.concat(Keys.founding(authority, role, salt), ring);
        (address account, bytes memory found) = _reader.founded(founding);
        assertEq(account, Keys.accountOf(authority, role, salt, ring), "account");
        assertEq(keccak256(found), keccak256(ring), "ring");
    }

    /// @dev Whatever is sent: it is no account without keys that it names, and it does not revert.
    function testFuzz_founded_ofNonsenseHasNoRing(bytes memory founding) public view {
        (, bytes memory ring) = _reader.founded(founding);
        if (founding.length < 39) assertEq(ring.length, 0, "a ring in too few bytes");
        else assertTrue(ring.length <= founding.length - 7, "longer than what was sent");
    }

    function testFuzz_account_differsForEveryRing(bytes memory ring, bytes memory other) public view {
        vm.assume(keccak256(ring) != keccak256(other));
        assertTrue(_reader.hash(ring) != _reader.hash(other), "two rings with one hash");
    }

    function testFuzz_rightAt_findsEveryEntry(uint8 count, uint32 limit, uint256 seed) public view {
        uint256 length = bound(count, 1, 8);
        bytes memory ring = _ring(limit, length, seed);
        for (uint256 i = 0; i < length; i++) {
            (Right right, uint32 dailyLimit) = _reader.rightAt(ring, i, _id(seed, i));
            assertEq(uint8(right), _right(seed, i), "right");
            assertEq(dailyLimit, limit, "limit");
        }
    }

    function testFuzz_rightAt_refusesAnotherPosition(uint8 count, uint256 seed, uint8 position) public view {
        uint256 length = bound(count, 1, 8);
        bytes memory ring = _ring(1, length, seed);
        for (uint256 i = 0; i < length; i++) {
            if (i == position % 16) continue;
            // Of a neighbour, and behind the last one.
            _none(ring, position % 16, _id(seed, i));
        }
    }

    function testFuzz_rightAt_refusesAnotherKey(uint8 count, uint256 seed, uint8 position, bytes32 key) public view {
        uint256 length = bound(count, 1, 8);
        vm.assume(key != _id(seed, position % length));
        _none(_ring(1, length, seed), position % length, key);
    }

    function testFuzz_rightAt_refusesARingCutElsewhere(uint256 seed, uint256 length, uint8 position) public view {
        bytes memory ring = _ring(1, 8, seed);
        length = bound(length, 0, ring.length - 1);
        vm.assume(length < 37 || (length - 4) % 33 != 0);
        assembly {
            mstore(ring, length)
        }
        _none(ring, position % 8, _id(seed, position % 8));
        assertTrue(!_reader.isValid(ring), "valid");
    }

    function testFuzz_rightAt_refusesNineEntries(uint256 seed, uint8 more, uint8 position) public view {
        uint256 length = bound(more, 9, 30);
        bytes memory ring = _ring(1, length, seed);
        _none(ring, position % length, _id(seed, position % length));
        assertTrue(!_reader.isValid(ring), "valid");
    }

    function test_rightAt_refusesNoEntries() public view {
        _none(Keys.ring(1, ""), 0, 0);
        _none("", 0, 0);
        assertTrue(!_reader.isValid(Keys.ring(1, "")) && !_reader.isValid(""), "valid");
    }

    function testFuzz_rightAt_refusesAnUnknownRight(uint8 right, bytes32 key, bytes32 owner) public view {
        vm.assume(right == 0 || right > 2);
        bytes memory entries = bytes.concat(Keys.entry(Keys.RIGHT_OWNER, owner), Keys.entry(right, key));
        bytes memory ring = Keys.ring(1, entries);
        (Right said,) = _reader.rightAt(ring, 1, key);
        assertTrue(said == Right.None, "a right that is none");
        assertTrue(!_reader.isValid(ring), "valid");
    }

    function testFuzz_isValid_needsAnOwner(uint8 count, uint32 limit, uint256 seed) public view {
        uint256 length = bound(count, 1, 8);
        bool owned = false;
        for (uint256 i = 0; i < length; i++) {
            if (_right(seed, i) == Keys.RIGHT_OWNER) owned = true;
        }
        assertTrue(_reader.isValid(_ring(limit, length, seed)) == owned, "owner");
    }

    function testFuzz_isValid_refusesDevicesAlone(uint8 count, bytes32 key) public view {
        bytes memory entries;
        for (uint256 i = 0; i < bound(count, 1, 8); i++) {
            entries = bytes.concat(entries, Keys.entry(Keys.RIGHT_DEVICE, key));
        }
        assertTrue(!_reader.isValid(Keys.ring(1, entries)), "it has no owner");
        if (count <= 7) {
            entries = bytes.concat(entries, Keys.entry(Keys.RIGHT_OWNER, key));
            assertTrue(_reader.isValid(Keys.ring(1, entries)) == (bound(count, 1, 8) < 8), "an owner last");
        }
    }

    function _ring(uint32 limit, uint256 length, uint256 seed) private pure returns (bytes memory) {
        bytes memory entries;
        for (uint256 i = 0; i < length; i++) {
            entries = bytes.concat(entries, Keys.entry(_right(seed, i), _id(seed, i)));
        }
        return Keys.ring(limit, entries);
    }

    function _right(uint256 seed, uint256 i) private pure returns (uint8) {
        return (seed >> i) & 1 == 1 ? Keys.RIGHT_OWNER : Keys.RIGHT_DEVICE;
    }

    function _id(uint256 seed, uint256 i) private pure returns (bytes32) {
        return keccak256(abi.encode(seed, i));
    }

    function _none(bytes memory ring, uint256 position, bytes32 key) private view {
        (Right right, uint32 dailyLimit) = _reader.rightAt(ring, position, key);
        assertTrue(right == Right.None, "right");
        assertEq(dailyLimit, 0, "limit");
    }
}
