// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Act, Approval, IAuthorities, Officer} from "../../src/interfaces/IAuthorities.sol";
import {Assertion, Keys} from "../support/Keys.sol";
import {AuthorityFixture} from "./AuthorityFixture.sol";

/// @notice Officers with wallets, devices and passkeys: treasurer 3 of the city has one of each and a second passkey.
contract OfficerKeysTest is AuthorityFixture {
    uint256 private constant WALLET = uint256(keccak256("wallet")) >> 1;
    uint256 private constant DEVICE = uint256(keccak256("device")) >> 1;
    uint256 private constant PASSKEY = uint256(keccak256("passkey")) >> 1;
    uint256 private constant SPARE = uint256(keccak256("spare passkey")) >> 1;
    uint32 private constant THREE = 3;

    function setUp() public {
        build();
        bytes32[] memory mixed = new bytes32[](4);
        mixed[0] = Keys.walletId(WALLET);
        mixed[1] = Keys.deviceId(DEVICE);
        mixed[2] = Keys.passkeyId(PASSKEY);
        mixed[3] = Keys.passkeyId(SPARE);
        _set(Officer(THREE, 2, mixed));
    }

    function testFuzz_execute_takesAnyKeyOfAnOfficer(uint8 which, uint64 amount) public {
        amount = uint64(bound(amount, 0, SMALL));
        Act memory act = newAct(CITY, address(actTarget), decide(CITY, amount));
        authorities.execute(act, _signed(act, _sign(which, digestOf(act))));
        assertEq(actTarget.decided(), amount, "decided");
    }

    function testFuzz_execute_takesAPasskeyAlone(uint256 key) public {
        // A registrar without any wallet.
        key = bound(key, 1, type(uint128).max);
        _set(Officer(11, 4, keys(Keys.passkeyId(key))));
        Act memory act = newAct(CITY, address(actTarget), register(CITY));
        Approval[] memory signed = new Approval[](1);
        signed[0] = Approval(11, Keys.passkeySign(key, digestOf(act)));
        authorities.execute(act, signed);
        assertTrue(authorities.isExecuted(digestOf(act)), "executed");
    }

    function testFuzz_execute_refusesTwoKeysOfOneOfficer(uint8 one, uint8 other) public {
        Act memory act = newAct(CITY, address(actTarget), decide(CITY, 1));
        Approval[] memory signed = new Approval[](2);
        signed[0] = Approval(THREE, _sign(one, digestOf(act)));
        signed[1] = Approval(THREE, _sign(other, digestOf(act)));
        refusesAct(act, signed, abi.encodeWithSelector(IAuthorities.OfficersNotAscending.selector, THREE));
    }

    function testFuzz_execute_refusesAKeyUnderAnotherOfficersNumber(uint8 which, uint8 other) public {
        // Treasurer 3 signs in the name of a second treasurer.
        uint32 id = 4 + other % 2;
        Act memory act = newAct(CITY, address(actTarget), decide(CITY, 1));
        Approval[] memory signed = new Approval[](2);
        signed[0] = Approval(THREE, _sign(0, digestOf(act)));
        signed[1] = Approval(id, _sign(which, digestOf(act)));
        refusesAct(act, signed, _invalid(id));
    }

    function testFuzz_execute_refusesAKeyThatWasReplaced(uint8 which) public {
        _set(Officer(THREE, 2, keys(Keys.walletId(officerKey(CITY, THREE)))));
        _refuses(_sign(which, _nextDigest()));
    }

    function testFuzz_execute_refusesAKeyOfAnotherAuthority(uint8 which) public {
        Act memory act = newAct(OTHER_CITY, address(actTarget), decide(OTHER_CITY, 1));
        Approval[] memory signed = approvals(act, ids(THREE, 4));
        signed[0].signature = _sign(which, digestOf(act));
        refusesAct(act, signed, _invalid(THREE));
    }

    function testFuzz_execute_refusesAStrangersKey(uint8 kind, uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        bytes32 digest = _nextDigest();
        if (kind % 3 == 0) _refuses(Keys.walletSign(key, digest));
        else if (kind % 3 == 1) _refuses(Keys.deviceSign(key, digest));
        else _refuses(Keys.passkeySign(key, digest));
    }

    function testFuzz_execute_refusesADevicesKeyAsAPasskey(uint256 pick) public {
        bytes32 digest = _nextDigest();
        _refuses(pick % 2 == 0 ? Keys.passkeySign(DEVICE, digest) : Keys.deviceSign(PASSKEY, digest));
    }

    function testFuzz_execute_refusesAnotherMessage(uint8 which, bytes32 digest) public {
        _refuses(_sign(which, digest));
    }

    function testFuzz_execute_refusesASignatureCutShort(uint8 which, uint256 length) public {
        bytes memory signature = _sign(which, _nextDigest());
        length = bound(length, 0, signature.length - 1);
        assembly {
            mstore(signature, length)
        }
        _refuses(signature);
    }

    function testFuzz_execute_refusesBytesBehindASignature(uint8 which, bytes memory more) public {
        vm.assume(more.length > 0);
        _refuses(bytes.concat(_sign(which, _nextDigest()), more));
    }

    function testFuzz_execute_refusesAChangedByte(uint8 which, uint256 where, uint8 by) public {
        bytes memory signature = _sign(which, _nextDigest());
        vm.assume(by != 0);
        where = bound(where, 0, signature.length - 1);
        signature[where] ^= bytes1(by);
        _refuses(signature);
    }

    function test_execute_refusesAPasskeyOfAnotherPage() public {
        Assertion memory said = Keys.assertion(_nextDigest());
        said.origin = "https://jangteo.example.net";
        _refuses(Keys.passkeySign(PASSKEY, said));
    }

    /// @dev `signature` and a valid one of treasurer 4.
    function _signed(Act memory act, bytes memory signature) private view returns (Approval[] memory list) {
        list = approvals(act, ids(THREE, 4));
        list[0].signature = signature;
    }

    function _sign(uint8 which, bytes32 digest) private pure returns (bytes memory) {
        if (which % 4 == 0) return Keys.walletSign(WALLET, digest);
        if (which % 4 == 1) return Keys.deviceSign(DEVICE, digest);
        return Keys.passkeySign(which % 4 == 2 ? PASSKEY : SPARE, digest);
    }

    function _invalid(uint32 id) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, id);
    }

    function _act() private view returns (Act memory) {
        return Act(CITY, address(actTarget), decide(CITY, 1), 1_000_000, uint40(block.timestamp + 1 days));
    }

    function _nextDigest() private view returns (bytes32) {
        return digestOf(_act());
    }

    /// @dev As the signature of treasurer 3 under {_act}.
    function _refuses(bytes memory signature) private {
        refusesAct(_act(), _signed(_act(), signature), _invalid(THREE));
    }

    function _set(Officer memory next) private {
        changeOfficers(CITY, oneOfficer(next));
    }
}
