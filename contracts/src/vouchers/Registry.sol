// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Role} from "../interfaces/IAuthorities.sol";
import {IVouchersRegistry} from "../interfaces/IVouchersRegistry.sol";
import {
    Account,
    AccountEntry,
    Merchant,
    MerchantEntry,
    MerchantStatus,
    Replacement
} from "../interfaces/VoucherTypes.sol";
import {KeyRing} from "../types/KeyRing.sol";
import {Region} from "../types/Region.sol";
import {ActsOfAuthorities} from "./ActsOfAuthorities.sol";

/// @notice Who takes part: merchants with place, category and size; holders with their identification.
/// An address that no one attested is an account of tier 0 and needs no entry.
abstract contract Registry is IVouchersRegistry, ActsOfAuthorities {
    uint8 private constant CATEGORIES = 128;
    uint8 private constant TIER_MAX = 2;
    uint40 private constant HOLD_MAX = 30 days;
    /// @dev Two people for an act that could take an account from its holder.
    uint256 private constant REPLACING_REGISTRARS = 2;

    uint40 public immutable KEY_DELAY;

    /// @param keyDelay seconds in which an old key may object to new ones.
    constructor(uint40 keyDelay) {
        KEY_DELAY = keyDelay;
    }

    /// @inheritdoc IVouchersRegistry
    function setMerchants(Region authority, MerchantEntry[] calldata entries) external byRegistrars(authority) {
        _requireBatch(entries.length);
        for (uint256 i = 0; i < entries.length; i++) {
            MerchantEntry calldata entry = entries[i];
            Merchant storage known = _merchants[entry.merchant];
            if (
                entry.merchant == address(0) || entry.category >= CATEGORIES || !entry.region.isValid()
                    || known.status == MerchantStatus.Closed
            ) revert MerchantInvalid(entry.merchant);
            _requireInside(authority, entry.region);
            if (known.status != MerchantStatus.None) _requireInside(authority, known.region);
            else known.status = MerchantStatus.Active;
            known.region = entry.region;
            known.category = entry.category;
            known.size = entry.size;
            emit MerchantSet(entry.merchant, authority, entry.region, entry.category, entry.size);
        }
    }

    /// @inheritdoc IVouchersRegistry
    function setMerchantStatus(Region authority, address[] calldata merchants, MerchantStatus status)
        external
        byRegistrars(authority)
    {
        _requireBatch(merchants.length);
        for (uint256 i = 0; i < merchants.length; i++) {
            Merchant storage known = _ownMerchant(authority, merchants[i]);
            MerchantStatus from = known.status;
            if (from == MerchantStatus.Closed || from == status || status == MerchantStatus.None) {
                revert MerchantMoveIllegal(merchants[i], from, status);
            }
            known.status = status;
            emit MerchantStatusSet(merchants[i], authority, status);
        }
    }

    /// @inheritdoc IVouchersRegistry
    function holdPayouts(Region authority, address[] calldata merchants, uint40 until)
        external
        byTreasurers(authority, 0)
    {
        _requireBatch(merchants.length);
        uint40 latest = uint40(block.timestamp) + HOLD_MAX;
        if (until > latest) revert HoldTooLong(until, latest);
        for (uint256 i = 0; i < merchants.length; i++) {
            _ownMerchant(authority, merchants[i]).heldUntil = until;
            emit PayoutsHeld(merchants[i], authority, until);
        }
    }

    /// @inheritdoc IVouchersRegistry
    function attestAccounts(Region authority, AccountEntry[] calldata entries) external byRegistrars(authority) {
        _requireBatch(entries.length);
        for (uint256 i = 0; i < entries.length; i++) {
            AccountEntry calldata entry = entries[i];
            if (
                entry.account == address(0) || entry.tier > TIER_MAX || !entry.home.isValid()
                    || entry.home.isState()
            ) revert AccountInvalid(entry.account);
            _requireInside(authority, entry.home);
            Account storage known = _accounts[entry.account];
            if (!known.home.isState()) _requireInside(authority, known.home);
            // The authority of the home may replace the keys, so it can't attest another authority's merchant.
            else if (_merchants[entry.account].status != MerchantStatus.None) {
                _requireInside(authority, _merchants[entry.account].region);
            }
            known.home = entry.home;
            known.tier = entry.tier;
            known.company = entry.company;
            emit AccountAttested(entry.account, authority, entry.home, entry.tier, entry.company);
        }
    }

    /// @inheritdoc IVouchersRegistry
    function freezeAccounts(Region authority, address[] calldata accounts, bool frozen)
        external
        byRegistrars(authority)
    {
        _requireBatch(accounts.length);
        for (uint256 i = 0; i < accounts.length; i++) {
            Account storage known = _accounts[accounts[i]];
            if (known.home.isState()) revert AccountUnknown(accounts[i]);
            _requireInside(authority, known.home);
            known.frozen = frozen;
            emit AccountFrozen(accounts[i], authority, frozen);
        }
    }

    /// @inheritdoc IVouchersRegistry
    function replaceKeys(Region authority, address holder, bytes calldata keys) external {
        AUTHORITIES.requireActBy(authority, Role.Registrar, REPLACING_REGISTRARS);
        Region place = _accounts[holder].home;
        if (place.isState()) place = _merchants[holder].region;
        if (place.isState()) revert AccountUnknown(holder);
        _requireInside(authority, place);
        if (!KeyRing.isValid(keys)) revert KeysInvalid();
        uint40 readyAt = uint40(block.timestamp) + KEY_DELAY;
        _replacements[holder] = Replacement(KeyRing.hash(keys), readyAt);
        _proposedRings[holder] = keys;
        emit ReplacementProposed(holder, authority, keys, readyAt);
    }

    /// @inheritdoc IVouchersRegistry
    function merchant(address id) external view returns (Merchant memory) {
        return _merchants[id];
    }

    /// @inheritdoc IVouchersRegistry
    function account(address id) external view returns (Account memory) {
        return _accounts[id];
    }

    /// @inheritdoc IVouchersRegistry
    function replacement(address id) external view returns (Replacement memory) {
        return _replacements[id];
    }

    /// @inheritdoc IVouchersRegistry
    function keysOf(address id) external view returns (bytes32) {
        return _rings[id];
    }

    function _ownMerchant(Region authority, address id) private view returns (Merchant storage known) {
        known = _merchants[id];
        if (known.status == MerchantStatus.None) revert MerchantUnknown(id);
        _requireInside(authority, known.region);
    }
}
