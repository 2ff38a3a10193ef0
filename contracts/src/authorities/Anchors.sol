// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AnchorKind, IAuthorities, Role} from "../interfaces/IAuthorities.sol";
import {Region} from "../types/Region.sol";
import {Founding} from "./Founding.sol";

/// @dev Two slots. @param number how many roots of its kind the authority has anchored, this one included.
struct Anchor {
    bytes32 root;
    uint64 number;
}

/// @notice What an authority says about documents outside of the chain: a hash that no one changes or backdates later.
/// @dev No won move: this contract holds none and calls no other here.
abstract contract Anchors is Founding {
    /// @dev The newest of each kind, where `eth_getProof` finds it: see {IAuthorities.anchorOf}.
    mapping(Region authority => mapping(uint8 kind => Anchor)) private _anchors;

    /// @inheritdoc IAuthorities
    function anchor(Region authority, uint8 kind, bytes32 root) external {
        if (kind > uint8(type(AnchorKind).max)) revert AnchorKindUnknown(kind);
        if (root == 0) revert AnchorRootZero();
        if (kind < uint8(AnchorKind.Document)) _requireRole(authority, Role.Treasurer, 0);
        else _requireGovernors(authority);
        Anchor storage newest = _anchors[authority][kind];
        newest.root = root;
        uint64 number = ++newest.number;
        emit Anchored(authority, kind, root, number);
    }

    /// @inheritdoc IAuthorities
    function anchorOf(Region authority, uint8 kind) external view returns (bytes32 root, uint64 number) {
        Anchor storage newest = _anchors[authority][kind];
        return (newest.root, newest.number);
    }
}
