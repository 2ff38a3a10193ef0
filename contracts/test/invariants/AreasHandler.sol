// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Region} from "../../src/types/Region.sol";
import {OfficersHandler} from "./OfficersHandler.sol";

/// @notice Honest governors of the state, the province and the city grant areas, hand them over and give them up, also such
/// as are not theirs. Rogue and thief stop what the city proposes ({OfficersHandler}); anybody finishes what is due.
abstract contract AreasHandler is OfficersHandler {
    struct Grant {
        Region by;
        Region to;
        Region area;
        uint40 readyAt;
    }

    Grant[] private _grants;

    function _proposeArea(uint8 who, uint8 whom, uint8 which, bool firm) internal {
        (Region by, Region to, Region area) = (_authority(who % 3), _authority(whom), _code(which));
        if (who % 4 != 0) (to, area) = _possible(by, whom, which);
        // The plays of puppets and of the city's life need that these two keep their first area.
        if (area.equals(CITY) || (area.equals(PROVINCE) && whom % 4 != 1)) return;
        bytes memory call = to.equals(by) ? giveUpCall(by, area) : grantCall(by, to, area);
        bool ofCity = by.equals(CITY);
        if (!_isMovable(by, to, area)) {
            uint32[] memory signers = ofCity ? _honestGovernors(false) : governors();
            return _refused(_sign(by, address(authorities), call, signers), "an area was moved by another authority");
        }
        if (ofCity) return _proposeAreaOfCity(call, to, area, firm);
        decideSelf(by, call, governors());
        _grants.push(Grant(by, to, area, uint40(block.timestamp) + CHANGE_DELAY));
    }

    /// @dev What it may decide now, the first from here on; or nothing such.
    function _possible(Region by, uint256 whom, uint256 which) private view returns (Region to, Region area) {
        for (uint256 i = 0; i < 48; i++) {
            (to, area) = (_authority(whom + i / 12), _code(which + i));
            if (!area.equals(CITY) && !area.equals(PROVINCE) && _isMovable(by, to, area)) return (to, area);
        }
    }

    function _finishGrant(uint8 which) internal {
        if (_grants.length == 0) return;
        Grant memory grant_ = _grants[which % _grants.length];
        // The same one may have been proposed again, or be finished.
        bytes32 change = areaChange(grant_.by, grant_.to, grant_.area);
        (uint40 readyAt,) = authorities.pendingChange(grant_.by, change);
        bool due = readyAt != 0 && block.timestamp >= readyAt && _isMovable(grant_.by, grant_.to, grant_.area);
        assertTrue(readyAt == 0 || readyAt >= grant_.readyAt, "sooner than it was proposed");
        try authorities.finishArea(grant_.by, grant_.to, grant_.area) {
            assertTrue(due, "an area without its delay, or one that became wrong");
            _writeArea(grant_.by, grant_.to, grant_.area);
        } catch {
            assertTrue(!due, "a grant that was due");
        }
    }
}
