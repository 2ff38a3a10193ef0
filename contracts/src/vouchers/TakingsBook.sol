// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PackedTakings} from "../types/PackedTakings.sol";
import {Ledger, Series} from "./Ledger.sol";

/// @notice What merchants hold: taken from residents, or travelled on from other merchants in up to three hops.
abstract contract TakingsBook is Ledger {
    uint256 internal constant HOPS_MAX = 3;

    /// @dev won that a merchant could redeem of a series.
    function _redeemable(uint32 id, address merchant) internal view returns (uint256 total) {
        total = _takings[id][merchant].balance();
        if (_series[id].hops == 0) return total;
        uint256 travelled = _travelled[id][merchant];
        for (uint256 hop = 1; hop <= HOPS_MAX; hop++) {
            total += _atHop(travelled, hop);
        }
    }

    /// @dev Burns `amount`, at most {_redeemable}; what travelled most goes first, since it can be used for least.
    function _burnTakings(uint32 id, address merchant, uint64 amount) internal {
        Series storage series = _series[id];
        uint64 rest = amount;
        if (series.hops != 0) {
            uint256 travelled = _travelled[id][merchant];
            for (uint256 hop = HOPS_MAX; hop != 0; hop--) {
                uint64 part = _atHop(travelled, hop);
                if (part > rest) part = rest;
                travelled -= uint256(part) << _shiftOf(hop);
                rest -= part;
            }
            _travelled[id][merchant] = travelled;
        }
        _takings[id][merchant] = _takings[id][merchant].give(rest);
        series.redeemed += amount;
        _tell(merchant, address(0), id, amount);
    }

    function _atHop(uint256 travelled, uint256 hop) internal pure returns (uint64) {
        return uint64(travelled >> _shiftOf(hop));
    }

    /// @param hop 1..3.
    function _shiftOf(uint256 hop) internal pure returns (uint256) {
        return 64 * (hop - 1);
    }
}
