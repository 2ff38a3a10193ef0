// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Role} from "../../src/interfaces/IAuthorities.sol";
import {Region} from "../../src/types/Region.sol";
import {Acts} from "../support/Acts.sol";

/// @notice Stands in for Vouchers: asks who acts, as they do, and records nothing.
contract ActTarget {
    error Failed(uint256 why);

    IAuthorities private immutable _authorities;
    uint256 public decided;

    constructor(IAuthorities authorities) {
        _authorities = authorities;
    }

    function decide(Region authority, Role role, uint256 amount) external {
        _authorities.requireAct(authority, role, amount);
        decided = amount;
    }

    function decideBy(Region authority, Role role, uint256 count) external {
        _authorities.requireActBy(authority, role, count);
        decided = count;
    }

    function fail(uint256 why) external pure {
        revert Failed(why);
    }
}

/// @notice The authorities and a target of acts, without vouchers.
abstract contract AuthorityFixture is Acts {
    ActTarget internal actTarget;

    function build() internal {
        vm.warp(NOW);
        salt = SALT;
        deployAuthorities(vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1));
        actTarget = new ActTarget(authorities);
        foundAll();
    }

    /// @notice An act of treasurers at the target.
    function decide(Region authority, uint256 amount) internal pure returns (bytes memory) {
        return abi.encodeCall(ActTarget.decide, (authority, Role.Treasurer, amount));
    }

    /// @notice An act of registrars at the target.
    function register(Region authority) internal pure returns (bytes memory) {
        return abi.encodeCall(ActTarget.decide, (authority, Role.Registrar, 0));
    }

    /// @notice An act at the target must be refused with exactly this reason.
    function refuses(Region authority, bytes memory call, uint32[] memory signers, bytes memory reason) internal {
        refusesAt(address(actTarget), authority, call, signers, reason);
    }
}
