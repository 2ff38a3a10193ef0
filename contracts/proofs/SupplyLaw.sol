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
// - Numbers have 256 bits, so that the widths of the packed words are laws to prove and not assumptions.
// - A model may assume a law that an earlier one proves; it says which.

uint256 constant BUDGET_MAX = 2 ** 56 - 1;

/// @notice Budget, approved lists and what was issued from them.
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

    /// @dev Issuance.approveIssue
    function approveIssue(uint64 total) external {
        require(total <= _budget - _approved);
        _approved += total;
        _open += total;
    }

    /// @dev Issuance.closeIssueOrder of an order that has `remaining` left
    function closeIssueOrder(uint64 remaining) external {
        require(remaining <= _open);
        _approved -= remaining;
        _open -= remaining;
    }

    /// @dev Issuance.issue, one item (_issueTo)
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

    function issuedFitsFiftySixBits() external view {
        assert(_issued <= BUDGET_MAX);
    }
}

/// @notice The way of the vouchers: issued to residents, paid to merchants, redeemed.
contract Circulation {
    uint256 private _issued;
    uint256 private _held;
    uint256 private _taken;
    uint256 private _redeemed;

    /// @dev Issuance.issue, one item (_issueTo, PackedHolding.receiveVouchers)
    function issue(uint64 amount) external {
        _issued += amount;
        _held += amount;
    }

    /// @dev Payments.pay, one item (_checkAmount, _settle, PackedHolding.pay, PackedTakings.earn)
    function pay(uint64 amount) external {
        require(amount <= _held);
        _held -= amount;
        _taken += amount;
    }

    /// @dev Redemptions.redeem, one item (PackedTakings.redeem)
    function redeem(uint64 amount) external {
        require(amount <= _taken);
        _taken -= amount;
        _redeemed += amount;
    }

    function issuedIsHeldTakenOrRedeemed() external view {
        assert(_issued == _held + _taken + _redeemed);
    }

    function redeemedWasIssued() external view {
        assert(_redeemed <= _issued);
    }
}

/// @notice One resident, any one, among all: `others` stands for what everybody else received.
contract Resident {
    uint256 private _balance;
    uint256 private _received;
    uint256 private _others;

    /// @dev Issuance.issue, one item. Assumes Approvals.issuedFitsFiftySixBits: all that is issued is received.
    function issue(uint64 amount, bool toThisOne) external {
        require(_received + _others + amount <= BUDGET_MAX);
        if (toThisOne) {
            _balance += amount;
            _received += amount;
        } else {
            _others += amount;
        }
    }

    /// @dev Payments.pay, one item
    function pay(uint64 amount) external {
        require(amount <= _balance);
        _balance -= amount;
    }

    function balanceWasReceived() external view {
        assert(_balance <= _received);
    }

    /// @notice Neither field of PackedHolding can run over into its neighbour.
    function receivedFitsFiftySixBits() external view {
        assert(_received <= BUDGET_MAX);
    }
}

/// @notice One merchant, any one. `notEarned` is what this merchant may earn yet.
contract Shop {
    uint256 private _taken;
    uint256 private _earned;
    uint256 private _notEarned;

    /// @dev Assumes Approvals.issuedFitsFiftySixBits and Circulation.issuedIsHeldTakenOrRedeemed: a won is paid once.
    constructor() {
        _notEarned = BUDGET_MAX;
    }

    /// @dev Payments.pay, one item (PackedTakings.earn)
    function earn(uint64 amount) external {
        require(amount <= _notEarned);
        _notEarned -= amount;
        _taken += amount;
        _earned += amount;
    }

    /// @dev Redemptions.redeem, one item
    function redeem(uint64 amount) external {
        require(amount <= _taken);
        _taken -= amount;
    }

    function takenWasEarned() external view {
        assert(_taken <= _earned);
    }

    /// @notice Neither field of PackedTakings can run over into its neighbour.
    function earnedFitsSixtyFourBits() external view {
        assert(_earned <= type(uint64).max);
    }
}

/// @notice One holding under the caps of its series.
contract Caps {
    uint256 private _balance;
    uint256 private _spentToday;
    uint256 private _day;
    uint256 private _dailyCap;
    uint256 private _holdingCap;

    /// @dev SeriesBook.publishSeries
    constructor(uint32 dailyCap, uint64 holdingCap) {
        _dailyCap = dailyCap;
        _holdingCap = holdingCap;
    }

    /// @dev Issuance._issueTo
    function issue(uint64 amount) external {
        require(_holdingCap == 0 || _balance + amount <= _holdingCap);
        _balance += amount;
    }

    /// @dev Payments._checkAmount, PackedHolding.pay and recordSpent
    function pay(uint64 amount, uint16 today) external {
        require(amount <= _balance);
        if (_dailyCap != 0) {
            uint256 spent = _day == today ? _spentToday : 0;
            require(spent + amount <= _dailyCap);
            _spentToday = spent + amount;
            _day = today;
        }
        _balance -= amount;
    }

    function holdingCapHolds() external view {
        assert(_holdingCap == 0 || _balance <= _holdingCap);
    }

    /// @notice What is left of the cap can always be subtracted (Payments._checkAmount), and fits 32 bits.
    function dailyCapHolds() external view {
        assert(_spentToday <= _dailyCap && _spentToday <= type(uint32).max);
    }
}
