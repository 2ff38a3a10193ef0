// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Role} from "../interfaces/IAuthorities.sol";
import {IVouchersAdmin} from "../interfaces/IVouchersAdmin.sol";
import {Receipt, Return, Settlement} from "../interfaces/VoucherTypes.sol";
import {Refusal} from "../generated/Refusal.sol";
import {KoreanCalendar} from "../types/KoreanCalendar.sol";
import {Receipts} from "../types/Receipts.sol";
import {Region} from "../types/Region.sol";
import {ActsOfAuthorities} from "./ActsOfAuthorities.sol";
import {Series} from "./Ledger.sol";
import {MerchantBalances} from "./MerchantBalances.sol";

/// @notice The authority's part of settlement: it burns the balances of all its merchants at once, and gives them back
/// where the bank refused the payout.
abstract contract SettlementRuns is IVouchersAdmin, ActsOfAuthorities, MerchantBalances {
    /// @inheritdoc IVouchersAdmin
    function settle(Region authority, bytes32 run, Settlement[] calldata lines) external {
        _requireBatch(lines.length);
        uint256 sum = 0;
        for (uint256 i = 0; i < lines.length; i++) {
            sum += lines[i].amount;
        }
        AUTHORITIES.requireAct(authority, Role.Treasurer, sum);
        uint64 number = ++_runCount;
        bytes32[] memory leaves = new bytes32[](lines.length);
        uint256 settled = 0;
        for (uint256 i = 0; i < lines.length; i++) {
            _ownSeries(authority, lines[i].series);
            bytes32 id = keccak256(abi.encode("settlement", address(this), block.chainid, number, i));
            uint256 redeemable = _redeemable(lines[i].series, lines[i].merchant);
            if (lines[i].amount == 0) {
                emit RedemptionRefused(id, uint8(Refusal.AmountZero), 0, 0);
            } else if (lines[i].amount > redeemable) {
                emit RedemptionRefused(
                    id, uint8(Refusal.InsufficientMerchantBalance), redeemable, lines[i].amount
                );
            } else {
                leaves[settled++] = _settleLine(lines[i], id, run);
            }
        }
        if (settled != 0) _storeReceipts(Receipts.root(leaves, settled));
    }

    /// @inheritdoc IVouchersAdmin
    function returnRedemptions(Region authority, Return[] calldata entries) external {
        _requireBatch(entries.length);
        uint256 sum = 0;
        for (uint256 i = 0; i < entries.length; i++) {
            sum += entries[i].receipt.amount;
        }
        AUTHORITIES.requireAct(authority, Role.Treasurer, sum);
        for (uint256 i = 0; i < entries.length; i++) {
            _returnOne(authority, entries[i]);
        }
    }

    /// @inheritdoc IVouchersAdmin
    function receiptCount() external view returns (uint64) {
        return _receiptCount;
    }

    /// @inheritdoc IVouchersAdmin
    function receiptRoot(uint64 batch) external view returns (bytes32) {
        return _receipts[batch];
    }

    /// @inheritdoc IVouchersAdmin
    function isReturned(bytes32 redemption) external view returns (bool) {
        return _returned[redemption];
    }

    function _settleLine(Settlement calldata line, bytes32 id, bytes32 run) private returns (bytes32 leaf) {
        emit Redeemed(id, line.series, line.merchant, line.amount, 0, run);
        _burnMerchantBalance(line.series, line.merchant, line.amount);
        uint16 today = KoreanCalendar.day(block.timestamp);
        return Receipts.leaf(id, line.merchant, address(0), line.series, line.amount, today);
    }

    /// @dev Back as if taken from residents: how many hops it had made is not kept.
    function _returnOne(Region authority, Return calldata entry) private {
        Receipt calldata receipt = entry.receipt;
        bytes32 leaf = Receipts.leaf(
            receipt.id, entry.merchant, address(0), entry.series, receipt.amount, receipt.day
        );
        bytes32 root = _receipts[receipt.batch];
        if (_returned[receipt.id] || !MerkleProof.verifyCalldata(receipt.branch, root, leaf)) {
            revert ReturnInvalid(receipt.id);
        }
        Series storage series = _ownSeries(authority, entry.series);
        if (series.closed) revert ReturnInvalid(receipt.id);
        _returned[receipt.id] = true;
        series.redeemed -= receipt.amount;
        _merchantBalances[entry.series][entry.merchant] = _merchantBalances[entry.series][entry.merchant].earn(receipt.amount);
        emit RedemptionReturned(receipt.id, entry.series, entry.merchant, receipt.amount);
        _emitTransfer(address(0), entry.merchant, entry.series, receipt.amount);
    }
}
