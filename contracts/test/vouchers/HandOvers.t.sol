// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {ROLE_MERCHANT, ROLE_RESIDENT, Taking} from "../../src/interfaces/VoucherTypes.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {Moves} from "../support/Moves.sol";
import {Signer} from "../support/Orders.sol";
import {Log} from "../support/Test.sol";

/// @notice proposeHandOver, stopHandOver, and takeAccounts of what was handed over: two on both sides, a notice between
/// them, and an owner key that may object.
contract HandOversTest is Moves {
    uint256 private constant PHONE = 0xDE;
    uint256 private constant OWNER = 0x0E;
    uint256 private constant SHOP_OWNER = 0x1E;
    uint40 private constant UNTIL = NOW + 100 days;
    uint40 private constant READY = NOW + HAND_OVER_DELAY;

    bytes private _ring;
    bytes private _shopRing;
    address private _resident;
    address private _shop;

    function setUp() public {
        build();
        found(STATE, OTHER_PROVINCE);
        _ring = ringOf(100_000, Keys.deviceId(PHONE), Keys.passkeyId(OWNER));
        _shopRing = ringOf(0, Keys.deviceId(PHONE), Keys.passkeyId(SHOP_OWNER));
        _resident = accountOf(CITY, ROLE_RESIDENT, 0, _ring);
        _shop = accountOf(CITY, ROLE_MERCHANT, 0, _shopRing);
        attestBy(CITY, _resident, CITY, 2, false);
        registerBy(CITY, _shop, CITY, 7, 2);
    }

    // The proposal

    function testFuzz_proposeHandOver_givesNotice(uint48 raw, bool shop, uint40 moment) public {
        address account = shop ? _shop : _resident;
        // Whoever shall take it need not be founded yet.
        Region to = Region.wrap(raw);
        if (to.isState() || to.equals(CITY)) to = OTHER_CITY;
        isProposed(account, STATE, 0, 0);
        vm.warp(bound(moment, NOW, NOW + 1_000 days));
        uint40 readyAt = uint40(block.timestamp) + HAND_OVER_DELAY;
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.HandOverProposed(account, CITY, to, readyAt, 1);
        act(CITY, proposeCall(CITY, to, account), twoRegistrars());
        isProposed(account, to, readyAt, 1);
        assertEq(vouchers.handOver(account).moves, 0, "no move yet");
        assertTrue(inChargeOf(account).equals(CITY), "who answers for it until then");
    }

    function testFuzz_proposeHandOver_needsTwoRegistrarsOfWhoAnswers(uint8 who) public {
        bytes memory call = proposeCall(CITY, OTHER_CITY, _resident);
        refuses(CITY, call, registrars(), tooFew(1, 2));
        refuses(CITY, call, governors(), tooFew(0, 2));
        Region foreign = who % 3 == 0 ? OTHER_CITY : who % 3 == 1 ? PROVINCE : OTHER_PROVINCE;
        call = proposeCall(foreign, who % 2 == 0 ? STATE : Region.wrap(0x471500000005), _resident);
        skips(foreign, call, twoRegistrars(), _resident, notInCharge(_resident));
    }

    function testFuzz_proposeHandOver_skipsWhoIsNotOnRecord(address stranger) public {
        vm.assume(!isOnRecord(stranger));
        bytes memory call = proposeCall(CITY, OTHER_CITY, stranger);
        skips(CITY, call, twoRegistrars(), stranger, unknownAccount(stranger));
    }

    function test_proposeHandOver_refusesItself() public {
        refuses(CITY, proposeCall(CITY, CITY, _resident), twoRegistrars(), outside(CITY, CITY));
    }

    function testFuzz_proposeHandOver_refusesAbove400(uint16 count) public {
        address[] memory accounts = new address[](bound(count, 401, 900));
        bytes memory call = abi.encodeCall(IVouchersRegistry.proposeHandOver, (CITY, OTHER_CITY, accounts));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, accounts.length, 400);
        refuses(CITY, call, twoRegistrars(), reason);
    }

    /// @dev Only the newest counts, and its notice begins with it.
    function testFuzz_proposeHandOver_anotherOneReplacesIt(uint40 moment) public {
        proposeHandOver(OTHER_CITY, _resident);
        vm.warp(bound(moment, NOW + 1, NOW + 1_000 days));
        uint40 readyAt = uint40(block.timestamp) + HAND_OVER_DELAY;
        proposeHandOver(OTHER_PROVINCE, _resident);
        isProposed(_resident, OTHER_PROVINCE, readyAt, 2);
        refusesTaking(OTHER_CITY, _resident, OTHER_CITY, "", unknownHandOver(_resident, OTHER_CITY));
        bytes memory early = abi.encodeWithSelector(IVoucherEvents.HandOverTooEarly.selector, _resident, readyAt);
        refusesTaking(OTHER_PROVINCE, _resident, OTHER_PROVINCE, "", early);
    }

    function test_proposeHandOver_takesItBack() public {
        skips(CITY, proposeCall(CITY, STATE, _resident), twoRegistrars(), _resident, unknownHandOver(_resident, CITY));
        handsOver(OTHER_CITY, _resident);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.HandOverProposed(_resident, CITY, STATE, 0, 2);
        act(CITY, proposeCall(CITY, STATE, _resident), twoRegistrars());
        isProposed(_resident, STATE, 0, 2);
        refusesTaking(OTHER_CITY, _resident, OTHER_CITY, "", unknownHandOver(_resident, OTHER_CITY));
        refusesTaking(STATE, _resident, OTHER_CITY, "", outside(STATE, OTHER_CITY));
    }

    // Taking

    function testFuzz_takeAccounts_afterTheNotice(uint40 late, bool shop) public {
        address account = shop ? _shop : _resident;
        proposeHandOver(OTHER_CITY, account);
        vm.warp(bound(late, READY, NOW + 1_000 days));
        takes(OTHER_CITY, account, OTHER_CITY, "");
        // It counts once.
        refusesTaking(OTHER_CITY, account, OTHER_CITY, "", unknownHandOver(account, OTHER_CITY));
    }

    function testFuzz_takeAccounts_skipsBeforeTheNoticeIsOver(uint40 early, bool shop) public {
        address account = shop ? _shop : _resident;
        proposeHandOver(OTHER_CITY, account);
        vm.warp(bound(early, NOW, READY - 1));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.HandOverTooEarly.selector, account, READY);
        refusesTaking(OTHER_CITY, account, OTHER_CITY, "", reason);
    }

    function testFuzz_attack_aThirdAuthorityTakesWhatWasHandedOver(uint8 who, bool proposed) public {
        if (proposed) handsOver(OTHER_CITY, _resident);
        Region third = who % 3 == 0 ? CITY : who % 3 == 1 ? PROVINCE : OTHER_PROVINCE;
        Region place = third.equals(PROVINCE) ? CITY : third;
        refusesTaking(third, _resident, place, "", unknownHandOver(_resident, third));
        if (!proposed) refusesTaking(OTHER_CITY, _resident, OTHER_CITY, "", unknownHandOver(_resident, OTHER_CITY));
    }

    /// @dev What the old authority handed over once is not handed over by the next one.
    function test_attack_aHandOverIsUsedAgainAfterAMove() public {
        handsOver(OTHER_CITY, _resident);
        takes(OTHER_CITY, _resident, OTHER_CITY, "");
        handsOver(CITY, _resident);
        takes(CITY, _resident, CITY, "");
        refusesTaking(OTHER_CITY, _resident, OTHER_CITY, "", unknownHandOver(_resident, OTHER_CITY));
        assertEq(vouchers.handOver(_resident).moves, 2, "moves");
        isProposed(_resident, STATE, 0, 2);
    }

    /// @dev Some wait, some objected, some were never handed over: the others come.
    function testFuzz_takeAccounts_skipsEntriesAndTakesTheOthers(uint256 seed) public {
        address[] memory accounts = new address[](20);
        Taking[] memory entries = new Taking[](20);
        for (uint256 i = 0; i < 20; i++) {
            accounts[i] = keyless(CITY, ROLE_RESIDENT, i);
            attestBy(CITY, accounts[i], CITY, 1, false);
            if ((seed >> i) & 1 == 0) proposeHandOver(OTHER_CITY, accounts[i]);
            entries[i] = Taking(accounts[i], OTHER_CITY, "");
        }
        vm.warp(READY);
        vm.recordLogs();
        act(OTHER_CITY, abi.encodeCall(IVouchersRegistry.takeAccounts, (OTHER_CITY, entries)), twoRegistrars());
        Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < 20; i++) {
            bool skipped = (seed >> i) & 1 == 1;
            assertTrue(inChargeOf(accounts[i]).equals(skipped ? CITY : OTHER_CITY), "who answers for it");
            bytes32 what = skipped ? IVoucherEvents.EntrySkipped.selector : IVoucherEvents.AccountTaken.selector;
            assertEq(logs[i].topics[0], what, "event of the entry");
        }
    }

    // The objection

    function testFuzz_stopHandOver_byAnOwnerKey(uint40 moment, bool shop, address submitter) public {
        (address account, Signer memory owner) = shop ? (_shop, _shopOwner()) : (_resident, _owner());
        proposeHandOver(OTHER_CITY, account);
        // Even after the notice, as long as it was not taken.
        vm.warp(bound(moment, NOW, UNTIL));
        bytes memory objection = handOverObjection(account, UNTIL, owner);
        vm.recordLogs();
        vm.prank(submitter);
        vouchers.stopHandOver(account, UNTIL, objection);
        Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "events");
        assertEq(logs[0].topics[0], IVoucherEvents.HandOverStopped.selector, "HandOverStopped");
        assertEq(address(uint160(uint256(logs[0].topics[1]))), account, "account");
        isProposed(account, STATE, 0, 1);
        vm.warp(UNTIL);
        refusesTaking(OTHER_CITY, account, OTHER_CITY, "", unknownHandOver(account, OTHER_CITY));
        vm.expectRevert(unknownHandOver(account, STATE));
        vouchers.stopHandOver(account, UNTIL, objection);
    }

    /// @dev A frozen holder is heard, too.
    function test_stopHandOver_ofAFrozenAccount() public {
        freeze(_resident, true);
        proposeHandOver(OTHER_CITY, _resident);
        vouchers.stopHandOver(_resident, UNTIL, handOverObjection(_resident, UNTIL, _owner()));
        isProposed(_resident, STATE, 0, 1);
    }

    function testFuzz_stopHandOver_refusesEveryOtherSigner(uint8 fault, uint256 key, uint32 number) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != OWNER);
        proposeHandOver(OTHER_CITY, _resident);
        Signer memory by = _owner();
        if (fault % 7 == 0) by = device(PHONE, 0, _ring);
        if (fault % 7 == 1) by = passkey(key, 1, _ring);
        if (fault % 7 == 2) by = _shopOwner();
        address about = fault % 7 == 3 ? _shop : _resident;
        Region to = fault % 7 == 4 ? PROVINCE : OTHER_CITY;
        number = fault % 7 == 5 ? uint32(bound(number, 2, type(uint32).max)) : 1;
        uint40 signedUntil = fault % 7 == 6 ? UNTIL + 1 : UNTIL;
        bytes memory proof = prove(by, handOverObjectionId(about, to, number, signedUntil));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeNotSigned.selector, _resident));
        vouchers.stopHandOver(_resident, UNTIL, proof);
        isProposed(_resident, OTHER_CITY, READY, 1);
    }

    function testFuzz_stopHandOver_refusesAfterItsDeadline(uint40 late) public {
        proposeHandOver(OTHER_CITY, _resident);
        bytes memory proof = handOverObjection(_resident, UNTIL, _owner());
        vm.warp(bound(late, UNTIL + 1, type(uint40).max));
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeDeadlinePassed.selector, UNTIL));
        vouchers.stopHandOver(_resident, UNTIL, proof);
    }

    function testFuzz_stopHandOver_refusesWhereNothingIsProposed(address account) public {
        vm.expectRevert(unknownHandOver(account, STATE));
        vouchers.stopHandOver(account, UNTIL, "");
    }

    /// @dev What the holder signed once against a hand-over is not said of a later one to the same authority.
    function test_attack_anObjectionIsReplayed() public {
        proposeHandOver(OTHER_CITY, _resident);
        bytes memory objection = handOverObjection(_resident, UNTIL, _owner());
        vouchers.stopHandOver(_resident, UNTIL, objection);
        proposeHandOver(OTHER_CITY, _resident);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeNotSigned.selector, _resident));
        vouchers.stopHandOver(_resident, UNTIL, objection);
        vm.warp(READY);
        takes(OTHER_CITY, _resident, OTHER_CITY, "");
        // Nor of one that is proposed after a move.
        proposeHandOver(CITY, _resident);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeNotSigned.selector, _resident));
        vouchers.stopHandOver(_resident, UNTIL, objection);
    }

    function _owner() private view returns (Signer memory) {
        return passkey(OWNER, 1, _ring);
    }

    function _shopOwner() private view returns (Signer memory) {
        return passkey(SHOP_OWNER, 1, _shopRing);
    }
}
