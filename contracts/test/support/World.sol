// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    IERC1155MetadataURI
} from "@openzeppelin/contracts/token/ERC1155/extensions/IERC1155MetadataURI.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchers} from "../../src/interfaces/IVouchers.sol";
import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {
    AccountEntry,
    MerchantEntry,
    MerchantStatus,
    Parts,
    ROLE_MERCHANT,
    ROLE_RESIDENT,
    SeriesTerms,
    Starts,
    Taking,
    Unit
} from "../../src/interfaces/VoucherTypes.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {ScopeRule} from "../../src/types/ScopeRule.sol";
import {Acts} from "./Acts.sol";
import {Keys} from "./Keys.sol";

/// @notice A deployment with the state, one province and two of its cities, and helpers that act in it.
abstract contract World is Acts {
    uint128 internal constant ALL_CATEGORIES = type(uint128).max;
    uint40 internal constant KEY_DELAY = 3 days;
    uint40 internal constant HAND_OVER_DELAY = 14 days;
    string internal constant URI = "https://jangteo.example/series/{id}.json";
    uint64 internal constant PLAIN_BUDGET = 10_000_000_000;

    IVouchers internal vouchers;
    /// @dev The same address as a wallet or an explorer sees it.
    IERC1155MetadataURI internal tokens;
    address internal extension;
    address internal admin;
    address internal registry;
    /// @dev How the people of a test say who answers for them: by a wallet's signature, or by what their id is made of.
    mapping(address account => uint256 key) private _keys;
    mapping(address account => bytes claim) private _claims;
    /// @dev What goes before the ring in the proofs of an account that has its first ring.
    mapping(bytes32 ring => bytes founding) private _foundings;

    function build() internal {
        build(SALT);
    }

    function build(bytes32 deploymentSalt) internal {
        vm.warp(NOW);
        salt = deploymentSalt;
        _deployPlatform();
        foundAll();
    }

    function _deployPlatform() private {
        uint256 next = vm.getNonce(address(this));
        deployAuthorities(_created(next + 4));
        Parts memory parts = Parts(authorities, _created(next + 3), _created(next + 2), _created(next + 1));
        registry = deploy("VouchersRegistry", abi.encode(salt, parts, KEY_DELAY, HAND_OVER_DELAY));
        admin = deploy("VouchersAdmin", abi.encode(parts));
        extension = deploy("VouchersExtension", abi.encode(salt, parts));
        address platform = deploy("Vouchers", abi.encode(salt, parts, URI, unitOfWorld(), startsOfWorld()));
        vouchers = IVouchers(platform);
        tokens = IERC1155MetadataURI(platform);
    }

    function unitOfWorld() internal pure returns (Unit memory) {
        return Unit("KRW", 0, unicode"원", "won");
    }

    /// @dev A second deployment overrides it.
    function startsOfWorld() internal view virtual returns (Starts memory) {
        return Starts(0, 0);
    }

    function _created(uint256 nonce) private view returns (address) {
        return vm.computeCreateAddress(address(this), nonce);
    }

    /// @notice One of the five contracts by number, none of which may hold vouchers.
    function ownContract(uint8 which) internal view returns (address) {
        address[5] memory all = [address(vouchers), address(authorities), extension, admin, registry];
        return all[which % 5];
    }

    function assumeNoContract(address account) internal view {
        vm.assume(account.code.length == 0);
    }

    /// @notice An act at Vouchers.
    function act(Region authority, bytes memory call, uint32[] memory signers) internal {
        execute(authority, address(vouchers), call, signers);
    }

    /// @notice An act to Vouchers must be refused with exactly this reason.
    function refuses(Region authority, bytes memory call, uint32[] memory signers, bytes memory reason) internal {
        refusesAt(address(vouchers), authority, call, signers, reason);
    }

    /// @notice An act whose only entry is skipped for exactly this reason; it changes nothing.
    function skips(
        Region authority,
        bytes memory call,
        uint32[] memory signers,
        address subject,
        bytes memory reason
    ) internal {
        bytes32 before = registered(subject);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.EntrySkipped(authority, subject, 0, reason);
        act(authority, call, signers);
        assertEq(registered(subject), before, "a skipped entry changed something");
    }

    function registered(address subject) internal view returns (bytes32) {
        return keccak256(
            abi.encode(vouchers.merchant(subject), vouchers.account(subject), vouchers.handOver(subject))
        );
    }

    // Series

    function rule(Region area, uint128 categories, uint8 maxSize) internal pure returns (ScopeRule) {
        return ScopeRule.wrap(categories | uint256(Region.unwrap(area)) << 128 | uint256(maxSize) << 176);
    }

    /// @notice Terms without caps, flags, hops and refunds: valid since yesterday for a year, everywhere in `area`.
    function plainTerms(Region area) internal view returns (SeriesTerms memory terms) {
        terms.validFrom = uint40(block.timestamp - 1 days);
        terms.validUntil = uint40(block.timestamp + 365 days);
        terms.budget = PLAIN_BUDGET;
        terms.funding = [9_000, 300, 200, 500];
        terms.document = keccak256("terms");
        terms.rules = new ScopeRule[](1);
        terms.rules[0] = rule(area, ALL_CATEGORIES, type(uint8).max);
    }

    function publish(Region authority, SeriesTerms memory terms) internal returns (uint32) {
        act(authority, abi.encodeCall(IVouchersAdmin.publishSeries, (authority, terms)), treasurers());
        return vouchers.seriesCount();
    }

    function pause(Region authority, uint32 series, uint40 until) internal {
        act(authority, abi.encodeCall(IVouchersAdmin.pauseSeries, (authority, series, until)), treasurers());
    }

    /// @notice From its present end.
    function extend(Region authority, uint32 series, uint40 until) internal {
        uint40 from = vouchers.seriesState(series).validUntil;
        act(authority, abi.encodeCall(IVouchersAdmin.extendSeries, (authority, series, from, until)), treasurers());
    }

    function delegate(Region authority, uint32 series, Region to, uint64 left) internal {
        act(authority, abi.encodeCall(IVouchersAdmin.delegateBudget, (authority, series, to, left)), treasurers());
    }

    function startExpiry(Region authority, uint32 series) internal {
        act(authority, abi.encodeCall(IVouchersAdmin.startExpiry, (authority, series)), treasurers());
    }

    function close(Region authority, uint32 series) internal {
        act(authority, abi.encodeCall(IVouchersAdmin.closeSeries, (authority, series)), treasurers());
    }

    // Merchants and accounts

    /// @notice Somebody with a plain wallet, who consents to whichever authority a test likes.
    function person(uint256 key) internal returns (address account) {
        account = vm.addr(key);
        _keys[account] = key;
    }

    /// @notice A resident of PROVINCE with this ring.
    function residentOf(bytes memory ring) internal returns (address) {
        return accountOf(PROVINCE, ROLE_RESIDENT, 0, ring);
    }

    /// @notice A merchant of PROVINCE with this ring.
    function merchantOf(bytes memory ring) internal returns (address) {
        return accountOf(PROVINCE, ROLE_MERCHANT, 0, ring);
    }

    /// @notice An account without keys.
    function keyless(Region authority, uint8 role, uint256 number) internal returns (address) {
        return accountOf(authority, role, bytes32(number), "");
    }

    function accountOf(Region authority, uint8 role, bytes32 accountSalt, bytes memory ring)
        internal
        returns (address account)
    {
        account = Keys.accountOf(Region.unwrap(authority), role, accountSalt, ring);
        _claims[account] = abi.encodePacked(accountSalt, Keys.ringHash(ring));
        _foundings[keccak256(ring)] = Keys.founding(Region.unwrap(authority), role, accountSalt);
    }

    /// @notice What an entry says about an account that is not on record yet.
    function claimOf(Region by, address account) internal view returns (bytes memory) {
        if (isOnRecord(account)) return "";
        if (_claims[account].length != 0) return _claims[account];
        if (_keys[account] == 0) return "";
        return consent(_keys[account], account, STATE, by, 0, uint40(block.timestamp + 1 days));
    }

    function isOnRecord(address account) internal view returns (bool) {
        return !inChargeOf(account).isState();
    }

    /// @notice Who answers for an account or a merchant; the state (no one) for those who are not on record.
    function inChargeOf(address account) internal view returns (Region) {
        Region named = vouchers.merchant(account).authority;
        return named.isState() ? vouchers.account(account).authority : named;
    }

    function notInCharge(address account) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.NotInCharge.selector, account, inChargeOf(account));
    }

    function notChosen(address account, Region authority) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.AuthorityNotChosen.selector, account, authority);
    }

    function roleDiffers(address account) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.RoleDiffers.selector, account);
    }

    /// @notice A holder's consent, signed by a plain wallet. Hashed here by hand.
    function consent(uint256 key, address account, Region from, Region to, uint32 number, uint40 deadline)
        internal
        view
        returns (bytes memory)
    {
        return abi.encodePacked(deadline, Keys.walletSign(key, consentId(account, from, to, number, deadline)));
    }

    function consentId(address account, Region from, Region to, uint32 number, uint40 deadline)
        internal
        view
        returns (bytes32)
    {
        bytes32 content = keccak256(
            abi.encode(
                keccak256("Consent(address account,uint48 from,uint48 to,uint32 number,uint40 deadline)"),
                account,
                from,
                to,
                number,
                deadline
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain("Jangteo Vouchers", address(vouchers)), content));
    }

    /// @notice What the proofs of an account with this ring have before it; nothing once its keys were changed.
    function foundingOf(bytes memory ring) internal view returns (bytes memory) {
        return _foundings[keccak256(ring)];
    }

    /// @notice Its keys were changed to this ring, which is stored now: proofs have nothing before it.
    function afterChange(bytes memory ring) internal {
        delete _foundings[keccak256(ring)];
    }

    function merchantEntry(Region by, address shop, Region region, uint8 category, uint8 size)
        internal
        view
        returns (MerchantEntry memory)
    {
        return MerchantEntry(shop, region, category, size, claimOf(by, shop));
    }

    function accountEntry(Region by, address account, Region home, uint8 tier, bool company)
        internal
        view
        returns (AccountEntry memory)
    {
        return AccountEntry(account, home, tier, company, claimOf(by, account));
    }

    /// @notice By who answers for the shop; the first time by the province around the region.
    function register(address shop, Region region, uint8 category, uint8 size) internal {
        Region by = vouchers.merchant(shop).authority;
        registerBy(by.isState() ? _provinceOf(region) : by, shop, region, category, size);
    }

    function registerBy(Region by, address shop, Region region, uint8 category, uint8 size) internal {
        MerchantEntry[] memory entries = new MerchantEntry[](1);
        entries[0] = merchantEntry(by, shop, region, category, size);
        act(by, abi.encodeCall(IVouchersRegistry.setMerchants, (by, entries)), registrars());
    }

    function setStatus(address shop, MerchantStatus status) internal {
        Region by = inChargeOf(shop);
        act(by, abi.encodeCall(IVouchersRegistry.setMerchantStatus, (by, one(shop), status)), twoRegistrars());
    }

    function attest(address account, Region home, uint8 tier) internal {
        attest(account, home, tier, false);
    }

    /// @notice By who answers for the account; the first time by the province around the home.
    function attest(address account, Region home, uint8 tier, bool company) internal {
        Region by = vouchers.account(account).authority;
        attestBy(by.isState() ? _provinceOf(home) : by, account, home, tier, company);
    }

    function attestBy(Region by, address account, Region home, uint8 tier, bool company) internal {
        AccountEntry[] memory entries = new AccountEntry[](1);
        entries[0] = accountEntry(by, account, home, tier, company);
        act(by, abi.encodeCall(IVouchersRegistry.attestAccounts, (by, entries)), twoRegistrars());
    }

    /// @dev By two registrars of who answers for it: for a year, or not any more.
    function freeze(address account, bool frozen) internal {
        freezeUntil(account, frozen ? uint40(block.timestamp) + 365 days : 0);
    }

    function freezeUntil(address account, uint40 until) internal {
        Region by = inChargeOf(account);
        act(by, abi.encodeCall(IVouchersRegistry.freezeAccounts, (by, one(account), until)), twoRegistrars());
    }

    /// @notice Proposes new keys, by who answers for the account.
    function replaceKeys(address account, bytes memory ring) internal {
        Region by = inChargeOf(account);
        act(by, abi.encodeCall(IVouchersRegistry.replaceKeys, (by, account, ring, false)), twoRegistrars());
    }

    /// @dev The province around a region, founded when it is not there yet.
    function _provinceOf(Region region) private returns (Region province) {
        province = Region.wrap(Region.unwrap(region) & 0xff0000000000 | 2);
        try authorities.thresholds(province) {} catch {
            found(STATE, province);
        }
    }

    // Moves

    function proposeCall(Region by, Region to, address account) internal pure returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.proposeHandOver, (by, to, one(account)));
    }

    /// @param consented empty for what was handed over.
    function takeCall(Region by, address account, Region place, bytes memory consented)
        internal
        pure
        returns (bytes memory)
    {
        Taking[] memory entries = new Taking[](1);
        entries[0] = Taking(account, place, consented);
        return abi.encodeCall(IVouchersRegistry.takeAccounts, (by, entries));
    }

    function one(address account) internal pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = account;
    }

    // Issuing

    function issueItem(address account, uint64 amount) internal pure returns (uint256) {
        return uint160(account) | uint256(amount) << 160;
    }

    function oneItem(address account, uint64 amount) internal pure returns (uint256[] memory items) {
        items = new uint256[](1);
        items[0] = issueItem(account, amount);
    }

    function leafOf(uint256 index, uint256[] memory items) internal pure returns (bytes32) {
        bytes32 packed = keccak256(abi.encodePacked(items));
        return keccak256(bytes.concat(keccak256(abi.encode(index, packed))));
    }

    function approve(Region authority, uint32 series, uint64 total, bytes32 root) internal returns (uint64) {
        act(authority, abi.encodeCall(IVouchersAdmin.approveIssue, (authority, series, total, root)), treasurers());
        return vouchers.issueOrderCount();
    }

    function approveQuota(Region authority, uint32 series, uint64 total, uint64 perDay, bytes32 key)
        internal
        returns (uint64)
    {
        bytes memory call = abi.encodeCall(IVouchersAdmin.approveQuota, (authority, series, total, perDay, key));
        act(authority, call, treasurers());
        return vouchers.issueOrderCount();
    }

    /// @notice Approves and issues to one account, as a list of one chunk.
    function issueTo(Region authority, uint32 series, address account, uint64 amount) internal {
        uint256[] memory items = oneItem(account, amount);
        uint64 order = approve(authority, series, amount, leafOf(0, items));
        vouchers.issue(order, 0, items, new bytes32[](0));
    }
}
