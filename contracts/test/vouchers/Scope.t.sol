// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region} from "../../src/types/Region.sol";
import {ScopeRule} from "../../src/types/ScopeRule.sol";
import {Order} from "../support/Orders.sol";
import {Till} from "../support/Till.sol";

/// @notice Where a voucher is good: the scope rules against a naive model, and examples from practice.
contract ScopeTest is Till {
    uint256 private constant KEY = 0xBEEF;
    uint8 private constant RESTAURANT = 1;
    uint8 private constant ACADEMY = 20;
    uint8 private constant POSTNATAL = 21;

    uint160 private _lastShop = 0x1000;

    function setUp() public {
        build();
    }

    /// @dev Rules and merchant from few regions, categories and sizes, so that all answers are frequent.
    function testFuzz_scope_reportsTheNearestRule(uint256 seed, uint8 count, uint8 shopSeed) public {
        Region[4] memory areas = [PROVINCE, CITY, OTHER_CITY, OTHER_PROVINCE];
        SeriesTerms memory terms = plainTerms(CITY);
        terms.rules = new ScopeRule[](bound(count, 1, 8));
        for (uint256 i = 0; i < terms.rules.length; i++) {
            seed = uint256(keccak256(abi.encode(seed)));
            terms.rules[i] = rule(areas[seed % 4], uint128((seed >> 8) % 7 + 1), uint8((seed >> 16) % 4));
        }
        Region region = areas[shopSeed % 4];
        uint8 category = shopSeed / 4 % 3;
        uint8 size = shopSeed / 12 % 5;
        address shop = _shop(region, category, size);
        uint32 series = publish(CITY, terms);
        issueTo(CITY, series, vm.addr(KEY), 1_000);
        (Refusal why, uint256 a, uint256 b) = _naive(terms.rules, region, category, size);
        Order memory order = Order(vm.addr(KEY), shop, series, 1_000, 1, NOW + 1, 0);
        if (why == Refusal.None) settles(order, KEY);
        else refusesPayment(order, KEY, why, a, b);
    }

    function test_scope_cityOnly() public {
        uint32 series = publish(CITY, plainTerms(CITY));
        issueTo(CITY, series, vm.addr(KEY), 1_000_000);
        settles(_pay(series, _shop(CITY, RESTAURANT, 0), 1), KEY);
        settles(_pay(series, _shop(Region.wrap(0x471301020008), RESTAURANT, 0), 2), KEY);
        uint256 wanted = Region.unwrap(CITY);
        Region[3] memory others = [OTHER_CITY, PROVINCE, OTHER_PROVINCE];
        for (uint256 i = 0; i < 3; i++) {
            Order memory order = _pay(series, _shop(others[i], RESTAURANT, 0), 3);
            refusesPayment(order, KEY, Refusal.WrongRegion, Region.unwrap(others[i]), wanted);
        }
    }

    /// @dev A province's own programme, good in every city, county and ward of it.
    function test_scope_provinceWide() public {
        uint32 series = publish(PROVINCE, plainTerms(PROVINCE));
        issueTo(PROVINCE, series, vm.addr(KEY), 1_000_000);
        Region ward = Region.wrap(0x471110000005);
        Region county = Region.wrap(0x477200000005);
        Region[5] memory inside = [CITY, OTHER_CITY, PROVINCE, ward, county];
        for (uint32 i = 0; i < 5; i++) {
            settles(_pay(series, _shop(inside[i], RESTAURANT, 9), i), KEY);
        }
        Order memory order = _pay(series, _shop(OTHER_PROVINCE, RESTAURANT, 0), 9);
        uint256 there = Region.unwrap(OTHER_PROVINCE);
        refusesPayment(order, KEY, Refusal.WrongRegion, there, Region.unwrap(PROVINCE));
    }

    /// @dev Nine cities of the province accept each other's vouchers; each issues its own. Five of them share the
    /// prefix 472, under which there is no county, so five rules serve for nine.
    function test_scope_nineCitiesAcceptEachOther() public {
        uint48[9] memory cities = [
            uint48(0x471300000005),
            0x471500000005,
            0x471700000005,
            0x471900000005,
            0x472100000005,
            0x472300000005,
            0x472500000005,
            0x472800000005,
            0x472900000005
        ];
        SeriesTerms memory terms = plainTerms(CITY);
        terms.rules = new ScopeRule[](5);
        for (uint256 i = 0; i < 4; i++) {
            terms.rules[i] = rule(Region.wrap(cities[i]), ALL_CATEGORIES, 3);
        }
        terms.rules[4] = rule(Region.wrap(0x472000000003), ALL_CATEGORIES, 3);
        address[9] memory shops;
        for (uint256 i = 0; i < 9; i++) {
            shops[i] = _shop(Region.wrap(cities[i]), RESTAURANT, 3);
        }
        Region county = Region.wrap(0x477200000005);
        address outside = _shop(county, RESTAURANT, 3);
        Region[2] memory issuers = [CITY, OTHER_CITY];
        for (uint256 issuer = 0; issuer < 2; issuer++) {
            uint32 series = publish(issuers[issuer], terms);
            issueTo(issuers[issuer], series, vm.addr(KEY), 1_000_000);
            for (uint32 i = 0; i < 9; i++) {
                settles(_pay(series, shops[i], i), KEY);
            }
            uint256 there = Region.unwrap(county);
            refusesPayment(_pay(series, outside, 9), KEY, Refusal.WrongRegion, there, Region.unwrap(CITY));
        }
    }

    /// @dev Home city only, but academies province-wide, and postnatal care province-wide without size limit.
    function test_scope_cityOnlyButAcademiesProvinceWide() public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.rules = new ScopeRule[](3);
        terms.rules[0] = rule(CITY, ALL_CATEGORIES, 3);
        terms.rules[1] = rule(PROVINCE, uint128(1) << ACADEMY, 3);
        terms.rules[2] = rule(PROVINCE, uint128(1) << POSTNATAL, 255);
        uint32 series = publish(CITY, terms);
        issueTo(CITY, series, vm.addr(KEY), 1_000_000);

        settles(_pay(series, _shop(CITY, RESTAURANT, 3), 1), KEY);
        settles(_pay(series, _shop(OTHER_CITY, ACADEMY, 3), 2), KEY);
        settles(_pay(series, _shop(OTHER_CITY, POSTNATAL, 9), 3), KEY);
        settles(_pay(series, _shop(CITY, POSTNATAL, 9), 4), KEY);

        address shop = _shop(OTHER_CITY, RESTAURANT, 0);
        refusesPayment(_pay(series, shop, 5), KEY, Refusal.WrongCategory, RESTAURANT, 0);
        shop = _shop(OTHER_CITY, ACADEMY, 4);
        refusesPayment(_pay(series, shop, 5), KEY, Refusal.MerchantTooLarge, 4, 3);
        shop = _shop(CITY, RESTAURANT, 4);
        refusesPayment(_pay(series, shop, 5), KEY, Refusal.MerchantTooLarge, 4, 3);
        shop = _shop(OTHER_PROVINCE, ACADEMY, 0);
        uint256 there = Region.unwrap(OTHER_PROVINCE);
        refusesPayment(_pay(series, shop, 5), KEY, Refusal.WrongRegion, there, Region.unwrap(CITY));
    }

    /// @dev A ward lies in its city, a neighbourhood in its ward: prefixes of 2, 4, 5 and 8 digits.
    function test_scope_reachesIntoWardsAndNeighbourhoods() public {
        Region cityWithWards = Region.wrap(0x471100000004);
        Region ward = Region.wrap(0x471130000005);
        Region neighbourhood = Region.wrap(0x471131010008);
        uint32 series = publish(CITY, plainTerms(cityWithWards));
        issueTo(CITY, series, vm.addr(KEY), 1_000_000);
        settles(_pay(series, _shop(ward, RESTAURANT, 0), 1), KEY);
        settles(_pay(series, _shop(neighbourhood, RESTAURANT, 0), 2), KEY);
        settles(_pay(series, _shop(cityWithWards, RESTAURANT, 0), 3), KEY);
        uint32 small = publish(CITY, plainTerms(neighbourhood));
        issueTo(CITY, small, vm.addr(KEY), 1_000_000);
        uint256 wanted = Region.unwrap(neighbourhood);
        refusesPayment(
            _pay(small, _shop(ward, RESTAURANT, 0), 1), KEY, Refusal.WrongRegion, Region.unwrap(ward), wanted
        );
    }

    /// @dev A ward's own vouchers stay in the ward; the city around it has its own, good in all its wards.
    function test_scope_wardOfACityWithWards() public {
        Region cityWithWards = Region.wrap(0x471100000004);
        Region ward = Region.wrap(0x471110000005);
        Region otherWard = Region.wrap(0x471130000005);
        uint32 ofWard = publish(CITY, plainTerms(ward));
        uint32 ofCity = publish(CITY, plainTerms(cityWithWards));
        issueTo(CITY, ofWard, vm.addr(KEY), 1_000_000);
        issueTo(CITY, ofCity, vm.addr(KEY), 1_000_000);
        settles(_pay(ofWard, _shop(ward, RESTAURANT, 0), 1), KEY);
        settles(_pay(ofCity, _shop(ward, RESTAURANT, 0), 1), KEY);
        settles(_pay(ofCity, _shop(otherWard, RESTAURANT, 0), 2), KEY);
        Order memory order = _pay(ofWard, _shop(otherWard, RESTAURANT, 0), 2);
        uint256 wanted = Region.unwrap(ward);
        refusesPayment(order, KEY, Refusal.WrongRegion, Region.unwrap(otherWard), wanted);
        // A merchant registered with the city as a whole is in no ward.
        order = _pay(ofWard, _shop(cityWithWards, RESTAURANT, 0), 2);
        refusesPayment(order, KEY, Refusal.WrongRegion, Region.unwrap(cityWithWards), wanted);
        // CITY (47130) shares four digits with neither: 4713 is not 4711.
        order = _pay(ofCity, _shop(CITY, RESTAURANT, 0), 3);
        refusesPayment(order, KEY, Refusal.WrongRegion, Region.unwrap(CITY), Region.unwrap(cityWithWards));
    }

    /// @dev A move to another region, category or size class takes effect at once.
    function test_scope_followsTheMerchant() public {
        SeriesTerms memory terms = plainTerms(CITY);
        terms.rules[0] = rule(CITY, uint128(1) << RESTAURANT, 3);
        uint32 series = publish(CITY, terms);
        issueTo(CITY, series, vm.addr(KEY), 1_000_000);
        address shop = _shop(CITY, RESTAURANT, 3);
        settles(_pay(series, shop, 1), KEY);
        register(shop, CITY, RESTAURANT, 4);
        refusesPayment(_pay(series, shop, 2), KEY, Refusal.MerchantTooLarge, 4, 3);
        register(shop, CITY, ACADEMY, 3);
        refusesPayment(_pay(series, shop, 2), KEY, Refusal.WrongCategory, ACADEMY, 0);
        register(shop, OTHER_CITY, RESTAURANT, 3);
        uint256 there = Region.unwrap(OTHER_CITY);
        refusesPayment(_pay(series, shop, 2), KEY, Refusal.WrongRegion, there, Region.unwrap(CITY));
        register(shop, CITY, RESTAURANT, 3);
        settles(_pay(series, shop, 2), KEY);
    }

    function _pay(uint32 series, address shop, uint32 nonce) private pure returns (Order memory) {
        return Order(vm.addr(KEY), shop, series, 1_000, nonce + 1, NOW + 1, 0);
    }

    function _shop(Region region, uint8 category, uint8 size) private returns (address shop) {
        shop = person(++_lastShop);
        register(shop, region, category, size);
    }

    /// @dev Says what the contract must say, rule sets first, in three passes.
    function _naive(ScopeRule[] memory rules, Region region, uint8 category, uint8 size)
        private
        pure
        returns (Refusal, uint256, uint256)
    {
        bool area;
        bool kind;
        uint8 largest;
        for (uint256 i = 0; i < rules.length; i++) {
            bool here = rules[i].area().contains(region);
            bool listed = here && rules[i].hasCategory(category);
            if (listed && rules[i].maxSize() >= size) return (Refusal.None, 0, 0);
            area = area || here;
            kind = kind || listed;
            if (listed && rules[i].maxSize() > largest) largest = rules[i].maxSize();
        }
        if (!area) return (Refusal.WrongRegion, Region.unwrap(region), Region.unwrap(rules[0].area()));
        if (!kind) return (Refusal.WrongCategory, category, 0);
        return (Refusal.MerchantTooLarge, size, largest);
    }
}
