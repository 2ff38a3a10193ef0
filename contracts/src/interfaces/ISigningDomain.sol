// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What binds a signature to this deployment alone.
interface ISigningDomain {
    function DOMAIN_SEPARATOR() external view returns (bytes32);
    function SALT() external view returns (bytes32);
}
