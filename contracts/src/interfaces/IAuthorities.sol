// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Region} from "../types/Region.sol";

/// @notice What an officer may take part in. An officer can have several roles.
enum Role {
    Governor, // officers, thresholds, founding the authorities below
    Treasurer, // everything that can create value: series, budgets, issue orders, pauses
    Registrar // merchants and accounts
}

/// @notice From `upTo` won (inclusive) on downwards, an act of a treasurer needs `officers` signatures.
struct Band {
    uint64 upTo;
    uint8 officers;
}

/// @notice How many distinct officers an act needs.
/// @dev `bands` ascend; the last one reaches type(uint64).max.
struct Thresholds {
    uint8 governors;
    uint8 registrars;
    Band[] bands;
}

/// @param id the officer's number within the authority; stays when the keys change.
/// @param roles bit per Role; 0 removes the officer.
/// @param keys ids of one to four keys of any kind, see {Signatures}: a wallet, a device, a passkey, and another of
/// them for the day the first is lost. None when the officer leaves.
struct Officer {
    uint32 id;
    uint8 roles;
    bytes32[] keys;
}

/// @notice What officers sign (EIP-712 "Act"): one call to one of the platform's contracts, in the name of an
/// authority.
struct Act {
    Region authority;
    address target;
    bytes call;
    uint256 nonce;
    uint40 deadline;
}

/// @param signature of the act's digest by any one key of the officer, as {Signatures} describes it, with no bytes
/// after it.
struct Approval {
    uint32 officer;
    bytes signature;
}

/// @title The governments behind the vouchers: their officers, thresholds and signed acts.
/// @notice Only the officers of an authority can act for it: not the operator, not the deployer, not the
/// authority above it. Every privileged entry point of the platform is reached through `execute` alone.
interface IAuthorities {
    event AuthorityFounded(Region indexed authority, Region indexed founder);
    event OfficerSet(Region indexed authority, uint32 indexed officer, bytes32[] keys, uint8 roles);
    event ThresholdsSet(Region indexed authority, uint8 governors, uint8 registrars, Band[] bands);
    event ActExecuted(
        bytes32 indexed act, Region indexed authority, address target, bytes4 selector, uint32[] officers
    );

    error OfficersTooFew(uint256 had, uint256 needed);
    error OfficerUnknown(uint32 officer);
    error OfficersNotAscending(uint32 officer);
    error OfficerSignatureInvalid(uint32 officer);
    error OfficerInvalid(uint32 officer);
    error SignerAlreadyUsed(bytes32 key);
    error OfficersNeeded(Role role, uint256 had, uint256 needed);
    error ActDeadlinePassed(uint40 deadline);
    error ActAlreadyExecuted(bytes32 act);
    error ActTargetUnknown(address target);
    error ActWithinAct();
    error NotAnAct();
    error AuthorityUnknown(Region authority);
    error AuthorityExists(Region authority);
    error RegionOutsideAuthority(Region authority, Region region);
    error ThresholdsInvalid();

    /// @notice Executes an act that enough officers signed. Any address may submit it.
    /// @param approvals in ascending order of officer number, so that each officer counts once, whichever keys signed.
    /// @dev Reverts with the reason of the called function. An executed act can't be executed again.
    function execute(Act calldata act, Approval[] calldata approvals) external;

    /// @notice Founds an authority inside the acting one's region. Once: afterwards it belongs to its officers.
    /// @dev By the governors of any authority whose region contains the new one.
    function foundAuthority(
        Region authority,
        Region region,
        Officer[] calldata officers,
        Thresholds calldata thresholds
    ) external;

    /// @notice Adds, changes or removes officers; the keys given replace all that the officer had. Refuses to leave
    /// fewer officers in a role than it needs, and a key that another officer of the authority has.
    /// @dev By the authority's governors.
    function setOfficers(Region authority, Officer[] calldata officers) external;

    /// @notice Changes how many officers an act needs. Governors and every band need two at least.
    /// @dev By the authority's governors.
    function setThresholds(Region authority, Thresholds calldata thresholds) external;

    /// @notice Reverts unless an act of `authority` is being executed that enough officers in `role` signed.
    /// @param amount won at stake; chooses the band of a treasurer's act, else ignored.
    function requireAct(Region authority, Role role, uint256 amount) external view;

    /// @notice The same with an explicit number of officers instead of the authority's thresholds.
    function requireActBy(Region authority, Role role, uint256 count) external view;

    /// @notice How many distinct officers in `role` an act over `amount` won needs.
    function officersNeeded(Region authority, Role role, uint256 amount) external view returns (uint256);

    /// @notice An officer's keys and roles; none of both if there is no such officer.
    function officer(Region authority, uint32 id) external view returns (bytes32[] memory keys, uint8 roles);

    function thresholds(Region authority) external view returns (Thresholds memory);

    function isExecuted(bytes32 act) external view returns (bool);

    /// @notice The EIP-712 digest that officers sign.
    function actDigest(Act calldata act) external view returns (bytes32);
}
