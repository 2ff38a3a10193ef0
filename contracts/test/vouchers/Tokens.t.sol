// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {Holding, MerchantStatus, Outcome, SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {ExtensionOrders} from "../support/ExtensionOrders.sol";
import {Order} from "../support/Orders.sol";
import {Log} from "../support/Test.sol";

/// @notice Vouchers as ERC-1155 tokens: a wallet's transfer is a payment or a gift, and is refused for the same
/// reasons.
contract TokensTest is ExtensionOrders {
    uint256 private constant KEY = 0xBEEF;
    uint256 private constant SHOP_KEY = 0x5A0F;
    uint64 private constant GIVEN = 1_000_000;
    address private immutable FRIEND = person(0xF12E);

    address private _holder;
    address private _shop;
    uint32 private _series;

    function setUp() public {
        build();
        (_holder, _shop) = (person(KEY), person(SHOP_KEY));
        attest(_holder, CITY, 0);
        register(_shop, CITY, 1, 0);
        _series = _open(_terms());
    }

    function testFuzz_transfer_toAMerchantIsAPayment(uint64 amount, uint32 top, bytes calldata data) public {
        top = uint32(bound(top, 1, 63));
        settles(Order(_holder, _shop, _series, 1, top, NOW + 1 days, 0), KEY);
        amount = uint64(bound(amount, 1, GIVEN - 1));
        Holding memory held = vouchers.holding(_series, _holder);
        (held.balance, held.top, held.window) = (held.balance - uint48(amount), top + 1, held.window << 1 | 1);
        Order memory order = Order(_holder, _shop, _series, amount, top + 1, uint40(block.timestamp), 0);
        bytes32 id = paymentId(order);
        vm.recordLogs();
        vm.prank(_holder);
        tokens.safeTransferFrom(_holder, _shop, _series, amount, data);
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 3, "events");
        assertEq(logs[0].topics[0], IVoucherEvents.Paid.selector, "Paid");
        assertEq(logs[0].topics[1], id, "payment");
        _equal(logs[0].data, abi.encode(_shop, amount, uint256(2) << 32 | (top + 1), bytes32(0)), "data of the payment");
        _isMoved(logs[1], _shop, amount);
        isReceipts(logs[2], receiptLeaf(id, _holder, _shop, _series, amount));
        _equal(abi.encode(vouchers.holding(_series, _holder)), abi.encode(held), "holding");
        assertEq(vouchers.merchantBalance(_series, _shop).balance, amount + 1, "merchant balances");
        // It is a payment like any: the merchant can take it back.
        voids(Order(_shop, _holder, _series, amount, 1, NOW + 1 days, 0), soleReceipt(id, amount), SHOP_KEY);
    }

    function testFuzz_transfer_toAResidentIsAGift(uint64 amount, address to, bytes calldata data) public {
        vm.assume(to != _holder && to != _shop && to != address(0) && to.code.length == 0);
        amount = uint64(bound(amount, 1, GIVEN));
        Order memory order = Order(_holder, to, _series, amount, 1, uint40(block.timestamp), 0);
        vm.recordLogs();
        vm.prank(_holder);
        tokens.safeTransferFrom(_holder, to, _series, amount, data);
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "events");
        assertEq(logs[0].topics[0], IVoucherEvents.Given.selector, "Given");
        assertEq(logs[0].topics[1], giftId(order), "gift");
        _equal(logs[0].data, abi.encode(to, amount, uint32(1), bytes32(0)), "data of the gift");
        _isMoved(logs[1], to, amount);
        assertEq(vouchers.holding(_series, to).balance, amount, "received");
        assertEq(vouchers.holding(_series, to).received, amount, "received");
        assertEq(vouchers.holding(_series, _holder).balance, GIVEN - amount, "given");
        assertEq(vouchers.holding(_series, _holder).received, GIVEN - amount, "given");
    }

    /// @dev It takes the next nonce, so an order that was signed with it is spent.
    function test_transfer_usesANonce() public {
        Order memory order = Order(_holder, _shop, _series, 5, 1, NOW + 1 days, 0);
        vm.prank(_holder);
        tokens.safeTransferFrom(_holder, _shop, _series, 5, "");
        refusesPayment(order, KEY, Refusal.Replayed, 1, 1);
    }

    function testFuzz_approvals_areRefused(address operator, bool approved) public {
        vm.prank(_holder);
        vm.expectRevert(IVoucherEvents.ApprovalsRefused.selector);
        tokens.setApprovalForAll(operator, approved);
        assertTrue(!tokens.isApprovedForAll(_holder, operator), "no operator");
        assertTrue(!tokens.isApprovedForAll(operator, operator), "no operator");
    }

    function testFuzz_transfer_refusesEveryOtherSender(address operator, uint64 amount) public {
        vm.assume(operator != _holder);
        (uint256[] memory list, uint256[] memory values) = _batch(_series, amount, 1);
        vm.prank(operator);
        vm.expectRevert(IVoucherEvents.ApprovalsRefused.selector);
        tokens.safeTransferFrom(_holder, operator, _series, amount, "");
        vm.prank(operator);
        vm.expectRevert(IVoucherEvents.ApprovalsRefused.selector);
        tokens.safeBatchTransferFrom(_holder, _shop, list, values, "");
    }

    /// @dev The wallet's own call counts only for a transfer: an order needs a signature, whoever submits it.
    function testFuzz_orders_needASignatureWhoeverSubmits(bool byHolder) public {
        Order memory order = Order(_holder, _shop, _series, 1, 1, NOW + 1 days, 0);
        if (byHolder) vm.prank(_holder);
        Outcome[] memory said = vouchers.give(one(transfer(order)), hex"0000");
        assertEq(said[0].code, uint8(Refusal.SignatureInvalid), "gift");
        if (byHolder) vm.prank(_holder);
        vouchers.pay(one(transfer(order)), hex"0000");
        assertEq(vouchers.holding(_series, _holder).balance, GIVEN, "nothing moved");
    }

    function test_transfer_refusesZero() public {
        _refuses(_shop, _series, 0, Refusal.AmountZero, 0, 0);
        _refuses(FRIEND, _series, 0, Refusal.AmountZero, 0, 0);
    }

    function testFuzz_transfer_refusesTheHolderAndTheZeroAccount(uint64 amount) public {
        amount = uint64(bound(amount, 1, GIVEN));
        _refuses(_holder, _series, amount, Refusal.SelfPayment, 0, 0);
        _refuses(address(0), _series, amount, Refusal.SelfPayment, 0, 0);
        register(_holder, CITY, 1, 0);
        _refuses(_holder, _series, amount, Refusal.SelfPayment, 0, 0);
    }

    /// @dev Their code would be called, by the standard; and a voucher in a contract could not be spent.
    function testFuzz_transfer_refusesAContract(uint64 amount, uint8 which) public {
        address[4] memory contracts = [address(this), address(vouchers), address(authorities), extension];
        _refuses(contracts[which % 4], _series, amount, Refusal.ReceiverIsContract, 0, 0);
        if (which % 4 == 0) {
            register(address(this), CITY, 1, 0);
            _refuses(address(this), _series, amount, Refusal.ReceiverIsContract, 0, 0);
        }
    }

    /// @dev An id whose lower bits are a series' is not that series.
    function testFuzz_transfer_refusesIdsAboveASeries(uint256 id) public {
        id = bound(id, uint256(type(uint32).max) + 1, type(uint256).max);
        _refuses(_shop, id, 1, Refusal.SeriesUnknown, id, 0);
        id = id >> 32 << 32 | _series;
        _refuses(_shop, id, 1, Refusal.SeriesUnknown, id, 0);
        _refuses(FRIEND, id, 1, Refusal.SeriesUnknown, id, 0);
        assertEq(tokens.balanceOf(_holder, id), 0, "nothing of it");
    }

    /// @dev A value whose lower bits can be paid is not that value.
    function testFuzz_transfer_refusesValuesAboveAnAmount(uint256 value, uint64 small) public {
        value = bound(value, uint256(type(uint64).max) + 1, type(uint256).max);
        _refuses(_shop, _series, value, Refusal.InsufficientBalance, GIVEN, value);
        value = value >> 64 << 64 | bound(small, 1, GIVEN);
        _refuses(FRIEND, _series, value, Refusal.InsufficientBalance, GIVEN, value);
    }

    function testFuzz_transfer_refusesAnUnknownSeries(uint32 series) public {
        vm.assume(series != _series);
        _refuses(_shop, series, 1, Refusal.SeriesUnknown, series, 0);
        _refuses(FRIEND, series, 1, Refusal.SeriesUnknown, series, 0);
    }

    /// @dev What a merchant has taken is shown, and moves by redemption and circulation alone.
    function testFuzz_transfer_refusesMerchantBalances(uint64 taken, uint64 amount, bool toMerchant) public {
        taken = uint64(bound(taken, 1, GIVEN));
        settles(Order(_holder, _shop, _series, taken, 1, NOW + 1 days, 0), KEY);
        assertEq(tokens.balanceOf(_shop, _series), taken, "shown");
        address to = toMerchant ? person(0xFA4) : FRIEND;
        if (toMerchant) register(to, CITY, 1, 0);
        amount = uint64(bound(amount, 1, taken));
        vm.prank(_shop);
        vm.expectRevert(_reason(Refusal.InsufficientBalance, 0, amount));
        tokens.safeTransferFrom(_shop, to, _series, amount, "");
    }

    /// @dev The transfer is refused for every reason for which the signed order would be, with the same numbers.
    function testFuzz_transfer_refusesWhatAnOrderIsRefusedFor(uint8 what, uint8 receiver, uint64 amount) public {
        address to = receiver % 3 == 0 ? FRIEND : receiver % 3 == 1 ? _shop : person(0xFA4);
        register(person(0xFA4), OTHER_CITY, 1, 0);
        SeriesTerms memory terms = _terms();
        if (what % 9 == 0) terms.paymentCap = GIVEN / 4;
        if (what % 9 == 1) terms.dailyCaps[0] = uint32(GIVEN / 4);
        if (what % 9 == 2) terms.giftCap = GIVEN / 4;
        if (what % 9 == 3) terms.flags = 0;
        if (what % 9 == 4) terms.validFrom = NOW + 1 days;
        uint32 series = _open(terms);
        if (what % 9 == 5) pause(CITY, series, NOW + 1 days);
        if (what % 9 == 6) vm.warp(NOW + 365 days);
        if (what % 9 == 7) freeze(_holder, true);
        if (what % 9 == 8) setStatus(_shop, MerchantStatus.Suspended);
        amount = uint64(bound(amount, 1, GIVEN + GIVEN / 4));
        Order memory order = Order(_holder, to, series, amount, 1, uint40(block.timestamp), 0);
        Outcome memory said = _outcomeOf(order);
        if (said.code != 0) {
            _refuses(to, series, amount, Refusal(said.code), said.a, said.b);
        } else {
            vm.prank(_holder);
            tokens.safeTransferFrom(_holder, to, series, amount, "");
            assertEq(tokens.balanceOf(to, series), amount, "moved");
        }
    }

    /// @dev Duplicates count each on its own, against balances and against caps, and it is all or nothing.
    function testFuzz_batch_countsTheSameIdTwice(uint64 amount, uint8 count, bool toMerchant) public {
        address to = toMerchant ? _shop : FRIEND;
        count = uint8(bound(count, 2, 6));
        amount = uint64(bound(amount, 1, GIVEN));
        (uint256[] memory list, uint256[] memory values) = _batch(_series, amount, count);
        uint64 fits = GIVEN / amount;
        if (fits < count) {
            vm.prank(_holder);
            vm.expectRevert(_reason(Refusal.InsufficientBalance, GIVEN - fits * amount, amount));
            tokens.safeBatchTransferFrom(_holder, to, list, values, "");
            assertEq(tokens.balanceOf(_holder, _series), GIVEN, "all or nothing");
            assertEq(vouchers.holding(_series, _holder).top, 0, "no nonce");
        } else {
            vm.prank(_holder);
            tokens.safeBatchTransferFrom(_holder, to, list, values, "");
            assertEq(tokens.balanceOf(_holder, _series), GIVEN - count * amount, "each counts");
            assertEq(tokens.balanceOf(to, _series), count * amount, "each counts");
            assertEq(vouchers.holding(_series, _holder).top, count, "a nonce for each");
        }
    }

    function testFuzz_batch_countsTheSameIdTwiceAgainstCaps(uint8 cap, uint64 amount) public {
        SeriesTerms memory terms = _terms();
        if (cap % 3 == 0) terms.dailyCaps[0] = uint32(GIVEN / 2);
        if (cap % 3 == 1) terms.giftCap = GIVEN / 2;
        if (cap % 3 == 2) terms.holdingCap = GIVEN;
        uint32 series = _open(terms);
        if (cap % 3 == 2) issueTo(CITY, series, FRIEND, GIVEN / 2);
        amount = uint64(bound(amount, GIVEN / 4 + 1, GIVEN / 2));
        Refusal why = cap % 3 == 0 ? Refusal.DailyCapExceeded : Refusal.GiftCapExceeded;
        if (cap % 3 == 2) why = Refusal.HoldingCapExceeded;
        (uint256[] memory list, uint256[] memory values) = _batch(series, amount, 2);
        vm.prank(_holder);
        vm.expectRevert(_reason(why, GIVEN / 2 - amount, amount));
        tokens.safeBatchTransferFrom(_holder, FRIEND, list, values, "");
        vm.prank(_holder);
        tokens.safeTransferFrom(_holder, FRIEND, series, amount, "");
    }

    function testFuzz_batch_refusesLengthsThatDiffer(uint8 one_, uint8 other) public {
        vm.assume(one_ != other);
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.LengthsDiffer.selector, one_, other);
        vm.prank(_holder);
        vm.expectRevert(reason);
        tokens.safeBatchTransferFrom(_holder, _shop, new uint256[](one_), new uint256[](other), "");
        vm.expectRevert(reason);
        tokens.balanceOfBatch(new address[](one_), new uint256[](other));
    }

    function testFuzz_batch_refusesMoreThan400(uint16 count) public {
        count = uint16(bound(count, 401, 1_000));
        (uint256[] memory list, uint256[] memory values) = _batch(_series, 1, count);
        vm.prank(_holder);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, count, 400));
        tokens.safeBatchTransferFrom(_holder, _shop, list, values, "");
    }

    function testFuzz_balanceOfBatch_returnsEach(uint64 spent) public {
        spent = uint64(bound(spent, 1, GIVEN));
        settles(Order(_holder, _shop, _series, spent, 1, NOW + 1 days, 0), KEY);
        address[] memory holders = new address[](3);
        uint256[] memory list = new uint256[](3);
        (holders[0], holders[1], holders[2]) = (_holder, _shop, _holder);
        (list[0], list[1], list[2]) = (_series, _series, _series + 1);
        uint256[] memory balances = tokens.balanceOfBatch(holders, list);
        assertEq(balances[0], GIVEN - spent, "holding");
        assertEq(balances[1], spent, "merchant balances");
        assertEq(balances[2], 0, "no series");
    }

    function testFuzz_supportsInterface_ofATokenAlone(bytes4 id) public view {
        assertTrue(tokens.supportsInterface(0x01ffc9a7), "ERC-165");
        assertTrue(tokens.supportsInterface(0xd9b67a26), "ERC-1155");
        assertTrue(tokens.supportsInterface(0x0e89341c), "ERC-1155 metadata");
        assertTrue(!tokens.supportsInterface(0xffffffff), "none");
        assertTrue(!tokens.supportsInterface(type(IERC1155Receiver).interfaceId), "no receiver");
        if (id != 0x01ffc9a7 && id != 0xd9b67a26 && id != 0x0e89341c) {
            assertTrue(!tokens.supportsInterface(id), "another");
        }
    }

    function testFuzz_uri_isTheTemplate(uint256 id) public view {
        _equal(bytes(tokens.uri(id)), bytes(URI), "uri");
    }

    function _terms() private view returns (SeriesTerms memory terms) {
        terms = plainTerms(CITY);
        terms.flags = 1;
    }

    function _open(SeriesTerms memory terms) private returns (uint32 series) {
        series = publish(CITY, terms);
        issueTo(CITY, series, _holder, GIVEN);
    }

    /// @dev What a signed payment, or gift, would come to; without doing it.
    function _outcomeOf(Order memory order) private returns (Outcome memory said) {
        if (vouchers.merchant(order.to).status != MerchantStatus.None) {
            bytes memory proof = one(prove(wallet(KEY), paymentId(order)));
            return vouchers.previewPayments(one(transfer(order)), proof)[0];
        }
        uint256 before = vm.snapshotState();
        said = vouchers.give(one(transfer(order)), one(prove(wallet(KEY), giftId(order))))[0];
        vm.revertToState(before);
    }

    function _batch(uint256 id, uint256 value, uint256 count)
        private
        pure
        returns (uint256[] memory list, uint256[] memory values)
    {
        (list, values) = (new uint256[](count), new uint256[](count));
        for (uint256 i = 0; i < count; i++) {
            (list[i], values[i]) = (id, value);
        }
    }

    function _reason(Refusal why, uint256 a, uint256 b) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.TransferRefused.selector, uint8(why), a, b);
    }

    /// @dev Alone and in a batch.
    function _refuses(address to, uint256 id, uint256 value, Refusal why, uint256 a, uint256 b) private {
        Order memory order = Order(_holder, to, _series, 0, 0, 0, 0);
        bytes32 before = stateOf(order);
        vm.prank(_holder);
        vm.expectRevert(_reason(why, a, b));
        tokens.safeTransferFrom(_holder, to, id, value, "");
        (uint256[] memory list, uint256[] memory values) = _batch(id, value, 1);
        vm.prank(_holder);
        vm.expectRevert(_reason(why, a, b));
        tokens.safeBatchTransferFrom(_holder, to, list, values, "");
        assertEq(stateOf(order), before, "a refused transfer changed something");
    }

    /// @dev The holder is the operator of its own transfer.
    function _isMoved(Log memory log, address to, uint256 value) private view {
        assertEq(log.topics[0], IERC1155.TransferSingle.selector, "TransferSingle");
        assertEq(address(uint160(uint256(log.topics[1]))), _holder, "operator");
        assertEq(address(uint160(uint256(log.topics[2]))), _holder, "from");
        assertEq(address(uint160(uint256(log.topics[3]))), to, "to");
        _equal(log.data, abi.encode(_series, value), "token and value");
    }
}
