// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AnchorKind, IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {Region} from "../../src/types/Region.sol";
import {AuthorityFixture} from "./AuthorityFixture.sol";

/// @notice Roots of documents in an authority's name: by its own officers, never rewritten, where a proof finds them.
contract AnchorsTest is AuthorityFixture {
    uint8 private constant KINDS = 7;
    /// @dev The first one that governors sign.
    uint8 private constant DOCUMENT = 3;
    /// @dev Of the newest anchors in the storage of Authorities.
    uint256 private constant SLOT = 4;

    function setUp() public {
        build();
    }

    function testFuzz_anchor_recordsTheNewestOfEachKind(bytes32 first, bytes32 second, uint8 kind, uint8 other) public {
        vm.assume(first != 0 && second != 0);
        kind = kind % KINDS;
        other = other % KINDS;
        _anchor(CITY, kind, first, 1);
        _anchor(CITY, kind, second, 2);
        _isNewest(CITY, kind, second, 2);
        // Neither another authority's nor another kind's.
        _isNewest(OTHER_CITY, kind, 0, 0);
        if (other != kind) _isNewest(CITY, other, 0, 0);
        _anchor(OTHER_CITY, kind, first, 1);
        _isNewest(CITY, kind, second, 2);
        // The same once more is another anchor.
        _anchor(CITY, kind, second, 3);
    }

    /// @dev What somebody outside reads with `eth_getProof`, by the rule that the interface states.
    function testFuzz_anchor_isWhereAProofFindsIt(bytes32 root, uint8 kind) public {
        vm.assume(root != 0);
        kind = kind % KINDS;
        _anchor(CITY, kind, root, 1);
        bytes32 ofAuthority = keccak256(abi.encode(CITY, SLOT));
        bytes32 slot = keccak256(abi.encode(kind, ofAuthority));
        assertEq(vm.load(address(authorities), slot), root, "root");
        assertEq(uint256(vm.load(address(authorities), bytes32(uint256(slot) + 1))), 1, "number");
    }

    function testFuzz_anchor_refusesUnknownKinds(uint8 kind, bytes32 root) public {
        kind = uint8(bound(kind, KINDS, type(uint8).max));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.AnchorKindUnknown.selector, kind);
        refusesSelf(CITY, _call(CITY, kind, root), governors(), reason);
    }

    function testFuzz_anchor_refusesAnEmptyRoot(uint8 kind) public {
        kind = kind % KINDS;
        bytes memory reason = abi.encodeWithSelector(IAuthorities.AnchorRootZero.selector);
        refusesSelf(CITY, _call(CITY, kind, 0), _signers(kind), reason);
    }

    function testFuzz_anchor_asksTheRoleOfItsKind(uint8 kind, bytes32 root) public {
        vm.assume(root != 0);
        kind = kind % KINDS;
        bool byGovernors = kind >= DOCUMENT;
        uint256 needed = byGovernors ? 3 : 2;
        bytes memory none = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, needed);
        refusesSelf(CITY, _call(CITY, kind, root), byGovernors ? treasurers() : governors(), none);
        refusesSelf(CITY, _call(CITY, kind, root), twoRegistrars(), none);
        bytes memory few = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, needed - 1, needed);
        refusesSelf(CITY, _call(CITY, kind, root), byGovernors ? ids(1, 2) : ids(3), few);
        _isNewest(CITY, kind, 0, 0);
    }

    /// @dev Not even who founded it anchors in an authority's name.
    function testFuzz_anchor_isOnesOwnAlone(uint8 kind, bytes32 root, address stranger) public {
        vm.assume(root != 0);
        kind = kind % KINDS;
        bytes memory reason = abi.encodeWithSelector(IAuthorities.NotAnAct.selector);
        refusesSelf(PROVINCE, _call(CITY, kind, root), _signers(kind), reason);
        vm.prank(stranger);
        vm.expectRevert(reason);
        authorities.anchor(CITY, kind, root);
    }

    /// @dev Governors who anchor are there, as with their every other act.
    function test_anchor_ofGovernorsEndsAReseat() public {
        bytes memory reseat = abi.encodeCall(
            IAuthorities.proposeReseat, (PROVINCE, CITY, crew(CITY), thresholds())
        );
        decideSelf(PROVINCE, reseat, governors());
        _anchor(CITY, uint8(AnchorKind.Report), keccak256("a report"), 1);
        assertTrue(authorities.reseatReadyAt(CITY) != 0, "treasurers do not end it");
        vm.expectEmit(address(authorities));
        emit IAuthorities.ReseatRejected(CITY);
        _anchor(CITY, uint8(AnchorKind.Release), keccak256("a release"), 1);
        assertEq(authorities.reseatReadyAt(CITY), 0, "over");
    }

    /// @dev The numbers are for ever: pages outside read them.
    function test_kinds_haveTheirNumbers() public pure {
        assertEq(uint8(AnchorKind.Close), 0, "close");
        assertEq(uint8(AnchorKind.Report), 1, "report");
        assertEq(uint8(AnchorKind.Commitment), 2, "commitment");
        assertEq(uint8(AnchorKind.Document), DOCUMENT, "document");
        assertEq(uint8(AnchorKind.Card), 4, "card");
        assertEq(uint8(AnchorKind.Revocation), 5, "revocation");
        assertEq(uint8(AnchorKind.Release), 6, "release");
        assertEq(uint8(type(AnchorKind).max) + 1, KINDS, "all");
    }

    function _anchor(Region authority, uint8 kind, bytes32 root, uint64 number) private {
        vm.expectEmit(address(authorities));
        emit IAuthorities.Anchored(authority, kind, root, number);
        decideSelf(authority, _call(authority, kind, root), _signers(kind));
    }

    function _isNewest(Region authority, uint8 kind, bytes32 root, uint64 number) private view {
        (bytes32 known, uint64 count) = authorities.anchorOf(authority, kind);
        assertEq(known, root, "root");
        assertEq(count, number, "number");
    }

    function _call(Region authority, uint8 kind, bytes32 root) private pure returns (bytes memory) {
        return abi.encodeCall(IAuthorities.anchor, (authority, kind, root));
    }

    function _signers(uint8 kind) private pure returns (uint32[] memory) {
        return kind < DOCUMENT ? ids(3, 4) : governors();
    }
}
