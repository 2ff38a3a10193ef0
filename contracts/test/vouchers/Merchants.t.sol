// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {Merchant, MerchantEntry, MerchantStatus, ROLE_MERCHANT} from "../../src/interfaces/VoucherTypes.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {World} from "../support/World.sol";

/// @notice setMerchants, setMerchantStatus and holdPayouts.
contract MerchantsTest is World {
    address private immutable SHOP = person(0x5A0F);

    function setUp() public {
        build();
    }

    function testFuzz_setMerchants_registers(uint256 key, uint8 category, uint8 size, bool byProvince, bool ringed)
        public
    {
        category %= 128;
        Region by = byProvince ? PROVINCE : CITY;
        address shop = ringed
            ? accountOf(by, ROLE_MERCHANT, bytes32(key), Keys.ring(0, Keys.entry(2, keccak256("key"))))
            : person(bound(key, 1, type(uint128).max));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.MerchantSet(shop, by, CITY, category, size);
        act(by, _set(by, shop, CITY, category, size), registrars());
        _is(shop, CITY, category, size, MerchantStatus.Active);
        assertTrue(vouchers.merchant(shop).authority.equals(by), "who answers for it");
        assertTrue(!vouchers.merchant(shop).keyless && vouchers.account(shop).authority.isState(), "nothing else");
    }

    function testFuzz_setMerchants_movesWithinItsArea(uint8 category, uint8 size) public {
        registerBy(PROVINCE, SHOP, CITY, 1, 1);
        setStatus(SHOP, MerchantStatus.Suspended);
        category %= 128;
        bytes memory move = _set(PROVINCE, SHOP, OTHER_CITY, category, size);
        act(PROVINCE, move, registrars());
        // A move does not lift a suspension.
        _is(SHOP, OTHER_CITY, category, size, MerchantStatus.Suspended);
    }

    function testFuzz_setMerchants_skipsOutsideItsRegion(uint48 raw) public {
        Region region = Region.wrap(raw);
        if (!region.isValid() || CITY.contains(region)) region = raw % 2 == 0 ? OTHER_CITY : PROVINCE;
        _skips(CITY, _set(CITY, SHOP, region, 1, 1), _outside(CITY, region));
    }

    function test_setMerchants_skipsTakingOverAnothersMerchant() public {
        registerBy(OTHER_CITY, SHOP, OTHER_CITY, 1, 1);
        _skips(CITY, _set(CITY, SHOP, CITY, 1, 1), notInCharge(SHOP));
        _skips(PROVINCE, _set(PROVINCE, SHOP, OTHER_CITY, 1, 1), notInCharge(SHOP));
        // Nor may it move its own merchant there.
        address own = person(0xB);
        registerBy(CITY, own, CITY, 1, 1);
        skips(CITY, _set(CITY, own, OTHER_CITY, 1, 1), registrars(), own, _outside(CITY, OTHER_CITY));
    }

    function test_setMerchants_skipsTheState() public {
        _skips(STATE, _set(STATE, SHOP, CITY, 1, 1), _outside(STATE, CITY));
    }

    function testFuzz_setMerchants_skipsACategoryThatIsNone(uint8 category) public {
        _skipsInvalid(SHOP, CITY, uint8(bound(category, 128, 255)));
    }

    function testFuzz_setMerchants_skipsAMalformedRegion(uint48 raw) public {
        vm.assume(!Region.wrap(raw).isValid());
        _skipsInvalid(SHOP, Region.wrap(raw), 1);
    }

    function test_setMerchants_skipsTheZeroAccountAndTheClosed() public {
        _skipsInvalid(address(0), CITY, 1);
        registerBy(CITY, SHOP, CITY, 1, 1);
        setStatus(SHOP, MerchantStatus.Closed);
        _skipsInvalid(SHOP, CITY, 1);
    }

    /// @dev One shop of another city among four hundred.
    function testFuzz_setMerchants_skipsAnEntryAndRegistersTheOthers(uint16 bad) public {
        bad %= 400;
        MerchantEntry[] memory entries = new MerchantEntry[](400);
        for (uint160 i = 0; i < 400; i++) {
            entries[i] = merchantEntry(CITY, keyless(CITY, ROLE_MERCHANT, i), CITY, 1, 1);
        }
        registerBy(OTHER_CITY, SHOP, OTHER_CITY, 2, 2);
        entries[bad] = merchantEntry(CITY, SHOP, CITY, 1, 1);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.EntrySkipped(CITY, SHOP, bad, notInCharge(SHOP));
        act(CITY, abi.encodeCall(IVouchersRegistry.setMerchants, (CITY, entries)), registrars());
        for (uint160 i = 0; i < 400; i++) {
            if (i == bad) _is(entries[i].merchant, OTHER_CITY, 2, 2, MerchantStatus.Active);
            else _is(entries[i].merchant, CITY, 1, 1, MerchantStatus.Active);
        }
    }

    function testFuzz_setMerchants_skipsThePlatformsContracts(uint8 which) public {
        _skipsInvalid(ownContract(which), CITY, 1);
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
        registerBy(CITY, SHOP, CITY, 1, 1);
        if (before != MerchantStatus.Active) setStatus(SHOP, before);
        bool legal = before != MerchantStatus.Closed && next != before && next != MerchantStatus.None;
        if (legal) {
            vm.expectEmit(address(vouchers));
            emit IVoucherEvents.MerchantStatusSet(SHOP, CITY, next);
            act(CITY, _status(CITY, SHOP, next), twoRegistrars());
            _is(SHOP, CITY, 1, 1, next);
        } else {
            bytes4 illegal = IVoucherEvents.MerchantMoveIllegal.selector;
            bytes memory reason = abi.encodeWithSelector(illegal, SHOP, before, next);
            skips(CITY, _status(CITY, SHOP, next), twoRegistrars(), SHOP, reason);
            _is(SHOP, CITY, 1, 1, before);
        }
    }

    function testFuzz_setMerchantStatus_skipsAnUnknownMerchant(address shop) public {
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.MerchantUnknown.selector, shop);
        skips(CITY, _status(CITY, shop, MerchantStatus.Suspended), registrars(), shop, reason);
    }

    /// @dev One registrar suspends and allows again; what can't be taken back needs two.
    function test_setMerchantStatus_closesByTwoAlone() public {
        registerBy(CITY, SHOP, CITY, 1, 1);
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, 2);
        _refuses(CITY, _status(CITY, SHOP, MerchantStatus.Closed), reason);
        act(CITY, _status(CITY, SHOP, MerchantStatus.Suspended), registrars());
        act(CITY, _status(CITY, SHOP, MerchantStatus.Active), registrars());
        act(CITY, _status(CITY, SHOP, MerchantStatus.Closed), twoRegistrars());
        _is(SHOP, CITY, 1, 1, MerchantStatus.Closed);
    }

    function testFuzz_setMerchantStatus_skipsAnothers(uint8 to) public {
        registerBy(OTHER_CITY, SHOP, OTHER_CITY, 1, 1);
        MerchantStatus next = MerchantStatus(bound(to, 0, 3));
        skips(CITY, _status(CITY, SHOP, next), twoRegistrars(), SHOP, notInCharge(SHOP));
        skips(STATE, _status(STATE, SHOP, next), twoRegistrars(), SHOP, notInCharge(SHOP));
        skips(PROVINCE, _status(PROVINCE, SHOP, next), twoRegistrars(), SHOP, notInCharge(SHOP));
    }

    function testFuzz_setMerchantStatus_refusesAbove400(uint16 count) public {
        address[] memory shops = new address[](bound(count, 401, 900));
        bytes memory call = abi.encodeCall(IVouchersRegistry.setMerchantStatus, (CITY, shops, MerchantStatus.Suspended));
        _refuses(CITY, call, abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, shops.length, 400));
    }

    function testFuzz_holdPayouts_holdsAndReleases(uint40 until) public {
        registerBy(CITY, SHOP, CITY, 1, 1);
        until = uint40(bound(until, 1, NOW + 30 days));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.PayoutsHeld(SHOP, CITY, until);
        act(CITY, _hold(CITY, SHOP, until), treasurers());
        assertEq(vouchers.merchant(SHOP).heldUntil, until, "held");
        _is(SHOP, CITY, 1, 1, MerchantStatus.Active);
        act(CITY, _hold(CITY, SHOP, 0), treasurers());
        assertEq(vouchers.merchant(SHOP).heldUntil, 0, "released");
    }

    function test_holdPayouts_holdsForThirtyDays() public {
        registerBy(CITY, SHOP, CITY, 1, 1);
        act(CITY, _hold(CITY, SHOP, NOW + 30 days), treasurers());
        assertEq(vouchers.merchant(SHOP).heldUntil, NOW + 30 days, "held");
    }

    function testFuzz_holdPayouts_refusesAboveThirtyDays(uint40 until) public {
        registerBy(CITY, SHOP, CITY, 1, 1);
        until = uint40(bound(until, NOW + 30 days + 1, type(uint40).max));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.HoldTooLong.selector, until, NOW + 30 days);
        refuses(CITY, _hold(CITY, SHOP, until), treasurers(), reason);
        assertEq(vouchers.merchant(SHOP).heldUntil, 0, "not held");
    }

    function testFuzz_holdPayouts_skipsOthersAndTheUnknown(address shop) public {
        bytes memory unknown = abi.encodeWithSelector(IVoucherEvents.MerchantUnknown.selector, shop);
        skips(CITY, _hold(CITY, shop, 0), treasurers(), shop, unknown);
        registerBy(OTHER_CITY, SHOP, OTHER_CITY, 1, 1);
        skips(CITY, _hold(CITY, SHOP, NOW + 1), treasurers(), SHOP, notInCharge(SHOP));
        skips(STATE, _hold(STATE, SHOP, NOW + 1), treasurers(), SHOP, notInCharge(SHOP));
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
        view
        returns (bytes memory)
    {
        MerchantEntry[] memory entries = new MerchantEntry[](1);
        entries[0] = merchantEntry(by, shop, region, category, size);
        return abi.encodeCall(IVouchersRegistry.setMerchants, (by, entries));
    }

    function _status(Region by, address shop, MerchantStatus status) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.setMerchantStatus, (by, one(shop), status));
    }

    function _outside(Region authority, Region region) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.RegionOutsideAuthority.selector, authority, region);
    }

    function _skips(Region by, bytes memory call, bytes memory reason) private {
        skips(by, call, registrars(), SHOP, reason);
    }

    function _refuses(Region by, bytes memory call, bytes memory reason) private {
        refuses(by, call, registrars(), reason);
    }

    function _skipsInvalid(address shop, Region region, uint8 category) private {
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.MerchantInvalid.selector, shop);
        skips(CITY, _set(CITY, shop, region, category, 1), registrars(), shop, reason);
    }

    function _is(address shop, Region region, uint8 category, uint8 size, MerchantStatus status) private view {
        Merchant memory known = vouchers.merchant(shop);
        assertTrue(known.region.equals(region), "region");
        assertEq(known.category, category, "category");
        assertEq(known.size, size, "size");
        assertEq(uint8(known.status), uint8(status), "status");
    }
}
