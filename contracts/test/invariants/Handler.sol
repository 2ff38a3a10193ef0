// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchers, Holding, MerchantStatus, SeriesTerms, Supply, Takings} from "../../src/interfaces/IVouchers.sol";
import {SignedTransfer} from "../../src/types/SignedTransfer.sol";
import {Order, Till} from "../support/Till.sol";

/// @notice A small town that does everything in any order: three residents, two shops, two series. No call reverts;
/// most are legal, some are forged, replayed, too large or in the wrong place.
/// @dev Residents' balances must only sink by what they signed: `signedAway` counts that.
contract Handler is Till {
    uint256 private constant RESIDENTS = 3;
    uint256 private constant SHOPS = 2;
    uint256 private constant SERIES = 2;
    uint64 private constant BUDGET = 3_000_000;

    /// @notice won that a payer's good signature has moved, by series.
    mapping(uint32 series => uint64) public signedAway;
    /// @notice won that a merchant's good signature has burned, by series.
    mapping(uint32 series => uint64) public signedBack;
    /// @notice Digests that settled, so that none does twice.
    mapping(bytes32 id => bool) public settled;
    uint64[] private _openOrders;
    SignedTransfer[] private _sent;

    constructor() {
        build();
        for (uint256 i = 0; i < SERIES; i++) {
            SeriesTerms memory terms = plainTerms(CITY);
            terms.budget = BUDGET;
            if (i == 1) (terms.dailyCap, terms.holdingCap, terms.paymentCap) = (150_000, 400_000, 60_000);
            publish(CITY, terms);
        }
        register(shop(0), CITY, 1, 1);
        register(shop(1), OTHER_CITY, 1, 1);
        for (uint256 i = 0; i < RESIDENTS; i++) {
            attest(resident(i), CITY, 1);
        }
    }

    function resident(uint256 index) public pure returns (address) {
        return vm.addr(_residentKey(index));
    }

    function shop(uint256 index) public pure returns (address) {
        return vm.addr(_shopKey(index));
    }

    function platform() external view returns (IVouchers) {
        return vouchers;
    }

    function approveAndIssue(uint8 who, uint64 amount, uint64 approved, uint8 which) external {
        uint32 series = _seriesOf(which);
        Supply memory supply = vouchers.supply(series);
        approved = uint64(bound(approved, 0, supply.budget - supply.approved));
        // Lists may promise more than was approved: the rest of the list is refused then.
        uint256[] memory items = new uint256[](2);
        items[0] = issueItem(resident(who % RESIDENTS), uint64(bound(amount, 0, 300_000)));
        items[1] = issueItem(resident((who / 3) % RESIDENTS), uint64(bound(amount / 7, 0, 300_000)));
        uint64 order = approve(CITY, series, approved, leafOf(0, items));
        _openOrders.push(order);
        if (block.timestamp < vouchers.pausedUntil(series)) return;
        vouchers.issue(order, 0, items, new bytes32[](0));
    }

    function closeOrder(uint8 which) external {
        if (_openOrders.length == 0) return;
        uint256 index = which % _openOrders.length;
        bytes memory call = abi.encodeCall(IVouchers.closeIssueOrder, (CITY, _openOrders[index]));
        _openOrders[index] = _openOrders[_openOrders.length - 1];
        _openOrders.pop();
        execute(CITY, address(vouchers), call, treasurers());
    }

    function changeBudget(uint64 budget, uint8 which) external {
        uint32 series = _seriesOf(which);
        budget = uint64(bound(budget, vouchers.supply(series).approved, 2 * BUDGET));
        execute(
            CITY, address(vouchers), abi.encodeCall(IVouchers.setBudget, (CITY, series, budget)), treasurers()
        );
    }

    /// @param twist 0 forged by another resident, 1 to a shop in another city, else as it should be.
    function pay(uint8 who, uint64 amount, uint8 ahead, uint8 which, uint8 twist) external {
        uint32 series = _seriesOf(which);
        address payer = resident(who % RESIDENTS);
        Holding memory held = vouchers.holding(series, payer);
        Order memory order = Order(
            payer,
            shop(twist == 1 ? 1 : 0),
            series,
            uint64(bound(amount, 0, uint256(held.balance) * 5 / 4 + 1)),
            held.top + ahead % 4,
            uint40(block.timestamp + 1 minutes),
            keccak256(abi.encode(amount, ahead))
        );
        uint256 key = _residentKey((uint256(who) + (twist == 0 ? 1 : 0)) % RESIDENTS);
        SignedTransfer memory item = signPayment(order, key);
        _sent.push(item);
        _submit(item, twist == 0 ? bytes32(0) : paymentId(order), order.amount);
    }

    /// @notice Sends something again that was sent before, alone and twice in a batch.
    function replay(uint8 which) external {
        if (_sent.length == 0) return;
        SignedTransfer memory item = _sent[which % _sent.length];
        Order memory order = Order(
            address(uint160(item.from)),
            address(uint160(item.to)),
            uint32(item.to >> 160),
            uint64(item.to >> 192),
            uint32(item.from >> 160),
            uint40(item.from >> 192),
            item.order
        );
        _submit(item, paymentId(order), order.amount);
    }

    function redeem(uint64 amount, uint8 ahead, uint8 which, uint8 twist) external {
        uint32 series = _seriesOf(which);
        Takings memory taken = vouchers.takings(series, shop(0));
        Order memory order = Order(
            shop(0),
            address(0),
            series,
            uint64(bound(amount, 0, uint256(taken.balance) * 5 / 4 + 1)),
            taken.top + ahead % 4,
            uint40(block.timestamp + 1 minutes),
            0
        );
        SignedTransfer[] memory items = new SignedTransfer[](2);
        items[0] = items[1] = signRedemption(order, _shopKey(twist == 0 ? 1 : 0));
        uint64 before = vouchers.supply(series).redeemed;
        vouchers.redeem(items);
        uint64 burned = vouchers.supply(series).redeemed - before;
        assertTrue(burned == 0 || (burned == order.amount && twist != 0), "burned what nobody signed");
        signedBack[series] += burned;
    }

    function freezeOrThaw(uint8 who, bool frozen) external {
        freeze(resident(who % RESIDENTS), frozen);
    }

    function suspendOrAllow() external {
        bool active = vouchers.merchant(shop(0)).status == MerchantStatus.Active;
        setStatus(shop(0), active ? MerchantStatus.Suspended : MerchantStatus.Active);
    }

    function pauseOrResume(uint8 which, uint16 secondsAhead) external {
        pause(CITY, _seriesOf(which), uint40(block.timestamp) + secondsAhead % 600);
    }

    function letTimePass(uint16 time) external {
        vm.warp(block.timestamp + time);
    }

    /// @dev `id` zero: nothing may settle.
    function _submit(SignedTransfer memory item, bytes32 id, uint64 amount) private {
        uint32 series = uint32(item.to >> 160);
        address payer = address(uint160(item.from));
        uint56 before = vouchers.holding(series, payer).balance;
        SignedTransfer[] memory items = new SignedTransfer[](2);
        items[0] = items[1] = item;
        vouchers.pay(items);
        uint64 moved = before - vouchers.holding(series, payer).balance;
        if (moved == 0) return;
        assertTrue(id != 0 && !settled[id] && moved == amount, "moved what was not signed, or twice");
        settled[id] = true;
        signedAway[series] += moved;
    }

    function _seriesOf(uint8 which) private pure returns (uint32) {
        return 1 + which % uint32(SERIES);
    }

    function _residentKey(uint256 index) private pure returns (uint256) {
        return uint256(keccak256(abi.encode("resident", index))) >> 1;
    }

    function _shopKey(uint256 index) private pure returns (uint256) {
        return uint256(keccak256(abi.encode("shop", index))) >> 1;
    }
}
