// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    IVouchers,
    Account,
    AccountEntry,
    Merchant,
    MerchantEntry,
    MerchantStatus
} from "../interfaces/IVouchers.sol";
import {Region} from "../types/Region.sol";
import {ActsOfAuthorities} from "./ActsOfAuthorities.sol";

/// @notice Who takes part: merchants with place, category and size; residents with their identification.
/// An address that no one attested is an account of tier 0 and needs no entry.
abstract contract Registry is IVouchers, ActsOfAuthorities {
    uint8 private constant CATEGORIES = 128;
    uint8 private constant TIER_MAX = 2;
    uint256 internal constant BATCH_MAX = 400;

    mapping(address => Merchant) internal _merchants;
    mapping(address => Account) internal _accounts;

    /// @inheritdoc IVouchers
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

    /// @inheritdoc IVouchers
    function setMerchantStatus(Region authority, address[] calldata merchants, MerchantStatus status)
        external
        byRegistrars(authority)
    {
        _requireBatch(merchants.length);
        for (uint256 i = 0; i < merchants.length; i++) {
            Merchant storage known = _merchants[merchants[i]];
            MerchantStatus from = known.status;
            if (from == MerchantStatus.None) revert MerchantUnknown(merchants[i]);
            _requireInside(authority, known.region);
            if (from == MerchantStatus.Closed || from == status || status == MerchantStatus.None) {
                revert MerchantMoveIllegal(merchants[i], from, status);
            }
            known.status = status;
            emit MerchantStatusSet(merchants[i], authority, status);
        }
    }

    /// @inheritdoc IVouchers
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
            known.home = entry.home;
            known.tier = entry.tier;
            emit AccountAttested(entry.account, authority, entry.home, entry.tier);
        }
    }

    /// @inheritdoc IVouchers
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

    /// @inheritdoc IVouchers
    function merchant(address id) external view returns (Merchant memory) {
        return _merchants[id];
    }

    /// @inheritdoc IVouchers
    function account(address id) external view returns (Account memory) {
        return _accounts[id];
    }

    /// @dev The state only founds authorities: it contains every region, but registers nobody in them.
    function _requireInside(Region authority, Region region) private pure {
        if (authority.isState() || !authority.contains(region)) {
            revert RegionOutsideAuthority(authority, region);
        }
    }

    function _requireBatch(uint256 count) internal pure {
        if (count > BATCH_MAX) revert BatchTooLarge(count, BATCH_MAX);
    }
}
