// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Model} from "./Models.sol";

/// @notice The life of the vouchers, from issue to their end. `_taken` is all that merchants have, however
/// often it hopped: see Hops.
contract Life {
    uint256 private _issued;
    uint256 private _held;
    uint256 private _taken;
    uint256 private _redeemed;
    uint256 private _refunded;
    uint256 private _expired;

    /// @dev Issuance, one item (_issueTo, _issueChunk)
    function issue(uint64 amount) external {
        _issued += amount;
        _held += amount;
    }

    /// @dev Payments.pay, the part of this series (_settlePayment); Tokens.safeTransferFrom to a merchant
    function pay(uint64 amount) external {
        require(amount <= _held);
        _held -= amount;
        _taken += amount;
    }

    /// @dev Voids.voidPayments, one item (_settleVoid)
    function voidPayment(uint64 amount) external {
        require(amount <= _taken);
        _taken = _taken - amount;
        _held = _held + amount;
    }

    /// @dev Redemptions.redeem and SettlementRuns.settle, one item (MerchantBalances._burnMerchantBalance)
    function redeem(uint64 amount) external {
        require(amount <= _taken);
        _taken -= amount;
        _redeemed += amount;
    }

    /// @dev SettlementRuns.returnRedemptions, one entry. The receipt proves that so much was redeemed.
    function returnRedemption(uint64 amount) external {
        require(amount <= _redeemed);
        _redeemed -= amount;
        _taken = _taken + amount;
    }

    /// @dev Refunds.refund, one item (_settleRefund)
    function refund(uint64 balance) external {
        require(balance <= _held);
        _held = _held - balance;
        _refunded += balance;
    }

    /// @dev Refunds.expire, one account
    function expire(uint64 balance) external {
        require(balance <= _held);
        _held = _held - balance;
        _expired += balance;
    }

    // Gifts.give, Tokens.safeTransferFrom to a resident and Circulation.circulate change no sum: the same amount leaves
    // one holding, or one merchant balance, and comes into another.

    function issuedIsOutstandingOrEnded() external view {
        assert(_issued == _held + _taken + _redeemed + _refunded + _expired);
    }

    function endedWasIssued() external view {
        require(_issued == _held + _taken + _redeemed + _refunded + _expired);
        assert(_redeemed + _refunded + _expired <= _issued);
    }
}

/// @notice The end of a series: `_outstanding` is what people hold and merchants have.
contract Closing {
    uint256 private _outstanding;
    uint256 private _redeemed;
    bool private _over;
    bool private _closed;

    /// @dev Issuance: never after the end of the validity (SeriesRules._checkOpen)
    function issue(uint64 amount) external {
        require(!_over);
        _outstanding += amount;
    }

    /// @dev block.timestamp reaches the end of the validity (Ledger._end)
    function end() external {
        _over = true;
    }

    /// @dev SeriesBook.extendSeries, also after the end
    function extend() external {
        require(_over && !_closed);
        _over = false;
    }

    /// @dev Redemptions.redeem, SettlementRuns.settle
    function redeem(uint64 amount) external {
        require(amount <= _outstanding);
        _outstanding -= amount;
        _redeemed += amount;
    }

    /// @dev Refunds.refund, Refunds.expire
    function burn(uint64 amount) external {
        require(amount <= _outstanding);
        _outstanding = _outstanding - amount;
    }

    /// @dev SettlementRuns._returnOne
    function returnRedemption(uint64 amount) external {
        require(!_closed);
        require(amount <= _redeemed);
        _redeemed -= amount;
        _outstanding = _outstanding + amount;
    }

    /// @dev SeriesBook.closeSeries (_overSeries). Assumes Life.issuedIsOutstandingOrEnded: what is outstanding is what
    /// was issued less what ended.
    function close() external {
        require(_over);
        require(_outstanding == 0);
        _closed = true;
    }

    function closedIsEmpty() external view {
        assert(!_closed || _outstanding == 0);
    }
}

/// @notice How many hops the balances of all merchants made.
contract Hops is Model {
    uint256 private _paid;
    uint256 private _taken;
    uint256 private _once;
    uint256 private _twice;
    uint256 private _thrice;
    uint256 private _hops;

    /// @dev SeriesBook.publishSeries
    constructor(uint8 hops) {
        _hops = hops;
    }

    /// @dev Payments.pay, SettlementRuns.returnRedemptions (PackedMerchantBalance.earn). Assumes
    /// Life.issuedIsOutstandingOrEnded and Approvals.issuedFitsFortyEightBits: what merchants have was issued.
    function earn(uint64 amount) external {
        require(_paid + amount <= BUDGET_MAX);
        _paid += amount;
        _taken += amount;
    }

    /// @dev Circulation._settleCirculation, the part that never hopped
    function sendOn(uint64 amount) external {
        require(_hops >= 1);
        require(amount <= _taken);
        _taken -= amount;
        _once += amount;
    }

    /// @dev Circulation._settleCirculation, the part that hopped once
    function sendOnAgain(uint64 amount) external {
        require(_hops >= 2);
        require(amount <= _once);
        _once -= amount;
        _twice += amount;
    }

    /// @dev Circulation._settleCirculation, the part that hopped twice
    function sendOnAtLast(uint64 amount) external {
        require(_hops >= 3);
        require(amount <= _twice);
        _twice -= amount;
        _thrice += amount;
    }

    /// @dev MerchantBalances._burnMerchantBalance, by parts
    function burn(uint64 never, uint64 once, uint64 twice, uint64 thrice) external {
        require(never <= _taken && once <= _once && twice <= _twice && thrice <= _thrice);
        _paid = _paid - never - once - twice - thrice;
        _taken = _taken - never;
        _once = _once - once;
        _twice = _twice - twice;
        _thrice = _thrice - thrice;
    }

    function hopsAreKept() external view {
        assert(_paid == _taken + _once + _twice + _thrice);
    }

    /// @notice Neither PackedMerchantBalance's balance nor one of the hopped sums can run over into its neighbour.
    function merchantBalancesFitFortyEightBits() external view {
        require(_paid == _taken + _once + _twice + _thrice);
        assert(_taken <= BUDGET_MAX && _once <= BUDGET_MAX && _twice <= BUDGET_MAX && _thrice <= BUDGET_MAX);
    }

    function noMoreHopsThanAllowed() external view {
        assert((_hops >= 1 || _once == 0) && (_hops >= 2 || _twice == 0) && (_hops >= 3 || _thrice == 0));
    }
}
