// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Signatures} from "../../src/types/Signatures.sol";
import {Assertion, Keys} from "../support/Keys.sol";
import {Test} from "../support/Test.sol";

contract Reader {
    function verify(bytes32 digest, bytes calldata proof) external view returns (bytes32, uint256) {
        return Signatures.verify(digest, proof);
    }

    function gasOf(bytes32 digest, bytes calldata proof) external view returns (uint256) {
        uint256 before = gasleft();
        (bytes32 key,) = Signatures.verify(digest, proof);
        uint256 gas = before - gasleft();
        return key == 0 ? 0 : gas;
    }
}

contract SignaturesTest is Test {
    /// @dev Half of secp256k1's order; a larger s is the mirror image of a smaller one.
    uint256 private constant HALF = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    bytes32 private constant FIXED_DIGEST = sha256("a fixed message");
    bytes private constant FIXED_DEVICE =
        hex"02f81d59996439c10c083178e415c2c89da0f93fc4c1ba372b10d751020b06304110ae09dc5daf2543a18a3e01ab3e7a"
        hex"5ed367404c149a6ef2413b8916bf9c4e3c1f427907c2a79ef02de03f4422af7788b81d2cca8b1ebfd648c3801116bb6f"
        hex"dbb47f56e677911c970fbbf50d3c0193fb84e86cac2e0ce70284dda4c4b0bf24f6";
    bytes32 private constant FIXED_DEVICE_ID = 0x6c66e22c94d1251eb76632c6d90abfe85120a17ade05c3ec68796bfb1dc17dc6;
    bytes private constant FIXED_PASSKEY =
        hex"03cb39c1acb5007fa76d990a4c4ec3a093f1094d39747caa9eedd85413283fea156b284dcbc7fb926ae33ad297055298"
        hex"b5ecb157c5877076c458564866c508a0017a030b3200e095fdbdf21b3cff9eba1267f0aa9642d6ba8b7307d0649ffd44"
        hex"246485330621e4cbe92af096e95c1e72a77095ea39fe83c51dedd28967148edc48002500880017050a00afaeac2b7c39"
        hex"cc96495a5b03ca13cad0df5a587b0dea7f7e0c6cf43c7e1d000000007b2274797065223a22776562617574686e2e6765"
        hex"74222c226368616c6c656e6765223a227a503534534b347059566c3663495a6874554c45587a35356a5639746755454d"
        hex"7347426e77797a6d42536b222c226f726967696e223a2268747470733a2f2f6a616e6774656f2e6578616d706c65222c"
        hex"2263726f73734f726967696e223a66616c73657d";
    bytes32 private constant FIXED_PASSKEY_ID = 0xc2ee9bbb76cb7322e411dff13f24a1f2bd1c2a459e7af0ff61e71652173ab2a0;

    Reader private _reader;

    function setUp() public {
        _reader = new Reader();
    }

    // What is taken

    function testFuzz_verify_namesAWallet(uint256 key, bytes32 digest, bytes memory more) public view {
        key = _key(key);
        bytes memory proof = Keys.walletSign(key, digest);
        _names(digest, bytes.concat(proof, more), Keys.walletId(key), proof.length);
    }

    function testFuzz_verify_namesADevice(uint256 key, bytes32 digest, bytes memory more) public view {
        key = _key(key);
        bytes memory proof = Keys.deviceSign(key, digest);
        _names(digest, bytes.concat(proof, more), Keys.deviceId(key), proof.length);
    }

    function testFuzz_verify_namesAPasskey(uint256 key, bytes32 digest, bytes memory more) public view {
        key = _key(key);
        bytes memory proof = Keys.passkeySign(key, digest);
        _names(digest, bytes.concat(proof, more), Keys.passkeyId(key), proof.length);
    }

    /// @dev Made with OpenSSL, so that the runner's own P-256 is not the only witness.
    function test_verify_namesKeysOfOpenssl() public view {
        bytes32 digest = FIXED_DIGEST;
        _names(digest, FIXED_DEVICE, FIXED_DEVICE_ID, 129);
        _names(digest, FIXED_PASSKEY, FIXED_PASSKEY_ID, FIXED_PASSKEY.length);
    }

    function testFuzz_verify_takesWhatBrowsersAppend(uint8 which) public view {
        Assertion memory said = Keys.assertion(keccak256("digest"));
        // Level 1 browsers write no crossOrigin; others put something of their own behind it.
        if (which % 3 == 0) said.tail = "}";
        else if (which % 3 == 1) said.tail = ',"crossOrigin":false,"other_keys_can_be_added_here":"do not compare"}';
        else said.tail = ',"crossOrigin":false,"topOrigin":"https://elsewhere.example"}';
        bytes memory proof = Keys.passkeySign(5, said);
        _names(said.challenge, proof, Keys.passkeyId(5), proof.length);
    }

    function testFuzz_verify_namesAnotherKeyForAnotherPage(uint256 key, uint8 which) public view {
        key = _key(key);
        Assertion memory said = Keys.assertion(keccak256("digest"));
        if (which % 4 == 0) said.rpId = "jangteo.example.net";
        else if (which % 4 == 1) said.origin = "http://jangteo.example";
        else if (which % 4 == 2) said.origin = "https://jangteo.example.net";
        else said.origin = "";
        bytes memory proof = Keys.passkeySign(key, said);
        _names(said.challenge, proof, Keys.passkeyId(key, said.rpId, said.origin), proof.length);
        assertTrue(Keys.passkeyId(key, said.rpId, said.origin) != Keys.passkeyId(key), "the same key");
    }

    function testFuzz_verify_takesFlagsOfBackups(uint256 key, uint8 flags) public view {
        key = _key(key);
        Assertion memory said = Keys.assertion(keccak256("digest"));
        said.flags = flags | Keys.PRESENT | Keys.VERIFIED;
        // Backed up without being allowed to is no state of a real authenticator.
        bool real = flags & Keys.MAY_BE_BACKED_UP != 0 || flags & Keys.IS_BACKED_UP == 0;
        bytes memory proof = Keys.passkeySign(key, said);
        if (real) _names(said.challenge, proof, Keys.passkeyId(key), proof.length);
        else _refuses(said.challenge, proof);
    }

    // What is refused

    function testFuzz_verify_refusesAnUnknownKind(uint8 kind, bytes32 digest) public view {
        vm.assume(kind == 0 || kind > 3);
        for (uint256 which = 0; which < 3; which++) {
            bytes memory proof = _sign(which, 5, digest);
            proof[0] = bytes1(kind);
            _refuses(digest, proof);
        }
    }

    function testFuzz_verify_refusesAnything(bytes32 digest, bytes memory noise) public view {
        // A wallet's key is recovered: any signature names some address, whose key is unknown.
        vm.assume(noise.length == 0 || uint8(noise[0]) != Signatures.WALLET);
        _refuses(digest, noise);
        // With a kind in front, and long enough for any.
        _refuses(digest, bytes.concat(hex"02", noise, new bytes(200)));
        _refuses(digest, bytes.concat(hex"03", noise, new bytes(200)));
    }

    function testFuzz_verify_refusesAnotherDigest(uint8 kind, uint256 key, bytes32 digest, bytes32 other) public view {
        vm.assume(digest != other);
        key = _key(key);
        bytes32 named = _key(_sign(kind, key, digest), other);
        // A wallet's key is recovered, so that another digest names another key.
        if (kind % 3 == 0) assertTrue(named != Keys.walletId(key), "signed the other");
        else assertEq(named, 0, "signed the other");
    }

    function testFuzz_verify_refusesAChangedByte(uint8 kind, uint256 key, uint256 where, uint8 by) public view {
        vm.assume(by != 0);
        key = _key(key);
        bytes memory proof = _sign(kind, key, keccak256("digest"));
        where = bound(where, 1, proof.length - 1);
        proof[where] ^= bytes1(by);
        bytes32 named = _key(proof, keccak256("digest"));
        if (kind % 3 == 0) assertTrue(named != Keys.walletId(key), "the changed signature is good");
        // The length of the origin: see refusesAnotherLengthOfTheOrigin.
        else if (where == 133 || where == 134) assertTrue(named != Keys.passkeyId(key), "another origin is good");
        else assertEq(named, 0, "the changed signature is good");
    }

    function testFuzz_verify_refusesWhatIsCutShort(uint8 kind, uint256 length) public view {
        bytes memory proof = _sign(kind, 5, keccak256("digest"));
        length = bound(length, 0, proof.length - 1);
        assembly {
            mstore(proof, length)
        }
        _refuses(keccak256("digest"), proof);
    }

    function testFuzz_verify_refusesAWalletsHighS(bytes32 digest, bytes32 r, uint256 s, bool odd) public view {
        s = bound(s, HALF + 1, type(uint256).max >> 1);
        _refuses(digest, abi.encodePacked(uint8(1), r, s | (odd ? 1 << 255 : 0)));
    }

    function testFuzz_verify_refusesAHighS(bool passkey, uint256 key, bytes32 digest) public view {
        bytes memory proof = _sign(passkey ? 2 : 1, _key(key), digest);
        uint256 s;
        assembly {
            s := mload(add(proof, 65))
        }
        s = Keys.P256_ORDER - s;
        assembly {
            mstore(add(proof, 65), s)
        }
        _refuses(digest, proof);
    }

    function testFuzz_verify_refusesAPointOffTheCurve(bool passkey, bytes32 digest, uint256 x, uint256 y) public view {
        bytes memory proof = _sign(passkey ? 2 : 1, 5, digest);
        assembly {
            mstore(add(proof, 97), x)
            mstore(add(proof, 129), y)
        }
        _refuses(digest, proof);
    }

    function testFuzz_verify_refusesAPasskeyUnlessItsUserWasThere(uint8 flags) public view {
        vm.assume(flags & 5 != 5);
        Assertion memory said = Keys.assertion(keccak256("digest"));
        said.flags = flags;
        _refuses(said.challenge, Keys.passkeySign(5, said));
    }

    function testFuzz_verify_refusesAnotherType(uint8 which) public view {
        Assertion memory said = Keys.assertion(keccak256("digest"));
        // Twelve characters as well, so that all that follows stands where it should.
        string[4] memory kinds = ["webauthn.gex", "payment.gett", "webauthn.create", "webauthn.Get"];
        said.kind = kinds[which % 4];
        _refuses(said.challenge, Keys.passkeySign(5, said));
    }

    function testFuzz_verify_refusesAFrameOnAForeignPage(uint8 which) public view {
        Assertion memory said = Keys.assertion(keccak256("digest"));
        said.tail = which % 2 == 0
            ? ',"crossOrigin":true}'
            : ',"crossOrigin":true,"topOrigin":"https://elsewhere.example"}';
        _refuses(said.challenge, Keys.passkeySign(5, said));
    }

    function testFuzz_verify_refusesAnotherLengthOfTheOrigin(uint16 length) public view {
        Assertion memory said = Keys.assertion(keccak256("digest"));
        vm.assume(length != bytes(said.origin).length);
        bytes memory auth = Keys.authenticatorData(said);
        bytes memory client = Keys.clientData(said);
        bytes memory proof = Keys.passkeySign(5, auth, client, length);
        (bytes32 key,) = _reader.verify(said.challenge, proof);
        // Where another quotation mark stands, something else is named, never the key itself.
        assertTrue(key != Keys.passkeyId(5), "half an origin");
    }

    function testFuzz_verify_refusesAnOriginThatOnlyBeginsLikeTheWallets(uint8 which) public view {
        Assertion memory said = Keys.assertion(keccak256("digest"));
        string[3] memory ends = [".net", ":8443", "\\"];
        said.origin = string.concat(Keys.ORIGIN, ends[which % 3]);
        bytes memory auth = Keys.authenticatorData(said);
        uint256 length = bytes(Keys.ORIGIN).length;
        _refuses(said.challenge, Keys.passkeySign(5, auth, Keys.clientData(said), length));
    }

    function testFuzz_verify_refusesAShortAuthenticator(uint256 length) public view {
        Assertion memory said = Keys.assertion(keccak256("digest"));
        bytes memory auth = Keys.authenticatorData(said);
        length = bound(length, 0, 36);
        assembly {
            mstore(auth, length)
        }
        _refuses(
            said.challenge, Keys.passkeySign(5, auth, Keys.clientData(said), bytes(said.origin).length)
        );
    }

    /// @dev The client data as prescribed, with one field moved, renamed or left out.
    function testFuzz_verify_refusesOtherClientData(uint8 which) public view {
        Assertion memory said = Keys.assertion(keccak256("digest"));
        bytes memory client = _otherClientData(which % 6, said);
        _refuses(
            said.challenge,
            Keys.passkeySign(5, Keys.authenticatorData(said), client, bytes(said.origin).length)
        );
    }

    // What it costs: checks of the order of magnitude, with the exact numbers in the gas snapshot of payments

    function test_verify_costs() public view {
        bytes32 digest = keccak256("digest");
        uint256 wallet = _reader.gasOf(digest, Keys.walletSign(5, digest));
        uint256 device = _reader.gasOf(digest, Keys.deviceSign(5, digest));
        uint256 passkey = _reader.gasOf(digest, Keys.passkeySign(5, digest));
        assertTrue(wallet > 3_000 && wallet < 4_500, "wallet");
        assertTrue(device > 6_900 && device < 9_000, "device");
        assertTrue(passkey > 6_900 && passkey < 18_000, "passkey");
    }

    function _otherClientData(uint256 which, Assertion memory said) private pure returns (bytes memory client) {
        client = Keys.clientData(said);
        string memory quoted = string.concat('"origin":"', said.origin, '"');
        bytes memory head = _slice(client, 0, 80);
        if (which == 0) return bytes.concat(" ", client);
        if (which == 1) return bytes.concat(head, ', ', bytes(quoted), '}');
        if (which == 2) return bytes.concat(head, ',"Origin":"', bytes(said.origin), '"}');
        if (which == 3) return bytes.concat(head, ',"crossOrigin":false,', bytes(quoted), '}');
        // To the origin's last character, and no further.
        if (which == 4) return _slice(client, 0, 91 + bytes(said.origin).length);
        return bytes.concat(head, '}');
    }

    function _slice(bytes memory whole, uint256 from, uint256 to) private pure returns (bytes memory part) {
        part = new bytes(to - from);
        for (uint256 i = 0; i < part.length; i++) {
            part[i] = whole[from + i];
        }
    }

    function _key(uint256 key) private pure returns (uint256) {
        return bound(key, 1, type(uint256).max >> 1);
    }

    function _key(bytes memory proof, bytes32 digest) private view returns (bytes32 key) {
        (key,) = _reader.verify(digest, proof);
    }

    function _sign(uint256 kind, uint256 key, bytes32 digest) private pure returns (bytes memory) {
        if (kind % 3 == 0) return Keys.walletSign(key, digest);
        if (kind % 3 == 1) return Keys.deviceSign(key, digest);
        return Keys.passkeySign(key, digest);
    }

    function _names(bytes32 digest, bytes memory proof, bytes32 wanted, uint256 length) private view {
        (bytes32 key, uint256 read) = _reader.verify(digest, proof);
        assertEq(key, wanted, "key");
        assertEq(read, length, "length");
    }

    function _refuses(bytes32 digest, bytes memory proof) private view {
        assertEq(_key(proof, digest), 0, "the signature is invalid");
    }
}
