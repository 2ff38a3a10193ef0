// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Role} from "../interfaces/IAuthorities.sol";
import {IVouchersRegistry} from "../interfaces/IVouchersRegistry.sol";
import {Account, FirstKeys, Replacement} from "../interfaces/VoucherTypes.sol";
import {KeyRing} from "../types/KeyRing.sol";
import {Region} from "../types/Region.sol";
import {ActsOfAuthorities} from "./ActsOfAuthorities.sol";

/// @notice New keys that registrars propose for an account whose keys were lost or stolen. What the account's own keys may
/// do about it is in {Keys}.
abstract contract KeyReplacements is IVouchersRegistry, ActsOfAuthorities {
    /// @dev Two people for an act that could take an account from its holder; three when an owner key objected.
    uint256 private constant REPLACING_REGISTRARS = 2;
    uint256 private constant OVERRULING_REGISTRARS = 3;
    /// @dev Long enough to go to a court, and far shorter than the freeze of two registrars (project rule).
    uint40 private constant OVERRULING_DELAY = 14 days;

    uint40 public immutable KEY_DELAY;

    /// @param keyDelay seconds in which an old key may object to new ones.
    constructor(uint40 keyDelay) {
        KEY_DELAY = keyDelay;
    }

    /// @inheritdoc IVouchersRegistry
    function replaceKeys(Region authority, address holder, bytes calldata keys, bool overruling) external {
        Replacement storage next = _replacements[holder];
        // What three decided is not for two to undo.
        uint256 needed = overruling || next.overruling ? OVERRULING_REGISTRARS : REPLACING_REGISTRARS;
        AUTHORITIES.requireActBy(authority, Role.Registrar, needed);
        _requireInCharge(authority, holder);
        if (!KeyRing.isValid(keys)) revert KeysInvalid();
        // No holder is overruled who was not heard.
        if (overruling && next.objections == 0) revert ObjectionMissing(holder);
        uint40 readyAt = uint40(block.timestamp) + (overruling ? OVERRULING_DELAY : KEY_DELAY);
        next.keys = KeyRing.hash(keys);
        next.readyAt = readyAt;
        next.number++;
        next.overruling = overruling;
        _proposedRings[holder] = keys;
        emit ReplacementProposed(holder, authority, keys, readyAt, next.number, overruling);
    }

    /// @inheritdoc IVouchersRegistry
    function setFirstKeys(Region authority, FirstKeys[] calldata entries) external {
        AUTHORITIES.requireActBy(authority, Role.Registrar, REPLACING_REGISTRARS);
        _requireBatch(entries.length);
        for (uint256 i = 0; i < entries.length; i++) {
            (address holder, bytes calldata keys) = (entries[i].account, entries[i].keys);
            if (_skips(authority, holder, i, _againstFirstKeys(authority, holder, keys))) continue;
            _setKeys(holder, KeyRing.hash(keys), keys);
        }
    }

    /// @inheritdoc IVouchersRegistry
    function replacement(address id) external view returns (Replacement memory) {
        return _replacements[id];
    }

    /// @inheritdoc IVouchersRegistry
    function keysOf(address id) external view returns (bytes32) {
        return _rings[id];
    }

    /// @dev The old keys end at once, and with them every proposed replacement but one that overrules the old keys.
    function _setKeys(address account, bytes32 ringHash, bytes memory keys) internal {
        _rings[account] = ringHash;
        Account storage known = _accounts[account];
        known.rekeyed = true;
        known.keyChanges++;
        Replacement storage next = _replacements[account];
        if (!next.overruling || next.keys == ringHash) {
            next.objections = 0;
            _forgetProposal(account);
        }
        emit KeysChanged(account, known.keyChanges, keys);
    }

    /// @dev The number stays: an old objection must not meet a new proposal.
    function _forgetProposal(address account) internal {
        Replacement storage next = _replacements[account];
        (next.keys, next.readyAt, next.overruling) = (0, 0, false);
        delete _proposedRings[account];
    }

    function _requireInCharge(Region authority, address holder) private view {
        Region named = _inCharge(holder);
        if (named.isState()) revert AccountUnknown(holder);
        if (!named.equals(authority)) revert NotInCharge(holder, named);
    }

    /// @dev Whoever had keys once may object to others, so first keys are for those who never had any.
    function _againstFirstKeys(Region authority, address holder, bytes calldata keys)
        private
        view
        returns (bytes memory reason)
    {
        reason = _againstActing(authority, holder);
        if (reason.length != 0) return reason;
        bool keyless = _accounts[holder].keyless || _merchants[holder].keyless;
        if (!keyless || _accounts[holder].rekeyed) {
            return abi.encodeWithSelector(KeysAlreadySet.selector, holder);
        }
        if (!KeyRing.isValid(keys)) return abi.encodeWithSelector(KeysInvalid.selector);
    }
}
