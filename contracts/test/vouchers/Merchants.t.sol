// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {Merchant, MerchantEntry, MerchantStatus} from "../../src/interfaces/VoucherTypes.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {World} from "../support/World.sol";

/// @notice setMerchants, setMerchantStatus and holdPayouts.
contract MerchantsTest is World {
    address private constant SHOP = address(0x5A0F);

    function setUp() public {
        build();
    }

    function testFuzz_setMerchants_registers(address shop, uint8 category, uint8 size, bool byProvince) public {
        vm.assume(shop != address(0));
        category %= 128;
        Region by = byProvince ? PROVINCE : CITY;
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.MerchantSet(shop, by, CITY, category, size);
        act(by, _set(by, shop, CITY, category, size), registrars());
        _is(shop, CITY, category, size, MerchantStatus.Active);
    }

    function testFuzz_setMerchants_movesWithinItsArea(uint8 category, uint8 size) public {
        register(SHOP, CITY, 1, 1);
        setStatus(SHOP, MerchantStatus.Suspended);
        category %= 128;
        bytes memory move = _set(PROVINCE, SHOP, OTHER_CITY, category, size);
        act(PROVINCE, move, registrars());
        // A move does not lift a suspension.
        _is(SHOP, OTHER_CITY, category, size, MerchantStatus.Suspended);
    }

    function testFuzz_setMerchants_refusesOutsideItsRegion(uint48 raw) public {
        Region region = Region.wrap(raw);
        if (!region.isValid() || CITY.contains(region)) region = raw % 2 == 0 ? OTHER_CITY : PROVINCE;
        _refuses(CITY, _set(CITY, SHOP, region, 1, 1), _outside(CITY, region));
    }

    function test_setMerchants_refusesToTakeOverAnothersMerchant() public {
        register(SHOP, OTHER_CITY, 1, 1);
        _refuses(CITY, _set(CITY, SHOP, CITY, 1, 1), _outside(CITY, OTHER_CITY));
        // Nor may it move its own merchant there.
        register(address(0xB), CITY, 1, 1);
        _refuses(CITY, _set(CITY, address(0xB), OTHER_CITY, 1, 1), _outside(CITY, OTHER_CITY));
    }

    function test_setMerchants_refusesTheState() public {
        _refuses(STATE, _set(STATE, SHOP, CITY, 1, 1), _outside(STATE, CITY));
    }

    function testFuzz_setMerchants_refusesACategoryThatIsNone(uint8 category) public {
        _refusesInvalid(SHOP, CITY, uint8(bound(category, 128, 255)));
    }

    function testFuzz_setMerchants_refusesAMalformedRegion(uint48 raw) public {
        vm.assume(!Region.wrap(raw).isValid());
        _refusesInvalid(SHOP, Region.wrap(raw), 1);
    }

    function test_setMerchants_refusesTheZeroAccountAndTheClosed() public {
        _refusesInvalid(address(0), CITY, 1);
        register(SHOP, CITY, 1, 1);
        setStatus(SHOP, MerchantStatus.Closed);
        _refusesInvalid(SHOP, CITY, 1);
    }

    function testFuzz_setMerchants_refusesTheWholeListForOneBadEntry(uint8 bad) public {
        MerchantEntry[] memory entries = new MerchantEntry[](4);
        for (uint160 i = 0; i < 4; i++) {
            entries[i] = MerchantEntry(address(i + 1), i == bad % 4 ? OTHER_CITY : CITY, 1, 1);
        }
        _refuses(CITY, abi.encodeCall(IVouchersRegistry.setMerchants, (CITY, entries)), _outside(CITY, OTHER_CITY));
        for (uint160 i = 0; i < 4; i++) {
            assertEq(uint8(vouchers.merchant(address(i + 1)).status), 0, "registered");
        }
    }

    function testFuzz_setMerchants_refusesAbove400(uint16 count) public {
        MerchantEntry[] memory entries = new MerchantEntry[](bound(count, 401, 600));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, entries.length, 400);
        _refuses(CITY, abi.encodeCall(IVouchersRegistry.setMerchants, (CITY, entries)), reason);
    }

    function testFuzz_setMerchants_refusesOtherRoles(bool treasury) public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, 1);
        refuses(CITY, _set(CITY, SHOP, CITY, 1, 1), treasury ? treasurers() : governors(), reason);
    }

    /// @dev The table of moves: what is closed stays closed, nothing becomes unregistered.
    function testFuzz_setMerchantStatus_followsTheTable(uint8 from, uint8 to) public {
        MerchantStatus before = MerchantStatus(bound(from, 1, 3));
        MerchantStatus next = MerchantStatus(bound(to, 0, 3));
        register(SHOP, CITY, 1, 1);
        if (before != MerchantStatus.Active) setStatus(SHOP, before);
        bool legal = before != MerchantStatus.Closed && next != before && next != MerchantStatus.None;
        if (legal) {
            vm.expectEmit(address(vouchers));
            emit IVoucherEvents.MerchantStatusSet(SHOP, CITY, next);
            act(CITY, _status(CITY, SHOP, next), registrars());
            _is(SHOP, CITY, 1, 1, next);
        } else {
            bytes4 illegal = IVoucherEvents.MerchantMoveIllegal.selector;
            bytes memory reason = abi.encodeWithSelector(illegal, SHOP, before, next);
            _refuses(CITY, _status(CITY, SHOP, next), reason);
            _is(SHOP, CITY, 1, 1, before);
        }
    }

    function testFuzz_setMerchantStatus_refusesAnUnknownMerchant(address shop) public {
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.MerchantUnknown.selector, shop);
        _refuses(CITY, _status(CITY, shop, MerchantStatus.Suspended), reason);
    }

    function testFuzz_setMerchantStatus_refusesOutsideItsRegion(uint8 to) public {
        register(SHOP, OTHER_CITY, 1, 1);
        MerchantStatus next = MerchantStatus(bound(to, 0, 3));
        _refuses(CITY, _status(CITY, SHOP, next), _outside(CITY, OTHER_CITY));
        _refuses(STATE, _status(STATE, SHOP, next), _outside(STATE, OTHER_CITY));
    }

    function testFuzz_setMerchantStatus_refusesAbove400(uint16 count) public {
        address[] memory shops = new address[](bound(count, 401, 900));
        bytes memory call = abi.encodeCall(IVouchersRegistry.setMerchantStatus, (CITY, shops, MerchantStatus.Suspended));
        _refuses(CITY, call, abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, shops.length, 400));
    }

    function testFuzz_holdPayouts_holdsAndReleases(uint40 until) public {
        register(SHOP, CITY, 1, 1);
        until = uint40(bound(until, 1, NOW + 30 days));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.PayoutsHeld(SHOP, CITY, until);
        act(CITY, _hold(CITY, SHOP, until), treasurers());
        assertEq(vouchers.merchant(SHOP).heldUntil, until, "held");
        _is(SHOP, CITY, 1, 1, MerchantStatus.Active);
        act(PROVINCE, _hold(PROVINCE, SHOP, 0), treasurers());
        assertEq(vouchers.merchant(SHOP).heldUntil, 0, "released");
    }

    function test_holdPayouts_holdsForThirtyDays() public {
        register(SHOP, CITY, 1, 1);
        act(CITY, _hold(CITY, SHOP, NOW + 30 days), treasurers());
        assertEq(vouchers.merchant(SHOP).heldUntil, NOW + 30 days, "held");
    }

    function testFuzz_holdPayouts_refusesAboveThirtyDays(uint40 until) public {
        register(SHOP, CITY, 1, 1);
        until = uint40(bound(until, NOW + 30 days + 1, type(uint40).max));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.HoldTooLong.selector, until, NOW + 30 days);
        refuses(CITY, _hold(CITY, SHOP, until), treasurers(), reason);
        assertEq(vouchers.merchant(SHOP).heldUntil, 0, "not held");
    }

    function testFuzz_holdPayouts_refusesOthersAndTheUnknown(address shop) public {
        bytes memory unknown = abi.encodeWithSelector(IVoucherEvents.MerchantUnknown.selector, shop);
        refuses(CITY, _hold(CITY, shop, 0), treasurers(), unknown);
        register(SHOP, OTHER_CITY, 1, 1);
        refuses(CITY, _hold(CITY, SHOP, NOW + 1), treasurers(), _outside(CITY, OTHER_CITY));
        refuses(STATE, _hold(STATE, SHOP, NOW + 1), treasurers(), _outside(STATE, OTHER_CITY));
        bytes memory tooFew = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, 2);
        refuses(OTHER_CITY, _hold(OTHER_CITY, SHOP, NOW + 1), registrars(), tooFew);
    }

    function testFuzz_holdPayouts_refusesAbove400(uint16 count) public {
        address[] memory shops = new address[](bound(count, 401, 900));
        bytes memory call = abi.encodeCall(IVouchersRegistry.holdPayouts, (CITY, shops, 0));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, shops.length, 400);
        refuses(CITY, call, treasurers(), reason);
    }

    function _hold(Region by, address shop, uint40 until) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.holdPayouts, (by, one(shop), until));
    }

    function _set(Region by, address shop, Region region, uint8 category, uint8 size)
        private
        pure
        returns (bytes memory)
    {
        MerchantEntry[] memory entries = new MerchantEntry[](1);
        entries[0] = MerchantEntry(shop, region, category, size);
        return abi.encodeCall(IVouchersRegistry.setMerchants, (by, entries));
    }

    function _status(Region by, address shop, MerchantStatus status) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.setMerchantStatus, (by, one(shop), status));
    }

    function _outside(Region authority, Region region) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.RegionOutsideAuthority.selector, authority, region);
    }

    function _refuses(Region by, bytes memory call, bytes memory reason) private {
        refuses(by, call, registrars(), reason);
    }

    function _refusesInvalid(address shop, Region region, uint8 category) private {
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.MerchantInvalid.selector, shop);
        _refuses(CITY, _set(CITY, shop, region, category, 1), reason);
    }

    function _is(address shop, Region region, uint8 category, uint8 size, MerchantStatus status) private view {
        Merchant memory known = vouchers.merchant(shop);
        assertTrue(known.region.equals(region), "region");
        assertEq(known.category, category, "category");
        assertEq(known.size, size, "size");
        assertEq(uint8(known.status), uint8(status), "status");
    }
}
