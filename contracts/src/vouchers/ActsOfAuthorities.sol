// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Role} from "../interfaces/IAuthorities.sol";
import {MerchantStatus} from "../interfaces/VoucherTypes.sol";
import {Areas} from "../types/Areas.sol";
import {Region} from "../types/Region.sol";
import {Ledger, Series} from "./Ledger.sol";
import {OwnContracts} from "./OwnContracts.sol";

/// @dev Whoever acts, with what it answers for: read once for all entries of a list.
struct Acting {
    Region authority;
    Areas areas;
}

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

    /// @dev Who answers for an account of any role; the zero region if it is not on record.
    function _inCharge(address id) internal view returns (Region) {
        Region named = _accounts[id].authority;
        return named.isState() ? _merchants[id].authority : named;
    }

    /// @dev Why the authority has no power over an account; empty if it has.
    function _againstActing(Region authority, address id) internal view returns (bytes memory reason) {
        Region named = _inCharge(id);
        if (named.equals(authority) && !named.isState()) return "";
        if (named.isState()) return abi.encodeWithSelector(AccountUnknown.selector, id);
        return abi.encodeWithSelector(NotInCharge.selector, id, named);
    }

    /// @dev The same for a merchant.
    function _againstActingForMerchant(Region authority, address id) internal view returns (bytes memory) {
        if (_merchants[id].status == MerchantStatus.None) {
            return abi.encodeWithSelector(MerchantUnknown.selector, id);
        }
        return _againstActing(authority, id);
    }

    /// @dev Whether an entry of a list is skipped, which an event says.
    function _skips(Region authority, address subject, uint256 index, bytes memory reason)
        internal
        returns (bool)
    {
        if (reason.length == 0) return false;
        emit EntrySkipped(authority, subject, index, reason);
        return true;
    }

    function _acting(Region authority) internal view returns (Acting memory) {
        return Acting(authority, AUTHORITIES.areasOf(authority));
    }

    function _requireInside(Region authority, Region region) internal view {
        if (!AUTHORITIES.areasOf(authority).contains(region)) revert RegionOutsideAuthority(authority, region);
    }

    /// @dev Why the authority may not decide about a place; empty if it may. The state answers for none.
    function _againstRegion(Acting memory by, Region region) internal pure returns (bytes memory reason) {
        if (!by.areas.contains(region)) {
            return abi.encodeWithSelector(RegionOutsideAuthority.selector, by.authority, region);
        }
    }
}
