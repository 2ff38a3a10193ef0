// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {Account} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {ExtensionOrders} from "../support/ExtensionOrders.sol";
import {Keys} from "../support/Keys.sol";
import {Order, Signer} from "../support/Orders.sol";
import {Log} from "../support/Test.sol";

/// @notice An account's keys changed by one of its owner keys. Replacement by officers has a file of its own.
contract KeysTest is ExtensionOrders {
    uint256 private constant DEVICE_KEY = 0xDE;
    uint256 private constant OWNER_KEY = 0x0E;
    uint256 private constant NEXT_KEY = 0x0F;
    uint32 private constant GIVEN = 1_000_000;
    uint40 private constant UNTIL = NOW + 1 days;
    address private immutable SHOP = person(0x5A0F);

    /// @dev A device (position 0) and a passkey that owns (position 1).
    bytes private _ring;
    address private _account;
    uint32 private _series;

    function setUp() public {
        build();
        _ring = ringOf(GIVEN, Keys.deviceId(DEVICE_KEY), Keys.passkeyId(OWNER_KEY));
        _account = residentOf(_ring);
        register(SHOP, CITY, 1, 0);
        _series = publish(CITY, plainTerms(CITY));
        issueTo(CITY, _series, _account, GIVEN);
    }

    function testFuzz_changeKeys_putsTheNewRingIntoForce(uint32 limit, bytes32 other, address submitter) public {
        bytes memory next = ringOf(limit, other, Keys.walletId(NEXT_KEY));
        bytes memory proof = _signed(_account, next, 1, _owner());
        vm.recordLogs();
        vm.prank(submitter);
        vouchers.changeKeys(_account, next, UNTIL, proof);
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "events");
        assertEq(logs[0].topics[0], IVoucherEvents.KeysChanged.selector, "KeysChanged");
        assertEq(address(uint160(uint256(logs[0].topics[1]))), _account, "account");
        _equal(logs[0].data, abi.encode(uint32(1), next), "data of the change");
        assertEq(vouchers.keysOf(_account), Keys.ringHash(next), "ring");
        Account memory known = vouchers.account(_account);
        assertTrue(known.rekeyed, "rekeyed");
        assertEq(known.keyChanges, 1, "changes");
    }

    /// @dev All old keys end at once, the new ones begin, and what the account has stays.
    function test_changeKeys_endsTheOldKeys() public {
        bytes memory next = ringOf(GIVEN, Keys.deviceId(NEXT_KEY), Keys.passkeyId(NEXT_KEY));
        _change(_account, next, 1, _owner());
        Order memory order = _order();
        _refusesBoth(order, device(DEVICE_KEY, 0, _ring));
        _refusesBoth(order, _owner());
        // Nor may the old key borrow the new ring, or the new key the old one.
        _refusesBoth(order, passkey(OWNER_KEY, 1, next));
        _refusesBoth(order, passkey(NEXT_KEY, 1, _ring));
        settles(order, device(NEXT_KEY, 0, next));
        order.nonce++;
        settles(order, passkey(NEXT_KEY, 1, next));
    }

    /// @dev A wallet's address was its account; after a change its key counts only if it is in the ring.
    function testFuzz_changeKeys_ofAWallet(bool keeps) public {
        uint256 key = 0xBEEF;
        address account = person(key);
        issueTo(CITY, _series, account, GIVEN);
        bytes32 second = keeps ? Keys.walletId(key) : Keys.walletId(NEXT_KEY);
        bytes memory next = ringOf(0, Keys.deviceId(DEVICE_KEY), second);
        _change(account, next, 1, wallet(key));
        Order memory order = _order();
        order.from = account;
        _refusesBoth(order, wallet(key));
        // ERC-1155 knows no ring.
        vm.prank(account);
        vm.expectRevert(
            abi.encodeWithSelector(IVoucherEvents.TransferRefused.selector, uint8(Refusal.SignatureInvalid), 0, 0)
        );
        tokens.safeTransferFrom(account, SHOP, _series, 1, "");
        settles(order, wallet(keeps ? key : NEXT_KEY, 1, next));
    }

    /// @dev Changes are numbered from 1: none can be submitted twice, and none out of turn.
    function testFuzz_changeKeys_inTheirOrderAlone(uint32 number) public {
        vm.assume(number != 1);
        bytes memory next = ringOf(0, Keys.deviceId(NEXT_KEY), Keys.passkeyId(OWNER_KEY));
        _refusesChange(_account, next, number, _owner());
        bytes memory first = _signed(_account, next, 1, _owner());
        vouchers.changeKeys(_account, next, UNTIL, first);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeNotSigned.selector, _account));
        vouchers.changeKeys(_account, next, UNTIL, first);
        // Back to the first ring: the account's id no longer speaks for it, its stored hash does.
        _change(_account, _ring, 2, passkey(OWNER_KEY, 1, next));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeNotSigned.selector, _account));
        vouchers.changeKeys(_account, next, UNTIL, first);
        afterChange(_ring);
        settles(_order(), device(DEVICE_KEY, 0, _ring));
    }

    function testFuzz_changeKeys_refusesADeviceKey(uint32 limit) public {
        bytes memory next = ringOf(limit, Keys.deviceId(DEVICE_KEY), Keys.deviceId(DEVICE_KEY));
        _refusesChange(_account, next, 1, device(DEVICE_KEY, 0, _ring));
        // Nor by claiming the owner's place.
        _refusesChange(_account, next, 1, device(DEVICE_KEY, 1, _ring));
    }

    function testFuzz_changeKeys_refusesAStranger(uint256 key, uint8 position) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != OWNER_KEY);
        bytes memory next = ringOf(0, Keys.walletId(key), Keys.walletId(key));
        _refusesChange(_account, next, 1, wallet(key));
        _refusesChange(_account, next, 1, wallet(key, 1, next));
        _refusesChange(_account, next, 1, passkey(key, position, _ring));
    }

    /// @dev What was signed is this ring, for this account, until this moment.
    function testFuzz_changeKeys_refusesAFieldChangedAfterSigning(uint8 field, uint40 later, bytes32 key) public {
        bytes memory next = ringOf(0, Keys.deviceId(NEXT_KEY), Keys.passkeyId(NEXT_KEY));
        bytes memory proof = _signed(_account, next, 1, _owner());
        address account = _account;
        uint40 deadline = UNTIL;
        if (field % 3 == 0) account = address(uint160(account) ^ 1);
        if (field % 3 == 1) next = ringOf(0, Keys.deviceId(NEXT_KEY), key);
        if (field % 3 == 2) deadline = uint40(bound(later, UNTIL + 1, type(uint40).max));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeNotSigned.selector, account));
        vouchers.changeKeys(account, next, deadline, proof);
        assertTrue(!vouchers.account(account).rekeyed, "a refused change counts");
    }

    function testFuzz_changeKeys_refusesAfterItsDeadline(uint40 late) public {
        bytes memory next = ringOf(0, Keys.deviceId(NEXT_KEY), Keys.passkeyId(NEXT_KEY));
        bytes memory proof = _signed(_account, next, 1, _owner());
        vm.warp(bound(late, UNTIL + 1, type(uint40).max));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeDeadlinePassed.selector, UNTIL));
        vouchers.changeKeys(_account, next, UNTIL, proof);
        vm.warp(UNTIL);
        vouchers.changeKeys(_account, next, UNTIL, proof);
        assertEq(vouchers.account(_account).keyChanges, 1, "in time");
    }

    /// @dev A ring without a usable key, or without an owner, would lock the account.
    function testFuzz_changeKeys_refusesAnUnsoundRing(uint8 what, uint8 right, bytes32 key) public {
        bytes memory next;
        if (what % 6 == 1) next = abi.encodePacked(uint32(0));
        if (what % 6 == 2) next = abi.encodePacked(uint32(0), uint8(1), key);
        if (what % 6 == 3) next = abi.encodePacked(ringOf(0, key, key), uint8(0));
        if (what % 6 == 4) {
            right = right == 1 || right == 2 ? 3 : right;
            next = abi.encodePacked(ringOf(0, key, key), right, key);
        }
        if (what % 6 == 5) {
            // Nine keys.
            next = ringOf(0, key, key);
            for (uint256 i = 0; i < 7; i++) {
                next = abi.encodePacked(next, uint8(2), key);
            }
        }
        bytes memory proof = _signed(_account, next, 1, _owner());
        vm.expectRevert(IVoucherEvents.KeysInvalid.selector);
        vouchers.changeKeys(_account, next, UNTIL, proof);
        assertTrue(!vouchers.account(_account).rekeyed, "a refused change counts");
    }

    /// @dev Eight keys fit, and the last one counts like the first.
    function testFuzz_changeKeys_takesEightKeys(uint8 position) public {
        position %= 8;
        bytes memory next = abi.encodePacked(uint32(0));
        for (uint256 i = 0; i < 8; i++) {
            next = abi.encodePacked(next, uint8(2), Keys.walletId(NEXT_KEY + i));
        }
        _change(_account, next, 1, _owner());
        settles(_order(), wallet(NEXT_KEY + position, position, next));
    }

    /// @dev Whoever stole an owner key must not be quicker than the registrars who look for the holder.
    function testFuzz_changeKeys_refusesAFrozenAccount(uint40 moment) public {
        attest(_account, CITY, 1);
        uint40 until = NOW + 30 days;
        freezeUntil(_account, until);
        bytes memory next = ringOf(0, Keys.deviceId(NEXT_KEY), Keys.passkeyId(NEXT_KEY));
        bytes memory proof = prove(_owner(), keyChangeId(_account, next, 1, NOW + 40 days));
        vm.warp(bound(moment, NOW, until - 1));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeysFrozen.selector, _account, until));
        vouchers.changeKeys(_account, next, NOW + 40 days, proof);
        assertTrue(!vouchers.account(_account).rekeyed, "the old keys stay");
        vm.warp(until);
        vouchers.changeKeys(_account, next, NOW + 40 days, proof);
        assertEq(vouchers.keysOf(_account), Keys.ringHash(next), "after the freeze");
    }

    /// @dev Tier and home belong to the person, not to the keys.
    function test_changeKeys_changesNothingElse() public {
        attest(_account, CITY, 2);
        freeze(_account, true);
        freeze(_account, false);
        Account memory known = vouchers.account(_account);
        _change(_account, ringOf(0, Keys.deviceId(NEXT_KEY), Keys.passkeyId(NEXT_KEY)), 1, _owner());
        (known.rekeyed, known.keyChanges) = (true, 1);
        _equal(abi.encode(vouchers.account(_account)), abi.encode(known), "account");
        attest(_account, CITY, 1);
        known.tier = 1;
        _equal(abi.encode(vouchers.account(_account)), abi.encode(known), "attested again");
    }

    /// @dev What devices spent today under the old ring counts against the new one's limit.
    function testFuzz_changeKeys_keepsWhatDevicesSpentToday(uint32 spent, uint32 limit) public {
        Order memory order = _order();
        order.amount = spent = uint32(bound(spent, 1, GIVEN / 2));
        settles(order, device(DEVICE_KEY, 0, _ring));
        limit = uint32(bound(limit, 0, GIVEN / 2));
        bytes memory next = ringOf(limit, Keys.deviceId(NEXT_KEY), Keys.passkeyId(NEXT_KEY));
        _change(_account, next, 1, _owner());
        uint64 left = limit > spent ? limit - spent : 0;
        order.nonce++;
        order.amount = left + 1;
        refusesPayment(order, device(NEXT_KEY, 0, next), Refusal.DeviceLimitExceeded, left, left + 1);
        order.amount = left;
        if (left != 0) settles(order, device(NEXT_KEY, 0, next));
    }

    function _owner() private view returns (Signer memory) {
        return passkey(OWNER_KEY, 1, _ring);
    }

    function _order() private view returns (Order memory) {
        return Order(_account, SHOP, _series, 1_000, 1, NOW + 30 days, 0);
    }

    function _signed(address account, bytes memory next, uint32 number, Signer memory signer)
        private
        view
        returns (bytes memory)
    {
        return prove(signer, keyChangeId(account, next, number, UNTIL));
    }

    function _change(address account, bytes memory next, uint32 number, Signer memory signer) private {
        vouchers.changeKeys(account, next, UNTIL, _signed(account, next, number, signer));
        assertEq(vouchers.keysOf(account), Keys.ringHash(next), "ring");
    }

    function _refusesChange(address account, bytes memory next, uint32 number, Signer memory signer) private {
        bytes memory proof = _signed(account, next, number, signer);
        bytes memory before = abi.encode(vouchers.account(account), vouchers.keysOf(account));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeNotSigned.selector, account));
        vouchers.changeKeys(account, next, UNTIL, proof);
        _equal(abi.encode(vouchers.account(account), vouchers.keysOf(account)), before, "a refused change counts");
    }

    /// @dev Neither a payment nor a redemption.
    function _refusesBoth(Order memory order, Signer memory signer) private {
        refusesPayment(order, signer, Refusal.SignatureInvalid, 0, 0);
        bytes memory proof = prove(signer, redemptionId(order));
        refusesRedemption(order, proof, Refusal.SignatureInvalid, 0, 0);
    }
}
