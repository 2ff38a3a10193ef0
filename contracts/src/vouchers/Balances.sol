// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersAdmin} from "../interfaces/IVouchersAdmin.sol";
import {Holding, MerchantBalance, Starts, Unit} from "../interfaces/VoucherTypes.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {PackedMerchantBalance} from "../types/PackedMerchantBalance.sol";
import {Region} from "../types/Region.sol";
import {Purchases} from "./Ledger.sol";
import {MerchantBalances} from "./MerchantBalances.sol";

/// @notice Views of every holding, merchant balance and purchase sum, and of what they count.
abstract contract Balances is IVouchersAdmin, MerchantBalances {
    /// @inheritdoc IVouchersAdmin
    function unit() external view returns (Unit memory) {
        return _unit;
    }

    /// @inheritdoc IVouchersAdmin
    function starts() external view returns (Starts memory) {
        return _starts;
    }

    /// @inheritdoc IVouchersAdmin
    function holding(uint32 id, address holder) external view returns (Holding memory) {
        return _holdings[id][holder].unpack();
    }

    /// @inheritdoc IVouchersAdmin
    function merchantBalance(uint32 id, address shop) external view returns (MerchantBalance memory) {
        PackedMerchantBalance taken = _merchantBalances[id][shop];
        uint256 byHop = _byHop[id][shop];
        return MerchantBalance(
            taken.balance(),
            taken.top(),
            taken.window(),
            [_atHop(byHop, 1), _atHop(byHop, 2), _atHop(byHop, 3)]
        );
    }

    /// @inheritdoc IVouchersAdmin
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

    /// @inheritdoc IVouchersAdmin
    function voided(bytes32 payment, uint32 series) external view returns (uint64) {
        return _voided[payment][series];
    }
}
