// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Act, Approval, IAuthorities, Officer, Role} from "../../src/interfaces/IAuthorities.sol";
import {Keys} from "../support/Keys.sol";
import {AuthorityFixture} from "./AuthorityFixture.sol";

contract SetOfficersTest is AuthorityFixture {
    bytes32 private constant SOME_KEY = keccak256("a key");

    function setUp() public {
        build();
    }

    function testFuzz_setOfficers_addsAndTheyCanSign(uint32 id, uint256 key) public {
        id = uint32(bound(id, CREW + 1, type(uint32).max));
        key = bound(key, 1, type(uint128).max);
        _set(Officer(id, 4, keys(Keys.walletId(key))));
        Act memory act = newAct(CITY, address(actTarget), register(CITY));
        Approval[] memory signed = new Approval[](1);
        signed[0] = approval(id, key, digestOf(act));
        authorities.execute(act, signed);
        assertTrue(authorities.isExecuted(digestOf(act)), "the new registrar acted alone");
    }

    function testFuzz_setOfficers_replacesAKey(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        _set(Officer(6, 4, keys(Keys.walletId(key))));
        // The old key is invalid, and another officer may take it.
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 6);
        refuses(CITY, register(CITY), ids(6), reason);
        _set(Officer(11, 4, keys(Keys.walletId(officerKey(CITY, 6)))));
        (bytes32[] memory known,) = authorities.officer(CITY, 11);
        assertEq(known[0], Keys.walletId(officerKey(CITY, 6)), "the freed key");
    }

    function test_setOfficers_removes() public {
        Officer[] memory list = new Officer[](2);
        list[0] = Officer(6, 0, keys());
        list[1] = Officer(11, 4, keys(SOME_KEY));
        changeOfficers(CITY, list);
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficerUnknown.selector, 6);
        refuses(CITY, register(CITY), ids(6), reason);
        execute(CITY, address(actTarget), register(CITY), ids(7));
    }

    function testFuzz_setOfficers_refusesToLeaveARoleWithoutASparePerson(uint8 which) public {
        // Three of four governors, three of four treasurers, one of two registrars are needed.
        uint32 id = uint32(bound(which, 1, CREW));
        uint8 roles = crew(CITY)[id - 1].roles;
        Role role = Role(roles / 2);
        uint256 had = role == Role.Registrar ? 2 : 4;
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersNeeded.selector, role, had - 1, had);
        _refuses(Officer(id, 0, keys()), reason);
        // Another role does not help.
        _refuses(Officer(id, roles == 4 ? 1 : 4, keys(Keys.walletId(officerKey(CITY, id)))), reason);
    }

    function test_setOfficers_repairsARoleWithoutASparePerson() public {
        decideSelf(CITY, abi.encodeCall(IAuthorities.removeOfficers, (CITY, ids(10))), governors());
        // Another role may change meanwhile, and a key of the role itself; it may not become smaller.
        _set(Officer(6, 4, keys(SOME_KEY)));
        _set(Officer(5, 2, keys(keccak256("another key"))));
        bytes4 needed = IAuthorities.OfficersNeeded.selector;
        _refuses(Officer(5, 0, keys()), abi.encodeWithSelector(needed, Role.Treasurer, 2, 4));
        _set(Officer(12, 2, keys(keccak256("a new treasurer"))));
        _refuses(Officer(12, 0, keys()), abi.encodeWithSelector(needed, Role.Treasurer, 3, 4));
    }

    function testFuzz_setOfficers_refusesAKeyOfAnotherOfficer(uint32 id, uint8 other) public {
        uint32 owner = uint32(bound(other, 1, CREW));
        id = uint32(bound(id, CREW + 1, type(uint32).max));
        bytes32 key = Keys.walletId(officerKey(CITY, owner));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.SignerAlreadyUsed.selector, key);
        _refuses(Officer(id, 7, keys(key)), reason);
        _refuses(Officer(id, 7, keys(SOME_KEY, key)), reason);
    }

    function testFuzz_setOfficers_refusesAKeyTwice(uint32 id, bytes32 key) public {
        id = uint32(bound(id, CREW + 1, type(uint32).max));
        vm.assume(key != 0);
        _refuses(
            Officer(id, 7, keys(key, key)), abi.encodeWithSelector(IAuthorities.SignerAlreadyUsed.selector, key)
        );
    }

    function testFuzz_setOfficers_refusesKeyZero(uint32 id) public {
        id = uint32(bound(id, 1, type(uint32).max));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.SignerAlreadyUsed.selector, bytes32(0));
        _refuses(Officer(id, 7, keys(bytes32(0))), reason);
        _refuses(Officer(id, 7, keys(SOME_KEY, 0)), reason);
    }

    function testFuzz_setOfficers_takesUpToFourKeys(uint8 count) public {
        Officer memory next = Officer(11, 7, new bytes32[](bound(count, 0, 20)));
        for (uint256 i = 0; i < next.keys.length; i++) {
            next.keys[i] = bytes32(i + 1);
        }
        if (next.keys.length == 0 || next.keys.length > 4) {
            _refuses(next, abi.encodeWithSelector(IAuthorities.OfficerInvalid.selector, 11));
            return;
        }
        decideSelf(CITY, _call(next), governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        vm.expectEmit(address(authorities));
        emit IAuthorities.OfficerSet(CITY, 11, next.keys, 7);
        authorities.finishOfficers(CITY, oneOfficer(next));
        (bytes32[] memory known, uint8 roles) = authorities.officer(CITY, 11);
        assertEq(keccak256(abi.encode(known)), keccak256(abi.encode(next.keys)), "keys");
        assertEq(roles, 7, "roles");
    }

    function testFuzz_setOfficers_keepsAKeyAmongNewOnes(bytes32 other) public {
        bytes32 kept = Keys.walletId(officerKey(CITY, 6));
        vm.assume(other != 0 && uint256(other) >> 160 != 0);
        _set(Officer(6, 4, keys(other, kept)));
        execute(CITY, address(actTarget), register(CITY), ids(6));
        _set(Officer(6, 4, keys(kept)));
        execute(CITY, address(actTarget), register(CITY), ids(6));
        // The one that was given up is free.
        _set(Officer(11, 4, keys(other)));
    }

    function testFuzz_setOfficers_refusesUnknownRoles(uint8 roles) public {
        roles = uint8(bound(roles, 8, 255));
        _refuses(Officer(11, roles, keys(SOME_KEY)), abi.encodeWithSelector(IAuthorities.OfficerInvalid.selector, 11));
    }

    function test_setOfficers_refusesHalfAnOfficer() public {
        bytes4 invalid = IAuthorities.OfficerInvalid.selector;
        _refuses(Officer(0, 1, keys(SOME_KEY)), abi.encodeWithSelector(invalid, 0));
        _refuses(Officer(11, 1, keys()), abi.encodeWithSelector(invalid, 11));
        _refuses(Officer(11, 0, keys(SOME_KEY)), abi.encodeWithSelector(invalid, 11));
    }

    function testFuzz_setOfficers_refusesOtherRoles(uint8 pick) public {
        uint32[] memory signers = pick % 2 == 0 ? treasurers() : ids(6, 7);
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, 3);
        refusesAt(address(authorities), CITY, _call(Officer(11, 7, keys(SOME_KEY))), signers, reason);
    }

    function _call(Officer memory next) private pure returns (bytes memory) {
        return abi.encodeCall(IAuthorities.setOfficers, (CITY, oneOfficer(next)));
    }

    function _set(Officer memory next) private {
        changeOfficers(CITY, oneOfficer(next));
    }

    /// @dev What is wrong by itself is refused at once, the rest when it would come into force.
    function _refuses(Officer memory next, bytes memory reason) private {
        bytes4 why = bytes4(reason);
        bool atOnce = why == IAuthorities.OfficerInvalid.selector
            || why == IAuthorities.SignerAlreadyUsed.selector && reason.length == 36 && bytes32(_word(reason)) == 0;
        if (atOnce) {
            refusesSelf(CITY, _call(next), governors(), reason);
            return;
        }
        decideSelf(CITY, _call(next), governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        vm.expectRevert(reason);
        authorities.finishOfficers(CITY, oneOfficer(next));
    }

    function _word(bytes memory reason) private pure returns (bytes32 word) {
        assembly {
            word := mload(add(reason, 36))
        }
    }
}
