// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Role} from "../interfaces/IAuthorities.sol";
import {IVouchersRegistry} from "../interfaces/IVouchersRegistry.sol";
import {
    Account,
    AccountEntry,
    Merchant,
    MerchantEntry,
    MerchantStatus,
    ROLE_COMPANY,
    ROLE_MERCHANT,
    ROLE_RESIDENT
} from "../interfaces/VoucherTypes.sol";
import {FormerPlaces} from "../types/FormerPlaces.sol";
import {Region} from "../types/Region.sol";
import {Acting, ActsOfAuthorities} from "./ActsOfAuthorities.sol";
import {Consents} from "./Consents.sol";

/// @notice Who takes part: merchants with place, category and size; holders with their identification.
/// An address that no one attested is an account of tier 0 and needs no entry.
/// @dev Each entry of a list is asked for the reason against it; an empty one means that there is none.
abstract contract Registry is IVouchersRegistry, ActsOfAuthorities, Consents {
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
        bytes32 domain = DOMAIN_SEPARATOR();
        uint256 free = _freeMemory();
        for (uint256 i = 0; i < entries.length; i++) {
            MerchantEntry calldata entry = entries[i];
            if (_skips(authority, entry.merchant, i, _againstMerchant(by, entry, domain))) continue;
            _resetMemory(free);
            Merchant storage known = _merchants[entry.merchant];
            (Region region, uint8 category, uint8 size) = (entry.region, entry.category, entry.size);
            emit MerchantSet(entry.merchant, authority, region, category, size);
            if (known.status == MerchantStatus.None) {
                bool keyless = _isKeyless(entry.claim);
                if (keyless) emit OpenedWithoutKeys(entry.merchant, authority);
                // All at once: the compiler makes one write of it.
                known.region = region;
                known.category = category;
                known.size = size;
                known.status = MerchantStatus.Active;
                known.heldUntil = 0;
                known.recoded = false;
                known.authority = authority;
                known.keyless = keyless;
                continue;
            }
            if (known.recoded && !known.region.equals(region)) {
                // Who moves is somewhere else.
                known.recoded = false;
                _formerPlaces[entry.merchant] = FormerPlaces.wrap(0);
            }
            known.region = region;
            known.category = category;
            known.size = size;
        }
    }

    /// @inheritdoc IVouchersRegistry
    function setMerchantStatus(Region authority, address[] calldata merchants, MerchantStatus status)
        external
        byRegistrars(authority)
    {
        if (status == MerchantStatus.Closed) AUTHORITIES.requireActBy(authority, Role.Registrar, PAIR);
        _requireBatch(merchants.length);
        for (uint256 i = 0; i < merchants.length; i++) {
            if (_skips(authority, merchants[i], i, _againstStatus(authority, merchants[i], status))) continue;
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
        uint40 latest = uint40(block.timestamp) + HOLD_MAX;
        if (until > latest) revert HoldTooLong(until, latest);
        for (uint256 i = 0; i < merchants.length; i++) {
            if (_skips(authority, merchants[i], i, _againstActingForMerchant(authority, merchants[i]))) continue;
            _merchants[merchants[i]].heldUntil = until;
            emit PayoutsHeld(merchants[i], authority, until);
        }
    }

    /// @inheritdoc IVouchersRegistry
    function attestAccounts(Region authority, AccountEntry[] calldata entries) external byRegistrars(authority) {
        _requireBatch(entries.length);
        Acting memory by = _acting(authority);
        bool byTwo = _signedByTwo(authority);
        bytes32 domain = DOMAIN_SEPARATOR();
        uint256 free = _freeMemory();
        for (uint256 i = 0; i < entries.length; i++) {
            AccountEntry calldata entry = entries[i];
            if (_skips(authority, entry.account, i, _againstAccount(by, entry, byTwo, domain))) continue;
            _resetMemory(free);
            Account storage known = _accounts[entry.account];
            (Region home, uint8 tier, bool company) = (entry.home, entry.tier, entry.company);
            emit AccountAttested(entry.account, authority, home, tier, company);
            if (known.authority.isState()) {
                bool keyless = _isKeyless(entry.claim);
                if (keyless) emit OpenedWithoutKeys(entry.account, authority);
                known.home = home;
                known.tier = tier;
                known.company = company;
                known.authority = authority;
                known.keyless = keyless;
                continue;
            }
            known.home = home;
            known.tier = tier;
        }
    }

    /// @inheritdoc IVouchersRegistry
    function freezeAccounts(Region authority, address[] calldata accounts, uint40 until)
        external
        byRegistrars(authority)
    {
        _requireBatch(accounts.length);
        bool byTwo = _signedByTwo(authority);
        uint40 latest = uint40(block.timestamp) + (byTwo ? FREEZE_MAX : FREEZE_MAX_OF_ONE);
        if (until > latest) revert FreezeTooLong(until, latest);
        bool freezes = until > block.timestamp;
        for (uint256 i = 0; i < accounts.length; i++) {
            if (_skips(authority, accounts[i], i, _againstFreeze(authority, accounts[i], freezes, byTwo))) continue;
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

    function _againstMerchant(Acting memory by, MerchantEntry calldata entry, bytes32 domain)
        private
        view
        returns (bytes memory reason)
    {
        address id = entry.merchant;
        MerchantStatus status = _merchants[id].status;
        if (
            id == address(0) || _isOwnContract(id) || entry.category >= CATEGORIES || !entry.region.isValid()
                || status == MerchantStatus.Closed
        ) return abi.encodeWithSelector(MerchantInvalid.selector, id);
        reason = _againstRegion(by, entry.region);
        if (reason.length != 0) return reason;
        if (status != MerchantStatus.None) return _againstActing(by.authority, id);
        if (!_accounts[id].authority.isState()) return abi.encodeWithSelector(RoleDiffers.selector, id);
        return _againstClaim(domain, by.authority, ROLE_MERCHANT, id, entry.claim);
    }

    function _againstStatus(Region authority, address id, MerchantStatus to)
        private
        view
        returns (bytes memory reason)
    {
        reason = _againstActingForMerchant(authority, id);
        if (reason.length != 0) return reason;
        MerchantStatus from = _merchants[id].status;
        if (from == MerchantStatus.Closed || from == to || to == MerchantStatus.None) {
            return abi.encodeWithSelector(MerchantMoveIllegal.selector, id, from, to);
        }
    }

    function _againstAccount(Acting memory by, AccountEntry calldata entry, bool byTwo, bytes32 domain)
        private
        view
        returns (bytes memory reason)
    {
        address id = entry.account;
        if (id == address(0) || _isOwnContract(id) || entry.tier > TIER_MAX || !entry.home.isHome()) {
            return abi.encodeWithSelector(AccountInvalid.selector, id);
        }
        reason = _againstRegion(by, entry.home);
        if (reason.length != 0) return reason;
        Account storage known = _accounts[id];
        if (known.authority.isState()) {
            if (_merchants[id].status != MerchantStatus.None) return abi.encodeWithSelector(RoleDiffers.selector, id);
            uint8 role = entry.company ? ROLE_COMPANY : ROLE_RESIDENT;
            return _againstClaim(domain, by.authority, role, id, entry.claim);
        }
        reason = _againstActing(by.authority, id);
        if (reason.length != 0) return reason;
        if (entry.company != known.company) return abi.encodeWithSelector(RoleDiffers.selector, id);
        // Who lowers a tier may lower what somebody can spend in a day.
        if (entry.tier < known.tier && !byTwo) return _onlyOne();
    }

    /// @dev One registrar may freeze an account that is not frozen, once, and lift that freeze; two may do what they think right.
    function _againstFreeze(Region authority, address id, bool freezes, bool byTwo)
        private
        view
        returns (bytes memory reason)
    {
        reason = _againstActing(authority, id);
        if (reason.length != 0 || byTwo) return reason;
        Account storage known = _accounts[id];
        if (freezes ? known.frozenByOne || _isFrozen(known) : !known.frozenByOne && _isFrozen(known)) {
            return _onlyOne();
        }
    }

    /// @dev What one entry needed in memory, the next one does not: growing memory would cost a twentieth of a full list.
    function _freeMemory() private pure returns (uint256 free) {
        assembly ("memory-safe") {
            free := mload(0x40)
        }
    }

    function _resetMemory(uint256 free) private pure {
        assembly ("memory-safe") {
            mstore(0x40, free)
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
