// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Anchors} from "./authorities/Anchors.sol";
import {Changes} from "./authorities/Changes.sol";
import {Execution} from "./authorities/Execution.sol";
import {Founding} from "./authorities/Founding.sol";
import {Officer, Thresholds} from "./interfaces/IAuthorities.sol";
import {STATE} from "./types/Region.sol";

/// @notice See {IAuthorities}.
/// @dev Seats (who the officers are) → Execution (acts) → Changes (of officers, by themselves) → AreaGrants (what they
/// answer for) → Founding (by others) → Anchors (of documents).
contract Authorities is Anchors {
    /// @param vouchers the contract that acts may call besides this one; its address is computed before it is deployed.
    /// @param changeDelay see {Changes}. @param reseatDelay see {Founding}.
    /// @param officers the state's first officers, who found the provinces' authorities.
    constructor(
        address vouchers,
        bytes32 salt,
        uint40 changeDelay,
        uint40 reseatDelay,
        Officer[] memory officers,
        Thresholds memory stateThresholds
    ) Execution(vouchers, salt) Changes(changeDelay) Founding(reseatDelay) {
        _found(STATE, STATE, officers, stateThresholds);
    }
}
