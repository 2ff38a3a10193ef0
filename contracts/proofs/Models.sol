// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The money of one series as small models, so that solc's model checker can prove the supply law for every sequence
// of calls of any length and every amount (`npm run prove`). Nothing here is deployed.
//
// They are faithful to contracts/src by construction; each function names the one it stands for:
// - Sums over all accounts, merchants or orders are one number here. Whoever may move `amount` there has at least
//   `amount`, so the sum has: the sum may do whatever any one of them may do.
// - A check that only refuses more (signature, region, pause, nonce ...) is left out. With it fewer sequences are
//   possible, so a law that holds without it holds with it.
// - Numbers have 256 bits, so that the widths of the packed words are laws to prove and not assumptions. That the
//   words themselves keep their fields apart is tested with random words: contracts/test/types.
// - A model may assume a law that an earlier one proves; it says which. A law that begins with `require` assumes the
//   laws of its own model that stand before it: they are proved without it.

/// @dev A constant of a contract: of one outside contracts the model checker knows nothing in other files.
abstract contract Model {
    uint256 internal constant BUDGET_MAX = 2 ** 48 - 1;
}
