// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {AuthorityFixture} from "./AuthorityFixture.sol";

/// @notice A reseat is finished once, whether or not the new governors act.
contract ReseatOnceTest is AuthorityFixture {
    function setUp() public {
        build();
    }

    function test_finishReseat_refusesASecondTime() public {
        bytes memory call =
            abi.encodeCall(IAuthorities.proposeReseat, (PROVINCE, CITY, crew(OTHER_CITY), thresholds()));
        decideSelf(PROVINCE, call, governors());
        vm.warp(block.timestamp + RESEAT_DELAY);
        authorities.finishReseat(CITY);
        assertEq(authorities.reseatReadyAt(CITY), 0, "over");
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.ReseatUnknown.selector, CITY));
        authorities.finishReseat(CITY);
    }
}
