// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {Account, AccountEntry} from "../../src/interfaces/VoucherTypes.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {World} from "../support/World.sol";

/// @notice attestAccounts and freezeAccounts.
contract AccountsTest is World {
    address private constant RESIDENT = address(0xA11);

    function setUp() public {
        build();
    }

    function testFuzz_attestAccounts_records(address account, uint8 tier, bool byProvince, bool company) public {
        vm.assume(account != address(0));
        tier %= 3;
        Region by = byProvince ? PROVINCE : CITY;
        AccountEntry[] memory entries = new AccountEntry[](1);
        entries[0] = AccountEntry(account, CITY, tier, company);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.AccountAttested(account, by, CITY, tier, company);
        act(by, abi.encodeCall(IVouchersRegistry.attestAccounts, (by, entries)), registrars());
        Account memory known = vouchers.account(account);
        assertTrue(known.home.equals(CITY) && known.tier == tier && !known.frozen, "attested");
        assertTrue(known.company == company && !known.rekeyed && known.keyChanges == 0, "as it was attested");
    }

    function test_attestAccounts_needsARegistrar() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, 1);
        refuses(CITY, _attest(CITY, RESIDENT, CITY, 1), treasurers(), reason);
        attest(RESIDENT, CITY, 1);
        refuses(CITY, _freeze(CITY, RESIDENT, true), treasurers(), reason);
    }

    function testFuzz_attestAccounts_refusesTheWholeListForOneBadEntry(uint8 bad) public {
        AccountEntry[] memory entries = new AccountEntry[](4);
        for (uint160 i = 0; i < 4; i++) {
            entries[i] = AccountEntry(address(i + 1), i == bad % 4 ? OTHER_CITY : CITY, 1, false);
        }
        _refuses(CITY, abi.encodeCall(IVouchersRegistry.attestAccounts, (CITY, entries)), _outside(CITY, OTHER_CITY));
        for (uint160 i = 0; i < 4; i++) {
            assertTrue(vouchers.account(address(i + 1)).home.isState(), "attested");
        }
    }

    function test_attestAccounts_keepsAFreezeThroughAMove() public {
        attest(RESIDENT, CITY, 1);
        freeze(RESIDENT, true);
        attest(RESIDENT, OTHER_CITY, 2);
        Account memory known = vouchers.account(RESIDENT);
        assertTrue(known.home.equals(OTHER_CITY) && known.tier == 2 && known.frozen, "moved, still frozen");
    }

    function testFuzz_attestAccounts_refusesOutsideItsRegion(uint48 raw) public {
        Region region = Region.wrap(raw);
        if (!region.isValid() || region.isState() || CITY.contains(region)) region = OTHER_CITY;
        _refuses(CITY, _attest(CITY, RESIDENT, region, 1), _outside(CITY, region));
    }

    function test_attestAccounts_refusesToTakeOverAnothersResident() public {
        attest(RESIDENT, OTHER_CITY, 2);
        _refuses(CITY, _attest(CITY, RESIDENT, CITY, 2), _outside(CITY, OTHER_CITY));
        _refuses(STATE, _attest(STATE, RESIDENT, CITY, 2), _outside(STATE, CITY));
    }

    function test_attestAccounts_refusesToTakeInAnothersMerchant() public {
        register(RESIDENT, CITY, 1, 1);
        _refuses(OTHER_CITY, _attest(OTHER_CITY, RESIDENT, OTHER_CITY, 1), _outside(OTHER_CITY, CITY));
        attest(RESIDENT, CITY, 1);
        assertTrue(vouchers.account(RESIDENT).home.equals(CITY), "its own");
    }

    function testFuzz_attestAccounts_refusesNonsense(uint8 tier, uint48 raw) public {
        tier = uint8(bound(tier, 3, 255));
        if (Region.wrap(raw).isValid()) raw = 0;
        bytes memory invalid = abi.encodeWithSelector(IVoucherEvents.AccountInvalid.selector, RESIDENT);
        _refuses(CITY, _attest(CITY, RESIDENT, CITY, tier), invalid);
        _refuses(CITY, _attest(CITY, RESIDENT, Region.wrap(raw), 1), invalid);
        _refuses(
            CITY,
            _attest(CITY, address(0), CITY, 1),
            abi.encodeWithSelector(IVoucherEvents.AccountInvalid.selector, address(0))
        );
    }

    function testFuzz_attestAccounts_refusesAbove400(uint16 count) public {
        AccountEntry[] memory entries = new AccountEntry[](bound(count, 401, 600));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, entries.length, 400);
        _refuses(CITY, abi.encodeCall(IVouchersRegistry.attestAccounts, (CITY, entries)), reason);
    }

    function testFuzz_freezeAccounts_goesBothWays(bool frozen) public {
        attest(RESIDENT, CITY, 1);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.AccountFrozen(RESIDENT, CITY, frozen);
        act(CITY, _freeze(CITY, RESIDENT, frozen), registrars());
        assertTrue(vouchers.account(RESIDENT).frozen == frozen, "frozen");
        act(CITY, _freeze(CITY, RESIDENT, !frozen), registrars());
        assertTrue(vouchers.account(RESIDENT).frozen == !frozen, "and back");
    }

    function testFuzz_freezeAccounts_refusesAnUnknownAccount(address account) public {
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.AccountUnknown.selector, account);
        _refuses(CITY, _freeze(CITY, account, true), reason);
    }

    function test_freezeAccounts_refusesOutsideItsRegion() public {
        attest(RESIDENT, OTHER_CITY, 1);
        _refuses(CITY, _freeze(CITY, RESIDENT, true), _outside(CITY, OTHER_CITY));
        _refuses(STATE, _freeze(STATE, RESIDENT, true), _outside(STATE, OTHER_CITY));
    }

    function testFuzz_freezeAccounts_refusesAbove400(uint16 count) public {
        address[] memory accounts = new address[](bound(count, 401, 900));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, accounts.length, 400);
        _refuses(CITY, abi.encodeCall(IVouchersRegistry.freezeAccounts, (CITY, accounts, true)), reason);
    }

    function _attest(Region by, address account, Region home, uint8 tier) private pure returns (bytes memory) {
        AccountEntry[] memory entries = new AccountEntry[](1);
        entries[0] = AccountEntry(account, home, tier, false);
        return abi.encodeCall(IVouchersRegistry.attestAccounts, (by, entries));
    }

    function _freeze(Region by, address account, bool frozen) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.freezeAccounts, (by, one(account), frozen));
    }

    function _outside(Region authority, Region region) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.RegionOutsideAuthority.selector, authority, region);
    }

    function _refuses(Region by, bytes memory call, bytes memory reason) private {
        refuses(by, call, registrars(), reason);
    }
}
