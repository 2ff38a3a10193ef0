// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Officer, Role, Thresholds} from "../../src/interfaces/IAuthorities.sol";
import {Region} from "../../src/types/Region.sol";
import {Acts} from "../support/Acts.sol";
import {Keys} from "../support/Keys.sol";

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

    function issue(Region authority, uint64 amount) external {
        _authorities.requireActToIssue(authority, amount);
        decided = amount;
    }

    /// @notice Asks no one, like a view.
    function look() external pure returns (uint256) {
        return 1;
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

    /// @notice A call of `authorities` in the name of an authority.
    function decideSelf(Region authority, bytes memory call, uint32[] memory signers) internal {
        execute(authority, address(authorities), call, signers);
    }

    /// @notice A call of `authorities` must be refused with exactly this reason.
    function refusesSelf(Region authority, bytes memory call, uint32[] memory signers, bytes memory reason) internal {
        refusesAt(address(authorities), authority, call, signers, reason);
    }

    /// @notice Of an officer of `authority`, by the officer's own key.
    function withdraw(Region authority, bytes32 act, uint32 id) internal {
        authorities.withdrawApproval(authority, act, id, withdrawalBy(officerKey(authority, id), act));
    }

    function withdrawalBy(uint256 key, bytes32 act) internal view returns (bytes memory) {
        bytes32 content = keccak256(abi.encode(keccak256("Withdrawal(bytes32 act)"), act));
        bytes32 digest = keccak256(
            abi.encodePacked(hex"1901", domain("Jangteo Authorities", address(authorities)), content)
        );
        return Keys.walletSign(key, digest);
    }

    /// @notice The id of a change of officers, computed here by hand.
    function officersChange(Region authority, Officer[] memory list) internal pure returns (bytes32) {
        return keccak256(abi.encode(IAuthorities.setOfficers.selector, authority, list));
    }

    function thresholdsChange(Region authority, Thresholds memory next) internal pure returns (bytes32) {
        return keccak256(abi.encode(IAuthorities.setThresholds.selector, authority, next));
    }

    function stop(Region authority, bytes32 change, uint32[] memory signers) internal {
        decideSelf(authority, abi.encodeCall(IAuthorities.stopChange, (authority, change)), signers);
    }

    /// @notice An act at the target must be refused with exactly this reason.
    function refuses(Region authority, bytes memory call, uint32[] memory signers, bytes memory reason) internal {
        refusesAt(address(actTarget), authority, call, signers, reason);
    }
}
