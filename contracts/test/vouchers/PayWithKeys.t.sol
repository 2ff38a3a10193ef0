// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {Account} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Keys} from "../support/Keys.sol";
import {Order, Signer} from "../support/Orders.sol";
import {Till} from "../support/Till.sol";

/// @notice Who may pay for an account: a wallet for itself, or any key of a ring, devices up to the ring's daily limit.
contract PayWithKeysTest is Till {
    uint256 private constant PHONE = uint256(keccak256("phone")) >> 1;
    uint256 private constant TABLET = uint256(keccak256("tablet")) >> 1;
    uint256 private constant PASSKEY = uint256(keccak256("passkey")) >> 1;
    uint256 private constant COLD = uint256(keccak256("cold wallet")) >> 1;
    uint256 private constant STRANGER = uint256(keccak256("stranger")) >> 1;
    uint64 private constant GIVEN = 1_000_000;
    uint32 private constant LIMIT = 100_000;
    address private immutable SHOP = person(0x5A0F);

    bytes private _ring;
    address private _payer;
    uint32 private _series;

    function setUp() public {
        build();
        _ring = _familyRing(LIMIT);
        _payer = residentOf(_ring);
        _series = publish(CITY, plainTerms(CITY));
        register(SHOP, CITY, 7, 2);
        issueTo(CITY, _series, _payer, GIVEN);
    }

    // Who may

    function testFuzz_pay_takesAnyKeyOfTheRing(uint8 which, uint64 amount) public {
        Order memory order = _order(uint64(bound(amount, 1, LIMIT)));
        settles(order, _member(which % 4));
    }

    function testFuzz_pay_takesARingOfOneToEightKeys(uint8 count, uint8 position, uint8 kind, uint32 limit) public {
        count = uint8(bound(count, 1, 8));
        position %= count;
        kind = uint8(bound(kind, 1, 3));
        uint256 key = uint256(keccak256(abi.encode(kind, limit))) >> 1;
        bytes memory ring = Keys.ring(limit, "");
        for (uint256 i = 0; i < count; i++) {
            bytes32 id = i == position ? _id(kind, key) : keccak256(abi.encode(i));
            ring = bytes.concat(ring, Keys.entry(2, id));
        }
        Signer memory signer = Signer(kind, key, position, ring);
        Order memory order = _order(10);
        order.from = residentOf(ring);
        issueTo(CITY, _series, order.from, 10);
        settles(order, signer);
    }

    function testFuzz_pay_refusesARingOfMoreThanEightKeys(uint8 count) public {
        count = uint8(bound(count, 9, 20));
        bytes memory ring = Keys.ring(LIMIT, "");
        for (uint256 i = 0; i < count; i++) {
            ring = bytes.concat(ring, Keys.entry(2, Keys.deviceId(PHONE)));
        }
        _refusesRing(ring, device(PHONE, 0, ring));
    }

    /// @dev Cut anywhere but between entries, a ring is none, even where the account was made of it.
    function testFuzz_pay_refusesARingThatIsNotWhole(uint8 extra) public {
        bytes memory ring = bytes.concat(_ring, new bytes(bound(extra, 1, 32)));
        _refusesRing(ring, device(PHONE, 0, ring));
    }

    function testFuzz_pay_refusesAnEntryWithoutAKnownRight(uint8 right) public {
        vm.assume(right != 1 && right != 2);
        bytes memory ring = Keys.ring(LIMIT, Keys.entry(right, Keys.deviceId(PHONE)));
        _refusesRing(ring, device(PHONE, 0, ring));
    }

    function testFuzz_pay_refusesAnotherPositionThanTheSigners(uint8 which, uint8 position) public {
        Signer memory signer = _member(which % 4);
        vm.assume(position != signer.position);
        signer.position = position;
        _refuses(signer);
    }

    function testFuzz_pay_refusesAKeyThatIsNotInTheRing(uint256 key, uint8 kind, uint8 position) public {
        key = bound(key, 1, type(uint128).max);
        _refuses(Signer(uint8(bound(kind, 1, 3)), key, position % 4, _ring));
    }

    /// @dev The same curve's key is another key as a passkey than as a device.
    function test_pay_refusesAKeyOfAnotherKind() public {
        _refuses(passkey(PHONE, 0, _ring));
        _refuses(device(PASSKEY, 2, _ring));
    }

    /// @dev An invalid signature gives key 0. Neither the zero account nor an entry without a key matches it.
    function test_pay_refusesAnInvalidSignature() public {
        bytes memory nobodys = bytes.concat(hex"01", new bytes(64));
        Order memory order = _order(10);
        order.from = address(0);
        refusesPayment(order, nobodys, Refusal.SignatureInvalid, 0, 0);
        bytes memory ring = Keys.ring(LIMIT, Keys.entry(2, 0));
        order.from = residentOf(ring);
        issueTo(CITY, _series, order.from, GIVEN);
        refusesPayment(order, Keys.ringProof(nobodys, 0, bytes.concat(foundingOf(ring), ring)), Refusal.SignatureInvalid, 0, 0);
    }

    function testFuzz_pay_refusesAForeignRing(uint32 limit) public {
        // The thief's own ring, in which the thief is the owner.
        bytes memory ring = Keys.ring(limit, Keys.entry(2, Keys.deviceId(STRANGER)));
        residentOf(ring);
        _refuses(device(STRANGER, 0, ring));
    }

    /// @dev A ring with more in it than the account's, or a higher limit, is another ring.
    function testFuzz_pay_refusesARingThatWasChanged(uint8 where, uint8 by) public {
        bytes memory ring = _ring;
        uint256 place = bound(where, 0, ring.length - 1);
        ring[place] = bytes1(uint8(ring[place]) ^ uint8(bound(by, 1, 255)));
        residentOf(ring);
        _refuses(device(PHONE, 0, ring));
        _refuses(device(PHONE, 0, bytes.concat(_ring, Keys.entry(2, Keys.deviceId(PHONE)))));
    }

    function testFuzz_pay_refusesASignatureWithoutItsRing(uint8 which) public {
        Signer memory signer = _member(which % 4);
        signer.ring = "";
        _refuses(signer);
    }

    function testFuzz_pay_refusesAProofCutShort(uint16 length, uint8 which) public {
        Order memory order = _order(10);
        bytes memory proof = prove(_member(which % 4), paymentId(order));
        bytes memory short = new bytes(bound(length, 0, proof.length - 1));
        for (uint256 i = 0; i < short.length; i++) {
            short[i] = proof[i];
        }
        refusesPayment(order, short, Refusal.SignatureInvalid, 0, 0);
    }

    /// @dev A wallet needs no ring, and its address is no ring's account.
    function testFuzz_pay_takesAPlainWalletWithoutRing(uint256 key, uint64 amount) public {
        key = bound(key, 1, type(uint128).max);
        Order memory order = _order(uint64(bound(amount, 1, GIVEN)));
        order.from = person(key);
        issueTo(CITY, _series, order.from, GIVEN);
        bytes memory ring = Keys.ring(LIMIT, Keys.entry(2, Keys.walletId(key)));
        refusesPayment(order, wallet(key, 0, ring), Refusal.SignatureInvalid, 0, 0);
        settles(order, key);
    }

    // How much

    /// @dev Below the limit the phone alone suffices; above it the passkey must sign.
    function testFuzz_pay_needsThePasskeyAboveTheDevicesLimit(uint64 amount) public {
        Order memory order = _order(uint64(bound(amount, LIMIT + 1, GIVEN)));
        refusesPayment(order, _member(0), Refusal.DeviceLimitExceeded, LIMIT, order.amount);
        settles(order, _member(2));
        assertEq(vouchers.account(_payer).spentByDevices, 0, "an owner's payment is not counted");
        order = _order(LIMIT + 1);
        order.nonce++;
        uint64 left = GIVEN - vouchers.merchantBalance(_series, SHOP).balance;
        if (left > LIMIT) refusesPayment(order, _member(1), Refusal.DeviceLimitExceeded, LIMIT, LIMIT + 1);
        order.amount = left < LIMIT ? left : LIMIT;
        if (left != 0) settles(order, _member(1));
    }

    /// @dev One limit for all devices of the account and all series.
    function testFuzz_pay_countsTheDaysDevicesTogether(uint32 first, uint32 more) public {
        first = uint32(bound(first, 1, LIMIT - 1));
        settles(_order(first), _member(0));
        uint32 other = publish(CITY, plainTerms(CITY));
        issueTo(CITY, other, _payer, GIVEN);
        uint32 left = LIMIT - first;
        Order memory order = _order(uint64(bound(more, left + 1, GIVEN)));
        order.series = other;
        refusesPayment(order, _member(1), Refusal.DeviceLimitExceeded, left, order.amount);
        order.amount = left;
        settles(order, _member(1));
        order = _order(1);
        order.nonce = 2;
        refusesPayment(order, _member(0), Refusal.DeviceLimitExceeded, 0, 1);
        settles(order, _member(3));
    }

    function testFuzz_pay_restartsTheDevicesLimitAtKoreanMidnight(uint32 second) public {
        uint256 midnight = (uint256(NOW) / 1 days + 2) * 1 days + 15 hours;
        vm.warp(midnight - bound(second, 1, 1 days));
        Order memory order = _order(LIMIT);
        order.deadline = uint40(midnight + 1 days);
        settles(order, _member(0));
        order.nonce++;
        vm.warp(midnight - 1);
        refusesPayment(order, _member(1), Refusal.DeviceLimitExceeded, 0, LIMIT);
        vm.warp(midnight);
        settles(order, _member(1));
    }

    function testFuzz_pay_refusesADeviceWithoutLimit(uint64 amount) public {
        bytes memory ring = _familyRing(0);
        Order memory order = _order(uint64(bound(amount, 1, GIVEN)));
        order.from = residentOf(ring);
        issueTo(CITY, _series, order.from, GIVEN);
        refusesPayment(order, device(PHONE, 0, ring), Refusal.DeviceLimitExceeded, 0, order.amount);
        settles(order, passkey(PASSKEY, 2, ring));
    }

    function testFuzz_pay_countsTheLargestLimit(uint64 amount) public {
        bytes memory ring = _familyRing(type(uint32).max);
        uint64 rich = 5_000_000_000;
        Order memory order = _order(uint64(bound(amount, uint256(type(uint32).max) + 1, rich)));
        order.from = residentOf(ring);
        issueTo(CITY, _series, order.from, rich);
        Signer memory phone = device(PHONE, 0, ring);
        refusesPayment(order, phone, Refusal.DeviceLimitExceeded, type(uint32).max, order.amount);
        order.amount = type(uint32).max;
        settles(order, phone);
        order.nonce++;
        order.amount = 1;
        refusesPayment(order, phone, Refusal.DeviceLimitExceeded, 0, 1);
    }

    // After a change of keys

    function testFuzz_pay_takesTheNewRingAloneOnceKeysChanged(uint8 which, uint64 amount) public {
        bytes memory next = Keys.ring(LIMIT, Keys.entry(2, Keys.passkeyId(STRANGER)));
        _changeKeys(_payer, next, _member(2));
        _refuses(_member(which % 4));
        settles(_order(uint64(bound(amount, 1, GIVEN))), passkey(STRANGER, 0, next));
    }

    function testFuzz_pay_refusesARekeyedWalletsOldKey(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != COLD);
        Order memory order = _order(10);
        order.from = person(key);
        issueTo(CITY, _series, order.from, GIVEN);
        bytes memory next = Keys.ring(LIMIT, Keys.entry(2, Keys.walletId(COLD)));
        _changeKeys(order.from, next, wallet(key));
        refusesPayment(order, key, Refusal.SignatureInvalid, 0, 0);
        refusesPayment(order, COLD, Refusal.SignatureInvalid, 0, 0);
        settles(order, wallet(COLD, 0, next));
    }

    /// @dev What devices spent today counts under the new ring's limit too.
    function testFuzz_pay_countsWhatOldDevicesSpentToday(uint32 spent, uint32 limit) public {
        settles(_order(spent = uint32(bound(spent, 1, LIMIT))), _member(0));
        limit = uint32(bound(limit, 0, 2 * LIMIT));
        bytes memory next = _familyRing(limit);
        _changeKeys(_payer, next, _member(3));
        uint32 left = limit > spent ? limit - spent : 0;
        Order memory order = _order(left + 1);
        order.nonce++;
        refusesPayment(order, device(TABLET, 1, next), Refusal.DeviceLimitExceeded, left, left + 1);
        order.amount = left;
        if (left != 0) settles(order, device(TABLET, 1, next));
    }

    /// @dev Phone and tablet are devices, passkey and cold wallet owners.
    function _familyRing(uint32 limit) private pure returns (bytes memory) {
        return Keys.ring(
            limit,
            bytes.concat(
                Keys.entry(1, Keys.deviceId(PHONE)),
                Keys.entry(1, Keys.deviceId(TABLET)),
                Keys.entry(2, Keys.passkeyId(PASSKEY)),
                Keys.entry(2, Keys.walletId(COLD))
            )
        );
    }

    function _member(uint8 position) private view returns (Signer memory) {
        if (position == 0) return device(PHONE, 0, _ring);
        if (position == 1) return device(TABLET, 1, _ring);
        if (position == 2) return passkey(PASSKEY, 2, _ring);
        return wallet(COLD, 3, _ring);
    }

    function _id(uint8 kind, uint256 key) private pure returns (bytes32) {
        if (kind == 1) return Keys.walletId(key);
        return kind == 2 ? Keys.deviceId(key) : Keys.passkeyId(key);
    }

    function _changeKeys(address account, bytes memory next, Signer memory signer) private {
        uint40 deadline = uint40(block.timestamp + 1);
        bytes32 id = digest(
            abi.encode(
                keccak256("KeyChange(address account,bytes keys,uint32 change,uint40 deadline)"),
                account,
                keccak256(next),
                1,
                deadline
            )
        );
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.KeysChanged(account, 1, next);
        vouchers.changeKeys(account, next, deadline, prove(signer, id));
        Account memory known = vouchers.account(account);
        assertTrue(known.rekeyed && known.keyChanges == 1, "rekeyed");
        assertEq(vouchers.keysOf(account), Keys.ringHash(next), "keys");
    }

    /// @dev Not even when the account was made of this very ring.
    function _refusesRing(bytes memory ring, Signer memory signer) private {
        Order memory order = _order(10);
        order.from = residentOf(ring);
        issueTo(CITY, _series, order.from, GIVEN);
        refusesPayment(order, signer, Refusal.SignatureInvalid, 0, 0);
    }

    function _refuses(Signer memory signer) private {
        refusesPayment(_order(10), signer, Refusal.SignatureInvalid, 0, 0);
    }

    function _order(uint64 amount) private view returns (Order memory) {
        return Order(_payer, SHOP, _series, amount, 1, NOW + 3 minutes, keccak256("till 1"));
    }
}
