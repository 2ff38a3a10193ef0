// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Officer} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {Replacement, ROLE_MERCHANT, ROLE_RESIDENT} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {ExtensionOrders} from "../support/ExtensionOrders.sol";
import {Keys} from "../support/Keys.sol";
import {Order, Signer} from "../support/Orders.sol";
import {Log} from "../support/Test.sol";

/// @notice Keys that were lost, replaced by two registrars; the delay and the old key's objection.
contract ReplacementTest is ExtensionOrders {
    uint256 private constant DEVICE_KEY = 0xDE;
    uint256 private constant OWNER_KEY = 0x0E;
    uint256 private constant NEXT_KEY = 0x0F;
    uint32 private constant GIVEN = 1_000_000;
    uint40 private constant UNTIL = NOW + 100 days;
    address private immutable SHOP = person(0x5A0F);
    Region private constant LARGE = Region.wrap(0x471700000005);

    bytes private _ring;
    bytes private _next;
    address private _account;
    uint32 private _series;

    function setUp() public {
        build();
        _ring = ringOf(GIVEN, Keys.deviceId(DEVICE_KEY), Keys.passkeyId(OWNER_KEY));
        _next = ringOf(GIVEN, Keys.deviceId(NEXT_KEY), Keys.passkeyId(NEXT_KEY));
        _account = accountOf(CITY, ROLE_RESIDENT, 0, _ring);
        attestBy(CITY, _account, CITY, 1, false);
        register(SHOP, CITY, 1, 0);
        _series = publish(CITY, plainTerms(CITY));
        issueTo(CITY, _series, _account, GIVEN);
    }

    function testFuzz_replaceKeys_countsAfterTheDelay(uint40 late, address submitter) public {
        vm.recordLogs();
        replaceKeys(_account, _next);
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs[0].topics[0], IVoucherEvents.ReplacementProposed.selector, "ReplacementProposed");
        assertEq(address(uint160(uint256(logs[0].topics[1]))), _account, "account");
        assertEq(uint256(logs[0].topics[2]), Region.unwrap(CITY), "authority");
        _equal(logs[0].data, abi.encode(_next, NOW + KEY_DELAY, uint32(1), false), "data of the proposal");
        _isProposed(_next, NOW + KEY_DELAY);
        // Until then the old keys are the keys.
        vm.warp(NOW + KEY_DELAY - 1);
        settles(_order(1), device(DEVICE_KEY, 0, _ring));
        vm.warp(bound(late, NOW + KEY_DELAY, NOW + 30 days));
        vm.recordLogs();
        vm.prank(submitter);
        vouchers.finishReplacement(_account);
        logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "events");
        assertEq(logs[0].topics[0], IVoucherEvents.KeysChanged.selector, "KeysChanged");
        _equal(logs[0].data, abi.encode(uint32(1), _next), "data of the change");
        assertEq(vouchers.keysOf(_account), Keys.ringHash(_next), "ring");
        _isProposed("", 0);
        refusesPayment(_order(2), device(DEVICE_KEY, 0, _ring), Refusal.SignatureInvalid, 0, 0);
        settles(_order(2), device(NEXT_KEY, 0, _next));
        assertEq(tokens.balanceOf(_account, _series), GIVEN - 2_000, "what it had stays");
    }

    function testFuzz_finishReplacement_refusesTooEarly(uint40 early) public {
        replaceKeys(_account, _next);
        uint40 readyAt = NOW + KEY_DELAY;
        vm.warp(bound(early, NOW, readyAt - 1));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ReplacementTooEarly.selector, readyAt));
        vouchers.finishReplacement(_account);
        assertTrue(!vouchers.account(_account).rekeyed, "not yet");
    }

    function testFuzz_replacement_refusesAnUnknownOne(address account) public {
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.ReplacementUnknown.selector, account);
        vm.expectRevert(reason);
        vouchers.finishReplacement(account);
        vm.expectRevert(reason);
        vouchers.stopReplacement(account, UNTIL, "");
    }

    /// @dev Once finished it is used up.
    function test_finishReplacement_onlyOnce() public {
        replaceKeys(_account, _next);
        vm.warp(NOW + KEY_DELAY);
        vouchers.finishReplacement(_account);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ReplacementUnknown.selector, _account));
        vouchers.finishReplacement(_account);
    }

    function testFuzz_stopReplacement_byAnOwnerKey(uint40 moment) public {
        replaceKeys(_account, _next);
        // Even late, as long as the replacement is not finished.
        vm.warp(bound(moment, NOW, UNTIL));
        vm.recordLogs();
        vouchers.stopReplacement(_account, UNTIL, _objection(_next, _owner()));
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "events");
        assertEq(logs[0].topics[0], IVoucherEvents.ReplacementStopped.selector, "ReplacementStopped");
        assertEq(address(uint160(uint256(logs[0].topics[1]))), _account, "account");
        _isProposed("", 0);
        vm.warp(NOW + 101 days);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ReplacementUnknown.selector, _account));
        vouchers.finishReplacement(_account);
        assertTrue(!vouchers.account(_account).rekeyed, "the old keys stay");
    }

