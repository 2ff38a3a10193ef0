// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {Order} from "../support/Orders.sol";
import {Log} from "../support/Test.sol";
import {Till} from "../support/Till.sol";
import {Tree} from "../support/Tree.sol";

/// @notice The receipts of whole batches: one root over all that settled, and nothing of what was refused.
contract ReceiptBatchesTest is Till {
    uint256 private constant KEY = 0xBEEF;
    uint256 private constant SHOP_KEY = 0x5A0F;

    address private _payer;
    address private _shop;
    uint32 private _first;
    uint32 private _second;

    function setUp() public {
        build();
        (_payer, _shop) = (person(KEY), person(SHOP_KEY));
        SeriesTerms memory terms = plainTerms(CITY);
        terms.paymentCap = 2;
        _first = publish(CITY, terms);
        _second = publish(CITY, plainTerms(CITY));
        register(_shop, CITY, 7, 2);
        issueTo(CITY, _first, _payer, 1_000_000);
        issueTo(CITY, _second, _payer, 1_000_000);
    }

    function testFuzz_pay_storesReceiptsOfWhatSettled(uint8 count, uint256 seed) public {
        _paysBatch(bound(count, 1, 16), seed);
    }

    function test_pay_storesReceiptsOfBatchesOfAllSizes() public {
        uint16[8] memory sizes = [1, 2, 3, 31, 32, 33, 399, 400];
        for (uint256 i = 0; i < sizes.length; i++) {
            _paysBatch(sizes[i], i);
        }
    }

    /// @dev The most that a batch can settle: 400 payments from eight series each.
    function test_pay_storesReceiptsOfTheLargestBatch() public {
        uint256 packed = 0;
        SeriesTerms memory terms = plainTerms(CITY);
        terms.paymentCap = 1;
        for (uint256 i = 0; i < 8; i++) {
            uint32 series = publish(CITY, terms);
            issueTo(CITY, series, _payer, 400);
            packed |= uint256(series) << (32 * i);
        }
        Transfer[] memory items = new Transfer[](400);
        bytes[] memory proofs = new bytes[](400);
        for (uint256 i = 0; i < 400; i++) {
            Order memory order = Order(_payer, _shop, packed, 8, uint32(i + 1), NOW + 60, 0);
            (items[i], proofs[i]) = (transfer(order), prove(wallet(KEY), paymentId(order)));
        }
        bytes32[] memory leaves = _pays(items, _stream(proofs));
        assertEq(leaves.length, 3_200, "parts");
    }

    function test_pay_storesNothingWhenAllIsRefused() public {
        Order memory order = Order(_payer, _shop, _first, 3, 1, NOW + 60, 0);
        uint64 batches = vouchers.receiptCount();
        vouchers.pay(one(transfer(order)), one(prove(wallet(KEY), paymentId(order))));
        assertEq(vouchers.receiptCount(), batches, "no receipts");
        assertEq(vouchers.receiptRoot(batches + 1), bytes32(0), "no root");
    }

    function testFuzz_redeem_storesReceiptsOfWhatSettled(uint8 count, uint256 seed) public {
        settles(Order(_payer, _shop, _second, 1_000, 1, NOW + 60, 0), KEY);
        count = uint8(bound(count, 1, 16));
        Transfer[] memory items = new Transfer[](count);
        bytes[] memory proofs = new bytes[](count);
        bytes32[] memory leaves = new bytes32[](0);
        for (uint256 i = 0; i < count; i++) {
            bool bad = seed >> i & 1 == 1;
            Order memory order = Order(_shop, address(0), _second, uint64(i + 1), uint32(i + 1), NOW + 60, 0);
            bytes32 id = redemptionId(order);
            (items[i], proofs[i]) = (transfer(order), prove(wallet(bad ? KEY : SHOP_KEY), id));
            if (!bad) leaves = Tree.append(leaves, receiptLeaf(id, _shop, address(0), _second, order.amount));
        }
        uint64 batches = vouchers.receiptCount();
        vm.recordLogs();
        vouchers.redeem(items, _stream(proofs));
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(vouchers.receiptCount(), batches + (leaves.length == 0 ? 0 : 1), "batches");
        if (leaves.length == 0) return;
        isReceipts(logs[logs.length - 1], Tree.root(leaves));
        _isProven(leaves);
    }

    /// @dev A third of the items is refused, a third takes from two series; the seed says which.
    function _paysBatch(uint256 count, uint256 seed) private {
        Transfer[] memory items = new Transfer[](count);
        bytes[] memory proofs = new bytes[](count);
        bytes32[] memory wanted = new bytes32[](0);
        uint32 nonce = vouchers.holding(_first, _payer).top + 1;
        for (uint256 i = 0; i < count; i++) {
            uint256 kind = uint256(keccak256(abi.encode(seed, i))) % 3;
            uint256 series = kind == 0 ? uint256(_first) : listed(_first, _second);
            Order memory order = Order(_payer, _shop, series, kind == 2 ? 5 : 2, nonce++, NOW + 60, bytes32(i));
            bytes32 id = paymentId(order);
            (items[i], proofs[i]) = (transfer(order), prove(wallet(kind == 1 ? SHOP_KEY : KEY), id));
            if (kind != 1) wanted = Tree.append(wanted, receiptLeaf(id, _payer, _shop, _first, 2));
            if (kind == 2) wanted = Tree.append(wanted, receiptLeaf(id, _payer, _shop, _second, 3));
        }
        bytes32[] memory leaves = _pays(items, _stream(proofs));
        assertEq(keccak256(abi.encode(leaves)), keccak256(abi.encode(wanted)), "leaves");
        _isProven(leaves);
    }

    /// @dev The leaves of all emitted Paid, over which the root stands that is emitted last.
    function _pays(Transfer[] memory items, bytes memory proofs) private returns (bytes32[] memory leaves) {
        uint64 batches = vouchers.receiptCount();
        vm.recordLogs();
        vouchers.pay(items, proofs);
        Log[] memory logs = vm.getRecordedLogs();
        uint256 count = 0;
        leaves = new bytes32[](logs.length);
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].topics[0] == IVoucherEvents.Paid.selector) leaves[count++] = _leafOf(logs[i]);
        }
        assembly {
            mstore(leaves, count)
        }
        assertEq(vouchers.receiptCount(), batches + (count == 0 ? 0 : 1), "batches");
        if (count != 0) isReceipts(logs[logs.length - 1], Tree.root(leaves));
    }

    function _leafOf(Log memory log) private view returns (bytes32) {
        (address merchant, uint64 amount,,) = abi.decode(log.data, (address, uint64, uint40, bytes32));
        address payer = address(uint160(uint256(log.topics[3])));
        return receiptLeaf(log.topics[1], payer, merchant, uint32(uint256(log.topics[2])), amount);
    }

    /// @dev First, last and one in the middle have a branch to the stored root.
    function _isProven(bytes32[] memory leaves) private view {
        if (leaves.length == 0) return;
        bytes32 root = vouchers.receiptRoot(vouchers.receiptCount());
        uint256[3] memory places = [0, leaves.length / 2, leaves.length - 1];
        for (uint256 i = 0; i < 3; i++) {
            bytes32[] memory branch = Tree.proof(leaves, places[i]);
            assertTrue(MerkleProof.verify(branch, root, leaves[places[i]]), "proven");
        }
    }

    function _stream(bytes[] memory proofs) private pure returns (bytes memory all) {
        uint256 total = 0;
        for (uint256 i = 0; i < proofs.length; i++) {
            total += 2 + proofs[i].length;
        }
        all = new bytes(total);
        uint256 next = 0;
        for (uint256 i = 0; i < proofs.length; i++) {
            bytes memory piece = one(proofs[i]);
            for (uint256 j = 0; j < piece.length; j++) {
                all[next++] = piece[j];
            }
        }
    }
}
