// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Region} from "../../src/types/Region.sol";
import {ScopeRule} from "../../src/types/ScopeRule.sol";
import {Test} from "../support/Test.sol";

contract ScopeRuleTest is Test {
    Region private constant CITY = Region.wrap(0x471300000005);

    function testFuzz_fields_comeBack(uint128 categories, uint48 area, uint8 size, uint8 category) public pure {
        ScopeRule rule = _rule(categories, area, size);
        assertEq(Region.unwrap(rule.area()), area, "area");
        assertEq(rule.maxSize(), size, "size");
        bool listed = category < 128 && categories / 2 ** category % 2 == 1;
        assertTrue(rule.hasCategory(category) == listed, "category");
    }

    function testFuzz_isValid_needsACategory(uint128 categories, uint8 size) public pure {
        assertTrue(
            _rule(categories, Region.unwrap(CITY), size).isValid() == (categories != 0), "with and without"
        );
    }

    function testFuzz_isValid_needsAWellFormedArea(uint48 area) public pure {
        assertTrue(_rule(1, area, 0).isValid() == Region.wrap(area).isValid(), "area");
    }

    function testFuzz_isValid_refusesStrayBits(uint72 stray) public pure {
        vm.assume(stray != 0);
        uint256 raw = ScopeRule.unwrap(_rule(1, Region.unwrap(CITY), 0)) | uint256(stray) << 184;
        assertTrue(!ScopeRule.wrap(raw).isValid(), "stray bits");
    }

    function testFuzz_hasCategory_nothingFrom128On(uint8 category) public pure {
        vm.assume(category >= 128);
        assertTrue(!_rule(type(uint128).max, type(uint48).max, 255).hasCategory(category), "a bit of the area");
    }

    function _rule(uint128 categories, uint48 area, uint8 size) private pure returns (ScopeRule) {
        return ScopeRule.wrap(categories | uint256(area) << 128 | uint256(size) << 176);
    }
}
