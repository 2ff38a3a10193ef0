// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Region, STATE} from "../../src/types/Region.sol";
import {Test} from "../support/Test.sol";

/// @notice Regions against a naive model that keeps the digits in an array.
contract RegionTest is Test {
    function testFuzz_contains_whenCodeBeginsWithDigits(uint8[10] memory digits, uint8 outer, uint8 inner)
        public
        pure
    {
        uint256 innerLength = bound(inner, 2, 10);
        uint256 outerLength = bound(outer, 2, 10);
        // The same digits throughout: the outer one contains the inner one exactly when it is not longer.
        assertTrue(
            _pack(digits, outerLength).contains(_pack(digits, innerLength)) == (outerLength <= innerLength),
            "a prefix contains, a longer code does not"
        );
    }

    function testFuzz_contains_nothingWithAnotherDigit(
        uint8[10] memory digits,
        uint8 outer,
        uint8 inner,
        uint8 where,
        uint8 by
    ) public pure {
        uint256 outerLength = bound(outer, 2, 10);
        uint256 innerLength = bound(inner, outerLength, 10);
        Region area = _pack(digits, outerLength);
        uint256 position = bound(where, 0, 9);
        digits[position] = uint8((digits[position] % 10 + bound(by, 1, 9)) % 10);
        assertTrue(
            area.contains(_pack(digits, innerLength)) == (position >= outerLength),
            "contained although a digit of the area differs"
        );
    }

    function testFuzz_contains_asNaiveModel(uint8[10] memory a, uint8[10] memory b, uint8 la, uint8 lb)
        public
        pure
    {
        uint256 outerLength = bound(la, 2, 10);
        uint256 innerLength = bound(lb, 2, 10);
        bool prefix = outerLength <= innerLength;
        for (uint256 i = 0; i < outerLength && prefix; i++) {
            // Two digits only, so that equal ones are frequent.
            (a[i], b[i]) = (a[i] % 2, b[i] % 2);
            prefix = a[i] == b[i];
        }
        for (uint256 i = 0; i < 10; i++) {
            (a[i], b[i]) = (a[i] % 2, b[i] % 2);
        }
        assertTrue(_pack(a, outerLength).contains(_pack(b, innerLength)) == prefix, "contains");
    }

    function testFuzz_contains_everythingInTheState(uint8[10] memory digits, uint8 length) public pure {
        Region region = _pack(digits, bound(length, 2, 10));
        assertTrue(STATE.contains(region) && STATE.contains(STATE), "the state contains all");
        assertTrue(!region.contains(STATE), "no region contains the state");
    }

    function testFuzz_isValid_asNaiveModel(uint48 raw) public pure {
        assertTrue(Region.wrap(raw).isValid() == _naiveValid(raw), "isValid");
    }

    function testFuzz_isValid_forEveryCode(uint8[10] memory digits, uint8 length) public pure {
        assertTrue(_pack(digits, bound(length, 2, 10)).isValid(), "a code is valid");
    }

    function testFuzz_isValid_refusesOneWrongNibble(uint8[10] memory digits, uint8 length, uint8 where, uint8 nibble)
        public
        pure
    {
        uint256 digitCount = bound(length, 2, 10);
        uint256 position = bound(where, 0, 9);
        // Inside the code ten and more is wrong, behind it everything but zero.
        uint256 wrong = position < digitCount ? bound(nibble, 10, 15) : bound(nibble, 1, 15);
        uint256 shift = 44 - 4 * position;
        uint256 raw = Region.unwrap(_pack(digits, digitCount)) & ~(uint256(0xf) << shift) | wrong << shift;
        assertTrue(!Region.wrap(uint48(raw)).isValid(), "valid with a wrong nibble");
    }

    function test_isValid_refusesLengthsOutside2To10() public pure {
        assertTrue(!Region.wrap(0x400000000001).isValid(), "one digit");
        assertTrue(!Region.wrap(0x47111111110b).isValid(), "eleven digits");
        assertTrue(!Region.wrap(0x470000000000).isValid(), "digits without length");
        assertTrue(STATE.isValid(), "the state");
    }

    function testFuzz_prefix_isTheAreaOfTheFirstDigits(uint8[10] memory digits, uint8 length, uint8 count) public pure {
        uint256 all = bound(length, 2, 10);
        uint256 first = bound(count, 2, all);
        Region region = _pack(digits, all);
        assertTrue(region.prefix(first).equals(_pack(digits, first)), "the first digits");
        assertTrue(region.prefix(first).contains(region), "around it");
        assertTrue(region.prefix(0).equals(STATE), "no digit");
        assertEq(region.digits(), all, "digits");
    }

    function _pack(uint8[10] memory digits, uint256 length) private pure returns (Region) {
        uint256 raw = length;
        for (uint256 i = 0; i < length; i++) {
            raw |= uint256(digits[i] % 10) << (44 - 4 * i);
        }
        return Region.wrap(uint48(raw));
    }

    function _naiveValid(uint48 raw) private pure returns (bool) {
        uint256 length = raw & 0xff;
        if (raw == 0) return true;
        if (length < 2 || length > 10) return false;
        for (uint256 i = 0; i < 10; i++) {
            uint256 nibble = (raw >> (44 - 4 * i)) & 0xf;
            if (i < length ? nibble > 9 : nibble > 0) return false;
        }
        return true;
    }
}
