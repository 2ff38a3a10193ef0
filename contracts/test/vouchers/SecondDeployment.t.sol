// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {Starts, Unit} from "../../src/interfaces/VoucherTypes.sol";
import {Till} from "../support/Till.sol";

/// @notice A deployment beside one before it: its numbers begin where those of the first ended, and amounts are in the
/// unit that was said when it was made.
contract SecondDeploymentTest is Till {
    uint256 private constant KEY = 0xBEEF;
    uint32 private _seriesBefore;
    uint64 private _ordersBefore;

    function startsOfWorld() internal view override returns (Starts memory) {
        return Starts(_seriesBefore, _ordersBefore);
    }

    function testFuzz_numbers_beginAfterThoseBefore(uint32 series, uint64 orders) public {
        _seriesBefore = uint32(bound(series, 0, type(uint32).max - 2));
        _ordersBefore = uint64(bound(orders, 0, type(uint64).max - 2));
        build();
        assertEq(vouchers.seriesCount(), 0, "none yet");
        assertEq(vouchers.issueOrderCount(), 0, "none yet");
        uint32 first = _seriesBefore + 1;
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.SeriesPublished(first, CITY, plainTerms(CITY));
        publish(CITY, plainTerms(CITY));
        assertEq(vouchers.seriesCount(), 1, "one");
        // What was before has no series here.
        if (_seriesBefore > 0) assertEq(vouchers.supply(_seriesBefore).budget, 0, "of the deployment before");
        assertTrue(vouchers.supply(first).budget > 0, "the first of this one");
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.IssueApproved(_ordersBefore + 1, first, CITY, 5, bytes32(uint256(1)));
        approve(CITY, first, 5, bytes32(uint256(1)));
        assertEq(vouchers.issueOrderCount(), 1, "an order");
        assertEq(vouchers.starts().series, _seriesBefore, "start of series");
        assertEq(vouchers.starts().issueOrders, _ordersBefore, "start of issue orders");
    }

    function test_unit_isAsItWasSaid() public {
        build();
        Unit memory unit = vouchers.unit();
        assertEq(bytes32(unit.code), bytes32(bytes3("KRW")), "code");
        assertEq(unit.digits, 0, "digits");
        assertEq(unit.nameKo, bytes32(unicode"원"), "Korean name");
        assertEq(unit.nameEn, bytes32("won"), "English name");
    }
}
