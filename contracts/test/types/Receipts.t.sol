// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Receipts} from "../../src/types/Receipts.sol";
import {Test} from "../support/Test.sol";
import {Tree} from "../support/Tree.sol";

/// @notice The root in place against a tree that keeps all its levels, and against OpenZeppelin's reader.
contract ReceiptsTest is Test {
    function test_root_provesEveryCountUpTo400() public view {
        for (uint256 count = 1; count <= 400; count++) {
            // A call of its own, which gives its memory back.
            this.provesFirstMiddleAndLast(count);
        }
    }

    function provesFirstMiddleAndLast(uint256 count) external pure {
        bytes32[] memory leaves = _leaves(count, count);
        bytes32 wanted = Tree.root(leaves);
        _provable(leaves, wanted, 0);
        _provable(leaves, wanted, count / 2);
        _provable(leaves, wanted, count - 1);
        assertEq(Receipts.root(leaves, count), wanted, "root");
    }

    function testFuzz_root_provesEveryLeaf(uint256 seed, uint16 size, uint16 index) public pure {
        uint256 count = bound(size, 1, 400);
        bytes32[] memory leaves = _leaves(seed, count);
        bytes32[] memory proof = Tree.proof(leaves, index % count);
        bytes32 proved = leaves[index % count];
        bytes32 root = Receipts.root(leaves, count);
        assertTrue(MerkleProof.verify(proof, root, proved), "a leaf");
    }

    function testFuzz_root_readsTheFirstLeavesOnly(uint256 seed, uint8 size, uint8 more) public pure {
        uint256 count = bound(size, 1, 255);
        bytes32[] memory leaves = _leaves(seed, count);
        bytes32[] memory longer = _leaves(seed, count + more);
        assertEq(Receipts.root(longer, count), Receipts.root(leaves, count), "root");
    }

    function testFuzz_root_provesNoOther(uint256 seed, uint16 size, uint16 index, bytes32 other) public pure {
        uint256 count = bound(size, 1, 400);
        bytes32[] memory leaves = _leaves(seed, count);
        bytes32[] memory proof = Tree.proof(leaves, index % count);
        vm.assume(other != leaves[index % count]);
        assertTrue(!MerkleProof.verify(proof, Receipts.root(leaves, count), other), "a stranger");
    }

    function testFuzz_leaf_asWritten(
        bytes32 id,
        address subject,
        address other,
        uint32 series,
        uint64 amount,
        uint16 day
    ) public pure {
        bytes memory words = bytes.concat(
            id,
            bytes32(uint256(uint160(subject))),
            bytes32(uint256(uint160(other))),
            bytes32(uint256(series)),
            bytes32(uint256(amount)),
            bytes32(uint256(day))
        );
        assertEq(Receipts.leaf(id, subject, other, series, amount, day), keccak256(words), "leaf");
    }

    /// @dev An inner node is the hash of two words; a leaf of six. Naming the six of an inner node means breaking
    /// keccak256.
    function testFuzz_leaf_isNoInnerNode(bytes32 a, bytes32 b, uint32 series, uint64 amount, uint16 day) public pure {
        bytes32[] memory two = new bytes32[](2);
        (two[0], two[1]) = (a, b);
        bytes32 node = Receipts.root(two, 2);
        address subject = address(uint160(uint256(b)));
        assertTrue(Receipts.leaf(a, subject, address(0), series, amount, day) != node, "a leaf of the pair");
        assertTrue(Receipts.leaf(node, subject, subject, series, amount, day) != node, "a leaf of the node");
    }

    function testFuzz_leaf_differsInEveryField(uint8 field, uint16 by) public pure {
        vm.assume(by != 0);
        bytes32 first = Receipts.leaf(bytes32(uint256(7)), address(7), address(7), 7, 7, 7);
        uint256[6] memory f = [uint256(7), 7, 7, 7, 7, 7];
        f[field % 6] ^= by;
        bytes32 second = Receipts.leaf(
            bytes32(f[0]), address(uint160(f[1])), address(uint160(f[2])), uint32(f[3]), uint64(f[4]), uint16(f[5])
        );
        assertTrue(first != second, "the same leaf");
    }

    function _provable(bytes32[] memory leaves, bytes32 root, uint256 index) private pure {
        assertTrue(MerkleProof.verify(Tree.proof(leaves, index), root, leaves[index]), "not provable");
    }

    function _leaves(uint256 seed, uint256 count) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; i++) {
            leaves[i] = keccak256(abi.encode(seed, i));
        }
    }
}
