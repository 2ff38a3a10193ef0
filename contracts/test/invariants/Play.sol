// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What the runner of invariants asks a play: that it calls the play itself, and by which functions.
abstract contract Play {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetContracts() public view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(this);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory list) {
        list = new FuzzSelector[](1);
        list[0] = FuzzSelector(address(this), _moves());
    }

    /// @dev What may happen next, each with a seed.
    function _moves() internal pure virtual returns (bytes4[] memory);

    /// @dev The runner likes zeros and largest numbers, and a population of those is mostly forged and refused.
    function _shuffled(uint256 seed) internal pure returns (bytes32) {
        return keccak256(abi.encode(seed));
    }

    function _at(bytes32 shuffled, uint256 place) internal pure returns (uint8) {
        return uint8(shuffled[place]);
    }

    function _won(bytes32 shuffled) internal pure returns (uint64) {
        return uint64(uint256(shuffled) >> 128);
    }
}
