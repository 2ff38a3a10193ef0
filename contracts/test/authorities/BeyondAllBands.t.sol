// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Role} from "../../src/interfaces/IAuthorities.sol";
import {AuthorityFixture} from "./AuthorityFixture.sol";

/// @notice The bands end at the largest amount of won; sums may exceed it.
contract BeyondAllBandsTest is AuthorityFixture {
    function setUp() public {
        build();
    }

    function testFuzz_officersNeeded_refusesMoreThanAnyAmount(uint256 amount) public {
        amount = bound(amount, uint256(type(uint64).max) + 1, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ThresholdsInvalid.selector));
        authorities.officersNeeded(CITY, Role.Treasurer, amount);
    }

    function testFuzz_requireAct_refusesMoreThanAnyAmount(uint256 amount) public {
        amount = bound(amount, uint256(type(uint64).max) + 1, type(uint256).max);
        bytes memory reason = abi.encodeWithSelector(IAuthorities.ThresholdsInvalid.selector);
        refuses(CITY, decide(CITY, amount), ids(3, 4, 5), reason);
    }
}
