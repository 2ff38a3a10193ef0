// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IVouchersCore} from "../interfaces/IVouchersCore.sol";
import {Account, IssueOrder, FLAG_SOLD} from "../interfaces/VoucherTypes.sol";
import {PackedHolding} from "../types/PackedHolding.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {Refusal} from "../generated/Refusal.sol";
import {Areas} from "../types/Areas.sol";
import {Region} from "../types/Region.sol";
import {Signatures} from "../types/Signatures.sol";
import {TypedData} from "../types/TypedData.sol";
import {Purchases, Series} from "./Ledger.sol";
import {OwnContracts} from "./OwnContracts.sol";
import {SeriesRules} from "./SeriesRules.sol";
import {SignedOrders} from "./SignedOrders.sol";

/// @dev The Korean day of a chunk and whom its items may go to, worked out once for all of them.
/// @param within the authority that approved it with a delegated part of the budget; zero = the series' own.
/// @param areas what it answers for: the homes of those who may get some.
struct Chunk {
    uint16 day;
    uint16 year;
    uint8 month;
    Region within;
    Areas areas;
}

/// @notice How vouchers come into being: officers approve a whole list once and any address submits its chunks, or
/// they give a key a quota.
abstract contract Issuance is IVouchersCore, OwnContracts, SeriesRules, SignedOrders {
    using BitMaps for BitMaps.BitMap;

    /// @inheritdoc IVouchersCore
    function issue(uint64 orderId, uint256 index, uint256[] calldata items, bytes32[] calldata proof) external {
        IssueOrder storage order = _openChunk(orderId, index, items);
        // Hashed twice, so that an inner node of the tree can't pass for a leaf.
        bytes32 leaf =
            keccak256(bytes.concat(keccak256(abi.encode(index, keccak256(abi.encodePacked(items))))));
        if (order.key != 0 || !MerkleProof.verifyCalldata(proof, order.root, leaf)) {
            revert ChunkNotInOrder(orderId, index);
        }
        _issueChunk(orderId, order, index, items);
    }

    /// @inheritdoc IVouchersCore
    function issueByQuota(uint64 orderId, uint256 index, uint256[] calldata items, bytes calldata proof)
        external
    {
        IssueOrder storage order = _openChunk(orderId, index, items);
        bytes32 digest = _digest(
            DOMAIN_SEPARATOR(),
            TypedData.hashQuotaIssue(orderId, index, keccak256(abi.encodePacked(items)))
        );
        (bytes32 key, uint256 length) = Signatures.verify(digest, proof);
        if (key == 0 || key != order.key || proof.length != length) revert ChunkNotInOrder(orderId, index);
        uint64 issued = _issueChunk(orderId, order, index, items);

        uint16 today = KoreanCalendar.day(block.timestamp);
        uint64 before = order.day == today ? order.issuedToday : 0;
        if (issued > order.perDay - before) revert QuotaExceeded(order.perDay - before, issued);
        order.day = today;
        order.issuedToday = before + issued;
    }

    function _openChunk(uint64 orderId, uint256 index, uint256[] calldata items)
        private
        view
        returns (IssueOrder storage order)
    {
        _requireBatch(items.length);
        order = _orders[orderId];
        if (order.series == 0) revert OrderUnknown(orderId);
        if (order.closed) revert OrderClosed(orderId);
        // A quota's key chooses the numbers; they stay within 32 bits, which every indexer can store.
        if (index > type(uint32).max) revert ChunkNotInOrder(orderId, index);
        if (_chunks[orderId].get(index)) revert ChunkAlreadyIssued(orderId, index);
        // Refused as a whole: else any submitter could use up the list during a pause.
        (Refusal closed,) = _checkOpen(_openSeries(order.series), false);
        if (closed != Refusal.None) revert SeriesNotOpen(order.series, uint8(closed));
    }

    function _issueChunk(uint64 orderId, IssueOrder storage order, uint256 index, uint256[] calldata items)
        private
        returns (uint64 issued)
    {
        _chunks[orderId].set(index);
        uint32 id = order.series;
        Series storage series = _series[id];
        Chunk memory chunk;
        chunk.day = KoreanCalendar.day(block.timestamp);
        (chunk.year, chunk.month) = KoreanCalendar.yearAndMonth(block.timestamp);
        uint64 remaining = order.remaining;
        // Only a delegated part of the budget is bound to a place.
        if (!order.by.equals(series.authority)) {
            (chunk.within, chunk.areas) = (order.by, AUTHORITIES.areasOf(order.by));
        }
        for (uint256 i = 0; i < items.length; i++) {
            address to = address(uint160(items[i]));
            uint64 amount = uint64(items[i] >> 160);
            (Refusal code, uint256 a, uint256 b) =
                _issueTo(series, id, to, amount, remaining - issued, chunk);
            if (code == Refusal.None) {
                issued += amount;
                emit Issued(orderId, id, to, amount);
                _emitTransfer(address(0), to, id, amount);
            } else {
                emit IssueRefused(orderId, to, amount, uint8(code), a, b);
            }
        }
        order.remaining = remaining - issued;
        series.issued += issued;
        emit ChunkIssued(orderId, index);
    }

    function _issueTo(
        Series storage series,
        uint32 id,
        address to,
        uint64 amount,
        uint64 remaining,
        Chunk memory chunk
    ) private returns (Refusal code, uint256 a, uint256 b) {
        if (amount == 0) return (Refusal.AmountZero, 0, 0);
        // The list promised more than was approved for it.
        if (amount > remaining) return (Refusal.BudgetExceeded, remaining, amount);
        Account storage buyer = _accounts[to];
        if (to == address(0) || buyer.company != _isCompanySeries(series)) {
            return (Refusal.BuyerNotEligible, 0, 0);
        }
        if (_isOwnContract(to)) return (Refusal.ReceiverIsContract, 0, 0);
        if (!chunk.within.isState() && !chunk.areas.contains(buyer.home)) {
            return (Refusal.HomeOutside, Region.unwrap(buyer.home), Region.unwrap(chunk.within));
        }
        PackedHolding held = _holdings[id][to];
        (code, a, b) = _checkHoldingCap(series.holdingCap, held.balance(), amount);
        if (code != Refusal.None) return (code, a, b);
        if (series.flags & FLAG_SOLD != 0 && !buyer.company) {
            (code, a, b) = _buy(series, to, amount, chunk);
            if (code != Refusal.None) return (code, a, b);
        }
        _holdings[id][to] = held.receiveVouchers(amount, chunk.day);
    }

    /// @dev Counts a purchase against the caps of the Korean calendar month and year, also where the series itself has
    /// none: the next one may.
    function _buy(Series storage series, address to, uint64 amount, Chunk memory chunk)
        private
        returns (Refusal code, uint256 a, uint256 b)
    {
        uint256 monthCap = series.monthCap;
        uint256 yearCap = series.yearCap;
        Purchases storage bought = _purchases[series.authority][to];
        uint256 inYear = bought.year == chunk.year ? bought.inYear : 0;
        uint256 inMonth = bought.year == chunk.year && bought.month == chunk.month ? bought.inMonth : 0;
        if (monthCap != 0 && inMonth + amount > monthCap) {
            return (Refusal.MonthCapExceeded, inMonth < monthCap ? monthCap - inMonth : 0, amount);
        }
        if (yearCap != 0 && inYear + amount > yearCap) {
            return (Refusal.YearCapExceeded, inYear < yearCap ? yearCap - inYear : 0, amount);
        }
        bought.year = chunk.year;
        bought.month = chunk.month;
        bought.inMonth = _upTo48Bits(inMonth + amount);
        bought.inYear = _upTo48Bits(inYear + amount);
    }

    /// @dev A sum over several series may pass what one may hold; it stays above every cap then.
    function _upTo48Bits(uint256 sum) private pure returns (uint48) {
        return sum > type(uint48).max ? type(uint48).max : uint48(sum);
    }
}
