// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {Receipt, Return, SeriesTerms, Settlement} from "../../src/interfaces/VoucherTypes.sol";
import {Region} from "../../src/types/Region.sol";
import {Log} from "../support/Test.sol";
import {Order} from "../support/Orders.sol";
import {Till} from "../support/Till.sol";

/// @notice returnRedemptions: the bank refused a payout, so the merchant balances come back, once.
contract ReturnTest is Till {
    uint64 private constant TAKEN = 100_000;
    uint256 private constant PAYER_KEY = 0xA11;
    uint256 private constant SHOP_KEY = 0x5A0F;

    address private _payer;
    address private _shop;
    uint32 private _series;

    function setUp() public {
        build();
        SeriesTerms memory terms = plainTerms(CITY);
        terms.hops = 1;
        _series = publish(CITY, terms);
        (_payer, _shop) = (person(PAYER_KEY), person(SHOP_KEY));
        register(_shop, CITY, 1, 1);
        issueTo(CITY, _series, _payer, 10 * TAKEN);
        settles(_payment(TAKEN), PAYER_KEY);
    }

    function testFuzz_returnRedemptions_givesTheMerchantBalanceBack(uint64 amount, uint40 later) public {
        amount = uint64(bound(amount, 1, TAKEN));
        Receipt memory receipt = _redeemed(amount, 1);
        // A bank may take its time; neither validity nor pause stands in the way.
        vm.warp(bound(later, NOW, NOW + 800 days));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.RedemptionReturned(receipt.id, _series, _shop, amount);
        vm.expectEmit(address(vouchers));
        emit IERC1155.TransferSingle(address(authorities), address(0), _shop, _series, amount);
        act(CITY, _call(CITY, receipt), treasurers());
        assertEq(vouchers.merchantBalance(_series, _shop).balance, TAKEN, "merchant balances");
        assertEq(vouchers.supply(_series).redeemed, 0, "redeemed");
        assertEq(tokens.balanceOf(_shop, _series), TAKEN, "token");
        assertTrue(vouchers.isReturned(receipt.id), "returned");
        // And the merchant may redeem it again.
        redeems(_redemption(TAKEN, 2), SHOP_KEY);
    }

    function testFuzz_returnRedemptions_refusesASecondTime(uint64 amount) public {
        amount = uint64(bound(amount, 1, TAKEN / 2));
        Receipt memory receipt = _redeemed(amount, 1);
        _redeemed(amount, 2);
        act(CITY, _call(CITY, receipt), treasurers());
        _refuses(CITY, _call(CITY, receipt), receipt.id);
        // Nor twice in one act.
        Receipt memory third = _redeemed(amount, 3);
        Return[] memory twice = new Return[](2);
        twice[0] = twice[1] = Return(_shop, _series, third);
        _refuses(CITY, abi.encodeCall(IVouchersAdmin.returnRedemptions, (CITY, twice)), third.id);
        assertTrue(!vouchers.isReturned(third.id), "nothing of a refused act stays");
    }

    function testFuzz_returnRedemptions_refusesWhatTheReceiptDoesNotSay(uint8 which, uint64 change) public {
        Receipt memory receipt = _redeemed(TAKEN, 1);
        Return[] memory list = new Return[](1);
        list[0] = Return(_shop, _series, receipt);
        change = uint64(bound(change, 1, type(uint64).max));
        uint32 other = publish(CITY, plainTerms(CITY));
        if (which % 7 == 0) receipt.id ^= bytes32(uint256(change));
        if (which % 7 == 1) receipt.amount ^= change;
        if (which % 7 == 2) receipt.day ^= uint16(bound(change, 1, type(uint16).max));
        if (which % 7 == 3) receipt.batch ^= change;
        if (which % 7 == 4) receipt.branch = new bytes32[](1);
        if (which % 7 == 5) list[0].merchant = address(uint160(_shop) ^ uint160(change));
        if (which % 7 == 6) list[0].series = other;
        _refuses(CITY, abi.encodeCall(IVouchersAdmin.returnRedemptions, (CITY, list)), receipt.id);
    }

    /// @dev A payment's receipt stands in the same trees.
    function test_returnRedemptions_refusesAClosedSeries() public {
        Receipt memory receipt = _redeemed(TAKEN, 1);
        (, SeriesTerms memory terms) = vouchers.seriesTerms(_series);
        vm.warp(terms.validUntil);
        startExpiry(CITY, _series);
        address[] memory left = new address[](1);
        left[0] = _payer;
        vouchers.expire(_series, left);
        close(CITY, _series);
        _refuses(CITY, _call(CITY, receipt), receipt.id);
        assertEq(vouchers.supply(_series).redeemed, TAKEN, "redeemed");
    }

    function test_returnRedemptions_refusesThePaymentsReceipt() public {
        Receipt memory receipt = paid(_payment(TAKEN), PAYER_KEY);
        _redeemed(TAKEN, 1);
        Return[] memory list = new Return[](1);
        list[0] = Return(_payer, _series, receipt);
        _refuses(CITY, abi.encodeCall(IVouchersAdmin.returnRedemptions, (CITY, list)), receipt.id);
        list[0].merchant = _shop;
        _refuses(CITY, abi.encodeCall(IVouchersAdmin.returnRedemptions, (CITY, list)), receipt.id);
    }

    function testFuzz_returnRedemptions_refusesAnotherAuthoritysSeries(bool parent) public {
        Receipt memory receipt = _redeemed(TAKEN, 1);
        Region other = parent ? PROVINCE : OTHER_CITY;
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.SeriesNotOfAuthority.selector, _series, other);
        refuses(other, _call(other, receipt), treasurers(), reason);
        assertTrue(!vouchers.isReturned(receipt.id), "not returned");
    }

    function testFuzz_returnRedemptions_needsTheOfficersOfItsSum(uint64 amount) public {
        amount = uint64(bound(amount, SMALL + 1, type(uint64).max));
        Receipt memory receipt = Receipt(bytes32("id"), amount, today(), 1, new bytes32[](0));
        bytes memory reason = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3);
        refuses(CITY, _call(CITY, receipt), ids(3, 4), reason);
        vm.expectRevert(IAuthorities.NotAnAct.selector);
        vouchers.returnRedemptions(CITY, new Return[](0));
    }

    function testFuzz_returnRedemptions_refusesAbove400(uint16 count) public {
        Return[] memory list = new Return[](bound(count, 401, 500));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, list.length, 400);
        refuses(CITY, abi.encodeCall(IVouchersAdmin.returnRedemptions, (CITY, list)), treasurers(), reason);
    }

    /// @dev What a settlement run burned comes back as what a merchant redeemed; how many hops it had made is
    /// forgotten.
    function testFuzz_returnRedemptions_ofASettlementComesBackAsTakenFromResidents(uint64 amount) public {
        amount = uint64(bound(amount, 1, TAKEN));
        address other = person(0x5A10);
        register(other, CITY, 1, 1);
        Order memory order = Order(_shop, other, _series, amount, 1, uint40(block.timestamp), bytes32(""));
        vouchers.circulate(one(transfer(order)), one(prove(wallet(SHOP_KEY), circulationId(order))));
        assertEq(vouchers.merchantBalance(_series, other).byHop[0], amount, "test: hopped");
        Settlement[] memory lines = new Settlement[](1);
        lines[0] = Settlement(other, _series, amount);
        act(CITY, abi.encodeCall(IVouchersAdmin.settle, (CITY, bytes32("run"), lines)), treasurers());
        bytes32 id = keccak256(abi.encode("settlement", address(vouchers), block.chainid, 1, 0));
        Return[] memory list = new Return[](1);
        list[0] = Return(other, _series, soleReceipt(id, amount));
        act(CITY, abi.encodeCall(IVouchersAdmin.returnRedemptions, (CITY, list)), treasurers());
        assertEq(vouchers.merchantBalance(_series, other).balance, amount, "as if taken from residents");
        assertEq(vouchers.merchantBalance(_series, other).byHop[0], 0, "hopped");
        assertEq(vouchers.supply(_series).redeemed, 0, "redeemed");
    }

    function _redeemed(uint64 amount, uint32 nonce) private returns (Receipt memory) {
        Order memory order = _redemption(amount, nonce);
        redeems(order, SHOP_KEY);
        return soleReceipt(redemptionId(order), amount);
    }

    function _redemption(uint64 amount, uint32 nonce) private view returns (Order memory) {
        return Order(_shop, address(0), _series, amount, nonce, uint40(block.timestamp), bytes32(""));
    }

    function _payment(uint64 amount) private view returns (Order memory) {
        uint32 nonce = vouchers.holding(_series, _payer).top + 1;
        return Order(_payer, _shop, _series, amount, nonce, uint40(block.timestamp), bytes32(""));
    }

    function _call(Region by, Receipt memory receipt) private view returns (bytes memory) {
        Return[] memory list = new Return[](1);
        list[0] = Return(_shop, _series, receipt);
        return abi.encodeCall(IVouchersAdmin.returnRedemptions, (by, list));
    }

    function _refuses(Region by, bytes memory call, bytes32 id) private {
        bytes32 before = _state();
        refuses(by, call, treasurers(), abi.encodeWithSelector(IVoucherEvents.ReturnInvalid.selector, id));
        assertEq(_state(), before, "a refused return changed something");
    }

    function _state() private view returns (bytes32) {
        return keccak256(
            abi.encode(
                vouchers.merchantBalance(_series, _shop), vouchers.merchantBalance(_series, _payer), vouchers.supply(_series)
            )
        );
    }
}
