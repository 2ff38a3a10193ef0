// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Region} from "./Region.sol";

/// @notice What a key may do for its account.
enum Right {
    None,
    Device, // pay, void and circulate up to the ring's daily limit, and redeem
    Owner // everything
}

/// @notice The keys of an account: who may sign for it, and how much its devices may spend in a Korean day.
/// @dev Four bytes daily limit in won, then one to eight entries of a right (one byte) and a key's id (32 bytes). An
/// account's id is the end of the hash of authority, role, salt and first ring, so that it exists before anything is
/// written, names who answers for it, and is another one for each role. Of the empty ring it is an account without keys.
/// Only a changed ring is stored, as its hash. A plain wallet needs no ring: its address is its account.
library KeyRing {
    bytes32 private constant DOMAIN = keccak256("Jangteo key ring 1");
    bytes32 private constant ACCOUNT_DOMAIN = keccak256("Jangteo account 1");
    /// @dev Of no keys at all.
    bytes32 internal constant EMPTY_HASH = keccak256(abi.encodePacked(DOMAIN));
    /// @dev Authority and role, before a first ring.
    uint256 private constant FOUNDING = 7;
    /// @dev Said with the role: 32 bytes of salt follow. Without it the salt is zero.
    uint8 private constant SALTED = 0x80;
    uint256 private constant HEAD = 4;
    uint256 private constant ENTRY = 33;
    uint256 private constant ENTRIES_MAX = 8;

    function hash(bytes calldata ring) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(DOMAIN, ring));
    }

    /// @notice The account that is made of these.
    function account(Region authority, uint8 role, bytes32 salt, bytes32 ringHash) internal pure returns (address) {
        bytes memory content =
            abi.encodePacked(ACCOUNT_DOMAIN, Region.unwrap(authority), role, salt, ringHash);
        return address(uint160(uint256(keccak256(content))));
    }

    /// @notice The account that is made of a founding, and the ring in it.
    /// @param founding 6 bytes authority, 1 byte role, 32 bytes salt if the role's highest bit is set, the ring.
    function founded(bytes calldata founding) internal pure returns (address id, bytes calldata ring) {
        // The slices of a founding that is too short are empty, and no ring has so few bytes.
        if (founding.length < FOUNDING + 32) return (address(0), founding[0:0]);
        uint8 role = uint8(founding[6]);
        bytes32 salt;
        ring = founding[FOUNDING:];
        if (role & SALTED != 0) (role, salt, ring) = (role ^ SALTED, bytes32(ring[0:32]), ring[32:]);
        id = account(Region.wrap(uint48(bytes6(founding[0:6]))), role, salt, hash(ring));
    }

    /// @notice What `key` may do if it stands at `position`, and the devices' daily limit.
    function rightAt(bytes calldata ring, uint256 position, bytes32 key)
        internal
        pure
        returns (Right right, uint32 dailyLimit)
    {
        uint256 entry = HEAD + ENTRY * position;
        if (ring.length < entry + ENTRY || !_isWhole(ring)) return (Right.None, 0);
        if (bytes32(ring[entry + 1:entry + ENTRY]) != key) return (Right.None, 0);
        uint8 said = uint8(ring[entry]);
        if (said == uint8(Right.Owner)) right = Right.Owner;
        else if (said == uint8(Right.Device)) right = Right.Device;
        dailyLimit = uint32(bytes4(ring[0:HEAD]));
    }

    /// @notice Whether this ring may become an account's: every entry has a right and one at least is an owner's.
    function isValid(bytes calldata ring) internal pure returns (bool) {
        if (!_isWhole(ring)) return false;
        bool owned;
        for (uint256 start = HEAD; start < ring.length; start += ENTRY) {
            uint8 right = uint8(ring[start]);
            if (right != uint8(Right.Device) && right != uint8(Right.Owner)) return false;
            if (right == uint8(Right.Owner)) owned = true;
        }
        return owned;
    }

    /// @dev A ring cut elsewhere would let the bytes of one entry pass for another.
    function _isWhole(bytes calldata ring) private pure returns (bool) {
        return ring.length >= HEAD + ENTRY && ring.length <= HEAD + ENTRY * ENTRIES_MAX
            && (ring.length - HEAD) % ENTRY == 0;
    }
}
