// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Role} from "../interfaces/IAuthorities.sol";
import {IVouchersRegistry} from "../interfaces/IVouchersRegistry.sol";
import {Replacement} from "../interfaces/VoucherTypes.sol";
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
        Region place = _accounts[holder].home;
        if (place.isState()) place = _merchants[holder].region;
        if (place.isState()) revert AccountUnknown(holder);
        _requireInside(authority, place);
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
    function replacement(address id) external view returns (Replacement memory) {
        return _replacements[id];
    }

    /// @inheritdoc IVouchersRegistry
    function keysOf(address id) external view returns (bytes32) {
        return _rings[id];
    }
}
