// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Role} from "../interfaces/IAuthorities.sol";
import {Region} from "../types/Region.sol";

/// @notice Lets an entry point be reached only by an act that enough officers of the authority signed.
abstract contract ActsOfAuthorities {
    IAuthorities public immutable AUTHORITIES;

    constructor(IAuthorities authorities) {
        AUTHORITIES = authorities;
    }

    modifier byRegistrars(Region authority) {
        AUTHORITIES.requireAct(authority, Role.Registrar, 0);
        _;
    }

    /// @param amount won at stake; chooses how many treasurers must have signed.
    modifier byTreasurers(Region authority, uint256 amount) {
        AUTHORITIES.requireAct(authority, Role.Treasurer, amount);
        _;
    }
}
