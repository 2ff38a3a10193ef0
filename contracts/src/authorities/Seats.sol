// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Band, Officer, Role, Thresholds} from "../interfaces/IAuthorities.sol";
import {Areas} from "../types/Areas.sol";
import {Region} from "../types/Region.sol";

struct OfficerSlot {
    uint8 roles;
    bytes32[] keys;
}

/// @param readyAt from when it can be finished; 0 if there is none.
/// @param round the changes of earlier rounds have ended.
struct Change {
    uint40 readyAt;
    uint32 round;
    bool firm;
}

/// @dev Everything that officers are and began. A reseat leaves it behind as a whole; what they withdrew stays withdrawn,
/// because some of them may be seated again.
struct Seat {
    Thresholds thresholds;
    mapping(uint32 id => OfficerSlot) officers;
    mapping(bytes32 key => uint32 id) officerOf;
    mapping(Role role => uint256) counts;
    mapping(bytes32 change => Change) changes;
    mapping(bytes32 change => mapping(uint32 governor => bool)) stoppedBy;
    uint32 round;
    /// @dev Those of the beginning; for the events when they are seated.
    uint32[] first;
}

/// @param seat the one that counts. @param lastSeat the newest one, which waits while `reseatReadyAt` is not 0.
/// @param issueDay Korean day of `issueApproved` won. @param areas what it answers for, see {AreaGrants}.
struct AuthoritySlot {
    bool founded;
    Region founder;
    uint32 seat;
    uint32 lastSeat;
    uint40 reseatReadyAt;
    uint16 issueDay;
    uint64 issueApproved;
    Areas areas;
    mapping(uint32 => Seat) seats;
    mapping(bytes32 act => mapping(uint32 officer => bool)) withdrawn;
}

