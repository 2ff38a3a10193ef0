// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Holding, Takings} from "../interfaces/VoucherTypes.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {PackedTakings} from "../types/PackedTakings.sol";
import {Region} from "../types/Region.sol";
import {Purchases} from "./Ledger.sol";
import {TakingsBook} from "./TakingsBook.sol";

/// @notice What everybody holds, for whoever asks.
abstract contract Balances is TakingsBook {
    /// @dev See {IVouchers-holding}.
    function holding(uint32 id, address holder) external view returns (Holding memory) {
        return _holdings[id][holder].unpack();
    }

    /// @dev See {IVouchers-takings}.
    function takings(uint32 id, address shop) external view returns (Takings memory) {
        PackedTakings taken = _takings[id][shop];
        uint256 travelled = _travelled[id][shop];
        return Takings(
            taken.balance(),
            taken.top(),
            taken.window(),
            [_atHop(travelled, 1), _atHop(travelled, 2), _atHop(travelled, 3)]
        );
    }

    /// @dev See {IVouchers-purchases}.
    function purchases(Region authority, address holder)
        external
        view
        returns (uint64 inMonth, uint64 inYear, uint64 giftsInMonth)
    {
        Purchases storage known = _purchases[authority][holder];
        (uint16 year, uint8 month) = KoreanCalendar.yearAndMonth(block.timestamp);
        if (known.year == year) {
            inYear = known.inYear;
            if (known.month == month) inMonth = known.inMonth;
        }
        if (known.giftYear == year && known.giftMonth == month) giftsInMonth = known.gifts;
    }

    /// @dev See {IVouchers-voided}.
    function voided(bytes32 payment, uint32 series) external view returns (uint64) {
        return _voided[payment][series];
    }
}
