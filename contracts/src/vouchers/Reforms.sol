// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Role} from "../interfaces/IAuthorities.sol";
import {IReforms} from "../interfaces/IReforms.sol";
import {FormerPlace, Merchant, MerchantStatus, PlaceEntry, Reform} from "../interfaces/VoucherTypes.sol";
import {FormerPlaces} from "../types/FormerPlaces.sol";
import {Region} from "../types/Region.sol";
import {Acting, ActsOfAuthorities} from "./ActsOfAuthorities.sol";

/// @notice What the law does to codes of places. Governors declare a reform once, which fixes the last series that its
/// former codes count for; registrars then record the new codes. So no registrar gives a place a new series.
abstract contract Reforms is IReforms, ActsOfAuthorities {
    /// @inheritdoc IReforms
    function declareReform(Region authority, Region from, Region to) external {
        AUTHORITIES.requireAct(authority, Role.Governor, 0);
        _requireInside(authority, from);
        _requireInside(authority, to);
        Reform storage known = _reforms[from][to];
        if (!from.isValid() || !to.isValid() || from.contains(to) || known.declared) revert ReformInvalid(from, to);
        (known.declared, known.lastSeries) = (true, _lastSeries);
        emit ReformDeclared(authority, from, to, _lastSeries);
    }

    /// @inheritdoc IReforms
    function recodeMerchants(Region authority, Region from, Region to, PlaceEntry[] calldata entries)
        external
        byRegistrars(authority)
    {
        (Acting memory by, uint32 lastSeries) = _beginRecoding(authority, from, to, entries.length);
        for (uint256 i = 0; i < entries.length; i++) {
            (address id, Region place) = (entries[i].subject, entries[i].place);
            Merchant storage known = _merchants[id];
            Region former = known.region;
            bytes memory reason = _againstActingForMerchant(authority, id);
            if (reason.length == 0) reason = _againstRecoding(by, from, to, former, entries[i]);
            if (reason.length == 0 && _formerPlaces[id].isFull()) {
                reason = abi.encodeWithSelector(FormerPlacesFull.selector, id);
            }
            if (_skips(authority, id, i, reason)) continue;
            (known.region, known.recoded) = (place, true);
            _formerPlaces[id] = _formerPlaces[id].push(former, lastSeries);
            emit MerchantRecoded(id, authority, place, former, lastSeries);
        }
    }

    /// @inheritdoc IReforms
    function recodeHomes(Region authority, Region from, Region to, PlaceEntry[] calldata entries)
        external
        byRegistrars(authority)
    {
        (Acting memory by,) = _beginRecoding(authority, from, to, entries.length);
        for (uint256 i = 0; i < entries.length; i++) {
            (address id, Region home) = (entries[i].subject, entries[i].place);
            if (_skips(authority, id, i, _againstHome(by, from, to, entries[i]))) continue;
            _accounts[id].home = home;
            emit HomeRecoded(id, authority, home);
        }
    }

    /// @inheritdoc IReforms
    function formerPlaces(address id) external view returns (FormerPlace[] memory list) {
        FormerPlaces places = _formerPlaces[id];
        list = new FormerPlace[](places.count());
        for (uint256 i = 0; i < list.length; i++) {
            list[i] = FormerPlace(places.region(i), places.lastSeries(i));
        }
    }

    /// @inheritdoc IReforms
    function reform(Region from, Region to) external view returns (Reform memory) {
        return _reforms[from][to];
    }

    function _beginRecoding(Region authority, Region from, Region to, uint256 entries)
        private
        view
        returns (Acting memory by, uint32 lastSeries)
    {
        _requireBatch(entries);
        Reform storage known = _reforms[from][to];
        if (!known.declared) revert ReformUnknown(from, to);
        return (_acting(authority), known.lastSeries);
    }

    /// @dev That the reform leads from the place on record to the new one, and that the authority answers for that.
    function _againstRecoding(
        Acting memory by,
        Region from,
        Region to,
        Region former,
        PlaceEntry calldata entry
    ) private pure returns (bytes memory reason) {
        Region place = entry.place;
        if (!from.contains(former) || from.contains(place) || !to.contains(place) || !place.isValid()) {
            return abi.encodeWithSelector(PlaceOutsideReform.selector, entry.subject, former, place);
        }
        return _againstRegion(by, place);
    }

    function _againstHome(Acting memory by, Region from, Region to, PlaceEntry calldata entry)
        private
        view
        returns (bytes memory reason)
    {
        address id = entry.subject;
        // A merchant has no home.
        if (_accounts[id].authority.isState()) return abi.encodeWithSelector(AccountUnknown.selector, id);
        reason = _againstActing(by.authority, id);
        if (reason.length == 0) reason = _againstRecoding(by, from, to, _accounts[id].home, entry);
        if (reason.length == 0 && !entry.place.isHome()) {
            return abi.encodeWithSelector(AccountInvalid.selector, id);
        }
    }
}
