// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Role} from "../interfaces/IAuthorities.sol";
import {IVouchersRegistry} from "../interfaces/IVouchersRegistry.sol";
import {HandOver, Merchant, MerchantStatus, Taking} from "../interfaces/VoucherTypes.sol";
import {FormerPlaces} from "../types/FormerPlaces.sol";
import {Region} from "../types/Region.sol";
import {Right} from "../types/KeyRing.sol";
import {TypedData} from "../types/TypedData.sol";
import {Acting, ActsOfAuthorities} from "./ActsOfAuthorities.sol";
import {Consents} from "./Consents.sol";

/// @notice Another authority comes to answer for an account: its holder wants it, or the one in charge hands it over, with a
/// notice in which an owner key may object. Nothing but place and authority changes.
abstract contract HandOvers is IVouchersRegistry, ActsOfAuthorities, Consents {
    /// @dev Two people on both sides, as for keys: whoever answers for an account may replace them.
    uint256 private constant PAIR = 2;

    uint40 public immutable HAND_OVER_DELAY;

    /// @param handOverDelay seconds of notice in which an owner key may object.
    constructor(uint40 handOverDelay) {
        HAND_OVER_DELAY = handOverDelay;
    }

    /// @inheritdoc IVouchersRegistry
    function proposeHandOver(Region authority, Region to, address[] calldata accounts) external {
        AUTHORITIES.requireActBy(authority, Role.Registrar, PAIR);
        _requireBatch(accounts.length);
        if (to.equals(authority)) revert RegionOutsideAuthority(authority, to);
        uint40 readyAt = to.isState() ? 0 : uint40(block.timestamp) + HAND_OVER_DELAY;
        for (uint256 i = 0; i < accounts.length; i++) {
            address id = accounts[i];
            HandOver storage next = _handOvers[id];
            bytes memory reason = _againstActing(authority, id);
            if (reason.length == 0 && to.isState() && next.readyAt == 0) reason = _unknown(id, authority);
            if (_skips(authority, id, i, reason)) continue;
            (next.to, next.readyAt, next.number) = (to, readyAt, next.number + 1);
            emit HandOverProposed(id, authority, to, readyAt, next.number);
        }
    }

    /// @inheritdoc IVouchersRegistry
    function takeAccounts(Region authority, Taking[] calldata entries) external {
        AUTHORITIES.requireActBy(authority, Role.Registrar, PAIR);
        _requireBatch(entries.length);
        Acting memory by = _acting(authority);
        bytes32 domain = DOMAIN_SEPARATOR();
        for (uint256 i = 0; i < entries.length; i++) {
            (address id, Region place) = (entries[i].account, entries[i].place);
            if (_skips(authority, id, i, _againstTaking(by, entries[i], domain))) continue;
            HandOver storage next = _handOvers[id];
            (next.to, next.readyAt, next.moves) = (Region.wrap(0), 0, next.moves + 1);
            emit AccountTaken(id, authority, _inCharge(id), place, next.moves);
            _record(id, authority, place);
        }
    }

    /// @inheritdoc IVouchersRegistry
    function stopHandOver(address id, uint40 deadline, bytes calldata proof) external {
        HandOver storage next = _handOvers[id];
        if (next.readyAt == 0) revert HandOverUnknown(id, Region.wrap(0));
        if (block.timestamp > deadline) revert KeyChangeDeadlinePassed(deadline);
        bytes32 message = TypedData.hashHandOverObjection(id, next.to, next.number, deadline);
        (Right right,) = _rightOf(id, _accounts[id].rekeyed, _digest(DOMAIN_SEPARATOR(), message), proof);
        if (right != Right.Owner) revert KeyChangeNotSigned(id);
        (next.to, next.readyAt) = (Region.wrap(0), 0);
        emit HandOverStopped(id);
    }

    /// @inheritdoc IVouchersRegistry
    function handOver(address id) external view returns (HandOver memory) {
        return _handOvers[id];
    }

    function _record(address id, Region authority, Region place) private {
        Merchant storage shop = _merchants[id];
        if (shop.status == MerchantStatus.None) {
            (_accounts[id].authority, _accounts[id].home) = (authority, place);
            return;
        }
        if (shop.recoded && !shop.region.equals(place)) {
            // Who moves is somewhere else.
            shop.recoded = false;
            _formerPlaces[id] = FormerPlaces.wrap(0);
        }
        (shop.authority, shop.region) = (authority, place);
    }

    function _againstTaking(Acting memory by, Taking calldata entry, bytes32 domain)
        private
        view
        returns (bytes memory reason)
    {
        address id = entry.account;
        Region named = _inCharge(id);
        if (named.isState()) return abi.encodeWithSelector(AccountUnknown.selector, id);
        bool shop = _merchants[id].status != MerchantStatus.None;
        if (shop ? !entry.place.isValid() : !entry.place.isHome()) {
            return abi.encodeWithSelector(AccountInvalid.selector, id);
        }
        reason = _againstRegion(by, entry.place);
        if (reason.length != 0) return reason;
        HandOver storage next = _handOvers[id];
        if (entry.consent.length == 0) {
            if (next.readyAt == 0 || !next.to.equals(by.authority)) return _unknown(id, by.authority);
            if (block.timestamp < next.readyAt) {
                return abi.encodeWithSelector(HandOverTooEarly.selector, id, next.readyAt);
            }
            return "";
        }
        if (named.equals(by.authority) || !_consented(domain, id, named, by.authority, next.moves, entry.consent)) {
            return abi.encodeWithSelector(AuthorityNotChosen.selector, id, by.authority);
        }
        if (_isBarred(id, shop)) return abi.encodeWithSelector(MoveBarred.selector, id);
    }

    /// @dev What an authority stopped does not escape it by the holder's wish alone.
    function _isBarred(address id, bool shop) private view returns (bool) {
        if (!shop) return _isFrozen(_accounts[id]);
        Merchant storage known = _merchants[id];
        return known.status != MerchantStatus.Active || block.timestamp < known.heldUntil || _isFrozen(_accounts[id]);
    }

    function _unknown(address id, Region authority) private pure returns (bytes memory) {
        return abi.encodeWithSelector(HandOverUnknown.selector, id, authority);
    }
}
