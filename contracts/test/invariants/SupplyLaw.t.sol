// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchers, Holding, Supply, Takings} from "../../src/interfaces/IVouchers.sol";
import {Test} from "../support/Test.sol";
import {Handler} from "./Handler.sol";

/// @notice What must hold whatever people do, in any order.
contract SupplyLawTest is Test {
    Handler private _town;
    IVouchers private _vouchers;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public {
        _town = new Handler();
        _vouchers = _town.platform();
    }

    function targetContracts() public view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(_town);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory list) {
        list = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](12);
        selectors[0] = Handler.approveAndIssue.selector;
        selectors[1] = Handler.closeOrder.selector;
        selectors[2] = Handler.changeBudget.selector;
        // Payments thrice: most of what happens.
        selectors[3] = selectors[10] = selectors[11] = Handler.pay.selector;
        selectors[4] = Handler.replay.selector;
        selectors[5] = Handler.redeem.selector;
        selectors[6] = Handler.freezeOrThaw.selector;
        selectors[7] = Handler.suspendOrAllow.selector;
        selectors[8] = Handler.pauseOrResume.selector;
        selectors[9] = Handler.letTimePass.selector;
        list[0] = FuzzSelector(address(_town), selectors);
    }

    /// @dev One campaign for all: each function of this kind would play the town anew.
    function invariant_theLawsOfTheTown() public view {
        _issuedIsHeldTakenOrRedeemed();
        _issuedIsApprovedAndBudgeted();
        _capsHold();
        _shopOutsideTakesNothing();
    }

    /// @dev issued = held by residents + taken by merchants + redeemed; and nobody moved what was not signed.
    function _issuedIsHeldTakenOrRedeemed() private view {
        for (uint32 series = 1; series <= 2; series++) {
            Supply memory supply = _vouchers.supply(series);
            (uint256 held, uint256 received) = _held(series);
            (uint256 taken, uint256 earned) = _taken(series);
            assertEq(supply.issued, held + taken + supply.redeemed, "supply law");
            assertEq(received, supply.issued, "received by residents");
            assertEq(earned, taken + supply.redeemed, "earned by merchants");
            assertEq(earned, _town.signedAway(series), "only signatures lower a balance");
            assertEq(supply.redeemed, _town.signedBack(series), "only signatures redeem");
        }
    }

    function _issuedIsApprovedAndBudgeted() private view {
        for (uint32 series = 1; series <= 2; series++) {
            Supply memory supply = _vouchers.supply(series);
            assertTrue(supply.issued <= supply.approved, "issued more than approved");
            assertTrue(supply.approved <= supply.budget, "approved more than the budget");
        }
        uint256[3] memory remaining;
        for (uint64 order = 1; order <= _vouchers.issueOrderCount(); order++) {
            (uint32 series, uint64 left,,) = _vouchers.issueOrder(order);
            remaining[series] += left;
        }
        for (uint32 series = 1; series <= 2; series++) {
            Supply memory supply = _vouchers.supply(series);
            assertEq(supply.approved, supply.issued + remaining[series], "approved = issued + open orders");
        }
    }

    function _capsHold() private view {
        for (uint256 i = 0; i < 3; i++) {
            Holding memory held = _vouchers.holding(2, _town.resident(i));
            assertTrue(held.balance <= 400_000, "holding cap");
            assertTrue(held.spentToday <= 150_000, "daily cap");
        }
    }

    function _shopOutsideTakesNothing() private view {
        for (uint32 series = 1; series <= 2; series++) {
            assertEq(_vouchers.takings(series, _town.shop(1)).earned, 0, "a shop in another city");
        }
    }

    function _held(uint32 series) private view returns (uint256 balance, uint256 received) {
        for (uint256 i = 0; i < 3; i++) {
            Holding memory held = _vouchers.holding(series, _town.resident(i));
            balance += held.balance;
            received += held.received;
        }
    }

    function _taken(uint32 series) private view returns (uint256 balance, uint256 earned) {
        for (uint256 i = 0; i < 2; i++) {
            Takings memory taken = _vouchers.takings(series, _town.shop(i));
            balance += taken.balance;
            earned += taken.earned;
        }
    }
}
