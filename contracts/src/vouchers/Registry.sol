// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Role} from "../interfaces/IAuthorities.sol";
import {IVouchersRegistry} from "../interfaces/IVouchersRegistry.sol";
import {Account, AccountEntry, Merchant, MerchantEntry, MerchantStatus} from "../interfaces/VoucherTypes.sol";
import {FormerPlaces} from "../types/FormerPlaces.sol";
import {Region} from "../types/Region.sol";
import {Acting, ActsOfAuthorities} from "./ActsOfAuthorities.sol";

/// @notice Who takes part: merchants with place, category and size; holders with their identification.
/// An address that no one attested is an account of tier 0 and needs no entry.
/// @dev Each entry of a list is asked for the reason against it; an empty one means that there is none.
abstract contract Registry is IVouchersRegistry, ActsOfAuthorities {
    uint8 private constant CATEGORIES = 128;
    uint8 private constant TIER_MAX = 2;
    uint40 private constant HOLD_MAX = 30 days;
    /// @dev A single registrar's freeze lasts until two could meet; that of two until a court has decided (project rules).
    uint40 private constant FREEZE_MAX_OF_ONE = 3 days;
    uint40 private constant FREEZE_MAX = 365 days;
    /// @dev Two people for what can't be taken back, or would last.
    uint256 private constant PAIR = 2;

    /// @inheritdoc IVouchersRegistry
    function setMerchants(Region authority, MerchantEntry[] calldata entries) external byRegistrars(authority) {
        _requireBatch(entries.length);
        Acting memory by = _acting(authority);
        for (uint256 i = 0; i < entries.length; i++) {
            MerchantEntry calldata entry = entries[i];
            bytes memory reason = _againstMerchant(by, entry);
            if (reason.length != 0) {
                emit EntrySkipped(authority, entry.merchant, i, reason);
                continue;
            }
            Merchant storage known = _merchants[entry.merchant];
            if (known.status == MerchantStatus.None) known.status = MerchantStatus.Active;
            if (known.recoded && !known.region.equals(entry.region)) {
                // Who moves is somewhere else.
                known.recoded = false;
                _formerPlaces[entry.merchant] = FormerPlaces.wrap(0);
            }
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
        if (status == MerchantStatus.Closed) AUTHORITIES.requireActBy(authority, Role.Registrar, PAIR);
        _requireBatch(merchants.length);
        Acting memory by = _acting(authority);
        for (uint256 i = 0; i < merchants.length; i++) {
            bytes memory reason = _againstStatus(by, merchants[i], status);
            if (reason.length != 0) {
                emit EntrySkipped(authority, merchants[i], i, reason);
                continue;
            }
            _merchants[merchants[i]].status = status;
            emit MerchantStatusSet(merchants[i], authority, status);
        }
    }

    /// @inheritdoc IVouchersRegistry
    function holdPayouts(Region authority, address[] calldata merchants, uint40 until)
        external
        byTreasurers(authority, 0)
    {
        _requireBatch(merchants.length);
        Acting memory by = _acting(authority);
        uint40 latest = uint40(block.timestamp) + HOLD_MAX;
        if (until > latest) revert HoldTooLong(until, latest);
        for (uint256 i = 0; i < merchants.length; i++) {
            bytes memory reason = _againstPlace(by, merchants[i]);
            if (reason.length != 0) {
                emit EntrySkipped(authority, merchants[i], i, reason);
                continue;
            }
            _merchants[merchants[i]].heldUntil = until;
            emit PayoutsHeld(merchants[i], authority, until);
        }
    }

    /// @inheritdoc IVouchersRegistry
    function attestAccounts(Region authority, AccountEntry[] calldata entries) external byRegistrars(authority) {
        _requireBatch(entries.length);
        Acting memory by = _acting(authority);
        bool byTwo = _signedByTwo(authority);
        for (uint256 i = 0; i < entries.length; i++) {
            AccountEntry calldata entry = entries[i];
            bytes memory reason = _againstAccount(by, entry, byTwo);
            if (reason.length != 0) {
                emit EntrySkipped(authority, entry.account, i, reason);
                continue;
            }
            Account storage known = _accounts[entry.account];
            known.home = entry.home;
            known.tier = entry.tier;
            known.company = entry.company;
            emit AccountAttested(entry.account, authority, entry.home, entry.tier, entry.company);
        }
    }

    /// @inheritdoc IVouchersRegistry
    function freezeAccounts(Region authority, address[] calldata accounts, uint40 until)
        external
        byRegistrars(authority)
    {
        _requireBatch(accounts.length);
        Acting memory by = _acting(authority);
        bool byTwo = _signedByTwo(authority);
        uint40 latest = uint40(block.timestamp) + (byTwo ? FREEZE_MAX : FREEZE_MAX_OF_ONE);
        if (until > latest) revert FreezeTooLong(until, latest);
        bool freezes = until > block.timestamp;
        for (uint256 i = 0; i < accounts.length; i++) {
            bytes memory reason = _againstFreeze(by, accounts[i], freezes, byTwo);
            if (reason.length != 0) {
                emit EntrySkipped(authority, accounts[i], i, reason);
                continue;
            }
            Account storage known = _accounts[accounts[i]];
            known.frozenUntil = until;
            // What one registrar did stays written down until two decide.
            if (byTwo) known.frozenByOne = false;
            else if (freezes) known.frozenByOne = true;
            emit AccountFrozen(accounts[i], authority, until, known.frozenByOne);
        }
    }

    /// @inheritdoc IVouchersRegistry
    function merchant(address id) external view returns (Merchant memory) {
        return _merchants[id];
    }

    /// @inheritdoc IVouchersRegistry
    function account(address id) external view returns (Account memory) {
        return _accounts[id];
    }

    function _againstMerchant(Acting memory by, MerchantEntry calldata entry)
        private
        view
        returns (bytes memory reason)
    {
        Merchant storage known = _merchants[entry.merchant];
        if (
            entry.merchant == address(0) || _isOwnContract(entry.merchant) || entry.category >= CATEGORIES
                || !entry.region.isValid() || known.status == MerchantStatus.Closed
        ) return abi.encodeWithSelector(MerchantInvalid.selector, entry.merchant);
        reason = _againstRegion(by, entry.region);
        if (reason.length == 0 && known.status != MerchantStatus.None) {
            reason = _againstRegion(by, known.region);
        }
    }

    function _againstStatus(Acting memory by, address id, MerchantStatus to)
        private
        view
        returns (bytes memory reason)
    {
        reason = _againstPlace(by, id);
        if (reason.length != 0) return reason;
        MerchantStatus from = _merchants[id].status;
        if (from == MerchantStatus.Closed || from == to || to == MerchantStatus.None) {
            return abi.encodeWithSelector(MerchantMoveIllegal.selector, id, from, to);
        }
    }

    /// @dev That there is such a merchant, and that it lies inside the authority's areas.
    function _againstPlace(Acting memory by, address id) private view returns (bytes memory) {
        if (_merchants[id].status == MerchantStatus.None) {
            return abi.encodeWithSelector(MerchantUnknown.selector, id);
        }
        return _againstRegion(by, _merchants[id].region);
    }

    function _againstAccount(Acting memory by, AccountEntry calldata entry, bool byTwo)
        private
        view
        returns (bytes memory reason)
    {
        if (
            entry.account == address(0) || _isOwnContract(entry.account) || entry.tier > TIER_MAX
                || !entry.home.isValid() || entry.home.isState()
        ) return abi.encodeWithSelector(AccountInvalid.selector, entry.account);
        reason = _againstRegion(by, entry.home);
        if (reason.length != 0) return reason;
        Account storage known = _accounts[entry.account];
        if (!known.home.isState()) {
            reason = _againstRegion(by, known.home);
        } else if (_merchants[entry.account].status != MerchantStatus.None) {
            // The authority of the home may replace the keys, so it can't attest another authority's merchant.
            reason = _againstRegion(by, _merchants[entry.account].region);
        }
        // Who lowers a tier may lower what somebody can spend in a day.
        if (reason.length == 0 && entry.tier < known.tier && !byTwo) return _onlyOne();
    }

    /// @dev One registrar may freeze an account that is not frozen, once, and lift that freeze; two may do what they think right.
    function _againstFreeze(Acting memory by, address id, bool freezes, bool byTwo)
        private
        view
        returns (bytes memory reason)
    {
        Account storage known = _accounts[id];
        if (known.home.isState()) return abi.encodeWithSelector(AccountUnknown.selector, id);
        reason = _againstRegion(by, known.home);
        if (reason.length != 0 || byTwo) return reason;
        if (freezes ? known.frozenByOne || _isFrozen(known) : !known.frozenByOne && _isFrozen(known)) {
            return _onlyOne();
        }
    }

    function _onlyOne() private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, PAIR);
    }

    /// @dev Whether two registrars at least signed the act under execution.
    function _signedByTwo(Region authority) private returns (bool) {
        try AUTHORITIES.requireActBy(authority, Role.Registrar, PAIR) {
            return true;
        } catch {
            return false;
        }
    }
}
