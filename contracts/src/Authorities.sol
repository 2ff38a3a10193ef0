// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IAuthorities, Act, Approval, Band, Officer, Role, Thresholds} from "./interfaces/IAuthorities.sol";
import {Region, STATE} from "./types/Region.sol";
import {Signatures} from "./types/Signatures.sol";
import {TypedData} from "./types/TypedData.sol";

/// @notice See {IAuthorities}.
contract Authorities is IAuthorities {
    struct OfficerSlot {
        uint8 roles;
        bytes32[] keys;
    }

    struct AuthoritySlot {
        bool founded;
        Thresholds thresholds;
        mapping(uint32 id => OfficerSlot) officers;
        mapping(bytes32 key => uint32 id) officerOf;
        mapping(Role role => uint256) counts;
    }

    /// @dev Two people for money, and for what decides who they are (project rule; two-person control).
    uint8 private constant OFFICERS_MIN = 2;
    uint256 private constant BANDS_MAX = 8;
    uint8 private constant ROLES_ALL = 7;
    /// @dev Enough for a wallet, a device and two passkeys; it bounds what replacing them costs.
    uint256 private constant KEYS_MAX = 4;

    bytes32 public immutable DOMAIN_SEPARATOR;
    bytes32 public immutable SALT;
    address public immutable VOUCHERS;

    mapping(Region => AuthoritySlot) private _authorities;
    mapping(bytes32 act => bool) public isExecuted;

    /// @dev The act under execution: its authority plus one (the state is zero), and its signers by role.
    uint256 private transient _actingAuthority;
    uint256 private transient _signedBy;

    /// @param vouchers the contract that acts may call besides this one; its address is computed before it is deployed.
    /// @param officers the state's first officers, who found the provinces' authorities.
    constructor(
        address vouchers,
        bytes32 salt,
        Officer[] memory officers,
        Thresholds memory stateThresholds
    ) {
        VOUCHERS = vouchers;
        SALT = salt;
        DOMAIN_SEPARATOR = TypedData.domainSeparator("Jangteo Authorities", salt);
        _found(STATE, STATE, officers, stateThresholds);
    }

    /// @inheritdoc IAuthorities
    function execute(Act calldata act, Approval[] calldata approvals) external {
        bytes32 digest = actDigest(act);
        if (block.timestamp > act.deadline) revert ActDeadlinePassed(act.deadline);
        if (isExecuted[digest]) revert ActAlreadyExecuted(digest);
        if (act.target != address(this) && act.target != VOUCHERS) revert ActTargetUnknown(act.target);

        if (_actingAuthority != 0) revert ActWithinAct();

        uint256 signedBy = _countSigners(act.authority, digest, approvals);
        isExecuted[digest] = true;
        _actingAuthority = uint256(Region.unwrap(act.authority)) + 1;
        _signedBy = signedBy;
        Address.functionCall(act.target, act.call);
        _actingAuthority = 0;
        _signedBy = 0;

        uint32[] memory officers = new uint32[](approvals.length);
        for (uint256 i = 0; i < approvals.length; i++) {
            officers[i] = approvals[i].officer;
        }
        emit ActExecuted(digest, act.authority, act.target, bytes4(act.call), officers);
    }

    /// @inheritdoc IAuthorities
    function foundAuthority(
        Region authority,
        Region region,
        Officer[] calldata officers,
        Thresholds calldata newThresholds
    ) external {
        requireAct(authority, Role.Governor, 0);
        if (!region.isValid() || region.equals(authority) || !authority.contains(region)) {
            revert RegionOutsideAuthority(authority, region);
        }
        _found(authority, region, officers, newThresholds);
    }

    /// @inheritdoc IAuthorities
    function setOfficers(Region authority, Officer[] calldata officers) external {
        requireAct(authority, Role.Governor, 0);
        for (uint256 i = 0; i < officers.length; i++) {
            _setOfficer(authority, officers[i]);
        }
        _requireEnoughOfficers(authority);
    }

    /// @inheritdoc IAuthorities
    function setThresholds(Region authority, Thresholds calldata newThresholds) external {
        requireAct(authority, Role.Governor, 0);
        _setThresholds(authority, newThresholds);
        _requireEnoughOfficers(authority);
    }

    /// @inheritdoc IAuthorities
    /// @dev The caller needs no check: only `execute` sets the acting authority, for one call to one of the platform's
    /// contracts, and neither of them calls a third.
    function requireAct(Region authority, Role role, uint256 amount) public view {
        uint256 had = _signersIn(authority, role);
        _requireSigners(had, officersNeeded(authority, role, amount));
    }

    /// @inheritdoc IAuthorities
    function requireActBy(Region authority, Role role, uint256 count) external view {
        _requireSigners(_signersIn(authority, role), count);
    }

    /// @inheritdoc IAuthorities
    function officersNeeded(Region authority, Role role, uint256 amount) public view returns (uint256) {
        Thresholds storage limits = _founded(authority).thresholds;
        if (role == Role.Governor) return limits.governors;
        if (role == Role.Registrar) return limits.registrars;
        for (uint256 i = 0; i < limits.bands.length; i++) {
            if (amount <= limits.bands[i].upTo) return limits.bands[i].officers;
        }
        revert ThresholdsInvalid();
    }

    /// @inheritdoc IAuthorities
    function officer(Region authority, uint32 id) external view returns (bytes32[] memory keys, uint8 roles) {
        OfficerSlot storage slot = _founded(authority).officers[id];
        return (slot.keys, slot.roles);
    }

    /// @inheritdoc IAuthorities
    function thresholds(Region authority) external view returns (Thresholds memory) {
        return _founded(authority).thresholds;
    }

    /// @inheritdoc IAuthorities
    function actDigest(Act calldata act) public view returns (bytes32) {
        bytes32 structHash = TypedData.hashAct(act.authority, act.target, act.call, act.nonce, act.deadline);
        return MessageHashUtils.toTypedDataHash(DOMAIN_SEPARATOR, structHash);
    }

    /// @dev How many of the signers of the act under execution, which must be one of `authority`, are in `role`.
    function _signersIn(Region authority, Role role) private view returns (uint256) {
        if (_actingAuthority != uint256(Region.unwrap(authority)) + 1) revert NotAnAct();
        return uint8(_signedBy >> (8 * uint256(role)));
    }

    function _requireSigners(uint256 had, uint256 needed) private pure {
        if (had < needed) revert OfficersTooFew(had, needed);
    }

    /// @dev One byte per role: how many of the signers hold it.
    function _countSigners(Region authority, bytes32 digest, Approval[] calldata approvals)
        private
        view
        returns (uint256 signedBy)
    {
        AuthoritySlot storage slot = _founded(authority);
        uint256 previous = 0;
        // Up to 255 signers, so that a byte can't run over into the next role.
        if (approvals.length > type(uint8).max) revert OfficersNotAscending(approvals[255].officer);
        for (uint256 i = 0; i < approvals.length; i++) {
            uint32 id = approvals[i].officer;
            if (id <= previous) revert OfficersNotAscending(id);
            previous = id;
            uint8 roles = slot.officers[id].roles;
            if (roles == 0) revert OfficerUnknown(id);
            (bytes32 key, uint256 length) = Signatures.verify(digest, approvals[i].signature);
                // Key 0 stands for an invalid signature and belongs to no officer.
            if (slot.officerOf[key] != id || length != approvals[i].signature.length) {
                revert OfficerSignatureInvalid(id);
            }
            for (uint256 role = 0; role < 3; role++) {
                if ((roles >> role) & 1 == 1) signedBy += 1 << (8 * role);
            }
        }
    }

    function _found(
        Region founder,
        Region region,
        Officer[] memory officers,
        Thresholds memory newThresholds
    ) private {
        if (_authorities[region].founded) revert AuthorityExists(region);
        _authorities[region].founded = true;
        emit AuthorityFounded(region, founder);
        _setThresholds(region, newThresholds);
        for (uint256 i = 0; i < officers.length; i++) {
            _setOfficer(region, officers[i]);
        }
        _requireEnoughOfficers(region);
    }

    function _setOfficer(Region authority, Officer memory next) private {
        AuthoritySlot storage slot = _authorities[authority];
        OfficerSlot storage known = slot.officers[next.id];
        bool leaves = next.roles == 0;
        if (
            next.id == 0 || next.roles > ROLES_ALL || leaves != (next.keys.length == 0)
                || next.keys.length > KEYS_MAX
        ) revert OfficerInvalid(next.id);
        for (uint8 role = 0; role < 3; role++) {
            if ((known.roles >> role) & 1 == 1) slot.counts[Role(role)]--;
            if ((next.roles >> role) & 1 == 1) slot.counts[Role(role)]++;
        }
        for (uint256 i = 0; i < known.keys.length; i++) {
            delete slot.officerOf[known.keys[i]];
        }
        for (uint256 i = 0; i < next.keys.length; i++) {
            bytes32 key = next.keys[i];
            // One key for two officers would let one person count twice; key 0 would accept any signature.
            if (key == 0 || slot.officerOf[key] != 0) revert SignerAlreadyUsed(key);
            slot.officerOf[key] = next.id;
        }
        known.roles = next.roles;
        known.keys = next.keys;
        emit OfficerSet(authority, next.id, next.keys, next.roles);
    }

    function _setThresholds(Region authority, Thresholds memory next) private {
        uint256 count = next.bands.length;
        if (
            next.governors < OFFICERS_MIN || next.registrars == 0 || count == 0 || count > BANDS_MAX
                || next.bands[count - 1].upTo != type(uint64).max
        ) revert ThresholdsInvalid();
        for (uint256 i = 0; i < count; i++) {
            if (next.bands[i].officers < OFFICERS_MIN) revert ThresholdsInvalid();
            if (i == 0) continue;
            // A larger amount may not need fewer people.
            if (next.bands[i].upTo <= next.bands[i - 1].upTo) revert ThresholdsInvalid();
            if (next.bands[i].officers < next.bands[i - 1].officers) revert ThresholdsInvalid();
        }
        _authorities[authority].thresholds = next;
        emit ThresholdsSet(authority, next.governors, next.registrars, next.bands);
    }

    /// @dev An authority must stay able to act: no change may leave a role with too few people.
    function _requireEnoughOfficers(Region authority) private view {
        AuthoritySlot storage slot = _authorities[authority];
        _requireCount(slot, Role.Governor, slot.thresholds.governors);
        _requireCount(slot, Role.Registrar, slot.thresholds.registrars);
        Band[] storage bands = slot.thresholds.bands;
        _requireCount(slot, Role.Treasurer, bands[bands.length - 1].officers);
    }

    function _requireCount(AuthoritySlot storage slot, Role role, uint256 needed) private view {
        if (slot.counts[role] < needed) revert OfficersNeeded(role, slot.counts[role], needed);
    }

    function _founded(Region authority) private view returns (AuthoritySlot storage slot) {
        slot = _authorities[authority];
        if (!slot.founded) revert AuthorityUnknown(authority);
    }
}
