// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {WebAuthn} from "@openzeppelin/contracts/utils/cryptography/WebAuthn.sol";

/// @notice The signatures of people: of a wallet (secp256k1), of a device (P-256) and of a passkey (WebAuthn).
/// @dev A signature is its kind in one byte, then:
/// - 1 wallet: r, vs (EIP-2098);
/// - 2 device: r, s, x, y; the digest's SHA-256 is signed, since browsers and phones hash the bytes that they sign;
/// - 3 passkey: r, s, x, y, then in two bytes each the lengths of authenticator data, client data and origin, then
///   authenticator data and client data. The digest is the challenge.
/// Only the lower s is taken. Integers are big-endian. The id of a wallet's key is its address, of a device's key
/// keccak256(kind ‖ x ‖ y), of a passkey's keccak256(kind ‖ x ‖ y ‖ rpIdHash ‖ keccak256(origin)): a passkey that
/// signs for another website is another key.
library Signatures {
    uint8 internal constant WALLET = 1;
    uint8 internal constant DEVICE = 2;
    uint8 internal constant PASSKEY = 3;

    uint256 internal constant WALLET_BYTES = 65;
    uint256 private constant DEVICE_BYTES = 129;
    uint256 private constant PASSKEY_HEAD = 135;
    /// @dev Browsers write client data as WebAuthn Level 2, section 5.8.1.1, prescribes:
    /// {"type":"webauthn.get","challenge":"43 characters","origin":"...","crossOrigin":false...
    uint256 private constant TYPE_AT = 1;
    uint256 private constant CHALLENGE_AT = 23;
    uint256 private constant ORIGIN_MARK_AT = 80;
    uint256 private constant ORIGIN_AT = 91;
    bytes11 private constant ORIGIN_MARK = ',"origin":"';
    bytes20 private constant FOREIGN_FRAME = '","crossOrigin":true';

    /// @notice Which key signed `digest`, and how many bytes of `proof` are its signature; key 0 = the signature is
    /// invalid.
    function verify(bytes32 digest, bytes calldata proof) internal view returns (bytes32 key, uint256 length) {
        if (proof.length < WALLET_BYTES) return (0, 0);
        uint8 kind = uint8(proof[0]);
        if (kind == WALLET) return (_wallet(digest, proof), WALLET_BYTES);
        if (proof.length < DEVICE_BYTES) return (0, 0);
        if (kind == DEVICE) return (_device(digest, proof), DEVICE_BYTES);
        if (kind == PASSKEY) return _passkey(digest, proof);
    }

    function _wallet(bytes32 digest, bytes calldata proof) private pure returns (bytes32) {
        (bytes32 r, bytes32 vs) = abi.decode(proof[1:WALLET_BYTES], (bytes32, bytes32));
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecover(digest, r, vs);
        return problem == ECDSA.RecoverError.NoError ? bytes32(uint256(uint160(signer))) : bytes32(0);
    }

    function _device(bytes32 digest, bytes calldata proof) private view returns (bytes32) {
        (bytes32 r, bytes32 s, bytes32 x, bytes32 y) = _words(proof);
        bool signed = P256.verify(sha256(abi.encodePacked(digest)), r, s, x, y);
        return signed ? keccak256(abi.encodePacked(DEVICE, x, y)) : bytes32(0);
    }

    function _passkey(bytes32 digest, bytes calldata proof) private view returns (bytes32 key, uint256 length) {
        if (proof.length < PASSKEY_HEAD) return (0, 0);
        uint256 authEnd = PASSKEY_HEAD + uint16(bytes2(proof[129:131]));
        length = authEnd + uint16(bytes2(proof[131:133]));
        uint256 originEnd = ORIGIN_AT + uint16(bytes2(proof[133:135]));
        if (proof.length < length || length < authEnd + originEnd + 1) return (0, 0);
        bytes calldata auth = proof[PASSKEY_HEAD:authEnd];
        bytes calldata client = proof[authEnd:length];
        if (bytes11(client[ORIGIN_MARK_AT:ORIGIN_AT]) != ORIGIN_MARK || client[originEnd] != '"') return (0, 0);
        // Another website's page may have shown the wallet in a frame.
        if (bytes20(client[originEnd:]) == FOREIGN_FRAME) return (0, 0);
        (bytes32 r, bytes32 s, bytes32 x, bytes32 y) = _words(proof);
        bool signed = WebAuthn.verify(
            abi.encodePacked(digest),
            WebAuthn.WebAuthnAuth(r, s, CHALLENGE_AT, TYPE_AT, auth, string(client)),
            x,
            y,
            true
        );
        if (!signed) return (0, 0);
        // WebAuthn.verify has seen to it that the authenticator data has 37 bytes at least.
        key = keccak256(
            abi.encodePacked(PASSKEY, x, y, bytes32(auth[0:32]), keccak256(client[ORIGIN_AT:originEnd]))
        );
    }

    function _words(bytes calldata proof) private pure returns (bytes32 r, bytes32 s, bytes32 x, bytes32 y) {
        return abi.decode(proof[1:129], (bytes32, bytes32, bytes32, bytes32));
    }
}
