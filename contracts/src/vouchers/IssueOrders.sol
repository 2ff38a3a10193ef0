// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {Role} from "../interfaces/IAuthorities.sol";
import {IVouchersAdmin} from "../interfaces/IVouchersAdmin.sol";
import {IssueOrder} from "../interfaces/VoucherTypes.sol";
import {Region} from "../types/Region.sol";
import {ActsOfAuthorities} from "./ActsOfAuthorities.sol";
import {Series} from "./Ledger.sol";

/// @notice What officers let be issued: to a list, or by a key with a quota. Both claim their total of the budget.
abstract contract IssueOrders is IVouchersAdmin, ActsOfAuthorities {
    using BitMaps for BitMaps.BitMap;

    /// @inheritdoc IVouchersAdmin
    function approveIssue(Region authority, uint32 id, uint64 total, bytes32 root)
        external
        byTreasurers(authority, total)
    {
        uint64 orderId = _claim(authority, id, total);
        _orders[orderId].root = root;
        emit IssueApproved(orderId, id, authority, total, root);
    }

    /// @inheritdoc IVouchersAdmin
    function approveQuota(Region authority, uint32 id, uint64 total, uint64 perDay, bytes32 key)
        external
        byTreasurers(authority, total)
    {
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
        if (!order.by.equals(authority)) revert SeriesNotOfAuthority(order.series, authority);
        Series storage series = _series[order.series];
        uint64 unissued = order.remaining;
        series.approved -= unissued;
        if (!series.authority.equals(authority)) _delegated[order.series][authority] += unissued;
        order.closed = true;
        order.remaining = 0;
        emit IssueOrderClosed(orderId, unissued);
    }

    /// @inheritdoc IVouchersAdmin
    function issueOrderCount() external view returns (uint64) {
        return _issueOrderCount;
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
        if (series.validUntil == 0) revert SeriesNotOfAuthority(id, authority);
        if (!series.authority.equals(authority)) {
            uint64 delegated = _delegated[id][authority];
            if (delegated == 0) revert SeriesNotOfAuthority(id, authority);
            if (total > delegated) revert DelegationExceeded(delegated, total);
            _delegated[id][authority] = delegated - total;
        }
        uint64 left = series.budget - series.approved;
        if (total > left) revert BudgetExceeded(left, total);
        series.approved += total;
        orderId = ++_issueOrderCount;
        IssueOrder storage order = _orders[orderId];
        order.series = id;
        order.remaining = total;
        order.by = authority;
    }
}
