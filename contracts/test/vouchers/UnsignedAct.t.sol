// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {IVouchersCore} from "../../src/interfaces/IVouchersCore.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {Till} from "../support/Till.sol";

/// @notice A call of Vouchers that asks for no officer is the act of no officer: whoever submits it can't do it in the
/// name of an authority.
contract UnsignedActTest is Till {
    uint32 private _series;

    function setUp() public {
        build();
        _series = publish(CITY, plainTerms(CITY));
    }

    function testFuzz_execute_doesNothingThatAsksNoOfficer(uint8 which, bool signed) public {
        bytes memory call = which % 3 == 0
            ? abi.encodeCall(IVouchersCore.pay, (new Transfer[](0), ""))
            : which % 3 == 1
            ? abi.encodeCall(IVouchersAdmin.supply, (_series))
            : abi.encodeCall(IVouchersAdmin.seriesCount, ());
        _refuses(call, signed ? ids(1, 3, 6) : new uint32[](0));
    }

    function testFuzz_approveIssue_slicesNeedAsManyAsTheirSum(uint64 first, uint64 second, bool quota) public {
        first = uint64(bound(first, 1, SMALL));
        second = uint64(bound(second, SMALL - first + 1, SMALL));
        // What setUp approved was yesterday's.
        vm.warp(block.timestamp + 1 days);
        act(CITY, _approval(first, !quota), ids(3, 4));
        bytes memory call = _approval(second, quota);
        refuses(CITY, call, ids(3, 4), abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3));
        act(CITY, call, treasurers());
        assertEq(authorities.approvedToday(CITY), uint256(first) + second, "the day's approvals");
    }

    function _approval(uint64 total, bool quota) private view returns (bytes memory) {
        if (quota) return abi.encodeCall(IVouchersAdmin.approveQuota, (CITY, _series, total, total, bytes32("key")));
        return abi.encodeCall(IVouchersAdmin.approveIssue, (CITY, _series, total, bytes32("root")));
    }

    function _refuses(bytes memory call, uint32[] memory signers) private {
        refuses(CITY, call, signers, abi.encodeWithSelector(IAuthorities.ActAsksNoOfficer.selector));
    }
}
