// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IAuthorities, Act, Approval, Role} from "../interfaces/IAuthorities.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {Region} from "../types/Region.sol";
import {Signatures} from "../types/Signatures.sol";
import {TypedData} from "../types/TypedData.sol";
import {AuthoritySlot, Seat, Seats} from "./Seats.sol";

/// @notice Acts: signed by k of n officers, executed once, for calls that ask who signed.
abstract contract Execution is Seats {
    bytes32 public immutable DOMAIN_SEPARATOR;
    bytes32 public immutable SALT;
    address public immutable VOUCHERS;

    mapping(bytes32 act => bool) public isExecuted;

    /// @dev The act under execution: its authority plus one (the state is zero), its signers by role, the first governor
    /// among them, and whether the call asked for a role that had signed.
    uint256 private transient _actingAuthority;
    uint256 private transient _signedBy;
    uint32 internal transient _firstGovernor;
    bool private transient _asked;

    constructor(address vouchers, bytes32 salt) {
        VOUCHERS = vouchers;
        SALT = salt;
        DOMAIN_SEPARATOR = TypedData.domainSeparator("Jangteo Authorities", salt);
    }

    /// @inheritdoc IAuthorities
    function execute(Act calldata act, Approval[] calldata approvals) external {
        bytes32 digest = actDigest(act);
        _requireInTime(act.deadline);
        if (isExecuted[digest]) revert ActAlreadyExecuted(digest);
        if (act.target != address(this) && act.target != VOUCHERS) revert ActTargetUnknown(act.target);

        if (_actingAuthority != 0) revert ActWithinAct();

        _countSigners(_founded(act.authority), digest, approvals);
        isExecuted[digest] = true;
        _actingAuthority = uint256(Region.unwrap(act.authority)) + 1;
        Address.functionCall(act.target, act.call);
        // What asks for no role would happen in the authority's name without a signature.
        if (!_asked) revert ActAsksNoOfficer();
        _actingAuthority = 0;
        _signedBy = 0;
        _firstGovernor = 0;
        _asked = false;

        uint32[] memory officers = new uint32[](approvals.length);
        for (uint256 i = 0; i < approvals.length; i++) {
            officers[i] = approvals[i].officer;
        }
        emit ActExecuted(digest, act.authority, act.target, bytes4(act.call), officers);
    }

    /// @inheritdoc IAuthorities
    function withdrawApproval(Region authority, bytes32 act, uint32 id, bytes calldata signature) external {
        if (isExecuted[act]) revert ActAlreadyExecuted(act);
        AuthoritySlot storage slot = _founded(authority);
        if (slot.withdrawn[act][id]) revert ApprovalIsWithdrawn(id);
        _requireSignature(slot.seats[slot.seat], id, _digest(TypedData.hashWithdrawal(act)), signature);
        slot.withdrawn[act][id] = true;
        emit ApprovalWithdrawn(act, authority, id);
    }

    /// @inheritdoc IAuthorities
    function requireAct(Region authority, Role role, uint256 amount) external {
        _requireVouchers();
        if (role == Role.Governor) _requireGovernors(authority);
        else _requireRole(authority, role, amount);
    }

    /// @inheritdoc IAuthorities
    function requireActBy(Region authority, Role role, uint256 count) external {
        _requireVouchers();
        _requireCount(authority, role, count);
    }

    /// @inheritdoc IAuthorities
    function requireActToIssue(Region authority, uint64 amount) external {
        _requireVouchers();
        uint256 sum = uint256(approvedToday(authority)) + amount;
        if (sum > type(uint64).max) sum = type(uint64).max;
        _requireRole(authority, Role.Treasurer, sum);
        AuthoritySlot storage slot = _authorities[authority];
        slot.issueDay = KoreanCalendar.day(block.timestamp);
        slot.issueApproved = uint64(sum);
    }

    /// @inheritdoc IAuthorities
    function approvedToday(Region authority) public view returns (uint64) {
        AuthoritySlot storage slot = _founded(authority);
        return slot.issueDay == KoreanCalendar.day(block.timestamp) ? slot.issueApproved : 0;
    }

    /// @inheritdoc IAuthorities
    function actDigest(Act calldata act) public view returns (bytes32) {
        return _digest(TypedData.hashAct(act.authority, act.target, act.call, act.nonce, act.deadline));
    }

    /// @dev No caller needs another check: only `execute` sets the acting authority, for one call to one of the
    /// platform's contracts, and neither of them calls a third.
    function _requireRole(Region authority, Role role, uint256 amount) internal {
        uint256 had = _signersIn(authority, role);
        _requireSigners(had, officersNeeded(authority, role, amount));
    }

    /// @dev Shows that the authority has governors, which ends a proposed reseat.
    function _requireGovernors(Region authority) internal {
        _requireRole(authority, Role.Governor, 0);
        AuthoritySlot storage slot = _authorities[authority];
        if (slot.reseatReadyAt == 0) return;
        slot.reseatReadyAt = 0;
        emit ReseatRejected(authority);
    }

    function _requireCount(Region authority, Role role, uint256 count) internal {
        _requireSigners(_signersIn(authority, role), count == 0 ? 1 : count);
    }

    /// @dev How many of the signers of the act under execution, which must be one of `authority`, are in `role`.
    function _signersIn(Region authority, Role role) internal view returns (uint256) {
        if (_actingAuthority != uint256(Region.unwrap(authority)) + 1) revert NotAnAct();
        return uint8(_signedBy >> (8 * uint256(role)));
    }

    function _requireSigners(uint256 had, uint256 needed) private {
        if (had < needed) revert OfficersTooFew(had, needed);
        _asked = true;
    }

    /// @dev An act may not call the questions themselves, which decide nothing.
    function _requireVouchers() private view {
        if (msg.sender != VOUCHERS) revert NotAnAct();
    }

    function _requireInTime(uint40 deadline) private view {
        if (block.timestamp > deadline) revert ActDeadlinePassed(deadline);
        uint40 latest = uint40(block.timestamp) + LIFE;
        if (deadline > latest) revert ActDeadlineTooFar(deadline, latest);
    }

    /// @dev Checks every approval; counts in one byte per role how many of the signers hold it.
    function _countSigners(AuthoritySlot storage slot, bytes32 digest, Approval[] calldata approvals) private {
        Seat storage seat = slot.seats[slot.seat];
        uint256 previous = 0;
        uint256 signedBy = 0;
        // Up to 255 signers, so that a byte can't run over into the next role.
        if (approvals.length > type(uint8).max) revert OfficersNotAscending(approvals[255].officer);
        for (uint256 i = 0; i < approvals.length; i++) {
            uint32 id = approvals[i].officer;
            if (id <= previous) revert OfficersNotAscending(id);
            previous = id;
            if (slot.withdrawn[digest][id]) revert ApprovalIsWithdrawn(id);
            uint8 roles = _requireSignature(seat, id, digest, approvals[i].signature);
            for (uint256 role = 0; role < ROLES; role++) {
                if ((roles >> role) & 1 == 1) signedBy += 1 << (8 * role);
            }
            if (_firstGovernor == 0 && roles & 1 == 1) _firstGovernor = id;
        }
        _signedBy = signedBy;
    }

    function _requireSignature(Seat storage seat, uint32 id, bytes32 digest, bytes calldata signature)
        private
        view
        returns (uint8 roles)
    {
        roles = seat.officers[id].roles;
        if (roles == 0) revert OfficerUnknown(id);
        (bytes32 key, uint256 length) = Signatures.verify(digest, signature);
        // Key 0 stands for an invalid signature and belongs to no officer.
        if (seat.officerOf[key] != id || length != signature.length) revert OfficerSignatureInvalid(id);
    }

    function _digest(bytes32 structHash) private view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(DOMAIN_SEPARATOR, structHash);
    }
}
