// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Vm} from "./Test.sol";

/// @notice What a passkey signs, in parts, so that a test can spoil any of them.
/// @param kind "webauthn.get" for a signature. @param tail what follows the origin in the client data.
struct Assertion {
    string rpId;
    uint8 flags;
    bytes32 challenge;
    string kind;
    string origin;
    string tail;
}

/// @notice Ids, signatures, rings and proofs of keys, built here by hand as wallets and phones build them, so that the
/// contracts' decoder is tested against an independent encoder. A private key is a number below both curves' orders:
/// any of 1..2**255 is.
library Keys {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    string internal constant RP_ID = "jangteo.example";
    string internal constant ORIGIN = "https://jangteo.example";
    string internal constant OWN_PAGE = ',"crossOrigin":false}';
    /// @dev Authenticator data's flags: present, verified, may be backed up, is backed up (WebAuthn, section 6.1).
    uint8 internal constant PRESENT = 1;
    uint8 internal constant VERIFIED = 4;
    uint8 internal constant MAY_BE_BACKED_UP = 8;
    uint8 internal constant IS_BACKED_UP = 16;
    uint8 internal constant RIGHT_DEVICE = 1;
    uint8 internal constant RIGHT_OWNER = 2;

    uint256 internal constant P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551;

    // Ids

    function walletId(uint256 key) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(vm.addr(key))));
    }

    function deviceId(uint256 key) internal pure returns (bytes32) {
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        return keccak256(abi.encodePacked(uint8(2), x, y));
    }

    function passkeyId(uint256 key) internal pure returns (bytes32) {
        return passkeyId(key, RP_ID, ORIGIN);
    }

    function passkeyId(uint256 key, string memory rpId, string memory origin) internal pure returns (bytes32) {
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        return keccak256(abi.encodePacked(uint8(3), x, y, sha256(bytes(rpId)), keccak256(bytes(origin))));
    }

    // Signatures

    function walletSign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(uint8(1), r, uint256(s) | uint256(v - 27) << 255);
    }

    function deviceSign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        return abi.encodePacked(uint8(2), _p256(key, sha256(abi.encodePacked(digest))));
    }

    function passkeySign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        return passkeySign(key, assertion(digest));
    }

    /// @notice What an honest browser on the wallet's own page has signed.
    function assertion(bytes32 digest) internal pure returns (Assertion memory) {
        return Assertion(RP_ID, PRESENT | VERIFIED, digest, "webauthn.get", ORIGIN, OWN_PAGE);
    }

    function passkeySign(uint256 key, Assertion memory said) internal pure returns (bytes memory) {
        return passkeySign(key, authenticatorData(said), clientData(said), bytes(said.origin).length);
    }

    function passkeySign(uint256 key, bytes memory auth, bytes memory client, uint256 originLength)
        internal
        pure
        returns (bytes memory)
    {
        bytes memory words = _p256(key, sha256(bytes.concat(auth, sha256(client))));
        bytes memory lengths =
            abi.encodePacked(uint16(auth.length), uint16(client.length), uint16(originLength));
        return bytes.concat(hex"03", words, lengths, auth, client);
    }

    /// @dev The relying party's hash, the flags, a counter of signatures.
    function authenticatorData(Assertion memory said) internal pure returns (bytes memory) {
        return abi.encodePacked(sha256(bytes(said.rpId)), said.flags, uint32(7));
    }

    function clientData(Assertion memory said) internal pure returns (bytes memory) {
        string memory challenge = Base64.encodeURL(abi.encodePacked(said.challenge));
        return abi.encodePacked(
            '{"type":"', said.kind, '","challenge":"', challenge, '","origin":"', said.origin, '"', said.tail
        );
    }

    // Rings and proofs

    function entry(uint8 right, bytes32 id) internal pure returns (bytes memory) {
        return abi.encodePacked(right, id);
    }

    /// @param dailyLimit won that the ring's devices may spend a day. @param entries one after another.
    function ring(uint32 dailyLimit, bytes memory entries) internal pure returns (bytes memory) {
        return abi.encodePacked(dailyLimit, entries);
    }

    function ringHash(bytes memory keys) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256("Jangteo key ring 1"), keys));
    }

    /// @notice The account that is made of these. @param role 1 resident, 2 merchant, 3 company.
    function accountOf(uint48 authority, uint8 role, bytes32 salt, bytes memory keys) internal pure returns (address) {
        bytes memory content =
            abi.encodePacked(keccak256("Jangteo account 1"), authority, role, salt, ringHash(keys));
        return address(uint160(uint256(keccak256(content))));
    }

    /// @notice What proofs of such an account have before its first ring; a salt of zero is left out.
    function founding(uint48 authority, uint8 role, bytes32 salt) internal pure returns (bytes memory) {
        if (salt == 0) return abi.encodePacked(authority, role);
        return abi.encodePacked(authority, role | 0x80, salt);
    }

    /// @notice The proof of an item of an account with a ring: which of its keys signed, and the ring.
    function ringProof(bytes memory signature, uint8 position, bytes memory keys)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(signature, position, keys);
    }

    /// @notice The proofs of a batch as one stream.
    function stream(bytes[] memory proofs) internal pure returns (bytes memory all) {
        for (uint256 i = 0; i < proofs.length; i++) {
            all = abi.encodePacked(all, uint16(proofs[i].length), proofs[i]);
        }
    }

    /// @dev r, the lower s, x, y.
    function _p256(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (bytes32 r, bytes32 s) = vm.signP256(key, digest);
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        uint256 low = uint256(s) > P256_ORDER / 2 ? P256_ORDER - uint256(s) : uint256(s);
        return abi.encodePacked(r, low, x, y);
    }
}
