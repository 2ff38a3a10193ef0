// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {MerchantStatus, SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {ScopeRule} from "../../src/types/ScopeRule.sol";
import {Order} from "../support/Orders.sol";
import {ReformWorld} from "../support/ReformWorld.sol";

/// @notice Places change, vouchers don't die: the reforms of the last years, with vouchers from before and after.
contract PlacesTest is ReformWorld {
    uint256 private constant KEY = 0xBEEF;
    uint256 private constant SHOP_KEY = 0x5A0F;
    Region private constant GANGWON = Region.wrap(0x420000000002);
    Region private constant GANGWON_NOW = Region.wrap(0x510000000002);
    Region private constant CHUNCHEON = Region.wrap(0x421100000005);
    Region private constant CHUNCHEON_NOW = Region.wrap(0x511100000005);
    Region private constant DAEGU = Region.wrap(0x270000000002);
    Region private constant GUNWI = Region.wrap(0x477200000005);
    Region private constant GUNWI_NOW = Region.wrap(0x277200000005);

    address private _shop = person(SHOP_KEY);
    uint32 private _nonce;

    function setUp() public {
        build();
    }

    /// @dev A whole province and all below got new codes (Gangwon, June 2023).
    function test_places_aWholeProvince() public {
        found(STATE, GANGWON);
        found(GANGWON, CHUNCHEON);
        uint32 ofProvince = _sold(GANGWON, GANGWON);
        uint32 ofCity = _sold(CHUNCHEON, CHUNCHEON);
        registerBy(CHUNCHEON, _shop, Region.wrap(0x421101040008), 1, 1);
        _pays(ofProvince);
        _pays(ofCity);
        grant(STATE, GANGWON, GANGWON_NOW);
        grant(GANGWON, CHUNCHEON, CHUNCHEON_NOW);
        declare(GANGWON, GANGWON, GANGWON_NOW);
        // The city's own registrars record what the province declared.
        recode(CHUNCHEON, GANGWON, GANGWON_NOW, _shop, Region.wrap(0x511101040008));
        _pays(ofProvince);
        _pays(ofCity);
        // New ones by the new code; those that still name the old one are spendable nowhere any more.
        _pays(_sold(GANGWON, GANGWON_NOW));
        _pays(_sold(CHUNCHEON, CHUNCHEON_NOW));
        _refusesPlace(_sold(GANGWON, GANGWON), 0x511101040008, GANGWON);
        _refusesPlace(_sold(CHUNCHEON, CHUNCHEON), 0x511101040008, CHUNCHEON);
        // And the city is still responsible for its shop.
        act(CHUNCHEON, _suspend(CHUNCHEON), registrars());
    }

    /// @dev A county moved to another province (Gunwi, July 2023): new series of the old province end at its border.
    function test_places_aCountyThatMoves() public {
        found(STATE, DAEGU);
        found(PROVINCE, GUNWI);
        uint32 ofProvince = _sold(PROVINCE, PROVINCE);
        uint32 ofCounty = _sold(GUNWI, GUNWI);
        uint32 ofDaegu = _sold(DAEGU, DAEGU);
        Region before = Region.wrap(0x477202500008);
        registerBy(GUNWI, _shop, before, 1, 1);
        _pays(ofProvince);
        _refusesPlace(ofDaegu, Region.unwrap(before), DAEGU);
        grant(DAEGU, GUNWI, GUNWI_NOW);
        declare(GUNWI, GUNWI, GUNWI_NOW);
        recode(GUNWI, GUNWI, GUNWI_NOW, _shop, Region.wrap(0x277202500008));
        _pays(ofProvince);
        _pays(ofCounty);
        // It lies in Daegu now, so Daegu's may be spent there, older ones as well.
        _pays(ofDaegu);
        _pays(_sold(DAEGU, DAEGU));
        _pays(_sold(GUNWI, GUNWI_NOW));
        _refusesPlace(_sold(PROVINCE, PROVINCE), 0x277202500008, PROVINCE);
        act(GUNWI, _suspend(GUNWI), registrars());
        assertTrue(authorities.nearestTo(GUNWI_NOW).equals(GUNWI), "who answers for it");
    }

    /// @dev A city got wards (Hwaseong, 2026): its code became shorter, its shops' codes others.
    function test_places_aCityThatGetsWards() public {
        Region city = Region.wrap(0x415900000005);
        Region wide = Region.wrap(0x415900000004);
        Region gyeonggi = Region.wrap(0x410000000002);
        found(STATE, gyeonggi);
        found(gyeonggi, city);
        uint32 before = _sold(city, city);
        registerBy(city, _shop, Region.wrap(0x415901030008), 1, 1);
        _pays(before);
        grant(gyeonggi, city, wide);
        declare(city, city, wide);
        Region ward = Region.wrap(0x415911020008);
        recode(city, city, wide, _shop, ward);
        _pays(before);
        _pays(_sold(city, wide));
        _pays(_sold(city, Region.wrap(0x415910000005)));
        _refusesPlace(_sold(city, city), Region.unwrap(ward), city);
        _refusesPlace(_sold(city, Region.wrap(0x415930000005)), Region.unwrap(ward), Region.wrap(0x415930000005));
    }

    /// @dev A district was divided in two (Incheon, July 2026): its vouchers stay good in both, new ones in one.
    function test_places_aDistrictThatIsDivided() public {
        Region incheon = Region.wrap(0x280000000002);
        Region district = Region.wrap(0x282600000005);
        Region[2] memory parts = [Region.wrap(0x282750000005), Region.wrap(0x282900000005)];
        found(STATE, incheon);
        found(incheon, district);
        uint32 before = _sold(district, district);
        address[2] memory shops = [_shop, person(0x5A10)];
        for (uint256 i = 0; i < 2; i++) {
            register(shops[i], district, 1, 1);
            declare(incheon, district, parts[i]);
            recode(incheon, district, parts[i], shops[i], parts[i]);
        }
        grant(incheon, district, parts[0]);
        found(incheon, parts[1]);
        for (uint256 i = 0; i < 2; i++) {
            _paysAt(shops[i], before);
            assertTrue(authorities.nearestTo(parts[i]).equals(i == 0 ? district : parts[1]), "who answers");
        }
        _paysAt(shops[0], _sold(district, parts[0]));
        uint32 ofOther = _sold(parts[1], parts[1]);
        _paysAt(shops[1], ofOther);
        _refusesPlace(ofOther, Region.unwrap(parts[0]), parts[1]);
    }

    /// @dev A shop recoded twice honours what was sold under each of its codes, and nothing newer.
    function testFuzz_places_twoReforms(uint8 first, uint8 second, uint8 third) public {
        Region[3] memory codes = [CITY, Region.wrap(0x472000000005), Region.wrap(0x472100000005)];
        uint8[3] memory counts = [first % 3, second % 3, third % 3];
        for (uint256 i = 1; i < 3; i++) {
            grant(PROVINCE, CITY, codes[i]);
        }
        registerBy(CITY, _shop, codes[0], 1, 1);
        uint32[3] memory last;
        for (uint256 reform = 0; reform < 3; reform++) {
            if (reform != 0) {
                declare(CITY, codes[reform - 1], codes[reform]);
                recode(CITY, codes[reform - 1], codes[reform], _shop, codes[reform]);
            }
            for (uint256 i = 0; i < counts[reform]; i++) {
                for (uint256 code = 0; code < 3; code++) {
                    _sold(CITY, codes[code]);
                }
            }
            last[reform] = vouchers.seriesCount();
        }
        isAt(_shop, codes[2], formerly(codes[1], last[1], codes[0], last[0]));
        for (uint32 id = 1; id <= last[2]; id++) {
            // Series come in threes: of the first code, the second, the third.
            uint256 code = (id - 1) % 3;
            if (code == 2 || id <= last[code]) _pays(id);
            else _refusesPlace(id, Region.unwrap(codes[2]), codes[code]);
        }
    }

    /// @dev Former places are asked whenever the present one is refused, also for the category and the size.
    function test_places_formerRuleOfAnotherCategory() public {
        Region next = Region.wrap(0x472000000005);
        SeriesTerms memory terms = plainTerms(CITY);
        terms.rules = new ScopeRule[](2);
        terms.rules[0] = rule(CITY, ALL_CATEGORIES, type(uint8).max);
        terms.rules[1] = rule(next, 1 << 9, type(uint8).max);
        uint32 series = _soldWith(CITY, terms);
        registerBy(CITY, _shop, CITY, 1, 1);
        _pays(series);
        grant(PROVINCE, CITY, next);
        declare(CITY, CITY, next);
        recode(CITY, CITY, next, _shop, next);
        _pays(series);
        // What the present code lacks is said, not what the former one would say.
        uint32 newer = _soldWith(CITY, terms);
        refusesPayment(_order(newer, _shop), KEY, Refusal.WrongCategory, 1, 0);
        // A former place widens no other rule: too large is too large.
        terms.rules[0] = rule(CITY, ALL_CATEGORIES, 2);
        address large = person(0x5A11);
        register(large, CITY, 1, 3);
        refusesPayment(_order(_soldWith(CITY, terms), large), KEY, Refusal.MerchantTooLarge, 3, 2);
    }

    function test_places_circulationHonoursThem() public {
        Region next = Region.wrap(0x472000000005);
        address second = person(0x5A12);
        SeriesTerms memory terms = plainTerms(CITY);
        terms.hops = 1;
        uint32 before = _soldWith(CITY, terms);
        registerBy(CITY, _shop, CITY, 1, 1);
        registerBy(CITY, second, CITY, 1, 1);
        _pays(before);
        grant(PROVINCE, CITY, next);
        declare(CITY, CITY, next);
        recode(CITY, CITY, next, second, next);
        circulates(_circulation(before, second), SHOP_KEY);
        uint32 newer = _soldWith(CITY, terms);
        _pays(newer);
        refusesCirculation(
            _circulation(newer, second), SHOP_KEY, Refusal.WrongRegion, Region.unwrap(next), Region.unwrap(CITY)
        );
    }

    /// @dev The attack: registrars move a shop back and forth, so that a series newer than the reform is honoured under its
    /// former code. It never is.
    function testFuzz_places_noNewSeriesByAFormerCode(uint8 moves) public {
        Region next = Region.wrap(0x472000000005);
        registerBy(CITY, _shop, CITY, 1, 1);
        grant(PROVINCE, CITY, next);
        _sold(CITY, CITY);
        declare(CITY, CITY, next);
        for (uint256 i = 0; i <= moves % 4; i++) {
            recode(CITY, CITY, next, _shop, next);
            uint32 newer = _sold(CITY, CITY);
            _refusesPlace(newer, Region.unwrap(next), CITY);
            registerBy(CITY, _shop, CITY, 1, 1);
        }
    }

    /// @dev A delegate's residents whose homes got new codes go on to get what was approved for them.
    function testFuzz_places_delegatesReachRecodedHomes(uint64 amount) public {
        amount = uint64(bound(amount, 1, 1_000_000));
        found(PROVINCE, GUNWI);
        found(STATE, DAEGU);
        uint32 series = publish(PROVINCE, plainTerms(PROVINCE));
        delegate(PROVINCE, series, GUNWI, amount);
        address resident = person(KEY);
        attestBy(GUNWI, resident, GUNWI, 1, false);
        uint256[] memory items = oneItem(resident, amount);
        uint64 order = approve(GUNWI, series, amount, leafOf(0, items));
        grant(DAEGU, GUNWI, GUNWI_NOW);
        declare(GUNWI, GUNWI, GUNWI_NOW);
        act(GUNWI, homeCall(GUNWI, GUNWI, GUNWI_NOW, resident, GUNWI_NOW), registrars());
        vouchers.issue(order, 0, items, new bytes32[](0));
        assertEq(vouchers.holding(series, resident).balance, amount, "issued");
    }

    /// @dev Who has no place any more may give vouchers to no one.
    function test_places_aDelegateWithoutAreasReachesNoOne() public {
        uint32 series = publish(PROVINCE, plainTerms(PROVINCE));
        delegate(PROVINCE, series, CITY, 1_000);
        address resident = person(KEY);
        attestBy(CITY, resident, CITY, 1, false);
        uint256[] memory items = oneItem(resident, 1_000);
        uint64 order = approve(CITY, series, 1_000, leafOf(0, items));
        giveUp(CITY, CITY);
        vouchers.issue(order, 0, items, new bytes32[](0));
        assertEq(vouchers.holding(series, resident).balance, 0, "issued nothing");
    }

    /// @dev A budget is delegated to whom lies in an area now, whatever its name was.
    function test_places_delegationFollowsTheAreas() public {
        found(STATE, DAEGU);
        found(PROVINCE, GUNWI);
        uint32 series = publish(DAEGU, plainTerms(DAEGU));
        bytes memory call = abi.encodeCall(IVouchersAdmin.delegateBudget, (DAEGU, series, GUNWI, 5));
        refuses(DAEGU, call, treasurers(), outside(DAEGU, GUNWI));
        grant(DAEGU, GUNWI, GUNWI_NOW);
        delegate(DAEGU, series, GUNWI, 5);
        assertEq(vouchers.delegatedBudget(series, GUNWI), 5, "delegated");
    }

    function _sold(Region by, Region area) private returns (uint32) {
        return _soldWith(by, plainTerms(area));
    }

    function _soldWith(Region by, SeriesTerms memory terms) private returns (uint32 series) {
        series = publish(by, terms);
        issueTo(by, series, person(KEY), 1_000_000);
    }

    function _order(uint32 series, address shop) private returns (Order memory) {
        return Order(person(KEY), shop, series, 1_000, ++_nonce, uint40(block.timestamp + 1), 0);
    }

    function _circulation(uint32 series, address to) private returns (Order memory) {
        return Order(_shop, to, series, 100, ++_nonce, uint40(block.timestamp + 1), 0);
    }

    function _pays(uint32 series) private {
        _paysAt(_shop, series);
    }

    function _paysAt(address shop, uint32 series) private {
        settles(_order(series, shop), KEY);
    }

    function _refusesPlace(uint32 series, uint48 place, Region area) private {
        refusesPayment(_order(series, _shop), KEY, Refusal.WrongRegion, place, Region.unwrap(area));
    }

    function _suspend(Region by) private view returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.setMerchantStatus, (by, one(_shop), MerchantStatus.Suspended));
    }
}
