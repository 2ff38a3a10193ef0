// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @notice Receipts of what a batch settled: one root over them is kept, so that a void or a returned payout can prove
/// its payment or redemption without a slot for each.
library Receipts {
    /// @notice The leaf of one settled item. `subject` is the payer of a payment, the merchant of a redemption; `other`
    /// the merchant of a payment, zero for a redemption.
    /// @dev Six words, so that no inner node of the tree (two words) can pass for a leaf.
    function leaf(bytes32 id, address subject, address other, uint32 series, uint64 amount, uint16 day)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(id, subject, other, series, amount, day));
    }

    /// @notice The root over the first `count` leaves, in place. Pairs are hashed sorted, as OpenZeppelin's MerkleProof
    /// expects; a node without a partner moves up as it is.
    function root(bytes32[] memory leaves, uint256 count) internal pure returns (bytes32) {
        unchecked {
            while (count > 1) {
                uint256 pairs = count / 2;
                for (uint256 i = 0; i < pairs; i++) {
                    leaves[i] = Hashes.commutativeKeccak256(leaves[2 * i], leaves[2 * i + 1]);
                }
                if (count % 2 == 1) leaves[pairs] = leaves[count - 1];
                count = pairs + count % 2;
            }
        }
        return leaves[0];
    }
}
