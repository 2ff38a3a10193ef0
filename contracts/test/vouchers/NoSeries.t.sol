// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {World} from "../support/World.sol";

/// @notice Officers' decisions about an unpublished series are refused: the series is not theirs.
contract NoSeriesTest is World {
    function setUp() public {
        build();
        publish(CITY, plainTerms(CITY));
    }

    function testFuzz_acts_refuseAnUnpublishedSeries(uint32 id, uint64 amount) public {
        id = uint32(bound(id, 2, type(uint32).max));
        amount = uint64(bound(amount, 0, SMALL));
        _refuses(id, abi.encodeCall(IVouchersAdmin.approveIssue, (CITY, id, amount, keccak256("list"))));
        _refuses(id, abi.encodeCall(IVouchersAdmin.approveQuota, (CITY, id, amount, amount, keccak256("key"))));
        _refuses(id, abi.encodeCall(IVouchersAdmin.setBudget, (CITY, id, amount)));
        _refuses(id, abi.encodeCall(IVouchersAdmin.pauseSeries, (CITY, id, NOW)));
    }

    function _refuses(uint32 id, bytes memory call) private {
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, id, CITY);
        refuses(CITY, call, ids(3, 4), reason);
    }
}
