// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Act, Approval, Band, IAuthorities, Officer, Thresholds} from "../../src/interfaces/IAuthorities.sol";
import {
    AccountEntry,
    IVouchers,
    MerchantEntry,
    MerchantStatus,
    SeriesTerms
} from "../../src/interfaces/IVouchers.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {ScopeRule} from "../../src/types/ScopeRule.sol";
import {Test} from "./Test.sol";

/// @notice A deployment with the state, one province and two of its cities, and short words to act in it.
/// Every authority has the same crew: governors 1 and 2, treasurers 3, 4 and 5, registrars 6 and 7.
abstract contract World is Test {
    uint40 internal constant NOW = 1_790_000_000;
    bytes32 internal constant SALT = keccak256("a deployment");
    Region internal constant PROVINCE = Region.wrap(0x470000000002);
    Region internal constant CITY = Region.wrap(0x471300000005);
    Region internal constant OTHER_CITY = Region.wrap(0x471900000005);
    Region internal constant OTHER_PROVINCE = Region.wrap(0x480000000002);
    /// @dev Up to here two treasurers suffice, above it needs three.
    uint64 internal constant SMALL = 100_000_000;
    uint128 internal constant ALL_CATEGORIES = type(uint128).max;

    IAuthorities internal authorities;
    IVouchers internal vouchers;
    /// @dev The salt of the deployment in use, under which everything is signed.
    bytes32 internal salt;
    uint256 private _nonce;

    function build() internal {
        build(SALT);
    }

    function build(bytes32 deploymentSalt) internal {
        vm.warp(NOW);
        salt = deploymentSalt;
        (authorities, vouchers) = deployPlatform();
        found(STATE, PROVINCE);
        found(PROVINCE, CITY);
        found(PROVINCE, OTHER_CITY);
    }

    function deployPlatform() private returns (IAuthorities, IVouchers) {
        address voucherAddress = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        address first = deploy("Authorities", abi.encode(voucherAddress, salt, crew(STATE), thresholds()));
        address second = deploy("Vouchers", abi.encode(first, salt));
        return (IAuthorities(first), IVouchers(second));
    }

    // Authorities and acts

    function officerKey(Region authority, uint32 id) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("officer", authority, id))) >> 1;
    }

    function crew(Region authority) internal pure returns (Officer[] memory officers) {
        officers = new Officer[](7);
        for (uint32 id = 1; id <= 7; id++) {
            uint8 roles = id <= 2 ? 1 : id <= 5 ? 2 : 4;
            officers[id - 1] = Officer(id, vm.addr(officerKey(authority, id)), roles);
        }
    }

    function thresholds() internal pure returns (Thresholds memory limits) {
        limits.governors = 2;
        limits.registrars = 1;
        limits.bands = new Band[](2);
        limits.bands[0] = Band(SMALL, 2);
        limits.bands[1] = Band(type(uint64).max, 3);
    }

    function ids(uint32 a) internal pure returns (uint32[] memory list) {
        list = new uint32[](1);
        list[0] = a;
    }

    function ids(uint32 a, uint32 b) internal pure returns (uint32[] memory list) {
        list = new uint32[](2);
        (list[0], list[1]) = (a, b);
    }

    function ids(uint32 a, uint32 b, uint32 c) internal pure returns (uint32[] memory list) {
        list = new uint32[](3);
        (list[0], list[1], list[2]) = (a, b, c);
    }

    function governors() internal pure returns (uint32[] memory) {
        return ids(1, 2);
    }

    function treasurers() internal pure returns (uint32[] memory) {
        return ids(3, 4, 5);
    }

    function registrars() internal pure returns (uint32[] memory) {
        return ids(6);
    }

    function newAct(Region authority, address target, bytes memory call) internal returns (Act memory) {
        return Act(authority, target, call, _nonce++, uint40(block.timestamp + 1 days));
    }

    /// @dev Hashed here by hand, so that the contract's hashing is tested against a second one.
    function digestOf(Act memory act) internal view returns (bytes32) {
        bytes32 content = keccak256(
            abi.encode(
                keccak256("Act(uint48 authority,address target,bytes call,uint256 nonce,uint40 deadline)"),
                act.authority,
                act.target,
                keccak256(act.call),
                act.nonce,
                act.deadline
            )
        );
        return keccak256(
            abi.encodePacked(hex"1901", domain("Jangteo Authorities", address(authorities)), content)
        );
    }

    function domain(string memory name, address verifier) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)"
                ),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                verifier,
                salt
            )
        );
    }

    function approval(uint32 id, uint256 key, bytes32 digest) internal pure returns (Approval memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return Approval(id, abi.encodePacked(r, s, v));
    }

    function approvals(Act memory act, uint32[] memory signers) internal view returns (Approval[] memory list) {
        list = new Approval[](signers.length);
        for (uint256 i = 0; i < signers.length; i++) {
            list[i] = approval(signers[i], officerKey(act.authority, signers[i]), digestOf(act));
        }
    }

    function execute(Region authority, address target, bytes memory call, uint32[] memory signers) internal {
        Act memory act = newAct(authority, target, call);
        authorities.execute(act, approvals(act, signers));
    }

    /// @notice An act to Vouchers must be refused with exactly this reason.
    function refuses(Region authority, bytes memory call, uint32[] memory signers, bytes memory reason) internal {
        refusesAt(address(vouchers), authority, call, signers, reason);
    }

    function refusesAt(
        address target,
        Region authority,
        bytes memory call,
        uint32[] memory signers,
        bytes memory reason
    ) internal {
        Act memory act = newAct(authority, target, call);
        refusesAct(act, approvals(act, signers), reason);
    }

    function refusesAct(Act memory act, Approval[] memory signed, bytes memory reason) internal {
        vm.expectRevert(reason);
        authorities.execute(act, signed);
        assertTrue(!authorities.isExecuted(digestOf(act)), "a refused act counts as executed");
    }

    function found(Region founder, Region region) internal {
        bytes memory call =
            abi.encodeCall(IAuthorities.foundAuthority, (founder, region, crew(region), thresholds()));
        execute(founder, address(authorities), call, governors());
    }

    // Series, merchants, accounts

    function rule(Region area, uint128 categories, uint8 maxSize) internal pure returns (ScopeRule) {
        return ScopeRule.wrap(categories | uint256(Region.unwrap(area)) << 128 | uint256(maxSize) << 176);
    }

    /// @notice Terms without caps: valid since yesterday for a year, everywhere in `area`.
    function plainTerms(Region area) internal view returns (SeriesTerms memory terms) {
        terms.validFrom = uint40(block.timestamp - 1 days);
        terms.validUntil = uint40(block.timestamp + 365 days);
        terms.budget = 10_000_000_000;
        terms.funding = [9_000, 300, 200, 500];
        terms.document = keccak256("terms");
        terms.rules = new ScopeRule[](1);
        terms.rules[0] = rule(area, ALL_CATEGORIES, type(uint8).max);
    }

    function publish(Region authority, SeriesTerms memory terms) internal returns (uint32) {
        execute(
            authority,
            address(vouchers),
            abi.encodeCall(IVouchers.publishSeries, (authority, terms)),
            treasurers()
        );
        return vouchers.seriesCount();
    }

    function register(address shop, Region region, uint8 category, uint8 size) internal {
        MerchantEntry[] memory entries = new MerchantEntry[](1);
        entries[0] = MerchantEntry(shop, region, category, size);
        Region by = _provinceOf(region);
        execute(by, address(vouchers), abi.encodeCall(IVouchers.setMerchants, (by, entries)), registrars());
    }

    /// @dev For a merchant in PROVINCE.
    function setStatus(address shop, MerchantStatus status) internal {
        bytes memory call = abi.encodeCall(IVouchers.setMerchantStatus, (PROVINCE, one(shop), status));
        execute(PROVINCE, address(vouchers), call, registrars());
    }

    function attest(address account, Region home, uint8 tier) internal {
        AccountEntry[] memory entries = new AccountEntry[](1);
        entries[0] = AccountEntry(account, home, tier);
        Region by = _provinceOf(home);
        execute(by, address(vouchers), abi.encodeCall(IVouchers.attestAccounts, (by, entries)), registrars());
    }

    /// @dev For an account at home in PROVINCE.
    function freeze(address account, bool frozen) internal {
        bytes memory call = abi.encodeCall(IVouchers.freezeAccounts, (PROVINCE, one(account), frozen));
        execute(PROVINCE, address(vouchers), call, registrars());
    }

    /// @dev The province around a region, founded when it is not there yet.
    function _provinceOf(Region region) private returns (Region province) {
        province = Region.wrap(Region.unwrap(region) & 0xff0000000000 | 2);
        try authorities.thresholds(province) {} catch {
            found(STATE, province);
        }
    }

    function pause(Region authority, uint32 series, uint40 until) internal {
        bytes memory call = abi.encodeCall(IVouchers.pauseSeries, (authority, series, until));
        execute(authority, address(vouchers), call, treasurers());
    }

    function one(address account) internal pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = account;
    }

    // Issuing

    function issueItem(address account, uint64 amount) internal pure returns (uint256) {
        return uint160(account) | uint256(amount) << 160;
    }

    function leafOf(uint256 index, uint256[] memory items) internal pure returns (bytes32) {
        bytes32 packed = keccak256(abi.encodePacked(items));
        return keccak256(bytes.concat(keccak256(abi.encode(index, packed))));
    }

    function approve(Region authority, uint32 series, uint64 total, bytes32 root) internal returns (uint64) {
        bytes memory call = abi.encodeCall(IVouchers.approveIssue, (authority, series, total, root));
        execute(authority, address(vouchers), call, treasurers());
        return vouchers.issueOrderCount();
    }

    /// @notice Approves and issues to one account, as a list of one chunk.
    function give(Region authority, uint32 series, address account, uint64 amount) internal {
        uint256[] memory items = new uint256[](1);
        items[0] = issueItem(account, amount);
        uint64 order = approve(authority, series, amount, leafOf(0, items));
        vouchers.issue(order, 0, items, new bytes32[](0));
    }
}
