// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Model} from "./Models.sol";

/// @notice One holding under the holding cap of its series.
contract HoldingCap {
    uint256 private _balance;
    uint256 private _givenBack;
    uint256 private _cap;

    /// @dev SeriesBook.publishSeries
    constructor(uint64 cap) {
        _cap = cap;
    }

    /// @dev Issuance._issueTo and Gifts._checkReceiver (SeriesRules._checkHoldingCap)
    function receiveVouchers(uint64 amount) external {
        require(_balance + amount <= _cap);
        _balance += amount;
    }

    /// @dev every call that lowers a balance
    function spend(uint64 amount) external {
        require(amount <= _balance);
        _balance -= amount;
    }

    /// @dev Voids._settleVoid (PackedHolding.giveBack)
    function voidPayment(uint64 amount) external {
        _balance = _balance + amount;
        _givenBack += amount;
    }

    /// @notice Only a void lifts a holding above its cap.
    function holdingCapHolds() external view {
        assert(_balance <= _cap + _givenBack);
    }
}

/// @notice One holding under the daily caps of its series. `low` and `high` are those of two tiers.
contract DailyCap {
    uint256 private _spentToday;
    uint256 private _day;
    uint256 private _low;
    uint256 private _high;

    /// @dev SeriesBook.publishSeries
    constructor(uint32 low, uint32 high) {
        require(low <= high);
        _low = low;
        _high = high;
    }

    /// @dev Payments and Gifts (SeriesRules._dailyLeft, PackedHolding.recordSpent); Registry.attestAccounts changes
    /// tiers
    function spend(uint64 amount, uint16 today, bool known) external {
        uint256 cap = known ? _high : _low;
        uint256 spent = _day == today ? _spentToday : 0;
        require(spent < cap && amount <= cap - spent);
        _spentToday = spent + amount;
        _day = today;
    }

    /// @dev Voids._settleVoid (PackedHolding.unrecordSpent)
    function voidPayment(uint64 amount) external {
        _spentToday = _spentToday > amount ? _spentToday - amount : 0;
    }

    /// @notice So it fits 32 bits, as the caps do.
    function dailyCapHolds() external view {
        assert(_spentToday <= _high);
    }
}

/// @notice The devices of one account; each ring has a limit of its own.
contract Devices {
    uint256 private _spent;
    uint256 private _day;

    /// @dev SignedOrders._checkDevice and _recordDevice
    function spendByDevice(uint64 amount, uint16 today, uint32 limit) external {
        uint256 spent = _day == today ? _spent : 0;
        require(spent < limit && amount <= limit - spent);
        _day = today;
        _spent = spent + amount;
    }

    function deviceSumFitsThirtyTwoBits() external view {
        assert(_spent <= type(uint32).max);
    }
}

/// @notice What one resident bought in a month, or in a year.
contract Purchases is Model {
    uint256 private _sum;

    /// @dev Issuance._buy of a series with a cap, or without one (0)
    function buy(uint64 amount, uint64 cap) external {
        require(cap == 0 || _sum + amount <= cap);
        _sum = _sum + amount > BUDGET_MAX ? BUDGET_MAX : _sum + amount;
    }

    function purchasesFitFortyEightBits() external view {
        assert(_sum <= BUDGET_MAX);
    }
}
