// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Role} from "../interfaces/IAuthorities.sol";
import {Region} from "../types/Region.sol";
import {Ledger, Series} from "./Ledger.sol";
import {OwnContracts} from "./OwnContracts.sol";

/// @notice Lets an entry point be reached only by an act that enough officers of the authority signed.
abstract contract ActsOfAuthorities is OwnContracts, Ledger {
    modifier byRegistrars(Region authority) {
        AUTHORITIES.requireAct(authority, Role.Registrar, 0);
        _;
    }

    /// @param amount won at stake; chooses how many treasurers must have signed.
    modifier byTreasurers(Region authority, uint256 amount) {
        AUTHORITIES.requireAct(authority, Role.Treasurer, amount);
        _;
    }

    /// @dev A parent authority doesn't own its children's series: only the very authority acts.
    function _ownSeries(Region authority, uint32 id) internal view returns (Series storage series) {
        series = _series[id];
        if (series.validUntil == 0 || !series.authority.equals(authority)) {
            revert SeriesNotOfAuthority(id, authority);
        }
    }

    /// @dev The state only founds authorities: it contains every region, but registers no merchant or account there.
    function _requireInside(Region authority, Region region) internal pure {
        if (authority.isState() || !authority.contains(region)) {
            revert RegionOutsideAuthority(authority, region);
        }
    }
}
