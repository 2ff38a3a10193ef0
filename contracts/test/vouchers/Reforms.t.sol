// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IReforms} from "../../src/interfaces/IReforms.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {MerchantEntry, MerchantStatus, PlaceEntry, ROLE_MERCHANT} from "../../src/interfaces/VoucherTypes.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {ReformWorld} from "../support/ReformWorld.sol";

/// @notice declareReform, recodeMerchants and recodeHomes: who may, and what they write down.
contract ReformsTest is ReformWorld {
    address private immutable SHOP = person(0x5A0F);
    address private immutable RESIDENT = person(0xA11);
    /// @dev The city's code before and after a reform, and a dong of it with both.
    Region private constant NEW_CITY = Region.wrap(0x472000000005);
    Region private constant OLD_DONG = Region.wrap(0x471301010008);
    Region private constant NEW_DONG = Region.wrap(0x472001030008);

    function setUp() public {
        build();
        grant(PROVINCE, CITY, NEW_CITY);
    }

    function testFuzz_declareReform_fixesTheLastSeries(uint8 before, uint8 later) public {
        for (uint256 i = 0; i < before % 4; i++) {
            publish(CITY, plainTerms(CITY));
        }
        assertTrue(!vouchers.reform(CITY, NEW_CITY).declared, "not yet");
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.ReformDeclared(CITY, CITY, NEW_CITY, before % 4);
        declare(CITY, CITY, NEW_CITY);
        for (uint256 i = 0; i < later % 4; i++) {
            publish(CITY, plainTerms(CITY));
        }
        assertTrue(vouchers.reform(CITY, NEW_CITY).declared, "declared");
        assertEq(vouchers.reform(CITY, NEW_CITY).lastSeries, before % 4, "last series");
        assertTrue(!vouchers.reform(NEW_CITY, CITY).declared, "not back");
        // A place recorded later does not make it later.
        registerBy(CITY, SHOP, OLD_DONG, 1, 1);
        recode(CITY, CITY, NEW_CITY, SHOP, NEW_DONG);
        isAt(SHOP, NEW_DONG, formerly(OLD_DONG, before % 4));
    }

    /// @dev Who could declare it again could let a new series be honoured at a former place.
    function test_declareReform_refusesTwice() public {
        declare(CITY, CITY, NEW_CITY);
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.ReformInvalid.selector, CITY, NEW_CITY);
        publish(CITY, plainTerms(CITY));
        refuses(CITY, declareCall(CITY, CITY, NEW_CITY), governors(), reason);
        refuses(PROVINCE, declareCall(PROVINCE, CITY, NEW_CITY), governors(), reason);
        assertEq(vouchers.reform(CITY, NEW_CITY).lastSeries, 0, "as it was");
    }

    function test_declareReform_refusesWhatLiesWithin() public {
        bytes4 invalid = IVoucherEvents.ReformInvalid.selector;
        bytes memory reason = abi.encodeWithSelector(invalid, CITY, CITY);
        refuses(CITY, declareCall(CITY, CITY, CITY), governors(), reason);
        reason = abi.encodeWithSelector(invalid, CITY, OLD_DONG);
        refuses(CITY, declareCall(CITY, CITY, OLD_DONG), governors(), reason);
        Region bad = Region.wrap(0x472000a00008);
        reason = abi.encodeWithSelector(invalid, CITY, bad);
        refuses(CITY, declareCall(CITY, CITY, bad), governors(), reason);
        bad = Region.wrap(0x471300a00008);
        reason = abi.encodeWithSelector(invalid, bad, NEW_CITY);
        refuses(CITY, declareCall(CITY, bad, NEW_CITY), governors(), reason);
        // A city that gets wards has its old code inside the new one.
        grant(PROVINCE, CITY, CITY.prefix(4));
        declare(CITY, CITY, CITY.prefix(4));
    }

    /// @dev Only who answers for both, and its governors.
    function test_declareReform_refusesOthers() public {
        refuses(CITY, declareCall(CITY, CITY, OTHER_CITY), governors(), outside(CITY, OTHER_CITY));
        refuses(CITY, declareCall(CITY, OTHER_CITY, CITY), governors(), outside(CITY, OTHER_CITY));
        refuses(STATE, declareCall(STATE, CITY, NEW_CITY), governors(), outside(STATE, CITY));
        bytes4 tooFew = IAuthorities.OfficersTooFew.selector;
        bytes memory call = declareCall(CITY, CITY, NEW_CITY);
        refuses(CITY, call, ids(1, 2), abi.encodeWithSelector(tooFew, 2, 3));
        refuses(CITY, call, twoRegistrars(), abi.encodeWithSelector(tooFew, 0, 3));
    }

    /// @dev Who declares a reform is there: no founder replaces them.
    function test_declareReform_endsAReseat() public {
        bytes memory call =
            abi.encodeCall(IAuthorities.proposeReseat, (PROVINCE, CITY, crew(OTHER_CITY), thresholds()));
        execute(PROVINCE, address(authorities), call, governors());
        assertTrue(authorities.reseatReadyAt(CITY) != 0, "proposed");
        declare(CITY, CITY, NEW_CITY);
        assertEq(authorities.reseatReadyAt(CITY), 0, "rejected");
    }

    function testFuzz_recodeMerchants_keepsAllElse(uint8 category, uint8 size, uint8 status, bool byProvince) public {
        category %= 128;
        MerchantStatus now_ = MerchantStatus(bound(status, 1, 3));
        Region by = byProvince ? PROVINCE : CITY;
        registerBy(by, SHOP, OLD_DONG, category, size);
        if (now_ != MerchantStatus.Active) setStatus(SHOP, now_);
        publish(CITY, plainTerms(CITY));
        declare(CITY, CITY, NEW_CITY);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.MerchantRecoded(SHOP, by, NEW_DONG, OLD_DONG, 1);
        recode(by, CITY, NEW_CITY, SHOP, NEW_DONG);
        isAt(SHOP, NEW_DONG, formerly(OLD_DONG, 1));
        assertEq(vouchers.merchant(SHOP).category, category, "category");
        assertEq(vouchers.merchant(SHOP).size, size, "size");
        assertEq(uint8(vouchers.merchant(SHOP).status), uint8(now_), "status");
    }

    function test_recodeMerchants_refusesWhatNoOneDeclared() public {
        registerBy(CITY, SHOP, OLD_DONG, 1, 1);
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.ReformUnknown.selector, CITY, NEW_CITY);
        refuses(CITY, recodeCall(CITY, CITY, NEW_CITY, SHOP, NEW_DONG), twoRegistrars(), reason);
        refuses(CITY, homeCall(CITY, CITY, NEW_CITY, SHOP, NEW_DONG), twoRegistrars(), reason);
        declare(CITY, CITY, NEW_CITY);
        reason = abi.encodeWithSelector(IVoucherEvents.ReformUnknown.selector, NEW_CITY, CITY);
        refuses(CITY, recodeCall(CITY, NEW_CITY, CITY, SHOP, OLD_DONG), twoRegistrars(), reason);
        reason = abi.encodeWithSelector(IVoucherEvents.ReformUnknown.selector, OLD_DONG, NEW_DONG);
        refuses(CITY, recodeCall(CITY, OLD_DONG, NEW_DONG, SHOP, NEW_DONG), twoRegistrars(), reason);
    }

    /// @dev A registrar gives a shop a former place that it never had: there is no word for it. Its former place is the one
    /// on record, which must lie in the reform's former region.
    function testFuzz_recodeMerchants_skipsOutsideTheReform(uint48 raw) public {
        declare(CITY, CITY, NEW_CITY);
        registerBy(PROVINCE, SHOP, OLD_DONG, 1, 1);
        Region place = Region.wrap(raw);
        if (place.isValid() && NEW_CITY.contains(place)) place = OTHER_CITY;
        _skips(PROVINCE, place, wrongPlace(SHOP, OLD_DONG, place));
        _skips(PROVINCE, OTHER_CITY, wrongPlace(SHOP, OLD_DONG, OTHER_CITY));
        Region bad = Region.wrap(0x472000a00008);
        _skips(PROVINCE, bad, wrongPlace(SHOP, OLD_DONG, bad));
        register(SHOP, OTHER_CITY, 1, 1);
        _skips(PROVINCE, NEW_DONG, wrongPlace(SHOP, OTHER_CITY, NEW_DONG));
        // Nor a second time, nor within the new code.
        register(SHOP, NEW_DONG, 1, 1);
        _skips(PROVINCE, NEW_CITY, wrongPlace(SHOP, NEW_DONG, NEW_CITY));
    }

    /// @dev With the new code around the old one: what keeps its old code has not changed.
    function test_recodeMerchants_skipsWhatStaysInTheFormerRegion() public {
        Region wide = CITY.prefix(4);
        grant(PROVINCE, CITY, wide);
        declare(CITY, CITY, wide);
        registerBy(CITY, SHOP, OLD_DONG, 1, 1);
        Region other = Region.wrap(0x471301020008);
        bytes memory call = recodeCall(CITY, CITY, wide, SHOP, other);
        skips(CITY, call, registrars(), SHOP, wrongPlace(SHOP, OLD_DONG, other));
        recode(CITY, CITY, wide, SHOP, Region.wrap(0x471331020008));
        isAt(SHOP, Region.wrap(0x471331020008), formerly(OLD_DONG, 0));
    }

    /// @dev Whoever has the new place, or both: who answers for the shop records it, and no one else.
    function test_recodeMerchants_skipsOthersMerchantsAndTheUnknown() public {
        declare(CITY, CITY, NEW_CITY);
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.MerchantUnknown.selector, SHOP);
        _skips(CITY, NEW_DONG, reason);
        registerBy(CITY, SHOP, OLD_DONG, 1, 1);
        grant(CITY, OTHER_CITY, NEW_DONG);
        Region[3] memory others = [OTHER_CITY, PROVINCE, STATE];
        for (uint256 i = 0; i < 3; i++) {
            _skips(others[i], NEW_DONG, notInCharge(SHOP));
        }
        recode(CITY, CITY, NEW_CITY, SHOP, NEW_DONG);
        isAt(SHOP, NEW_DONG, formerly(OLD_DONG, 0));
    }

    function test_recodeMerchants_skipsWhereItDoesNotAnswer() public {
        declare(CITY, CITY, NEW_CITY);
        registerBy(CITY, SHOP, OLD_DONG, 1, 1);
        giveUp(CITY, NEW_CITY);
        _skips(CITY, NEW_DONG, outside(CITY, NEW_DONG));
        // Its former place is not asked for: a reform may come after the area was handed over.
        grant(PROVINCE, CITY, NEW_CITY);
        grant(CITY, OTHER_CITY, CITY);
        recode(CITY, CITY, NEW_CITY, SHOP, NEW_DONG);
        isAt(SHOP, NEW_DONG, formerly(OLD_DONG, 0));
    }

    function testFuzz_recodeMerchants_skipsAnEntryAndDoesTheOthers(uint16 bad) public {
        bad %= 400;
        declare(CITY, CITY, NEW_CITY);
        MerchantEntry[] memory shops = new MerchantEntry[](400);
        PlaceEntry[] memory entries = new PlaceEntry[](400);
        for (uint160 i = 0; i < 400; i++) {
            shops[i] = merchantEntry(CITY, keyless(CITY, ROLE_MERCHANT, i), OLD_DONG, 1, 1);
            entries[i] = PlaceEntry(shops[i].merchant, NEW_DONG);
        }
        act(CITY, abi.encodeCall(IVouchersRegistry.setMerchants, (CITY, shops)), registrars());
        entries[bad].place = OTHER_CITY;
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.EntrySkipped(
            CITY, entries[bad].subject, bad, wrongPlace(entries[bad].subject, OLD_DONG, OTHER_CITY)
        );
        act(CITY, abi.encodeCall(IReforms.recodeMerchants, (CITY, CITY, NEW_CITY, entries)), registrars());
        for (uint160 i = 0; i < 400; i += 57) {
            if (i == bad) isAt(entries[i].subject, OLD_DONG, formerly());
            else isAt(entries[i].subject, NEW_DONG, formerly(OLD_DONG, 0));
        }
        isAt(entries[bad].subject, OLD_DONG, formerly());
    }

    function testFuzz_recode_refusesAbove400AndOtherRoles(uint16 count) public {
        declare(CITY, CITY, NEW_CITY);
        PlaceEntry[] memory entries = new PlaceEntry[](bound(count, 401, 900));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, entries.length, 400);
        bytes memory shops = abi.encodeCall(IReforms.recodeMerchants, (CITY, CITY, NEW_CITY, entries));
        bytes memory homes = abi.encodeCall(IReforms.recodeHomes, (CITY, CITY, NEW_CITY, entries));
        refuses(CITY, shops, registrars(), reason);
        refuses(CITY, homes, registrars(), reason);
        reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 0, 1);
        refuses(CITY, recodeCall(CITY, CITY, NEW_CITY, SHOP, NEW_DONG), governors(), reason);
        refuses(CITY, homeCall(CITY, CITY, NEW_CITY, SHOP, NEW_DONG), treasurers(), reason);
    }

    /// @dev A shop that moves is somewhere else: only a reform keeps the former place.
    function testFuzz_setMerchants_forgetsFormerPlacesWithAMove(uint8 category) public {
        declare(CITY, CITY, NEW_CITY);
        registerBy(CITY, SHOP, OLD_DONG, 1, 1);
        recode(CITY, CITY, NEW_CITY, SHOP, NEW_DONG);
        // Another category is no move.
        register(SHOP, NEW_DONG, category % 128, 3);
        isAt(SHOP, NEW_DONG, formerly(OLD_DONG, 0));
        register(SHOP, NEW_CITY, 1, 1);
        isAt(SHOP, NEW_CITY, formerly());
        registerBy(CITY, SHOP, OLD_DONG, 1, 1);
        recode(CITY, CITY, NEW_CITY, SHOP, NEW_DONG);
        isAt(SHOP, NEW_DONG, formerly(OLD_DONG, 0));
    }

    /// @dev The oldest one is never dropped: such a shop keeps its code until its registrars move it.
    function test_recodeMerchants_skipsAFourthReform() public {
        Region[5] memory codes = [CITY, NEW_CITY, _city(1), _city(2), _city(3)];
        register(SHOP, CITY, 1, 1);
        for (uint256 i = 1; i < 5; i++) {
            declare(PROVINCE, codes[i - 1], codes[i]);
            if (i < 4) recode(PROVINCE, codes[i - 1], codes[i], SHOP, codes[i]);
        }
        assertEq(vouchers.formerPlaces(SHOP).length, 3, "three");
        bytes memory call = recodeCall(PROVINCE, codes[3], codes[4], SHOP, codes[4]);
        bytes4 full = IVoucherEvents.FormerPlacesFull.selector;
        skips(PROVINCE, call, registrars(), SHOP, abi.encodeWithSelector(full, SHOP));
        assertTrue(vouchers.merchant(SHOP).region.equals(codes[3]), "where it was");
    }

    function testFuzz_recodeHomes_keepsAllElse(uint8 tier, bool company, bool frozen) public {
        tier %= 3;
        attestBy(CITY, RESIDENT, CITY, tier, company);
        if (frozen) freeze(RESIDENT, true);
        declare(CITY, CITY, NEW_CITY);
        uint40 until = vouchers.account(RESIDENT).frozenUntil;
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.HomeRecoded(RESIDENT, CITY, NEW_CITY);
        act(CITY, homeCall(CITY, CITY, NEW_CITY, RESIDENT, NEW_CITY), registrars());
        assertTrue(vouchers.account(RESIDENT).home.equals(NEW_CITY), "home");
        assertEq(vouchers.account(RESIDENT).tier, tier, "tier");
        assertTrue(vouchers.account(RESIDENT).company == company, "company");
        assertEq(vouchers.account(RESIDENT).frozenUntil, until, "frozen");
    }

    function test_recodeHomes_skipsOthersAndTheUnknown() public {
        declare(CITY, CITY, NEW_CITY);
        bytes memory call = homeCall(CITY, CITY, NEW_CITY, RESIDENT, NEW_CITY);
        bytes4 unknown = IVoucherEvents.AccountUnknown.selector;
        skips(CITY, call, registrars(), RESIDENT, abi.encodeWithSelector(unknown, RESIDENT));
        address abroad = person(0xA12);
        attestBy(OTHER_CITY, abroad, OTHER_CITY, 1, false);
        skips(CITY, _home(CITY, abroad, NEW_CITY), registrars(), abroad, notInCharge(abroad));
        attestBy(CITY, RESIDENT, CITY, 1, false);
        skips(PROVINCE, _home(PROVINCE, RESIDENT, NEW_CITY), registrars(), RESIDENT, notInCharge(RESIDENT));
        skips(CITY, _home(CITY, RESIDENT, OTHER_CITY), registrars(), RESIDENT, wrongPlace(RESIDENT, CITY, OTHER_CITY));
        // No home is finer than a district, and no merchant has one.
        bytes memory invalid = abi.encodeWithSelector(IVoucherEvents.AccountInvalid.selector, RESIDENT);
        skips(CITY, _home(CITY, RESIDENT, NEW_DONG), registrars(), RESIDENT, invalid);
        registerBy(CITY, SHOP, OLD_DONG, 1, 1);
        bytes memory noAccount = abi.encodeWithSelector(unknown, SHOP);
        skips(CITY, _home(CITY, SHOP, NEW_CITY), registrars(), SHOP, noAccount);
    }

    function _home(Region by, address account, Region place) private pure returns (bytes memory) {
        return homeCall(by, CITY, NEW_CITY, account, place);
    }

    function _city(uint48 number) private pure returns (Region) {
        return Region.wrap(0x472000000005 + (number << 32));
    }

    function _skips(Region by, Region place, bytes memory reason) private {
        skips(by, recodeCall(by, CITY, NEW_CITY, SHOP, place), registrars(), SHOP, reason);
    }
}
