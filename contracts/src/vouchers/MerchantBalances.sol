// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PackedMerchantBalance} from "../types/PackedMerchantBalance.sol";
import {Ledger, Series} from "./Ledger.sol";

/// @notice What merchants hold: taken from residents, or moved on from other merchants in up to three hops.
abstract contract MerchantBalances is Ledger {
    uint256 internal constant HOPS_MAX = 3;

    /// @dev won that a merchant could redeem of a series.
    function _redeemable(uint32 id, address merchant) internal view returns (uint256 total) {
        total = _merchantBalances[id][merchant].balance();
        if (_series[id].hops == 0) return total;
        uint256 byHop = _byHop[id][merchant];
        for (uint256 hop = 1; hop <= HOPS_MAX; hop++) {
            total += _atHop(byHop, hop);
        }
    }

    /// @dev Burns `amount`, at most {_redeemable}; what made most hops goes first, since it can be used for least.
    function _burnMerchantBalance(uint32 id, address merchant, uint64 amount) internal {
        Series storage series = _series[id];
        uint64 rest = amount;
        if (series.hops != 0) {
            uint256 byHop = _byHop[id][merchant];
            for (uint256 hop = HOPS_MAX; hop != 0; hop--) {
                uint64 part = _atHop(byHop, hop);
                if (part > rest) part = rest;
                byHop -= uint256(part) << _shiftOf(hop);
                rest -= part;
            }
            _byHop[id][merchant] = byHop;
        }
        _merchantBalances[id][merchant] = _merchantBalances[id][merchant].give(rest);
        series.redeemed += amount;
        _emitTransfer(merchant, address(0), id, amount);
    }

    function _atHop(uint256 byHop, uint256 hop) internal pure returns (uint64) {
        return uint64(byHop >> _shiftOf(hop));
    }

    /// @param hop 1..3.
    function _shiftOf(uint256 hop) internal pure returns (uint256) {
        return 64 * (hop - 1);
    }
}
