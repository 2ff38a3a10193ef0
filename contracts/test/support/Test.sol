// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice An event as the runner recorded it.
struct Log {
    bytes32[] topics;
    bytes data;
    address emitter;
}

/// @notice The cheat codes of the test runner that these tests use (a part of Foundry's, which Hardhat serves).
interface Vm {
    function load(address target, bytes32 slot) external view returns (bytes32);
    function addr(uint256 privateKey) external pure returns (address);
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function signP256(uint256 privateKey, bytes32 digest) external pure returns (bytes32 r, bytes32 s);
    function publicKeyP256(uint256 privateKey) external pure returns (uint256 x, uint256 y);
    function warp(uint256 timestamp) external;
    function deal(address account, uint256 balance) external;
    function prank(address sender) external;
    function assume(bool condition) external pure;
    function getNonce(address account) external view returns (uint64);
    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);
    function getCode(string calldata artifact) external view returns (bytes memory);
    function expectRevert(bytes calldata reason) external;
    function expectRevert(bytes4 reason) external;
    function expectEmit(address emitter) external;
    function snapshotState() external returns (uint256);
    function revertToState(uint256 id) external returns (bool);
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
}

/// @notice Base of all tests: cheat codes and the few assertions that are needed.
abstract contract Test {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error NotEqual(string what, uint256 got, uint256 wanted);
    error NotTrue(string what);

    function assertEq(uint256 got, uint256 wanted, string memory what) internal pure {
        if (got != wanted) revert NotEqual(what, got, wanted);
    }

    function assertEq(address got, address wanted, string memory what) internal pure {
        assertEq(uint160(got), uint160(wanted), what);
    }

    function assertEq(bytes32 got, bytes32 wanted, string memory what) internal pure {
        assertEq(uint256(got), uint256(wanted), what);
    }

    function assertTrue(bool condition, string memory what) internal pure {
        if (!condition) revert NotTrue(what);
    }

    /// @notice `value` folded into min..max (inclusive).
    function bound(uint256 value, uint256 min, uint256 max) internal pure returns (uint256) {
        if (value >= min && value <= max) return value;
        uint256 span = max - min;
        if (span == type(uint256).max) return value;
        return min + value % (span + 1);
    }

    /// @notice Deploys a compiled contract by name. Not `new`: the compiler would optimise a copy of the whole
    /// contract into every test that uses it.
    function deploy(string memory artifact, bytes memory arguments) internal returns (address deployed) {
        bytes memory code = bytes.concat(vm.getCode(artifact), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 32), mload(code))
        }
        assertTrue(deployed != address(0), string.concat("deployed ", artifact));
    }
}