/// @notice Officers and thresholds of each authority, and the rules that every list of them obeys.
abstract contract Seats is IAuthorities {
    /// @dev Two people for money, and for what decides who they are (project rule; two-person control).
    uint8 private constant OFFICERS_MIN = 2;
    uint256 private constant BANDS_MAX = 8;
    uint8 private constant ROLES_ALL = 7;
    uint256 internal constant ROLES = 3;
    /// @dev Enough for a wallet, a device and two passkeys; it bounds what replacing them costs.
    uint256 private constant KEYS_MAX = 4;
    /// @dev Whatever was begun and left lying ends: what an act or a change was for is known for a month, not for years.
    uint40 internal constant LIFE = 30 days;

    mapping(Region => AuthoritySlot) internal _authorities;

    /// @inheritdoc IAuthorities
    function officersNeeded(Region authority, Role role, uint256 amount) public view returns (uint256) {
        Thresholds storage limits = _seatOf(authority).thresholds;
        if (role == Role.Governor) return limits.governors;
        if (role == Role.Registrar) return limits.registrars;
        for (uint256 i = 0; i < limits.bands.length; i++) {
            if (amount <= limits.bands[i].upTo) return limits.bands[i].officers;
        }
        revert ThresholdsInvalid();
    }

    /// @inheritdoc IAuthorities
    function officer(Region authority, uint32 id) external view returns (bytes32[] memory keys, uint8 roles) {
        OfficerSlot storage slot = _seatOf(authority).officers[id];
        return (slot.keys, slot.roles);
    }

    /// @inheritdoc IAuthorities
    function thresholds(Region authority) external view returns (Thresholds memory) {
        return _seatOf(authority).thresholds;
    }

    function _founded(Region authority) internal view returns (AuthoritySlot storage slot) {
        slot = _authorities[authority];
        if (!slot.founded) revert AuthorityUnknown(authority);
    }

    function _seatOf(Region authority) internal view returns (Seat storage) {
        AuthoritySlot storage slot = _founded(authority);
        return slot.seats[slot.seat];
    }

    /// @dev A whole new seat; every role has a person to spare.
    function _prepareSeat(
        AuthoritySlot storage slot,
        Officer[] memory officers,
        Thresholds memory newThresholds
    ) internal returns (uint32 number) {
        number = ++slot.lastSeat;
        Seat storage seat = slot.seats[number];
        _requireSoundThresholds(newThresholds);
        seat.thresholds = newThresholds;
        for (uint256 i = 0; i < officers.length; i++) {
            _putOfficer(seat, officers[i]);
            seat.first.push(officers[i].id);
        }
        int256[ROLES] memory none;
        for (uint256 role = 0; role < ROLES; role++) {
            none[role] = type(int256).max;
        }
        _requireSpare(seat, none);
    }

    /// @dev From now on this seat counts. What was begun in the one before has no effect any more.
    function _take(Region authority, AuthoritySlot storage slot, uint32 number) internal {
        slot.seat = number;
        Seat storage seat = slot.seats[number];
        _emitThresholds(authority, seat.thresholds);
        for (uint256 i = 0; i < seat.first.length; i++) {
            uint32 id = seat.first[i];
            emit OfficerSet(authority, id, seat.officers[id].keys, seat.officers[id].roles);
        }
    }

    function _putOfficer(Seat storage seat, Officer memory next) internal {
        _requireSoundOfficer(next);
        OfficerSlot storage known = seat.officers[next.id];
        for (uint8 role = 0; role < ROLES; role++) {
            if ((known.roles >> role) & 1 == 1) seat.counts[Role(role)]--;
            if ((next.roles >> role) & 1 == 1) seat.counts[Role(role)]++;
        }
        for (uint256 i = 0; i < known.keys.length; i++) {
            delete seat.officerOf[known.keys[i]];
        }
        for (uint256 i = 0; i < next.keys.length; i++) {
            bytes32 key = next.keys[i];
            // One key for two officers would let one person count twice.
            if (seat.officerOf[key] != 0) revert SignerAlreadyUsed(key);
            seat.officerOf[key] = next.id;
        }
        known.roles = next.roles;
        known.keys = next.keys;
    }

    function _requireSoundOfficer(Officer memory next) internal pure {
        bool leaves = next.roles == 0;
        if (
            next.id == 0 || next.roles > ROLES_ALL || leaves != (next.keys.length == 0)
                || next.keys.length > KEYS_MAX
        ) revert OfficerInvalid(next.id);
        for (uint256 i = 0; i < next.keys.length; i++) {
            // Key 0 would accept any signature.
            if (next.keys[i] == 0) revert SignerAlreadyUsed(next.keys[i]);
        }
    }

    function _requireSoundThresholds(Thresholds memory next) internal pure {
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
        // Governors name the treasurers: fewer of them could issue what needs more treasurers.
        if (next.governors < next.bands[count - 1].officers) revert ThresholdsInvalid();
    }

    /// @dev By how many people each role is larger than the largest number that its acts need.
    function _spare(Seat storage seat) internal view returns (int256[ROLES] memory spare) {
        for (uint8 role = 0; role < ROLES; role++) {
            spare[role] = int256(seat.counts[Role(role)]) - int256(_mostNeeded(seat, Role(role)));
        }
    }

    /// @dev With one person to spare in every role no one vetoes alone, and whoever lost a key can be removed. Removing
    /// may use the spare person up; a change that takes nothing from such a role passes, so that it can be repaired.
    function _requireSpare(Seat storage seat, int256[ROLES] memory before) internal view {
        int256[ROLES] memory spare = _spare(seat);
        for (uint8 role = 0; role < ROLES; role++) {
            if (spare[role] < 1 && spare[role] < before[role]) _refuseRole(seat, Role(role), 1);
        }
    }

    function _refuseRole(Seat storage seat, Role role, uint256 more) internal view {
        revert OfficersNeeded(role, seat.counts[role], _mostNeeded(seat, role) + more);
    }

    function _mostNeeded(Seat storage seat, Role role) private view returns (uint256) {
        Thresholds storage limits = seat.thresholds;
        if (role == Role.Governor) return limits.governors;
        if (role == Role.Registrar) return limits.registrars;
        return limits.bands[limits.bands.length - 1].officers;
    }

    function _emitThresholds(Region authority, Thresholds memory limits) internal {
        emit ThresholdsSet(authority, limits.governors, limits.registrars, limits.bands);
    }
}
