// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {Role} from "../interfaces/IAuthorities.sol";
import {IVouchersAdmin} from "../interfaces/IVouchersAdmin.sol";
import {IssueOrder} from "../interfaces/VoucherTypes.sol";
import {Region} from "../types/Region.sol";
import {ActsOfAuthorities} from "./ActsOfAuthorities.sol";
import {Delegation, Series} from "./Ledger.sol";

/// @notice What officers let be issued: to a list, or by a key with a quota. Both claim their total of the budget.
abstract contract IssueOrders is IVouchersAdmin, ActsOfAuthorities {
    using BitMaps for BitMaps.BitMap;

    /// @inheritdoc IVouchersAdmin
    function approveIssue(Region authority, uint32 id, uint64 total, bytes32 root)
        external
    {
        AUTHORITIES.requireActToIssue(authority, total);
        uint64 orderId = _claim(authority, id, total);
        _orders[orderId].root = root;
        emit IssueApproved(orderId, id, authority, total, root);
    }

    /// @inheritdoc IVouchersAdmin
    function approveQuota(Region authority, uint32 id, uint64 total, uint64 perDay, bytes32 key)
        external
    {
        AUTHORITIES.requireActToIssue(authority, total);
        if (key == 0) revert KeysInvalid();
        uint64 orderId = _claim(authority, id, total);
        _orders[orderId].key = key;
        _orders[orderId].perDay = perDay;
        emit QuotaApproved(orderId, id, authority, total, perDay, key);
    }

    /// @inheritdoc IVouchersAdmin
    function closeIssueOrder(Region authority, uint64 orderId) external {
        IssueOrder storage order = _orders[orderId];
        if (order.series == 0) revert OrderUnknown(orderId);
        if (order.key == 0) AUTHORITIES.requireAct(authority, Role.Treasurer, 0);
        else AUTHORITIES.requireActBy(authority, Role.Treasurer, 1);
        if (order.closed) revert OrderClosed(orderId);
        Series storage series = _series[order.series];
        // Of a delegate's order also the series' own authority: it is its money.
        if (!order.by.equals(authority) && !series.authority.equals(authority)) {
            revert SeriesNotOfAuthority(order.series, authority);
        }
        uint64 unissued = order.remaining;
        series.approved -= unissued;
        Delegation storage delegation = _delegated[order.series][order.by];
        // One that was set since, to nothing or to another sum, says all that the delegate has left.
        if (order.delegation != 0 && order.delegation == delegation.number) delegation.left += unissued;
        order.closed = true;
        order.remaining = 0;
        emit IssueOrderClosed(orderId, unissued);
    }

    /// @inheritdoc IVouchersAdmin
    function issueOrderCount() external view returns (uint64) {
        return _lastIssueOrder - _starts.issueOrders;
    }

    /// @inheritdoc IVouchersAdmin
    function issueOrder(uint64 orderId) external view returns (IssueOrder memory) {
        return _orders[orderId];
    }

    /// @inheritdoc IVouchersAdmin
    function isChunkIssued(uint64 orderId, uint256 index) external view returns (bool) {
        return _chunks[orderId].get(index);
    }

    /// @dev Claims `total` of the budget, and of the authority's delegation if the series is not its own.
    function _claim(Region authority, uint32 id, uint64 total) private returns (uint64 orderId) {
        Series storage series = _series[id];
        uint32 delegation = 0;
        if (series.validUntil == 0) revert SeriesNotOfAuthority(id, authority);
        if (!series.authority.equals(authority)) {
            Delegation storage delegated = _delegated[id][authority];
            if (delegated.left == 0) revert SeriesNotOfAuthority(id, authority);
            if (total > delegated.left) revert DelegationExceeded(delegated.left, total);
            delegated.left -= total;
            delegation = delegated.number;
        }
        uint64 left = series.budget - series.approved;
        if (total > left) revert BudgetExceeded(left, total);
        series.approved += total;
        orderId = ++_lastIssueOrder;
        IssueOrder storage order = _orders[orderId];
        order.series = id;
        order.remaining = total;
        order.by = authority;
        order.delegation = delegation;
    }
}
