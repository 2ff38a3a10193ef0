// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../interfaces/IAuthorities.sol";
import {Areas} from "../types/Areas.sol";
import {Region, STATE} from "../types/Region.sol";
import {Changes} from "./Changes.sol";
import {AuthoritySlot} from "./Seats.sol";

/// @notice What authorities answer for. The code under which one was founded is its name for ever; its areas follow the
/// law when codes change.
/// @dev Every code is an area of one authority at most. Around every area but the largest there is another one, so the
/// smallest area around a place says who is nearest to it.
abstract contract AreaGrants is Changes {
    /// @dev The shortest region codes are those of provinces.
    uint256 private constant DIGITS_MIN = 2;

    mapping(Region area => Region authority) private _holders;
    /// @dev How many areas lie in a region, itself among them.
    mapping(Region => uint256) private _areasWithin;

    /// @inheritdoc IAuthorities
    function grantArea(Region authority, Region to, Region area) external {
        if (to.equals(authority)) revert AreaInvalid(to, area);
        _proposeArea(authority, to, area);
    }

    /// @inheritdoc IAuthorities
    function giveUpArea(Region authority, Region area) external {
        _proposeArea(authority, authority, area);
    }

    /// @inheritdoc IAuthorities
    function finishArea(Region authority, Region to, Region area) external {
        _finish(authority, _areaChange(authority, to, area));
        if (_requireMovable(authority, to, area)) _release(authority, area);
        if (!to.equals(authority)) _give(to, area, authority);
    }

    /// @inheritdoc IAuthorities
    function areasOf(Region authority) external view returns (Areas) {
        return _authorities[authority].areas;
    }

    /// @inheritdoc IAuthorities
    function nearestTo(Region region) public view returns (Region) {
        return _nearest(region, region.digits());
    }

    function _give(Region to, Region area, Region by) internal {
        AuthoritySlot storage slot = _authorities[to];
        slot.areas = slot.areas.add(area);
        _holders[area] = to;
        for (uint256 count = DIGITS_MIN; count <= area.digits(); count++) {
            _areasWithin[area.prefix(count)]++;
        }
        emit AreaGranted(to, area, by);
    }

    function _release(Region from, Region area) private {
        AuthoritySlot storage slot = _authorities[from];
        slot.areas = slot.areas.remove(area);
        _holders[area] = STATE;
        for (uint256 count = DIGITS_MIN; count <= area.digits(); count++) {
            _areasWithin[area.prefix(count)]--;
        }
        emit AreaGivenUp(from, area);
    }

    function _proposeArea(Region authority, Region to, Region area) private {
        bytes32 id = _areaChange(authority, to, area);
        (uint40 readyAt, bool firm) = _propose(authority, id);
        _requireMovable(authority, to, area);
        emit AreaProposed(authority, id, readyAt, firm, to, area);
    }

    /// @dev By its holder an area may be given up or handed over, by the nearest authority around it granted.
    /// @return held it is an area of the acting authority itself.
    function _requireMovable(Region authority, Region to, Region area) private view returns (bool held) {
        _requireCode(authority, area);
        Region nearest = nearestTo(area);
        if (!nearest.equals(authority)) revert AuthorityNearer(area, nearest);
        held = _authorities[authority].areas.has(area);
        if (to.equals(authority)) {
            // Only its own areas, and none that would have no one left.
            if (!held) revert AreaInvalid(to, area);
            if (_nearest(area, area.digits() - 1).isState()) revert AreaWithoutAuthority(area);
            return held;
        }
        Areas present = _founded(to).areas;
        // The state answers for no place; and what an authority has already would only make it look nearer.
        if (to.isState() || present.contains(area)) revert AreaInvalid(to, area);
        if (present.isFull()) revert AreasFull(to);
        // Whom it goes to may not stand above another authority that it did not stand above before.
        if (!held) _requireEmpty(area, present);
    }

    /// @dev No area lies in `area` but those of one authority.
    function _requireEmpty(Region area, Areas but) internal view {
        uint256 own = 0;
        for (uint256 place = 0; !but.areaAt(place).isState(); place++) {
            if (area.contains(but.areaAt(place))) own++;
        }
        if (_areasWithin[area] != own) revert AreaOccupied(area);
    }

    /// @dev A code of a place that lies where `authority` answers; the state answers for the founding of all.
    function _requireCode(Region authority, Region area) internal view {
        bool inside = authority.isState() || _authorities[authority].areas.contains(area);
        if (!area.isValid() || area.isState() || !inside) revert RegionOutsideAuthority(authority, area);
    }

    /// @dev Whose area is the smallest around `region` of at most `count` digits; in the end the state.
    function _nearest(Region region, uint256 count) internal view returns (Region holder) {
        for (; count >= DIGITS_MIN; count--) {
            holder = _holders[region.prefix(count)];
            if (!holder.isState()) return holder;
        }
        return STATE;
    }

    function _areaChange(Region authority, Region to, Region area) private pure returns (bytes32) {
        return keccak256(abi.encode(IAuthorities.grantArea.selector, authority, to, area));
    }
}
