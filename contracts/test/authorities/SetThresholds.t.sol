// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Band, IAuthorities, Officer, Role, Thresholds} from "../../src/interfaces/IAuthorities.sol";
import {AuthorityFixture} from "./AuthorityFixture.sol";

contract SetThresholdsTest is AuthorityFixture {
    function setUp() public {
        build();
    }

    function testFuzz_setThresholds_decidesByAmount(uint64 limit, uint64 amount) public {
        limit = uint64(bound(limit, 0, type(uint64).max - 1));
        Thresholds memory next = thresholds();
        next.bands[0].upTo = limit;
        changeThresholds(CITY, next);
        assertEq(authorities.officersNeeded(CITY, Role.Treasurer, amount), amount <= limit ? 2 : 3, "treasurers");
        assertEq(authorities.officersNeeded(CITY, Role.Registrar, amount), 1, "registrars");
        assertEq(authorities.officersNeeded(CITY, Role.Governor, amount), 3, "governors");
        assertEq(authorities.thresholds(CITY).bands[0].upTo, limit, "as stored");
    }

    function testFuzz_setThresholds_replacesAllBands(uint8 count) public {
        Thresholds memory next = thresholds();
        next.bands = new Band[](bound(count, 1, 8));
        for (uint256 i = 0; i < next.bands.length; i++) {
            next.bands[i] = Band(uint64(i * 1_000), 2);
        }
        next.bands[next.bands.length - 1].upTo = type(uint64).max;
        changeThresholds(CITY, next);
        assertEq(authorities.thresholds(CITY).bands.length, next.bands.length, "bands");
        changeThresholds(CITY, thresholds());
        assertEq(authorities.thresholds(CITY).bands.length, 2, "fewer bands");
    }

    function testFuzz_setThresholds_refusesFewerGovernorsThanTreasurers(uint8 governors_, uint8 band) public {
        // Otherwise two governors name three treasurers and issue what needs three.
        band = uint8(bound(band, 3, 255));
        governors_ = uint8(bound(governors_, 2, band - 1));
        Thresholds memory next = thresholds();
        next.governors = governors_;
        next.bands[1].officers = band;
        _refusesInvalid(next);
    }

    function testFuzz_setThresholds_refusesOnePerson(uint8 officers, uint8 which) public {
        officers = officers % 2;
        Thresholds memory next = thresholds();
        if (which % 3 == 0) next.governors = officers;
        else next.bands[which % 3 - 1].officers = officers;
        _refusesInvalid(next);
    }

    function test_setThresholds_refusesNoRegistrar() public {
        Thresholds memory next = thresholds();
        next.registrars = 0;
        _refusesInvalid(next);
    }

    function testFuzz_setThresholds_refusesAnAmountWithoutBand(uint64 last) public {
        last = uint64(bound(last, 0, type(uint64).max - 1));
        Thresholds memory next = thresholds();
        next.bands[1].upTo = last;
        _refusesInvalid(next);
        next.bands = new Band[](0);
        _refusesInvalid(next);
    }

    function testFuzz_setThresholds_refusesTooManyBands(uint8 count) public {
        Thresholds memory next = thresholds();
        next.bands = new Band[](bound(count, 9, 40));
        for (uint256 i = 0; i < next.bands.length; i++) {
            next.bands[i] = Band(uint64(i), 2);
        }
        next.bands[next.bands.length - 1].upTo = type(uint64).max;
        _refusesInvalid(next);
    }

    function testFuzz_setThresholds_refusesBandsThatDoNotAscend(uint64 first, uint64 second) public {
        second = uint64(bound(second, 0, first));
        Thresholds memory next = thresholds();
        next.bands = new Band[](3);
        next.bands[0] = Band(first, 2);
        next.bands[1] = Band(second, 2);
        next.bands[2] = Band(type(uint64).max, 3);
        _refusesInvalid(next);
    }

    function testFuzz_setThresholds_refusesFewerPeopleForMore(uint8 more, uint8 fewer) public {
        more = uint8(bound(more, 3, 255));
        fewer = uint8(bound(fewer, 2, more - 1));
        Thresholds memory next = thresholds();
        next.governors = 255;
        next.bands[0].officers = more;
        next.bands[1].officers = fewer;
        _refusesInvalid(next);
    }

    function testFuzz_setThresholds_refusesMoreThanThereAreToSpare(uint8 needed) public {
        bytes4 why = IAuthorities.OfficersNeeded.selector;
        needed = uint8(bound(needed, 4, 254));
        Thresholds memory next = thresholds();
        next.governors = needed;
        _refusesToFinish(next, abi.encodeWithSelector(why, Role.Governor, 4, uint256(needed) + 1));
        next = thresholds();
        next.registrars = needed / 2;
        _refusesToFinish(next, abi.encodeWithSelector(why, Role.Registrar, 2, uint256(needed / 2) + 1));
        // Two more governors, but as many treasurers as before.
        Officer[] memory more = new Officer[](2);
        more[0] = Officer(11, 1, keys(keccak256("a")));
        more[1] = Officer(12, 1, keys(keccak256("b")));
        changeOfficers(CITY, more);
        next = thresholds();
        (next.governors, next.bands[1].officers) = (5, 4);
        _refusesToFinish(next, abi.encodeWithSelector(why, Role.Treasurer, 4, 5));
    }

    function test_setThresholds_lowersWhereThereIsNoSparePerson() public {
        execute(CITY, address(authorities), abi.encodeCall(IAuthorities.removeOfficers, (CITY, ids(10))), governors());
        Thresholds memory next = thresholds();
        next.registrars = 2;
        bytes4 why = IAuthorities.OfficersNeeded.selector;
        _refusesToFinish(next, abi.encodeWithSelector(why, Role.Registrar, 2, 3));
        // Treasurers have none to spare, as before; that does not stand in the way.
        next = thresholds();
        next.bands[0].upTo = 1;
        changeThresholds(CITY, next);
        next.bands[1].officers = 2;
        changeThresholds(CITY, next);
        assertEq(authorities.officersNeeded(CITY, Role.Treasurer, 2), 2, "three treasurers, two needed");
    }

    function _call(Thresholds memory next) private pure returns (bytes memory) {
        return abi.encodeCall(IAuthorities.setThresholds, (CITY, next));
    }

    function _refusesInvalid(Thresholds memory next) private {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.ThresholdsInvalid.selector);
        refusesAt(address(authorities), CITY, _call(next), governors(), reason);
    }

    function _refusesToFinish(Thresholds memory next, bytes memory reason) private {
        execute(CITY, address(authorities), _call(next), governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        vm.expectRevert(reason);
        authorities.finishThresholds(CITY, next);
    }
}
