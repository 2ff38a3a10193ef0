// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Handler} from "./Handler.sol";

/// @notice What must hold whatever people do, in any order. Each call is checked as it is made, see {MirrorEvents};
/// every account and series once more at the end of a play.
contract SupplyLawTest is Handler {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public {
        _begin();
    }

    function targetContracts() public view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(this);
    }

    /// @dev Payments most of all, as in life.
    function targetSelectors() public view returns (FuzzSelector[] memory list) {
        bytes4[] memory all = new bytes4[](30);
        all[0] = all[1] = all[2] = all[3] = all[4] = this.pay.selector;
        all[5] = this.give.selector;
        all[6] = this.refund.selector;
        all[7] = this.sendTokens.selector;
        all[8] = this.changeKeys.selector;
        all[9] = this.replay.selector;
        all[10] = all[11] = this.voidPayment.selector;
        all[12] = all[13] = this.circulate.selector;
        all[14] = all[15] = this.redeem.selector;
        all[16] = this.approveList.selector;
        all[17] = this.bringList.selector;
        all[18] = this.issueByQuota.selector;
        all[19] = this.closeOrder.selector;
        all[20] = this.changeBudget.selector;
        all[21] = this.settle.selector;
        all[22] = this.returnRedemption.selector;
        all[23] = this.expire.selector;
        all[24] = this.freezeOrThaw.selector;
        all[25] = this.suspendOrAllow.selector;
        all[26] = this.pauseOrResume.selector;
        all[27] = this.letTimePass.selector;
        all[28] = this.attestAnew.selector;
        all[29] = this.replaceLostKeys.selector;
        list = new FuzzSelector[](1);
        list[0] = FuzzSelector(address(this), all);
    }

    /// @dev The supply law after each call; the calls themselves hold all the rest.
    function invariant_theLawsOfTheTown() public view {
        for (uint32 id = 1; id <= SERIES; id++) {
            _checkSupply(id);
        }
    }

    function afterInvariant() public view {
        for (uint32 id = 1; id <= SERIES; id++) {
            for (uint256 i = 0; i < PEOPLE; i++) {
                _checkLine(id, people[i]);
            }
        }
    }
}
