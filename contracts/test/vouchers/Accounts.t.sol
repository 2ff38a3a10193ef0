// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {Account, AccountEntry, ROLE_COMPANY, ROLE_RESIDENT} from "../../src/interfaces/VoucherTypes.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {World} from "../support/World.sol";

/// @notice attestAccounts and freezeAccounts.
contract AccountsTest is World {
    address private immutable RESIDENT = person(0xA11);

    function setUp() public {
        build();
    }

    function testFuzz_attestAccounts_records(uint256 key, uint8 tier, bool byProvince, bool company, bool ringed)
        public
    {
        tier %= 3;
        Region by = byProvince ? PROVINCE : CITY;
        address account = ringed
            ? accountOf(
                by,
                company ? ROLE_COMPANY : ROLE_RESIDENT,
                bytes32(key),
                Keys.ring(0, Keys.entry(2, keccak256("key")))
            )
            : person(bound(key, 1, type(uint128).max));
        AccountEntry[] memory entries = new AccountEntry[](1);
        entries[0] = accountEntry(by, account, CITY, tier, company);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.AccountAttested(account, by, CITY, tier, company);
        act(by, abi.encodeCall(IVouchersRegistry.attestAccounts, (by, entries)), registrars());
        Account memory known = vouchers.account(account);
        assertTrue(known.home.equals(CITY) && known.tier == tier && known.frozenUntil == 0, "attested");
        assertTrue(known.company == company && !known.rekeyed && known.keyChanges == 0, "as it was attested");
        assertTrue(known.authority.equals(by) && !known.keyless, "who answers for it");
    }

    function test_attestAccounts_needsARegistrar() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, 1);
        refuses(CITY, _attest(CITY, RESIDENT, CITY, 1), treasurers(), reason);
        attestBy(CITY, RESIDENT, CITY, 1, false);
        refuses(CITY, _freeze(CITY, RESIDENT, NOW + 1), treasurers(), reason);
    }

    /// @dev An address that another city claimed first, and four hundred people who wait for their attestation.
    function testFuzz_attestAccounts_skipsAnEntryAndRecordsTheOthers(uint16 bad) public {
        bad %= 400;
        AccountEntry[] memory entries = new AccountEntry[](400);
        for (uint160 i = 0; i < 400; i++) {
            entries[i] = accountEntry(CITY, keyless(CITY, ROLE_RESIDENT, i), CITY, 1, false);
        }
        attestBy(OTHER_CITY, RESIDENT, OTHER_CITY, 2, false);
        entries[bad] = accountEntry(CITY, RESIDENT, CITY, 1, false);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.EntrySkipped(CITY, RESIDENT, bad, notInCharge(RESIDENT));
        act(CITY, abi.encodeCall(IVouchersRegistry.attestAccounts, (CITY, entries)), registrars());
        for (uint160 i = 0; i < 400; i++) {
            Region home = vouchers.account(entries[i].account).home;
            assertTrue(home.equals(i == bad ? OTHER_CITY : CITY), "home");
        }
    }

    /// @dev A tier that rises is one registrar's work; who lowers one takes something away.
    function testFuzz_attestAccounts_lowersATierByTwoAlone(uint8 from, uint8 to) public {
        (from, to) = (from % 3, to % 3);
        attestBy(CITY, RESIDENT, CITY, from, false);
        bytes memory call = _attest(CITY, RESIDENT, CITY, to);
        if (to < from) skips(CITY, call, registrars(), RESIDENT, _onlyOne());
        else act(CITY, call, registrars());
        act(CITY, call, twoRegistrars());
        assertEq(vouchers.account(RESIDENT).tier, to, "tier");
    }

    function testFuzz_attestAccounts_skipsThePlatformsContracts(uint8 which) public {
        address own = ownContract(which);
        bytes memory invalid = abi.encodeWithSelector(IVoucherEvents.AccountInvalid.selector, own);
        skips(CITY, _attest(CITY, own, CITY, 1), twoRegistrars(), own, invalid);
    }

    function test_attestAccounts_keepsAFreezeThroughAMove() public {
        attest(RESIDENT, CITY, 1);
        freeze(RESIDENT, true);
        attest(RESIDENT, OTHER_CITY, 2);
        Account memory known = vouchers.account(RESIDENT);
        assertTrue(known.home.equals(OTHER_CITY) && known.tier == 2, "moved inside the province");
        assertTrue(known.frozenUntil == NOW + 365 days && known.authority.equals(PROVINCE), "still frozen");
    }

    function testFuzz_attestAccounts_skipsOutsideItsRegion(uint48 raw) public {
        Region region = Region.wrap(raw);
        if (!region.isHome() || CITY.contains(region)) region = OTHER_CITY;
        _skips(CITY, _attest(CITY, RESIDENT, region, 1), _outside(CITY, region));
    }

    function test_attestAccounts_skipsAnothersResident() public {
        attestBy(OTHER_CITY, RESIDENT, OTHER_CITY, 2, false);
        _skips(CITY, _attest(CITY, RESIDENT, CITY, 2), notInCharge(RESIDENT));
        _skips(PROVINCE, _attest(PROVINCE, RESIDENT, OTHER_CITY, 2), notInCharge(RESIDENT));
        _skips(STATE, _attest(STATE, RESIDENT, CITY, 2), _outside(STATE, CITY));
    }

    /// @dev A home is a district at the finest: a village would single people out.
    function testFuzz_attestAccounts_skipsAHomeFinerThanADistrict(uint8 digits) public {
        Region dong = Region.wrap(0x47130111230a).prefix(bound(digits, 6, 10));
        bytes memory invalid = abi.encodeWithSelector(IVoucherEvents.AccountInvalid.selector, RESIDENT);
        _skips(CITY, _attest(CITY, RESIDENT, dong, 1), invalid);
    }

    function testFuzz_attestAccounts_skipsNonsense(uint8 tier, uint48 raw) public {
        tier = uint8(bound(tier, 3, 255));
        if (Region.wrap(raw).isValid()) raw = 0;
        bytes memory invalid = abi.encodeWithSelector(IVoucherEvents.AccountInvalid.selector, RESIDENT);
        _skips(CITY, _attest(CITY, RESIDENT, CITY, tier), invalid);
        _skips(CITY, _attest(CITY, RESIDENT, Region.wrap(raw), 1), invalid);
        skips(
            CITY,
            _attest(CITY, address(0), CITY, 1),
            registrars(),
            address(0),
            abi.encodeWithSelector(IVoucherEvents.AccountInvalid.selector, address(0))
        );
    }

    function testFuzz_attestAccounts_refusesAbove400(uint16 count) public {
        AccountEntry[] memory entries = new AccountEntry[](bound(count, 401, 600));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, entries.length, 400);
        _refuses(CITY, abi.encodeCall(IVouchersRegistry.attestAccounts, (CITY, entries)), reason);
    }

    /// @dev A phone is stolen at night: one registrar stops it, and two meet within three days.
    function testFuzz_freezeAccounts_byOneEndsWithinThreeDays(uint40 until) public {
        attestBy(CITY, RESIDENT, CITY, 1, false);
        until = uint40(bound(until, NOW + 3 days + 1, type(uint40).max));
        bytes memory tooLong = abi.encodeWithSelector(IVoucherEvents.FreezeTooLong.selector, until, NOW + 3 days);
        refuses(CITY, _freeze(CITY, RESIDENT, until), registrars(), tooLong);
        until = uint40(bound(until, NOW + 1, NOW + 3 days));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.AccountFrozen(RESIDENT, CITY, until, true);
        act(CITY, _freeze(CITY, RESIDENT, until), registrars());
        Account memory known = vouchers.account(RESIDENT);
        assertTrue(known.frozenUntil == until && known.frozenByOne, "frozen by one");
    }

    /// @dev Neither while it lasts nor after it; two may, and then it is one registrar's turn again.
    function testFuzz_freezeAccounts_byOneIsNotRenewed(uint40 moment, bool lifted) public {
        attestBy(CITY, RESIDENT, CITY, 1, false);
        act(CITY, _freeze(CITY, RESIDENT, NOW + 3 days), registrars());
        if (lifted) act(CITY, _freeze(CITY, RESIDENT, 0), registrars());
        vm.warp(bound(moment, NOW, NOW + 1_000 days));
        uint40 soon = uint40(block.timestamp) + 1 hours;
        skips(CITY, _freeze(CITY, RESIDENT, soon), registrars(), RESIDENT, _onlyOne());
        act(CITY, _freeze(CITY, RESIDENT, soon), twoRegistrars());
        assertTrue(!vouchers.account(RESIDENT).frozenByOne, "decided by two");
        vm.warp(soon);
        act(CITY, _freeze(CITY, RESIDENT, soon + 1 hours), registrars());
        assertEq(vouchers.account(RESIDENT).frozenUntil, soon + 1 hours, "one registrar's turn again");
    }

    function testFuzz_freezeAccounts_byTwoLastsAYearAndIsRenewed(uint40 until, uint40 moment) public {
        attestBy(CITY, RESIDENT, CITY, 1, false);
        until = uint40(bound(until, NOW + 365 days + 1, type(uint40).max));
        bytes memory tooLong = abi.encodeWithSelector(IVoucherEvents.FreezeTooLong.selector, until, NOW + 365 days);
        refuses(CITY, _freeze(CITY, RESIDENT, until), twoRegistrars(), tooLong);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.AccountFrozen(RESIDENT, CITY, NOW + 365 days, false);
        act(CITY, _freeze(CITY, RESIDENT, NOW + 365 days), twoRegistrars());
        vm.warp(bound(moment, NOW, NOW + 365 days));
        act(CITY, _freeze(CITY, RESIDENT, uint40(block.timestamp) + 365 days), twoRegistrars());
        assertEq(vouchers.account(RESIDENT).frozenUntil, block.timestamp + 365 days, "renewed");
    }

    /// @dev What two decided, one can't undo; what one did, one can.
    function test_freezeAccounts_isLiftedOrChangedByAsMany() public {
        attestBy(CITY, RESIDENT, CITY, 1, false);
        act(CITY, _freeze(CITY, RESIDENT, NOW + 3 days), registrars());
        act(CITY, _freeze(CITY, RESIDENT, 0), registrars());
        assertEq(vouchers.account(RESIDENT).frozenUntil, 0, "lifted by one");
        act(CITY, _freeze(CITY, RESIDENT, NOW + 3 days), twoRegistrars());
        skips(CITY, _freeze(CITY, RESIDENT, 0), registrars(), RESIDENT, _onlyOne());
        skips(CITY, _freeze(CITY, RESIDENT, NOW + 1), registrars(), RESIDENT, _onlyOne());
        act(CITY, _freeze(CITY, RESIDENT, 0), twoRegistrars());
        assertEq(vouchers.account(RESIDENT).frozenUntil, 0, "lifted by two");
    }

    function testFuzz_freezeAccounts_skipsAnUnknownAccount(address account) public {
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.AccountUnknown.selector, account);
        skips(CITY, _freeze(CITY, account, NOW + 1), registrars(), account, reason);
    }

    function test_freezeAccounts_skipsAnothers() public {
        attestBy(OTHER_CITY, RESIDENT, OTHER_CITY, 1, false);
        _skips(CITY, _freeze(CITY, RESIDENT, NOW + 1), notInCharge(RESIDENT));
        _skips(STATE, _freeze(STATE, RESIDENT, NOW + 1), notInCharge(RESIDENT));
        _skips(PROVINCE, _freeze(PROVINCE, RESIDENT, NOW + 1), notInCharge(RESIDENT));
    }

    function testFuzz_freezeAccounts_refusesAbove400(uint16 count) public {
        address[] memory accounts = new address[](bound(count, 401, 900));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, accounts.length, 400);
        _refuses(CITY, abi.encodeCall(IVouchersRegistry.freezeAccounts, (CITY, accounts, NOW + 1)), reason);
    }

    function _attest(Region by, address account, Region home, uint8 tier) private view returns (bytes memory) {
        AccountEntry[] memory entries = new AccountEntry[](1);
        entries[0] = accountEntry(by, account, home, tier, false);
        return abi.encodeCall(IVouchersRegistry.attestAccounts, (by, entries));
    }

    function _freeze(Region by, address account, uint40 until) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.freezeAccounts, (by, one(account), until));
    }

    function _outside(Region authority, Region region) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.RegionOutsideAuthority.selector, authority, region);
    }

    function _onlyOne() private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, 2);
    }

    function _skips(Region by, bytes memory call, bytes memory reason) private {
        skips(by, call, registrars(), RESIDENT, reason);
    }

    function _refuses(Region by, bytes memory call, bytes memory reason) private {
        refuses(by, call, registrars(), reason);
    }
}
