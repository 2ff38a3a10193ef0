// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Model} from "./Models.sol";

/// @notice Budget, delegation, what was approved (lists and quotas) and what was issued from it.
contract Approvals is Model {
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
