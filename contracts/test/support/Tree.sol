// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A small Merkle tree with sorted pairs, as OpenZeppelin's MerkleProof reads it. An odd node goes up alone.
library Tree {
    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        bytes32[] memory level = leaves;
        while (level.length > 1) {
            level = _above(level);
        }
        return level[0];
    }

    function proof(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory path) {
        bytes32[] memory level = leaves;
        path = new bytes32[](0);
        while (level.length > 1) {
            uint256 sibling = index ^ 1;
            if (sibling < level.length) path = append(path, level[sibling]);
            level = _above(level);
            index /= 2;
        }
    }

    function _above(bytes32[] memory level) private pure returns (bytes32[] memory above) {
        above = new bytes32[]((level.length + 1) / 2);
        for (uint256 i = 0; i < above.length; i++) {
            above[i] = 2 * i + 1 < level.length ? _pair(level[2 * i], level[2 * i + 1]) : level[2 * i];
        }
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function append(bytes32[] memory list, bytes32 item) internal pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; i++) {
            longer[i] = list[i];
        }
        longer[list.length] = item;
    }
}
