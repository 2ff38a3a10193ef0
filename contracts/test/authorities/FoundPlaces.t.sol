// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {Region} from "../../src/types/Region.sol";
import {AuthorityFixture} from "./AuthorityFixture.sol";

/// @notice Codes that begin with the province's digits and are none: hardly one random number does.
contract FoundPlacesTest is AuthorityFixture {
    function setUp() public {
        build();
    }

    function testFuzz_foundAuthority_refusesWhatIsNoCode(uint32 digits, uint8 length) public {
        Region region = Region.wrap(uint48(0x470000000000 | uint256(digits) << 8 | bound(length, 3, 10)));
        if (region.isValid()) return;
        bytes memory call =
            abi.encodeCall(IAuthorities.foundAuthority, (PROVINCE, region, crew(region), thresholds()));
        bytes4 why = IAuthorities.RegionOutsideAuthority.selector;
        refusesSelf(PROVINCE, call, governors(), abi.encodeWithSelector(why, PROVINCE, region));
    }
}
