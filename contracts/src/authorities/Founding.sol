// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Officer, Thresholds} from "../interfaces/IAuthorities.sol";
import {Areas} from "../types/Areas.sol";
import {Region} from "../types/Region.sol";
import {AreaGrants} from "./AreaGrants.sol";
import {AuthoritySlot} from "./Seats.sol";

/// @notice Authorities that others founded, and what a founder may do later: replace officers who are gone.
abstract contract Founding is AreaGrants {
    uint40 public immutable RESEAT_DELAY;

    /// @param reseatDelay seconds in which an authority's governors may end a reseat by any act.
    constructor(uint40 reseatDelay) {
        RESEAT_DELAY = reseatDelay;
    }

    /// @inheritdoc IAuthorities
    function foundAuthority(
        Region authority,
        Region region,
        Officer[] calldata officers,
        Thresholds calldata newThresholds
    ) external {
        _requireGovernors(authority);
        if (region.equals(authority)) revert RegionOutsideAuthority(authority, region);
        _requireCode(authority, region);
        if (_authorities[region].founded) revert AuthorityExists(region);
        Region nearest = nearestTo(region);
        if (!nearest.equals(authority)) revert AuthorityNearer(region, nearest);
        // Else a founder would set a puppet above those that it founded before.
        _requireEmpty(region, Areas.wrap(0));
        _found(authority, region, officers, newThresholds);
        _give(region, region, authority);
    }

    /// @inheritdoc IAuthorities
    function proposeReseat(
        Region authority,
        Region region,
        Officer[] calldata officers,
        Thresholds calldata newThresholds
    ) external {
        _requireGovernors(authority);
        AuthoritySlot storage slot = _founded(region);
        // The state is its own founder.
        if (region.isState() || !slot.founder.equals(authority)) revert NotFounder(region, authority);
        _prepareSeat(slot, officers, newThresholds);
        uint40 readyAt = uint40(block.timestamp) + RESEAT_DELAY;
        slot.reseatReadyAt = readyAt;
        emit ReseatProposed(region, authority, readyAt, officers, newThresholds);
    }

    /// @inheritdoc IAuthorities
    function rejectReseat(Region authority) external {
        uint40 readyAt = reseatReadyAt(authority);
        _requireGovernors(authority);
        if (readyAt == 0) revert ReseatUnknown(authority);
    }

    /// @inheritdoc IAuthorities
    function finishReseat(Region authority) external {
        uint40 readyAt = reseatReadyAt(authority);
        if (readyAt == 0) revert ReseatUnknown(authority);
        if (block.timestamp < readyAt) revert ReseatNotReady(readyAt);
        AuthoritySlot storage slot = _authorities[authority];
        slot.reseatReadyAt = 0;
        emit AuthorityReseated(authority);
        _take(authority, slot, slot.lastSeat);
    }

    /// @inheritdoc IAuthorities
    function founderOf(Region authority) external view returns (Region) {
        return _founded(authority).founder;
    }

    /// @inheritdoc IAuthorities
    function reseatReadyAt(Region authority) public view returns (uint40 readyAt) {
        readyAt = _founded(authority).reseatReadyAt;
        if (block.timestamp > readyAt + LIFE) return 0;
    }

    function _found(
        Region founder,
        Region region,
        Officer[] memory officers,
        Thresholds memory newThresholds
    ) internal {
        AuthoritySlot storage slot = _authorities[region];
        slot.founded = true;
        slot.founder = founder;
        emit AuthorityFounded(region, founder);
        _take(region, slot, _prepareSeat(slot, officers, newThresholds));
    }
}
