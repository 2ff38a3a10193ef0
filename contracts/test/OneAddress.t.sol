// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IAuthorities} from "../src/interfaces/IAuthorities.sol";
import {IReforms} from "../src/interfaces/IReforms.sol";
import {IVoucherEvents} from "../src/interfaces/IVoucherEvents.sol";
import {ISigningDomain} from "../src/interfaces/ISigningDomain.sol";
import {IVouchers} from "../src/interfaces/IVouchers.sol";
import {IVouchersAdmin} from "../src/interfaces/IVouchersAdmin.sol";
import {IVouchersCore} from "../src/interfaces/IVouchersCore.sol";
import {IVouchersRegistry} from "../src/interfaces/IVouchersRegistry.sol";
import {
    AccountEntry,
    FirstKeys,
    MerchantEntry,
    MerchantStatus,
    PlaceEntry,
    Receipt,
    Return,
    Settlement,
    Taking
} from "../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../src/generated/Refusal.sol";
import {Transfer} from "../src/types/Transfer.sol";
import {Order} from "./support/Orders.sol";
import {Till} from "./support/Till.sol";

/// @notice Four contracts behind one address: wherever a call goes, only Vouchers moves value and records decisions.
contract OneAddressTest is Till {
    uint256 private constant KEY = 0xBEEF;
    uint256 private constant SHOP_KEY = 0x5A0F;

    address private _payer;
    address private _shop;
    uint32 private _series;

    function setUp() public {
        build();
        (_payer, _shop) = (person(KEY), person(SHOP_KEY));
        _series = publish(CITY, plainTerms(CITY));
        register(_shop, CITY, 1, 1);
        attest(_payer, CITY, 1);
        issueTo(CITY, _series, _payer, 2_000);
        settles(_order(1_000), KEY);
    }

    /// @dev Extension, admin and registry have storage of their own, which stays empty.
    function test_direct_showsAnEmptyLedger() public view {
        address[2] memory parts = [extension, admin];
        for (uint256 i = 0; i < 2; i++) {
            IVouchers part = IVouchers(parts[i]);
            assertEq(part.seriesCount(), 0, "series");
            assertEq(part.issueOrderCount(), 0, "issue orders");
            assertEq(part.receiptCount(), 0, "receipts");
            assertEq(part.holding(_series, _payer).balance, 0, "holding");
            assertEq(part.merchantBalance(_series, _shop).balance, 0, "merchant balances");
            assertEq(part.supply(_series).issued, 0, "supply");
        }
        address[3] memory behind = [extension, admin, registry];
        for (uint256 i = 0; i < 3; i++) {
            assertEq(uint8(IVouchers(behind[i]).merchant(_shop).status), 0, "merchant");
            assertEq(IVouchers(behind[i]).account(_payer).tier, 0, "account");
        }
        assertEq(IERC1155(extension).balanceOf(_payer, _series), 0, "tokens");
    }

    /// @dev Orders that were signed for the platform, submitted to the extension itself.
    function testFuzz_direct_settlesNothingAtTheExtension(uint64 amount) public {
        Order memory order = _order(uint64(bound(amount, 1, 1_000)));
        Order memory ofShop = Order(_shop, _payer, _series, order.amount, 1, NOW + 60, 0);
        bytes32 before = stateOf(order);
        IVouchers part = IVouchers(extension);
        bytes memory proofs = one(prove(wallet(KEY), giftId(order)));
        assertEq(part.give(one(transfer(order)), proofs)[0].code, uint8(Refusal.SeriesUnknown), "gift");
        proofs = one(prove(wallet(KEY), refundId(order)));
        assertEq(part.refund(one(transfer(order)), proofs)[0].code, uint8(Refusal.SeriesUnknown), "refund");
        proofs = one(prove(wallet(SHOP_KEY), circulationId(ofShop)));
        assertEq(part.circulate(one(transfer(ofShop)), proofs)[0].code, uint8(Refusal.SeriesUnknown), "circulation");
        proofs = one(prove(wallet(KEY), cancellationId(order)));
        assertEq(part.cancel(one(transfer(order)), proofs)[0].code, uint8(Refusal.SeriesUnknown), "cancellation");
        proofs = one(prove(wallet(SHOP_KEY), merchantCancellationId(ofShop)));
        assertEq(
            part.cancelAsMerchant(one(transfer(ofShop)), proofs)[0].code,
            uint8(Refusal.SeriesUnknown),
            "merchant's cancellation"
        );
        Receipt[] memory receipts = new Receipt[](1);
        receipts[0] = soleReceipt(paymentId(_order(1_000)), 1_000);
        proofs = one(prove(wallet(SHOP_KEY), voidId(ofShop, receipts[0].id)));
        assertEq(
            part.voidPayments(one(transfer(ofShop)), receipts, proofs)[0].code, uint8(Refusal.SeriesUnknown), "void"
        );
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.SeriesNotExpiring.selector, _series));
        part.expire(_series, one(_payer));
        assertEq(stateOf(order), before, "the platform's ledger");
    }

    /// @dev None of them implements issue, pay and redeem.
    function test_direct_doesNotIssuePayOrRedeem() public {
        address[3] memory parts = [extension, admin, registry];
        bytes[3] memory calls = [
            abi.encodeCall(IVouchersCore.pay, (new Transfer[](0), "")),
            abi.encodeCall(IVouchersCore.redeem, (new Transfer[](0), "")),
            abi.encodeCall(IVouchersCore.issue, (1, 0, new uint256[](0), new bytes32[](0)))
        ];
        for (uint256 i = 0; i < 9; i++) {
            (bool done,) = parts[i % 3].call(calls[i / 3]);
            assertTrue(!done, "unknown there");
        }
    }

    /// @dev A holder's own ERC-1155 transfer, sent to the extension.
    function testFuzz_direct_transfersNoTokensAtTheExtension(uint64 value) public {
        value = uint64(bound(value, 1, 1_000));
        vm.expectRevert(
            abi.encodeWithSelector(IVoucherEvents.TransferRefused.selector, uint8(Refusal.SeriesUnknown), _series, 0)
        );
        vm.prank(_payer);
        IERC1155(extension).safeTransferFrom(_payer, address(0xF), _series, value, "");
        assertEq(tokens.balanceOf(_payer, _series), 1_000, "still there");
    }

    /// @dev Officers' acts reach Vouchers alone.
    function test_direct_takesNoActs() public {
        bytes memory call = abi.encodeCall(IVouchersAdmin.pauseSeries, (CITY, _series, NOW + 1));
        address[3] memory parts = [extension, admin, registry];
        for (uint256 i = 0; i < 3; i++) {
            bytes memory reason = abi.encodeWithSelector(IAuthorities.ActTargetUnknown.selector, parts[i]);
            refusesAt(parts[i], CITY, call, treasurers(), reason);
        }
    }

    /// @dev Every sender, at each of the contracts that have it: an entry point of officers needs an act.
    function testFuzz_acts_areRefusedToEverySender(address sender, uint8 which, uint8 where) public {
        vm.assume(sender != address(vm));
        which %= 24;
        address[4] memory parts = [address(vouchers), extension, admin, registry];
        bool ofRegistry = which >= 9 && which <= 17;
        where %= ofRegistry ? 4 : 3;
        bytes[24] memory calls = _acts();
        vm.prank(sender);
        (bool done, bytes memory reason) = parts[where].call(calls[which]);
        assertTrue(!done, "done without an act");
        bytes4 wanted = IAuthorities.NotAnAct.selector;
        // Extension and admin have no orders that could be closed.
        if (which == 7 && where != 0) wanted = IVoucherEvents.OrderUnknown.selector;
        assertEq(bytes32(bytes4(reason)), bytes32(wanted), "reason");
    }

    function testFuzz_vouchers_refuseUnknownSelectors(bytes4 selector, bytes memory arguments) public {
        bytes4[11] memory known = [
            IVouchersAdmin.seriesCount.selector,
            IVouchersAdmin.issueOrderCount.selector,
            IVouchersAdmin.receiptCount.selector,
            IVouchersRegistry.KEY_DELAY.selector,
            IVouchersRegistry.HAND_OVER_DELAY.selector,
            ISigningDomain.DOMAIN_SEPARATOR.selector,
            ISigningDomain.SALT.selector,
            bytes4(keccak256("EXTENSION()")),
            bytes4(keccak256("ADMIN()")),
            bytes4(keccak256("REGISTRY()")),
            bytes4(keccak256("AUTHORITIES()"))
        ];
        for (uint256 i = 0; i < known.length; i++) {
            vm.assume(selector != known[i]);
        }
        (bool done,) = address(vouchers).call(abi.encodePacked(selector));
        assertTrue(!done, "an unknown selector did something");
        // Nor do calls too short for a selector.
        bytes memory short = new bytes(arguments.length % 4);
        (done,) = address(vouchers).call(short);
        assertTrue(!done, "a call without a selector did something");
    }

    function testFuzz_vouchers_takeNoEther(uint64 value, uint8 where) public {
        value = uint64(bound(value, 1, type(uint64).max));
        vm.deal(address(this), value);
        address[5] memory parts = [address(vouchers), extension, admin, registry, address(authorities)];
        (bool done,) = parts[where % 5].call{value: value}("");
        assertTrue(!done, "ether taken");
        (done,) = parts[where % 5].call{value: value}(abi.encodeCall(IVouchersAdmin.seriesCount, ()));
        assertTrue(!done, "ether taken with a call");
    }

    /// @dev Reasons pass through the delegatecalls unchanged, answers too.
    function testFuzz_vouchers_passOnReasonsOfTheOthers(address account, uint32 series) public {
        vm.assume(account != _payer && account != _shop);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ReplacementUnknown.selector, account));
        vouchers.finishReplacement(account);
        series = uint32(bound(series, _series + 1, type(uint32).max));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.SeriesNotExpiring.selector, series));
        vouchers.expire(series, one(account));
        vm.expectRevert(IVoucherEvents.ApprovalsRefused.selector);
        tokens.setApprovalForAll(account, true);
        assertEq(vouchers.supply(_series).issued, 2_000, "an answer of the admin");
        assertEq(vouchers.merchant(_shop).category, 1, "an answer of the registry");
        assertEq(tokens.balanceOf(_payer, _series), 1_000, "an answer of the extension");
    }

    function _acts() private view returns (bytes[24] memory calls) {
        address[] memory empty = new address[](0);
        calls[0] = abi.encodeCall(IVouchersAdmin.publishSeries, (CITY, plainTerms(CITY)));
        calls[1] = abi.encodeCall(IVouchersAdmin.setBudget, (CITY, _series, 1));
        calls[2] = abi.encodeCall(IVouchersAdmin.delegateBudget, (PROVINCE, _series, CITY, 1));
        calls[3] = abi.encodeCall(IVouchersAdmin.pauseSeries, (CITY, _series, NOW + 1));
        calls[4] = abi.encodeCall(IVouchersAdmin.startExpiry, (CITY, _series));
        calls[5] = abi.encodeCall(IVouchersAdmin.closeSeries, (CITY, _series));
        calls[6] = abi.encodeCall(IVouchersAdmin.approveIssue, (CITY, _series, 1, 0));
        calls[7] = abi.encodeCall(IVouchersAdmin.closeIssueOrder, (CITY, 1));
        calls[8] = abi.encodeCall(IVouchersAdmin.approveQuota, (CITY, _series, 1, 1, bytes32(uint256(1))));
        calls[9] = abi.encodeCall(IVouchersRegistry.setMerchants, (CITY, new MerchantEntry[](0)));
        calls[10] = abi.encodeCall(IVouchersRegistry.setMerchantStatus, (CITY, empty, MerchantStatus.Closed));
        calls[11] = abi.encodeCall(IVouchersRegistry.holdPayouts, (CITY, empty, 0));
        calls[12] = abi.encodeCall(IVouchersRegistry.attestAccounts, (CITY, new AccountEntry[](0)));
        calls[13] = abi.encodeCall(IVouchersRegistry.freezeAccounts, (CITY, empty, 0));
        calls[14] = abi.encodeCall(IVouchersRegistry.replaceKeys, (CITY, _payer, "", false));
        calls[15] = abi.encodeCall(IVouchersRegistry.setFirstKeys, (CITY, new FirstKeys[](0)));
        calls[16] = abi.encodeCall(IVouchersRegistry.proposeHandOver, (CITY, PROVINCE, empty));
        calls[17] = abi.encodeCall(IVouchersRegistry.takeAccounts, (CITY, new Taking[](0)));
        calls[18] = abi.encodeCall(IVouchersAdmin.settle, (CITY, 0, new Settlement[](0)));
        calls[19] = abi.encodeCall(IVouchersAdmin.returnRedemptions, (CITY, new Return[](0)));
        calls[20] = abi.encodeCall(IVouchersAdmin.settle, (CITY, 0, new Settlement[](1)));
        calls[21] = abi.encodeCall(IReforms.declareReform, (PROVINCE, CITY, OTHER_CITY));
        calls[22] = abi.encodeCall(IReforms.recodeMerchants, (CITY, CITY, OTHER_CITY, new PlaceEntry[](0)));
        calls[23] = abi.encodeCall(IReforms.recodeHomes, (CITY, CITY, OTHER_CITY, new PlaceEntry[](0)));
    }

    function _order(uint64 amount) private view returns (Order memory) {
        return Order(_payer, _shop, _series, amount, 1, NOW + 3 minutes, 0);
    }
}
