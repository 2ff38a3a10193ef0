// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IVouchers, Holding} from "../interfaces/IVouchers.sol";
import {PackedHolding} from "../types/PackedHolding.sol";
import {Refusal} from "../generated/Refusal.sol";
import {Region} from "../types/Region.sol";
import {Series, SeriesBook} from "./SeriesBook.sol";
import {Registry} from "./Registry.sol";

struct IssueOrder {
    uint32 series;
    uint64 remaining;
    bool closed;
    bytes32 root;
    BitMaps.BitMap chunks;
}

/// @notice How vouchers come into being: officers approve a whole list once, anybody brings its chunks.
abstract contract Issuance is SeriesBook, Registry {
    using BitMaps for BitMaps.BitMap;

    uint64 public issueOrderCount;
    mapping(uint64 id => IssueOrder) private _orders;
    mapping(uint32 series => mapping(address account => PackedHolding)) internal _holdings;

    /// @inheritdoc IVouchers
    function approveIssue(Region authority, uint32 id, uint64 total, bytes32 root)
        external
        byTreasurers(authority, total)
    {
        Series storage series = _ownSeries(authority, id);
        uint64 left = series.budget - series.approved;
        if (total > left) revert BudgetExceeded(left, total);
        series.approved += total;
        uint64 orderId = ++issueOrderCount;
        IssueOrder storage order = _orders[orderId];
        order.series = id;
        order.remaining = total;
        order.root = root;
        emit IssueApproved(orderId, id, total, root);
    }

    /// @inheritdoc IVouchers
    function closeIssueOrder(Region authority, uint64 orderId) external byTreasurers(authority, 0) {
        IssueOrder storage order = _openOrder(orderId);
        Series storage series = _ownSeries(authority, order.series);
        series.approved -= order.remaining;
        order.closed = true;
        emit IssueOrderClosed(orderId, order.remaining);
        order.remaining = 0;
    }

    /// @inheritdoc IVouchers
    function issue(uint64 orderId, uint256 index, uint256[] calldata items, bytes32[] calldata proof) external {
        _requireBatch(items.length);
        IssueOrder storage order = _openOrder(orderId);
        if (order.chunks.get(index)) revert ChunkAlreadyIssued(orderId, index);
        // Hashed twice, so that an inner node of the tree can't pass for a leaf.
        bytes32 leaf =
            keccak256(bytes.concat(keccak256(abi.encode(index, keccak256(abi.encodePacked(items))))));
        if (!MerkleProof.verifyCalldata(proof, order.root, leaf)) revert ChunkNotInOrder(orderId, index);
        uint32 id = order.series;
        Series storage series = _series[id];
        // Refused as a whole: else anybody could use up the list during a pause.
        (Refusal closed,) = _checkOpen(_openSeries(id), false);
        if (closed != Refusal.None) revert SeriesNotOpen(id, uint8(closed));
        order.chunks.set(index);

        uint64 remaining = order.remaining;
        uint64 before = remaining;
        for (uint256 i = 0; i < items.length; i++) {
            address to = address(uint160(items[i]));
            uint64 amount = uint64(items[i] >> 160);
            (Refusal code, uint256 a, uint256 b) = _issueTo(series, id, to, amount, remaining);
            if (code == Refusal.None) {
                remaining -= amount;
                emit Issued(orderId, id, to, amount);
            } else {
                emit IssueRefused(orderId, to, amount, uint8(code), a, b);
            }
        }
        order.remaining = remaining;
        series.issued += before - remaining;
        emit ChunkIssued(orderId, index);
    }

    /// @inheritdoc IVouchers
    function holding(uint32 id, address holder) external view returns (Holding memory) {
        return _holdings[id][holder].unpack();
    }

    /// @inheritdoc IVouchers
    function issueOrder(uint64 orderId)
        external
        view
        returns (uint32 series, uint64 remaining, bytes32 root, bool closed)
    {
        IssueOrder storage order = _orders[orderId];
        return (order.series, order.remaining, order.root, order.closed);
    }

    /// @inheritdoc IVouchers
    function isChunkIssued(uint64 orderId, uint256 index) external view returns (bool) {
        return _orders[orderId].chunks.get(index);
    }

    function _issueTo(Series storage series, uint32 id, address to, uint64 amount, uint64 remaining)
        private
        returns (Refusal code, uint256 a, uint256 b)
    {
        if (amount == 0) return (Refusal.AmountZero, 0, 0);
        // The list promised more than was approved for it.
        if (amount > remaining) return (Refusal.BudgetExceeded, remaining, amount);
        PackedHolding held = _holdings[id][to];
        uint256 balance = held.balance();
        uint256 cap = series.holdingCap;
        if (cap != 0 && balance + amount > cap) {
            return (Refusal.HoldingCapExceeded, balance < cap ? cap - balance : 0, amount);
        }
        _holdings[id][to] = held.receiveVouchers(amount);
    }

    function _openOrder(uint64 orderId) private view returns (IssueOrder storage order) {
        order = _orders[orderId];
        if (order.series == 0) revert OrderUnknown(orderId);
        if (order.closed) revert OrderClosed(orderId);
    }
}
