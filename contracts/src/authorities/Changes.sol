// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Officer, Role, Thresholds} from "../interfaces/IAuthorities.sol";
import {Region} from "../types/Region.sol";
import {Execution} from "./Execution.sol";
import {AuthoritySlot, Change, Seat} from "./Seats.sol";

/// @notice How an authority changes its own officers and thresholds: a person leaves at once, all else waits.
abstract contract Changes is Execution {
    uint40 public immutable CHANGE_DELAY;

    /// @param changeDelay seconds in which a governor may stop a change of officers or thresholds.
    constructor(uint40 changeDelay) {
        CHANGE_DELAY = changeDelay;
    }

    /// @inheritdoc IAuthorities
    function setOfficers(Region authority, Officer[] calldata officers) external {
        bytes32 id = _officersChange(authority, officers);
        (uint40 readyAt, bool firm) = _propose(authority, id);
        for (uint256 i = 0; i < officers.length; i++) {
            _requireSoundOfficer(officers[i]);
        }
        emit OfficersProposed(authority, id, readyAt, firm, officers);
    }

    /// @inheritdoc IAuthorities
    function setThresholds(Region authority, Thresholds calldata newThresholds) external {
        bytes32 id = _thresholdsChange(authority, newThresholds);
        (uint40 readyAt, bool firm) = _propose(authority, id);
        _requireSoundThresholds(newThresholds);
        emit ThresholdsProposed(authority, id, readyAt, firm, newThresholds);
    }

    /// @inheritdoc IAuthorities
    function removeOfficers(Region authority, uint32[] calldata officers) external {
        _requireGovernors(authority);
        Seat storage seat = _seatOf(authority);
        bytes32[] memory none = new bytes32[](0);
        for (uint256 i = 0; i < officers.length; i++) {
            if (seat.officers[officers[i]].roles == 0) revert OfficerUnknown(officers[i]);
            _setOfficer(authority, seat, Officer(officers[i], 0, none));
        }
        int256[ROLES] memory spare = _spare(seat);
        for (uint8 role = 0; role < ROLES; role++) {
            if (spare[role] < 0) _refuseRole(seat, Role(role), 0);
        }
        seat.round++;
        emit ChangesEnded(authority);
    }

    /// @inheritdoc IAuthorities
    function stopChange(Region authority, bytes32 change) external {
        _requireCount(authority, Role.Governor, 1);
        Seat storage seat = _seatOf(authority);
        if (_pending(seat, change).firm) revert ChangeFirm(change);
        uint32 by = _firstGovernor;
        if (seat.stoppedBy[change][by]) revert ChangeStoppedBefore(by);
        seat.stoppedBy[change][by] = true;
        delete seat.changes[change];
        emit ChangeStopped(authority, change, by);
    }

    /// @inheritdoc IAuthorities
    function finishOfficers(Region authority, Officer[] calldata officers) external {
        Seat storage seat = _finish(authority, _officersChange(authority, officers));
        int256[ROLES] memory before = _spare(seat);
        for (uint256 i = 0; i < officers.length; i++) {
            _setOfficer(authority, seat, officers[i]);
        }
        _requireSpare(seat, before);
    }

    /// @inheritdoc IAuthorities
    function finishThresholds(Region authority, Thresholds memory newThresholds) external {
        Seat storage seat = _finish(authority, _thresholdsChange(authority, newThresholds));
        int256[ROLES] memory before = _spare(seat);
        seat.thresholds = newThresholds;
        _requireSpare(seat, before);
        _emitThresholds(authority, newThresholds);
    }

    /// @inheritdoc IAuthorities
    function pendingChange(Region authority, bytes32 change) external view returns (uint40 readyAt, bool firm) {
        Seat storage seat = _seatOf(authority);
        if (_isPending(seat, change)) return (seat.changes[change].readyAt, seat.changes[change].firm);
    }

    function _setOfficer(Region authority, Seat storage seat, Officer memory next) private {
        _putOfficer(seat, next);
        emit OfficerSet(authority, next.id, next.keys, next.roles);
    }

    function _propose(Region authority, bytes32 id) internal returns (uint40 readyAt, bool firm) {
        _requireGovernors(authority);
        Seat storage seat = _seatOf(authority);
        readyAt = uint40(block.timestamp) + CHANGE_DELAY;
        firm = _signersIn(authority, Role.Governor) > seat.thresholds.governors;
        seat.changes[id] = Change(readyAt, seat.round, firm);
    }

    function _finish(Region authority, bytes32 id) internal returns (Seat storage seat) {
        seat = _seatOf(authority);
        uint40 readyAt = _pending(seat, id).readyAt;
        if (block.timestamp < readyAt) revert ChangeNotReady(readyAt);
        delete seat.changes[id];
        emit ChangeFinished(authority, id);
    }

    function _pending(Seat storage seat, bytes32 id) private view returns (Change storage) {
        if (!_isPending(seat, id)) revert ChangeUnknown(id);
        return seat.changes[id];
    }

    function _isPending(Seat storage seat, bytes32 id) private view returns (bool) {
        Change storage change = seat.changes[id];
        if (change.readyAt == 0 || change.round != seat.round) return false;
        return block.timestamp <= change.readyAt + LIFE;
    }

    function _officersChange(Region authority, Officer[] calldata officers) private pure returns (bytes32) {
        return keccak256(abi.encode(IAuthorities.setOfficers.selector, authority, officers));
    }

    function _thresholdsChange(Region authority, Thresholds memory newThresholds)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(IAuthorities.setThresholds.selector, authority, newThresholds));
    }
}
