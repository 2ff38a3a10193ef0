// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The money of one series as small models, so that solc's model checker can prove the supply law for every sequence
// of calls of any length and every amount (`npm run prove`). Nothing here is deployed.
//
// They are faithful to contracts/src by construction; each function names the one it stands for:
// - Sums over all accounts, merchants or orders are one number here. Whoever may move `amount` there has at least
//   `amount`, so the sum has: the sum may do whatever any one of them may do.
// - A check that only refuses more (signature, region, pause, nonce ...) is left out. With it fewer sequences are
//   possible, so a law that holds without it holds with it.
// - Numbers have 256 bits, so that the widths of the packed words are laws to prove and not assumptions. That the
//   words themselves keep their fields apart is tested with random words: contracts/test/types.
// - A model may assume a law that an earlier one proves; it says which. A law that begins with `require` assumes the
//   laws of its own model that stand before it: they are proved without it.

uint256 constant BUDGET_MAX = 2 ** 48 - 1;

/// @notice Budget, delegation, what was approved (lists and quotas) and what was issued from it.
contract Approvals {
    uint256 private _budget;
    uint256 private _approved;
    uint256 private _issued;
    /// @dev sum over all issue orders of what they have left
    uint256 private _open;

    /// @dev SeriesBook.publishSeries
    constructor(uint64 budget) {
        require(budget <= BUDGET_MAX);
        _budget = budget;
    }

    /// @dev SeriesBook.setBudget
    function setBudget(uint64 budget) external {
        require(budget <= BUDGET_MAX);
        require(budget >= _approved);
        _budget = budget;
    }

    /// @dev IssueOrders.approveIssue and approveQuota (_claim), by the series' own authority or one with a delegation
    function approve(uint64 total) external {
        require(total <= _budget - _approved);
        _approved += total;
        _open += total;
    }

    /// @dev IssueOrders.closeIssueOrder of an order that has `remaining` left
    function closeIssueOrder(uint64 remaining) external {
        require(remaining <= _open);
        _approved -= remaining;
        _open -= remaining;
    }

    /// @dev Issuance.issue and issueByQuota, one item (_issueTo, _issueChunk)
    function issue(uint64 amount) external {
        require(amount <= _open);
        _open -= amount;
        _issued += amount;
    }

    function approvedIsIssuedOrOpen() external view {
        assert(_approved == _issued + _open);
    }

    function issuedIsApproved() external view {
        assert(_issued <= _approved);
    }

    function approvedIsBudgeted() external view {
        assert(_approved <= _budget);
    }

    function issuedFitsFortyEightBits() external view {
        require(_issued <= _approved && _approved <= _budget);
        assert(_issued <= BUDGET_MAX);
    }
}

/// @notice One authority to which a part of the budget was delegated: what is left of it, was granted, was claimed.
contract Delegation {
    uint256 private _left;
    uint256 private _granted;
    uint256 private _claimed;

    /// @dev SeriesBook.delegateBudget
    function delegateBudget(uint64 left) external {
        _left = left;
        _granted = _claimed + left;
    }

    /// @dev IssueOrders._claim
    function approve(uint64 total) external {
        require(total <= _left);
        _left -= total;
        _claimed += total;
    }

    /// @dev IssueOrders.closeIssueOrder
    function closeIssueOrder(uint64 remaining) external {
        require(remaining <= _claimed);
        _left += remaining;
        _claimed -= remaining;
    }

    function claimedIsGranted() external view {
        assert(_claimed + _left == _granted);
    }
}

/// @notice One quota: what its key may issue in a day.
contract Quota {
    uint256 private _perDay;
    uint256 private _day;
    uint256 private _issuedToday;

    /// @dev IssueOrders.approveQuota
    constructor(uint64 perDay) {
        _perDay = perDay;
    }

    /// @dev Issuance.issueByQuota
    function issueByQuota(uint64 issued, uint16 today) external {
        uint256 before = _day == today ? _issuedToday : 0;
        require(issued <= _perDay - before);
        _day = today;
        _issuedToday = before + issued;
    }

    function quotaOfTheDayHolds() external view {
        assert(_issuedToday <= _perDay);
    }
}

/// @notice The way of the vouchers, from issue to whatever became of them. `_taken` is all that merchants have, however
/// often it travelled: see Travels.
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

    /// @dev Redemptions.redeem and SettlementRuns.settle, one item (TakingsBook._burnTakings)
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
    // one holding, or one merchant's takings, and comes into another.

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

    /// @dev Issuance: never after validUntil (SeriesRules._checkOpen)
    function issue(uint64 amount) external {
        require(!_over);
        _outstanding += amount;
    }

    /// @dev block.timestamp reaches validUntil
    function end() external {
        _over = true;
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

/// @notice How far the takings of all merchants have travelled.
contract Travels {
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

    /// @dev Payments.pay, SettlementRuns.returnRedemptions (PackedTakings.earn). Assumes
    /// Life.issuedIsOutstandingOrEnded and Approvals.issuedFitsFortyEightBits: what merchants have was issued.
    function earn(uint64 amount) external {
        require(_paid + amount <= BUDGET_MAX);
        _paid += amount;
        _taken += amount;
    }

    /// @dev Circulation._settleCirculation, the part that never travelled
    function sendOn(uint64 amount) external {
        require(_hops >= 1);
        require(amount <= _taken);
        _taken -= amount;
        _once += amount;
    }

    /// @dev Circulation._settleCirculation, the part that travelled once
    function sendOnAgain(uint64 amount) external {
        require(_hops >= 2);
        require(amount <= _once);
        _once -= amount;
        _twice += amount;
    }

    /// @dev Circulation._settleCirculation, the part that travelled twice
    function sendOnAtLast(uint64 amount) external {
        require(_hops >= 3);
        require(amount <= _twice);
        _twice -= amount;
        _thrice += amount;
    }

    /// @dev TakingsBook._burnTakings, by parts
    function burn(uint64 never, uint64 once, uint64 twice, uint64 thrice) external {
        require(never <= _taken && once <= _once && twice <= _twice && thrice <= _thrice);
        _paid = _paid - never - once - twice - thrice;
        _taken = _taken - never;
        _once = _once - once;
        _twice = _twice - twice;
        _thrice = _thrice - thrice;
    }

    function travelledIsKept() external view {
        assert(_paid == _taken + _once + _twice + _thrice);
    }

    /// @notice Neither PackedTakings' balance nor one of the travelled sums can run over into its neighbour.
    function takingsFitFortyEightBits() external view {
        require(_paid == _taken + _once + _twice + _thrice);
        assert(_taken <= BUDGET_MAX && _once <= BUDGET_MAX && _twice <= BUDGET_MAX && _thrice <= BUDGET_MAX);
    }

    function travelledNoFurther() external view {
        assert((_hops >= 1 || _once == 0) && (_hops >= 2 || _twice == 0) && (_hops >= 3 || _thrice == 0));
    }
}

/// @notice One resident, any one.
contract Resident {
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

    /// @dev whatever lowers a balance
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

    /// @dev Payments and Gifts (SeriesRules._dailyLeft, PackedHolding.recordSpent); Registry.attestAccounts changes tiers
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
contract Purchases {
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
