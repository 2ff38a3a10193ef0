// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Act, Approval, Band, IAuthorities, Officer, Thresholds} from "../../src/interfaces/IAuthorities.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {Keys} from "./Keys.sol";
import {Test} from "./Test.sol";

/// @notice The state, one province and two of its cities, and helpers that act in their names.
/// Every authority has the same officers: governors 1, 2, 8 and 9, treasurers 3, 4, 5 and 10, registrars 6 and 7.
abstract contract Acts is Test {
    uint40 internal constant NOW = 1_790_000_000;
    bytes32 internal constant SALT = keccak256("a deployment");
    Region internal constant PROVINCE = Region.wrap(0x470000000002);
    Region internal constant CITY = Region.wrap(0x471300000005);
    Region internal constant OTHER_CITY = Region.wrap(0x471900000005);
    Region internal constant OTHER_PROVINCE = Region.wrap(0x480000000002);
    uint40 internal constant CHANGE_DELAY = 2 days;
    uint40 internal constant RESEAT_DELAY = 30 days;
    uint32 internal constant CREW = 10;
    /// @dev Up to here two treasurers suffice, above it needs three.
    uint64 internal constant SMALL = 100_000_000;

    IAuthorities internal authorities;
    /// @dev The salt of the deployment in use, under which everything is signed.
    bytes32 internal salt;
    uint256 private _nonce;

    /// @param vouchers the other contract that acts may call.
    function deployAuthorities(address vouchers) internal {
        bytes memory arguments =
            abi.encode(vouchers, salt, CHANGE_DELAY, RESEAT_DELAY, crew(STATE), thresholds());
        authorities = IAuthorities(deploy("Authorities", arguments));
    }

    function foundAll() internal {
        found(STATE, PROVINCE);
        found(PROVINCE, CITY);
        found(PROVINCE, OTHER_CITY);
    }

    function officerKey(Region authority, uint32 id) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("officer", authority, id))) >> 1;
    }

    function crew(Region authority) internal pure returns (Officer[] memory officers) {
        officers = new Officer[](CREW);
        for (uint32 id = 1; id <= CREW; id++) {
            uint8 roles = id <= 2 || id == 8 || id == 9 ? 1 : id == 6 || id == 7 ? 4 : 2;
            officers[id - 1] = Officer(id, roles, keys(Keys.walletId(officerKey(authority, id))));
        }
    }

    function keys() internal pure returns (bytes32[] memory) {
        return new bytes32[](0);
    }

    function keys(bytes32 a) internal pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = a;
    }

    function keys(bytes32 a, bytes32 b) internal pure returns (bytes32[] memory list) {
        list = new bytes32[](2);
        (list[0], list[1]) = (a, b);
    }

    function thresholds() internal pure returns (Thresholds memory limits) {
        limits.governors = 3;
        limits.registrars = 1;
        limits.bands = new Band[](2);
        limits.bands[0] = Band(SMALL, 2);
        limits.bands[1] = Band(type(uint64).max, 3);
    }

    function ids(uint32 a) internal pure returns (uint32[] memory list) {
        list = new uint32[](1);
        list[0] = a;
    }

    function ids(uint32 a, uint32 b) internal pure returns (uint32[] memory list) {
        list = new uint32[](2);
        (list[0], list[1]) = (a, b);
    }

    function ids(uint32 a, uint32 b, uint32 c) internal pure returns (uint32[] memory list) {
        list = new uint32[](3);
        (list[0], list[1], list[2]) = (a, b, c);
    }

    function ids(uint32 a, uint32 b, uint32 c, uint32 d) internal pure returns (uint32[] memory list) {
        list = new uint32[](4);
        (list[0], list[1], list[2], list[3]) = (a, b, c, d);
    }

    function governors() internal pure returns (uint32[] memory) {
        return ids(1, 2, 8);
    }

    function treasurers() internal pure returns (uint32[] memory) {
        return ids(3, 4, 5);
    }

    function registrars() internal pure returns (uint32[] memory) {
        return ids(6);
    }

    function twoRegistrars() internal pure returns (uint32[] memory) {
        return ids(6, 7);
    }

    /// @notice More governors than needed, so that no one stops what they propose.
    function allGovernors() internal pure returns (uint32[] memory) {
        return ids(1, 2, 8, 9);
    }

    function newAct(Region authority, address target, bytes memory call) internal returns (Act memory) {
        return Act(authority, target, call, _nonce++, uint40(block.timestamp + 1 days));
    }

    /// @dev Hashed here by hand, so that the contract's hashing is tested against a second one.
    function digestOf(Act memory act) internal view returns (bytes32) {
        bytes32 content = keccak256(
            abi.encode(
                keccak256("Act(uint48 authority,address target,bytes call,uint256 nonce,uint40 deadline)"),
                act.authority,
                act.target,
                keccak256(act.call),
                act.nonce,
                act.deadline
            )
        );
        return keccak256(
            abi.encodePacked(hex"1901", domain("Jangteo Authorities", address(authorities)), content)
        );
    }

    function domain(string memory name, address verifier) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)"
                ),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                verifier,
                salt
            )
        );
    }

    /// @dev By an officer's wallet.
    function approval(uint32 id, uint256 key, bytes32 digest) internal pure returns (Approval memory) {
        return Approval(id, Keys.walletSign(key, digest));
    }

    function approvals(Act memory act, uint32[] memory signers) internal view returns (Approval[] memory list) {
        list = new Approval[](signers.length);
        for (uint256 i = 0; i < signers.length; i++) {
            list[i] = approval(signers[i], officerKey(act.authority, signers[i]), digestOf(act));
        }
    }

    function execute(Region authority, address target, bytes memory call, uint32[] memory signers) internal {
        Act memory act = newAct(authority, target, call);
        authorities.execute(act, approvals(act, signers));
    }

    /// @notice An act must be refused with exactly this reason.
    function refusesAt(
        address target,
        Region authority,
        bytes memory call,
        uint32[] memory signers,
        bytes memory reason
    ) internal {
        Act memory act = newAct(authority, target, call);
        refusesAct(act, approvals(act, signers), reason);
    }

    function refusesAct(Act memory act, Approval[] memory signed, bytes memory reason) internal {
        vm.expectRevert(reason);
        authorities.execute(act, signed);
        assertTrue(!authorities.isExecuted(digestOf(act)), "a refused act counts as executed");
    }

    function found(Region founder, Region region) internal {
        bytes memory call =
            abi.encodeCall(IAuthorities.foundAuthority, (founder, region, crew(region), thresholds()));
        execute(founder, address(authorities), call, governors());
    }

    function oneOfficer(Officer memory next) internal pure returns (Officer[] memory list) {
        list = new Officer[](1);
        list[0] = next;
    }

    /// @notice Governors propose a change of officers, time passes, and anybody finishes it.
    function changeOfficers(Region authority, Officer[] memory list) internal {
        bytes memory call = abi.encodeCall(IAuthorities.setOfficers, (authority, list));
        execute(authority, address(authorities), call, governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        authorities.finishOfficers(authority, list);
    }

    function changeThresholds(Region authority, Thresholds memory next) internal {
        bytes memory call = abi.encodeCall(IAuthorities.setThresholds, (authority, next));
        execute(authority, address(authorities), call, governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        authorities.finishThresholds(authority, next);
    }
}