/// @dev The stopped ring is not needed again, so its slots are cleared. They are those of a long `bytes` at 7
    /// (storage-layout.json).
    function test_stopReplacement_forgetsTheRing() public {
        bytes32 slot = keccak256(abi.encode(_account, 7));
        replaceKeys(_account, _next);
        assertEq(uint256(vm.load(address(vouchers), slot)), 2 * _next.length + 1, "its length");
        vouchers.stopReplacement(_account, UNTIL, _objection(_next, _owner()));
        assertEq(uint256(vm.load(address(vouchers), slot)), 0, "forgotten");
    }

    /// @dev Not by a device, the proposed keys, or a stranger; and not an objection to other keys.
    function testFuzz_stopReplacement_refusesEveryOtherSigner(uint8 who, uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != OWNER_KEY);
        replaceKeys(_account, _next);
        bytes memory proof = _objection(_next, device(DEVICE_KEY, 0, _ring));
        if (who % 5 == 1) proof = _objection(_next, passkey(NEXT_KEY, 1, _next));
        if (who % 5 == 2) proof = _objection(_next, passkey(key, 1, _ring));
        if (who % 5 == 3) proof = _objection(_ring, _owner());
        if (who % 5 == 4) proof = _objection(_next, device(DEVICE_KEY, 1, _ring));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeNotSigned.selector, _account));
        vouchers.stopReplacement(_account, UNTIL, proof);
        _isProposed(_next, NOW + KEY_DELAY);
    }

    function testFuzz_stopReplacement_refusesAfterItsDeadline(uint40 late) public {
        replaceKeys(_account, _next);
        bytes memory proof = _objection(_next, _owner());
        vm.warp(bound(late, UNTIL + 1, type(uint40).max));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeDeadlinePassed.selector, UNTIL));
        vouchers.stopReplacement(_account, UNTIL, proof);
    }

    /// @dev Officers who propose again have only the newer ring, and the delay restarts. An objection to the first
    /// does not stop the second.
    function testFuzz_replaceKeys_aNewerProposalReplacesTheOlder(uint40 moment) public {
        replaceKeys(_account, _ring);
        bytes memory objection = _objection(_ring, _owner());
        vm.warp(bound(moment, NOW + 1, NOW + KEY_DELAY));
        replaceKeys(_account, _next);
        uint40 readyAt = uint40(block.timestamp) + KEY_DELAY;
        _isProposed(_next, readyAt);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeNotSigned.selector, _account));
        vouchers.stopReplacement(_account, UNTIL, objection);
        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ReplacementTooEarly.selector, readyAt));
        vouchers.finishReplacement(_account);
        vm.warp(readyAt);
        vouchers.finishReplacement(_account);
        assertEq(vouchers.keysOf(_account), Keys.ringHash(_next), "the newer ring");
    }

    /// @dev What the holder signed once against a ring is not said of a later proposal of the same ring.
    function test_stopReplacement_isNotReplayed() public {
        replaceKeys(_account, _next);
        bytes memory objection = _objection(_next, _owner());
        vouchers.stopReplacement(_account, UNTIL, objection);
        replaceKeys(_account, _next);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeNotSigned.selector, _account));
        vouchers.stopReplacement(_account, UNTIL, objection);
        assertEq(vouchers.replacement(_account).objections, 1, "objections");
        vm.warp(NOW + KEY_DELAY);
        vouchers.finishReplacement(_account);
        assertEq(vouchers.replacement(_account).objections, 0, "new keys have not objected");
    }

    /// @dev A thief of an owner key objects to everything. Two freeze the account, three overrule the objection, and the
    /// holder has the account again long before the freeze of two could end.
    function test_replaceKeys_overrulesAThiefWhoObjects() public {
        _foundLargeCity();
        bytes memory call = _overruling(true);
        refuses(LARGE, call, ids(6, 7), abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3));
        bytes memory unheard = abi.encodeWithSelector(IVoucherEvents.ObjectionMissing.selector, _account);
        refuses(LARGE, call, ids(6, 7, 11), unheard);
        freeze(_account, true);
        replaceKeys(_account, _next);
        vouchers.stopReplacement(_account, UNTIL, _objection(_next, _owner()));

        act(LARGE, call, ids(6, 7, 11));
        _isProposed(_next, NOW + 14 days);
        bytes memory objection = _objection(_next, _owner());
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ObjectionOverruled.selector, _account));
        vouchers.stopReplacement(_account, UNTIL, objection);
        vm.warp(NOW + 14 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ReplacementTooEarly.selector, NOW + 14 days));
        vouchers.finishReplacement(_account);
        vm.warp(NOW + 14 days);
        vouchers.finishReplacement(_account);
        assertEq(vouchers.keysOf(_account), Keys.ringHash(_next), "the holder's new keys");
        Replacement memory known = vouchers.replacement(_account);
        assertTrue(!known.overruling && known.objections == 0 && known.number == 2, "decided");
    }

    /// @dev Nor does a thief end it by a change of keys, where the account is not frozen; two registrars neither.
    function test_replaceKeys_overrulingIsNotUndoneByFewer() public {
        _foundLargeCity();
        replaceKeys(_account, _next);
        vouchers.stopReplacement(_account, UNTIL, _objection(_next, _owner()));
        act(LARGE, _overruling(true), ids(6, 7, 11));
        bytes memory tooFew = abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, 2, 3);
        refuses(LARGE, _overruling(false), ids(6, 7), tooFew);
        bytes memory other = ringOf(0, Keys.deviceId(0x77), Keys.passkeyId(0x77));
        _changeKeys(other, 1, _owner());
        _isProposed(_next, NOW + 14 days);
        vm.warp(NOW + 14 days);
        vouchers.finishReplacement(_account);
        assertEq(vouchers.keysOf(_account), Keys.ringHash(_next), "as three decided");
    }

    /// @dev Three may think again: what they propose without overruling can be objected to as before.
    function test_replaceKeys_threeTakeTheirOverrulingBack() public {
        _foundLargeCity();
        replaceKeys(_account, _next);
        vouchers.stopReplacement(_account, UNTIL, _objection(_next, _owner()));
        act(LARGE, _overruling(true), ids(6, 7, 11));
        act(LARGE, _overruling(false), ids(6, 7, 11));
        _isProposed(_next, NOW + KEY_DELAY);
        vouchers.stopReplacement(_account, UNTIL, _objection(_next, _owner()));
        assertEq(vouchers.replacement(_account).objections, 2, "objections");
    }

    /// @dev A holder who still changes the keys shows that they are not lost.
    function test_changeKeys_endsAReplacement() public {
        replaceKeys(_account, _next);
        bytes memory other = ringOf(0, Keys.deviceId(0x77), Keys.passkeyId(0x77));
        _changeKeys(other, 1, _owner());
        _isProposed("", 0);
        vm.warp(NOW + KEY_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.ReplacementUnknown.selector, _account));
        vouchers.finishReplacement(_account);
        assertEq(vouchers.keysOf(_account), Keys.ringHash(other), "the holder's own");
    }

    /// @dev A change that the old owner signed before is worthless after a replacement, which has its number.
    function test_finishReplacement_endsSignedChanges() public {
        bytes memory other = ringOf(0, Keys.deviceId(0x77), Keys.passkeyId(0x77));
        bytes memory first = _change(other, 1, _owner());
        bytes memory second = _change(other, 2, _owner());
        replaceKeys(_account, _next);
        vm.warp(NOW + KEY_DELAY);
        vouchers.finishReplacement(_account);
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.KeyChangeNotSigned.selector, _account);
        vm.expectRevert(reason);
        vouchers.changeKeys(_account, other, UNTIL, first);
        vm.expectRevert(reason);
        vouchers.changeKeys(_account, other, UNTIL, second);
        _changeKeys(other, 2, passkey(NEXT_KEY, 1, _next));
    }

    function test_replaceKeys_ofAMerchant() public {
        bytes memory ring = ringOf(GIVEN, Keys.deviceId(0x51), Keys.walletId(0x52));
        address shop = accountOf(OTHER_CITY, ROLE_MERCHANT, 0, ring);
        registerBy(OTHER_CITY, shop, OTHER_CITY, 1, 0);
        bytes memory call = abi.encodeCall(IVouchersRegistry.replaceKeys, (CITY, shop, _next, false));
        refuses(CITY, call, ids(6, 7), notInCharge(shop));
        act(OTHER_CITY, abi.encodeCall(IVouchersRegistry.replaceKeys, (OTHER_CITY, shop, _next, false)), ids(6, 7));
        vm.warp(NOW + KEY_DELAY);
        vouchers.finishReplacement(shop);
        uint32 series = publish(CITY, plainTerms(PROVINCE));
        issueTo(CITY, series, _account, GIVEN);
        Order memory order = _order(1);
        (order.to, order.series, order.amount) = (shop, series, GIVEN);
        settles(order, _owner());
        order = Order(shop, address(0), series, GIVEN, 1, UNTIL, 0);
        refusesRedemption(order, prove(wallet(0x52, 1, ring), redemptionId(order)), Refusal.SignatureInvalid, 0, 0);
        redeems(order, passkey(NEXT_KEY, 1, _next));
    }

    /// @dev A wallet's own key can object as long as there is no ring.
    function test_stopReplacement_byAWallet() public {
        address account = person(0xBEEF);
        attest(account, CITY, 1);
        replaceKeys(account, _next);
        bytes32 said = objectionId(account, _next, 1, UNTIL);
        vouchers.stopReplacement(account, UNTIL, prove(wallet(0xBEEF), said));
        assertEq(vouchers.replacement(account).keys, bytes32(0), "stopped");
    }

    /// @dev Two registrars, regardless of the authority's threshold.
    function test_replaceKeys_needsTwoRegistrars() public {
        bytes memory call = abi.encodeCall(IVouchersRegistry.replaceKeys, (CITY, _account, _next, false));
        bytes4 tooFew = IAuthorities.OfficersTooFew.selector;
        refuses(CITY, call, ids(6), abi.encodeWithSelector(tooFew, 1, 2));
        refuses(CITY, call, ids(5, 6), abi.encodeWithSelector(tooFew, 1, 2));
        refuses(CITY, call, ids(3, 4, 5), abi.encodeWithSelector(tooFew, 0, 2));
        vm.expectRevert(IAuthorities.NotAnAct.selector);
        vouchers.replaceKeys(CITY, _account, _next, false);
        _isProposed("", 0);
        act(CITY, call, ids(6, 7));
        _isProposed(_next, NOW + KEY_DELAY);
    }

    function test_replaceKeys_refusesAnotherAuthority() public {
        Region[3] memory others = [OTHER_CITY, PROVINCE, STATE];
        for (uint256 i = 0; i < 3; i++) {
            bytes memory call = abi.encodeCall(IVouchersRegistry.replaceKeys, (others[i], _account, _next, false));
            refuses(others[i], call, ids(6, 7), notInCharge(_account));
        }
        _isProposed("", 0);
    }

    function testFuzz_replaceKeys_refusesAnUnknownAccount(address account) public {
        vm.assume(account != _account && account != SHOP);
        bytes memory call = abi.encodeCall(IVouchersRegistry.replaceKeys, (CITY, account, _next, false));
        refuses(
            CITY,
            call,
            ids(6, 7),
            abi.encodeWithSelector(IVoucherEvents.AccountUnknown.selector, account)
        );
    }

    function testFuzz_replaceKeys_refusesAnUnsoundRing(uint8 length, bytes32 key) public {
        bytes memory ring = new bytes(length);
        if (length % 2 == 0) ring = abi.encodePacked(uint32(0), uint8(1), key);
        bytes memory call = abi.encodeCall(IVouchersRegistry.replaceKeys, (CITY, _account, ring, false));
        refuses(CITY, call, ids(6, 7), abi.encodeWithSelector(IVoucherEvents.KeysInvalid.selector));
        _isProposed("", 0);
    }

    /// @dev A city with three registrars, where the account is at home.
    function _foundLargeCity() private {
        Officer[] memory officers = new Officer[](CREW + 1);
        Officer[] memory usual = crew(LARGE);
        for (uint256 i = 0; i < CREW; i++) {
            officers[i] = usual[i];
        }
        officers[CREW] = Officer(11, 4, keys(Keys.walletId(officerKey(LARGE, 11))));
        bytes memory call =
            abi.encodeCall(IAuthorities.foundAuthority, (PROVINCE, LARGE, officers, thresholds()));
        execute(PROVINCE, address(authorities), call, governors());
        _account = accountOf(LARGE, ROLE_RESIDENT, 0, _ring);
        attestBy(LARGE, _account, LARGE, 1, false);
        issueTo(CITY, _series, _account, GIVEN);
    }

    function _overruling(bool overruling) private view returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.replaceKeys, (LARGE, _account, _next, overruling));
    }

    function _owner() private view returns (Signer memory) {
        return passkey(OWNER_KEY, 1, _ring);
    }

    function _order(uint32 nonce) private view returns (Order memory) {
        return Order(_account, SHOP, _series, 1_000, nonce, UNTIL, 0);
    }

    function _objection(bytes memory to, Signer memory signer) private view returns (bytes memory) {
        return prove(signer, objectionId(_account, to, vouchers.replacement(_account).number, UNTIL));
    }

    function _change(bytes memory ring, uint32 number, Signer memory signer) private view returns (bytes memory) {
        return prove(signer, keyChangeId(_account, ring, number, UNTIL));
    }

    function _changeKeys(bytes memory ring, uint32 number, Signer memory signer) private {
        vouchers.changeKeys(_account, ring, UNTIL, _change(ring, number, signer));
    }

    function _isProposed(bytes memory ring, uint40 readyAt) private view {
        Replacement memory next = vouchers.replacement(_account);
        assertEq(next.keys, ring.length == 0 ? bytes32(0) : Keys.ringHash(ring), "proposed ring");
        assertEq(next.readyAt, readyAt, "ready at");
    }
}
