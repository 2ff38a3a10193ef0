// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Model} from "./Models.sol";

/// @notice One resident, any one.
contract Resident is Model {
    uint256 private _balance;
    uint256 private _received;
    /// @dev paid and not voided
    uint256 private _spent;

    /// @dev Issuance, one item, and Gifts.give as the receiver (PackedHolding.receiveVouchers). Assumes
    /// Approvals.issuedFitsFortyEightBits and Life.issuedIsOutstandingOrEnded: what one holds and spent was issued.
    function receiveVouchers(uint64 amount) external {
        require(_balance + _spent + amount <= BUDGET_MAX);
        _balance += amount;
        _received += amount;
    }

    /// @dev Payments.pay, the part of this series (PackedHolding.spend)
    function pay(uint64 amount) external {
        require(amount <= _balance);
        _balance -= amount;
        _spent += amount;
    }

    /// @dev Voids.voidPayments, one item (PackedHolding.giveBack). Assumes Payment.voidedWasPaid.
    function voidPayment(uint64 amount) external {
        require(amount <= _spent);
        _spent -= amount;
        _balance += amount;
        if (_balance > _received) _received = _balance;
    }

    /// @dev Gifts.give as the giver, and Refunds.expire (PackedHolding.giveAway)
    function giveAway(uint64 amount) external {
        require(amount <= _balance);
        _balance = _balance - amount;
        _received -= amount;
    }

    /// @dev Refunds.refund (PackedHolding.empty)
    function refund() external {
        _balance = 0;
        _received = 0;
    }

    function balanceWasReceived() external view {
        assert(_balance <= _received);
    }

    function receivedIsHeldOrSpent() external view {
        assert(_received <= _balance + _spent);
    }

    /// @notice No field of PackedHolding can run over into its neighbour.
    function receivedFitsFortyEightBits() external view {
        require(_received <= _balance + _spent);
        assert(_received <= BUDGET_MAX);
    }
}

/// @notice One payment's part of one series, and one redemption, any one: how often they may be taken back.
contract Payment {
    uint256 private _paid;
    uint256 private _voided;
    uint256 private _redeemed;
    uint256 private _back;
    bool private _returned;

    /// @dev Payments._settlePayment and Redemptions._settleRedemption: what the receipts prove
    constructor(uint64 paid, uint64 redeemed) {
        _paid = paid;
        _redeemed = redeemed;
    }

    /// @dev Voids._checkVoid and _settleVoid
    function voidPayment(uint64 amount) external {
        require(amount <= _paid - _voided);
        _voided += amount;
    }

    /// @dev SettlementRuns._returnOne
    function returnRedemption() external {
        require(!_returned);
        _returned = true;
        _back += _redeemed;
    }

    function voidedWasPaid() external view {
        assert(_voided <= _paid);
    }

    function returnedWasRedeemed() external view {
        assert(_back <= _redeemed);
    }
}

/// @notice Payments from two series: what both give is what the payer signed.
contract Basket {
    uint256 private _first;
    uint256 private _second;
    uint256 private _started;
    uint256 private _paid;

    constructor(uint64 first, uint64 second) {
        _first = first;
        _second = second;
        _started = uint256(first) + second;
    }

    /// @dev Payments._divide and _settlePayment; `most` is the smaller one of payment cap and what the day has left
    function pay(uint64 amount, uint64 mostOfFirst, uint64 mostOfSecond) external {
        uint256 part = amount < mostOfFirst ? amount : mostOfFirst;
        if (part > _first) part = _first;
        require(part != 0);
        uint256 rest = amount - part;
        require(rest <= mostOfSecond && rest <= _second);
        _first -= part;
        _second -= rest;
        _paid += amount;
    }

    function partsAreTheAmount() external view {
        assert(_first + _second + _paid == _started);
    }
}
