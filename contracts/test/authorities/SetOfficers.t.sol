// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Act, Approval, IAuthorities, Officer, Role} from "../../src/interfaces/IAuthorities.sol";
import {IVouchers} from "../../src/interfaces/IVouchers.sol";
import {World} from "../support/World.sol";

contract SetOfficersTest is World {
    function setUp() public {
        build();
    }

    function testFuzz_setOfficers_addsAndTheyCanSign(uint32 id, uint256 key) public {
        id = uint32(bound(id, 8, type(uint32).max));
        key = bound(key, 1, type(uint128).max);
        _set(Officer(id, vm.addr(key), 4));
        Act memory act = newAct(CITY, address(vouchers), _nothing());
        Approval[] memory signed = new Approval[](1);
        signed[0] = approval(id, key, digestOf(act));
        authorities.execute(act, signed);
        assertTrue(authorities.isExecuted(digestOf(act)), "the new registrar acted alone");
    }

    function testFuzz_setOfficers_replacesAKey(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        _set(Officer(6, vm.addr(key), 4));
        // The old key is worth nothing, and free for another officer.
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 6);
        refuses(CITY, _nothing(), ids(6), reason);
        _set(Officer(9, vm.addr(officerKey(CITY, 6)), 4));
        (address signer,) = authorities.officer(CITY, 9);
        assertEq(signer, vm.addr(officerKey(CITY, 6)), "the freed key");
    }

    function test_setOfficers_removes() public {
        _set(Officer(6, address(0), 0));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficerUnknown.selector, 6);
        refuses(CITY, _nothing(), ids(6), reason);
        execute(CITY, address(vouchers), _nothing(), ids(7));
    }

    function testFuzz_setOfficers_refusesToLeaveARoleTooSmall(uint8 which) public {
        // Both governors, all three treasurers are needed; of two registrars one is.
        uint32 id = uint32(bound(which, 1, 5));
        Role role = id <= 2 ? Role.Governor : Role.Treasurer;
        uint256 needed = id <= 2 ? 2 : 3;
        bytes memory reason =
            abi.encodeWithSelector(IAuthorities.OfficersNeeded.selector, role, needed - 1, needed);
        _refuses(Officer(id, address(0), 0), reason);
        // Another role does not help.
        _refuses(Officer(id, vm.addr(officerKey(CITY, id)), 4), reason);
    }

    function testFuzz_setOfficers_refusesAKeyOfAnotherOfficer(uint32 id, uint8 other) public {
        uint32 owner = uint32(bound(other, 1, 7));
        vm.assume(id != 0 && id != owner);
        address signer = vm.addr(officerKey(CITY, owner));
        _refuses(Officer(id, signer, 7), abi.encodeWithSelector(IAuthorities.SignerAlreadyUsed.selector, signer));
    }

    function testFuzz_setOfficers_refusesUnknownRoles(uint8 roles) public {
        roles = uint8(bound(roles, 8, 255));
        _refuses(Officer(8, address(8), roles), abi.encodeWithSelector(IAuthorities.OfficerInvalid.selector, 8));
    }

    function test_setOfficers_refusesHalfAnOfficer() public {
        bytes4 invalid = IAuthorities.OfficerInvalid.selector;
        _refuses(Officer(0, address(8), 1), abi.encodeWithSelector(invalid, 0));
        _refuses(Officer(8, address(0), 1), abi.encodeWithSelector(invalid, 8));
        _refuses(Officer(8, address(8), 0), abi.encodeWithSelector(invalid, 8));
    }

    function testFuzz_setOfficers_refusesOtherRoles(uint8 pick) public {
        uint32[] memory signers = pick % 2 == 0 ? treasurers() : ids(6, 7);
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, 2);
        refusesAt(address(authorities), CITY, _call(Officer(8, address(8), 7)), signers, reason);
    }

    function _call(Officer memory next) private pure returns (bytes memory) {
        Officer[] memory list = new Officer[](1);
        list[0] = next;
        return abi.encodeCall(IAuthorities.setOfficers, (CITY, list));
    }

    function _set(Officer memory next) private {
        execute(CITY, address(authorities), _call(next), governors());
    }

    function _refuses(Officer memory next, bytes memory reason) private {
        refusesAt(address(authorities), CITY, _call(next), governors(), reason);
    }

    /// @dev An act of registrars that changes nothing.
    function _nothing() private pure returns (bytes memory) {
        return abi.encodeCall(IVouchers.freezeAccounts, (CITY, new address[](0), true));
    }
}
