// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Act, Approval, IAuthorities, Officer} from "../../src/interfaces/IAuthorities.sol";
import {Keys} from "../support/Keys.sol";
import {AuthorityFixture} from "./AuthorityFixture.sol";

/// @notice An officer takes the own approval back: then no one executes the act with it, and others may go on without.
contract WithdrawTest is AuthorityFixture {
    function setUp() public {
        build();
    }

    function testFuzz_withdrawApproval_dropsAnActForStrangers(address stranger, uint32 later) public {
        (Act memory act, Approval[] memory signed) = _signed();
        withdraw(CITY, digestOf(act), 4);
        // Somebody kept the signatures and waits for a good moment.
        vm.warp(block.timestamp + bound(later, 0, 1 days));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ApprovalIsWithdrawn.selector, 4));
        authorities.execute(act, signed);
        bytes memory tooFew = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, 2);
        refusesAct(act, approvals(act, ids(3)), tooFew);
    }

    function testFuzz_withdrawApproval_isNoVeto(uint8 pick) public {
        (Act memory act,) = _signed();
        uint32 rogue = 3 + pick % 3;
        withdraw(CITY, digestOf(act), rogue);
        uint32[] memory others = rogue == 3 ? ids(4, 5) : rogue == 4 ? ids(3, 5) : ids(3, 4);
        authorities.execute(act, approvals(act, others));
        assertEq(actTarget.decided(), 1, "executed by the others");
    }

    function testFuzz_withdrawApproval_emitsWhoseItWas(bytes32 act, uint8 pick) public {
        uint32 id = uint32(1 + pick % CREW);
        vm.expectEmit(address(authorities));
        emit IAuthorities.ApprovalWithdrawn(act, CITY, id);
        withdraw(CITY, act, id);
    }

    function test_withdrawApproval_staysWithdrawn() public {
        (Act memory act, Approval[] memory signed) = _signed();
        bytes32 digest = digestOf(act);
        withdraw(CITY, digest, 3);
        bytes memory reason = abi.encodeWithSelector(IAuthorities.ApprovalIsWithdrawn.selector, 3);
        bytes memory signature = withdrawalBy(officerKey(CITY, 3), digest);
        vm.expectRevert(reason);
        authorities.withdrawApproval(CITY, digest, 3, signature);
        refusesAct(act, signed, reason);
    }

    function test_withdrawApproval_staysWithdrawnWhenTheOfficerIsSeatedAgain() public {
        // The founder seats the same people with the same keys, of whom one had dropped an act meanwhile.
        bytes memory reseat =
            abi.encodeCall(IAuthorities.proposeReseat, (PROVINCE, CITY, crew(CITY), thresholds()));
        decideSelf(PROVINCE, reseat, governors());
        vm.warp(block.timestamp + RESEAT_DELAY - 1 hours);
        (Act memory act, Approval[] memory signed) = _signed();
        withdraw(CITY, digestOf(act), 3);
        vm.warp(block.timestamp + 1 hours);
        authorities.finishReseat(CITY);
        refusesAct(act, signed, abi.encodeWithSelector(IAuthorities.ApprovalIsWithdrawn.selector, 3));
    }

    function test_withdrawApproval_isOfOneActAlone() public {
        (Act memory act,) = _signed();
        (Act memory other, Approval[] memory signed) = _signed();
        withdraw(CITY, digestOf(act), 3);
        authorities.execute(other, signed);
    }

    function test_withdrawApproval_countsInItsAuthorityAlone() public {
        (Act memory act, Approval[] memory signed) = _signed();
        withdraw(OTHER_CITY, digestOf(act), 3);
        authorities.execute(act, signed);
    }

    function testFuzz_withdrawApproval_refusesAnothersSignature(uint256 key, uint8 pick) public {
        key = bound(key, 1, type(uint128).max);
        (Act memory act,) = _signed();
        bytes32 digest = digestOf(act);
        bytes memory forged =
            withdrawalBy(pick % 2 == 0 ? key : officerKey(CITY, uint32(4 + pick % 7)), digest);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 3));
        authorities.withdrawApproval(CITY, digest, 3, forged);
        // The approval itself is no withdrawal.
        bytes memory approved = approvals(act, ids(3))[0].signature;
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 3));
        authorities.withdrawApproval(CITY, digest, 3, approved);
    }

    function testFuzz_withdrawApproval_refusesAnUnknownOfficer(uint32 id, bytes32 act) public {
        id = uint32(bound(id, CREW + 1, type(uint32).max));
        bytes memory signature = withdrawalBy(officerKey(CITY, id), act);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.OfficerUnknown.selector, id));
        authorities.withdrawApproval(CITY, act, id, signature);
    }

    function test_withdrawApproval_refusesAfterExecution() public {
        (Act memory act, Approval[] memory signed) = _signed();
        authorities.execute(act, signed);
        bytes32 digest = digestOf(act);
        bytes memory signature = withdrawalBy(officerKey(CITY, 3), digest);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ActAlreadyExecuted.selector, digest));
        authorities.withdrawApproval(CITY, digest, 3, signature);
    }

    function test_withdrawApproval_takesAPasskey() public {
        uint256 key = uint256(keccak256("passkey")) >> 1;
        changeOfficers(CITY, oneOfficer(Officer(11, 2, keys(Keys.passkeyId(key)))));
        bytes32 act = keccak256("an act");
        bytes32 digest = keccak256(
            abi.encodePacked(
                hex"1901",
                domain("Jangteo Authorities", address(authorities)),
                keccak256(abi.encode(keccak256("Withdrawal(bytes32 act)"), act))
            )
        );
        vm.expectEmit(address(authorities));
        emit IAuthorities.ApprovalWithdrawn(act, CITY, 11);
        authorities.withdrawApproval(CITY, act, 11, Keys.passkeySign(key, digest));
    }

    /// @dev An act of treasurers, approved by 3 and 4.
    function _signed() private returns (Act memory act, Approval[] memory signed) {
        act = newAct(CITY, address(actTarget), decide(CITY, 1));
        signed = approvals(act, ids(3, 4));
    }
}
