// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Role} from "../../src/interfaces/IAuthorities.sol";
import {KoreanCalendar} from "../../src/types/KoreanCalendar.sol";
import {Region} from "../../src/types/Region.sol";
import {ActTarget, AuthorityFixture} from "./AuthorityFixture.sol";

/// @notice What an authority approves for issue on a Korean day chooses the band together. Nothing is ever refused that
/// enough officers sign.
contract DayBandTest is AuthorityFixture {
    function setUp() public {
        build();
        // Korean noon.
        vm.warp((uint256(KoreanCalendar.day(NOW)) + 1) * 1 days - 9 hours + 12 hours);
    }

    function testFuzz_requireActToIssue_slicesDoNotPassABand(uint64 first, uint64 second) public {
        first = uint64(bound(first, 0, SMALL));
        second = uint64(bound(second, SMALL - first + 1, type(uint64).max));
        _issue(CITY, first, ids(3, 4));
        _refuses(CITY, second, ids(3, 4));
        _issue(CITY, second, treasurers());
        assertEq(actTarget.decided(), second, "three treasurers");
    }

    function test_requireActToIssue_aHundredSlices() public {
        uint64 slice = SMALL / 100;
        for (uint256 i = 0; i < 100; i++) {
            _issue(CITY, slice, ids(3, 4));
        }
        assertEq(authorities.approvedToday(CITY), SMALL, "so far");
        _refuses(CITY, 1, ids(3, 4));
        _issue(CITY, 1, treasurers());
    }

    function testFuzz_requireActToIssue_neverRefusesEnoughOfficers(uint64 first, uint64 second, uint64 third) public {
        _issue(CITY, first, treasurers());
        _issue(CITY, second, treasurers());
        _issue(CITY, third, treasurers());
        uint256 sum = uint256(first) + second + third;
        uint256 most = type(uint64).max;
        assertEq(authorities.approvedToday(CITY), sum < most ? sum : most, "sum");
    }

    function testFuzz_requireActToIssue_beginsAgainAtKoreanMidnight(uint64 amount, uint32 later) public {
        amount = uint64(bound(amount, 1, SMALL));
        _issue(CITY, SMALL, ids(3, 4));
        uint256 midnight = block.timestamp + 12 hours;
        vm.warp(midnight - 1);
        _refuses(CITY, amount, ids(3, 4));
        vm.warp(midnight + bound(later, 0, 1000 days));
        assertEq(authorities.approvedToday(CITY), 0, "a new day");
        _issue(CITY, amount, ids(3, 4));
        assertEq(authorities.approvedToday(CITY), amount, "of the new day alone");
    }

    function test_requireActToIssue_countsEachAuthorityByItself() public {
        _issue(CITY, SMALL, ids(3, 4));
        _issue(OTHER_CITY, SMALL, ids(3, 4));
        _issue(PROVINCE, SMALL, ids(3, 4));
    }

    function testFuzz_requireActToIssue_countsNothingElse(uint64 amount) public {
        _issue(CITY, amount, treasurers());
        execute(CITY, address(actTarget), decide(CITY, SMALL), ids(3, 4));
        assertEq(authorities.approvedToday(CITY), amount, "other acts");
    }

    function test_requireActToIssue_countsNothingThatWasRefused() public {
        _refuses(CITY, SMALL, ids(3));
        assertEq(authorities.approvedToday(CITY), 0, "refused");
    }

    function testFuzz_requireActToIssue_refusesOutsideAnAct(uint64 amount) public {
        vm.expectRevert(IAuthorities.NotAnAct.selector);
        authorities.requireActToIssue(CITY, amount);
        vm.prank(address(actTarget));
        vm.expectRevert(IAuthorities.NotAnAct.selector);
        authorities.requireActToIssue(CITY, amount);
    }

    function test_requireActToIssue_doesNotCountAnotherRole() public {
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 1, 2);
        refuses(CITY, _call(CITY, 1), ids(1, 3, 6), reason);
    }

    function _issue(Region authority, uint64 amount, uint32[] memory signers) private {
        execute(authority, address(actTarget), _call(authority, amount), signers);
    }

    function _refuses(Region authority, uint64 amount, uint32[] memory signers) private {
        uint256 needed = signers.length + 1;
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, signers.length, needed);
        refuses(authority, _call(authority, amount), signers, reason);
    }

    function _call(Region authority, uint64 amount) private pure returns (bytes memory) {
        return abi.encodeCall(ActTarget.issue, (authority, amount));
    }
}
