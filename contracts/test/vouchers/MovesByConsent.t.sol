// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {MerchantStatus, ROLE_COMPANY, ROLE_MERCHANT, ROLE_RESIDENT, Taking} from "../../src/interfaces/VoucherTypes.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {Moves} from "../support/Moves.sol";
import {Signer} from "../support/Orders.sol";

/// @notice takeAccounts with the holder's consent: it counts for one move, between the two authorities that it names.
contract MovesByConsentTest is Moves {
    uint256 private constant KEY = 0xBEEF;
    uint256 private constant PHONE = 0xDE;
    uint256 private constant OWNER = 0x0E;
    uint256 private constant SHOP_OWNER = 0x1E;
    uint40 private constant UNTIL = NOW + 100 days;
    Region private constant OTHER_DONG = Region.wrap(0x471901010008);

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
        _shop = accountOf(CITY, ROLE_MERCHANT, bytes32("branch"), _shopRing);
        attestBy(CITY, _resident, CITY, 2, false);
        registerBy(CITY, _shop, CITY, 7, 2);
    }

    // What it does

    function testFuzz_takeAccounts_byConsent(uint40 moment, bool shop) public {
        (address account, Signer memory owner) = shop ? (_shop, _shopOwner()) : (_resident, _owner());
        bytes memory consented = moveConsent(account, OTHER_CITY, UNTIL, owner);
        // To its last second.
        vm.warp(bound(moment, NOW, UNTIL));
        takes(OTHER_CITY, account, shop ? OTHER_DONG : OTHER_CITY, consented);
        assertTrue(inChargeOf(account).equals(OTHER_CITY), "who answers for it now");
    }

    function test_takeAccounts_byConsentOfAWalletAndOfACompany() public {
        address account = person(KEY);
        attestBy(CITY, account, CITY, 1, false);
        takes(OTHER_CITY, account, OTHER_CITY, moveConsent(account, OTHER_CITY, UNTIL, wallet(KEY)));
        bytes memory ring = ringOf(0, Keys.deviceId(PHONE), Keys.walletId(KEY));
        address company = accountOf(CITY, ROLE_COMPANY, 0, ring);
        attestBy(CITY, company, CITY, 0, true);
        takes(PROVINCE, company, CITY, moveConsent(company, PROVINCE, UNTIL, wallet(KEY, 1, ring)));
    }

    /// @dev What was handed to one authority is not any more once the holder went to another one.
    function test_takeAccounts_byConsentEndsAHandOver() public {
        handsOver(OTHER_PROVINCE, _resident);
        takes(OTHER_CITY, _resident, OTHER_CITY, moveConsent(_resident, OTHER_CITY, UNTIL, _owner()));
        refusesTaking(OTHER_PROVINCE, _resident, OTHER_PROVINCE, "", unknownHandOver(_resident, OTHER_PROVINCE));
        bytes memory objection = prove(_owner(), handOverObjectionId(_resident, OTHER_PROVINCE, 1, UNTIL));
        vm.expectRevert(unknownHandOver(_resident, STATE));
        vouchers.stopHandOver(_resident, UNTIL, objection);
    }

    // What is no consent

    function testFuzz_attack_anAccountIsTakenWithoutItsConsent(uint8 fault, uint256 key, uint32 number) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != OWNER);
        Signer memory by = _owner();
        if (fault % 9 == 0) by = device(PHONE, 0, _ring);
        if (fault % 9 == 1) by = passkey(key, 1, _ring);
        if (fault % 9 == 2) by = _shopOwner();
        address about = fault % 9 == 3 ? _shop : _resident;
        Region from = fault % 9 == 4 ? STATE : fault % 9 == 5 ? PROVINCE : CITY;
        Region to = fault % 9 == 6 ? PROVINCE : OTHER_CITY;
        number = fault % 9 == 7 ? uint32(bound(number, 1, type(uint32).max)) : 0;
        uint40 deadline = fault % 9 == 8 ? uint40(block.timestamp - 1) : UNTIL;
        bytes memory consented = consentOf(about, from, to, number, deadline, by);
        refusesTaking(OTHER_CITY, _resident, OTHER_CITY, consented, notChosen(_resident, OTHER_CITY));
    }

    function testFuzz_takeAccounts_skipsAConsentThatIsCutOrLonger(uint16 length) public {
        bytes memory consented = moveConsent(_resident, OTHER_CITY, UNTIL, _owner());
        length = uint16(bound(length, 1, consented.length - 1));
        bytes memory cut = new bytes(length);
        for (uint256 i = 0; i < length; i++) {
            cut[i] = consented[i];
        }
        refusesTaking(OTHER_CITY, _resident, OTHER_CITY, cut, notChosen(_resident, OTHER_CITY));
        consented = bytes.concat(consented, hex"00");
        refusesTaking(OTHER_CITY, _resident, OTHER_CITY, consented, notChosen(_resident, OTHER_CITY));
    }

    function testFuzz_takeAccounts_skipsAfterTheDeadlineOfAConsent(uint40 late) public {
        bytes memory consented = moveConsent(_resident, OTHER_CITY, UNTIL, _owner());
        vm.warp(bound(late, UNTIL + 1, UNTIL + 1_000 days));
        refusesTaking(OTHER_CITY, _resident, OTHER_CITY, consented, notChosen(_resident, OTHER_CITY));
    }

    /// @dev Somebody who moved away and came back is not sent away again by the old paper.
    function test_attack_anOldConsentIsShownAgain() public {
        bytes memory there = moveConsent(_resident, OTHER_CITY, UNTIL, _owner());
        takes(OTHER_CITY, _resident, OTHER_CITY, there);
        bytes memory back = moveConsent(_resident, CITY, UNTIL, _owner());
        takes(CITY, _resident, CITY, back);
        refusesTaking(OTHER_CITY, _resident, OTHER_CITY, there, notChosen(_resident, OTHER_CITY));
        there = moveConsent(_resident, OTHER_CITY, UNTIL, _owner());
        takes(OTHER_CITY, _resident, OTHER_CITY, there);
        refusesTaking(CITY, _resident, CITY, back, notChosen(_resident, CITY));
    }

    /// @dev The consent to the first record is none to a move, and the other way round.
    function test_attack_aFirstConsentIsShownForAMove() public {
        address account = person(KEY);
        bytes memory first = consent(KEY, account, STATE, OTHER_CITY, 0, UNTIL);
        attestBy(CITY, account, CITY, 1, false);
        refusesTaking(OTHER_CITY, account, OTHER_CITY, first, notChosen(account, OTHER_CITY));
    }

    /// @dev Whoever answers for it already takes no one on, whatever the paper says.
    function test_takeAccounts_skipsTheOwnAccounts() public {
        bytes memory consented = moveConsent(_resident, CITY, UNTIL, _owner());
        refusesTaking(CITY, _resident, CITY, consented, notChosen(_resident, CITY));
    }

    function test_takeAccounts_skipsWhoWasTakenInTheSameList() public {
        bytes memory consented = moveConsent(_resident, OTHER_CITY, UNTIL, _owner());
        Taking[] memory entries = new Taking[](2);
        entries[0] = entries[1] = Taking(_resident, OTHER_CITY, consented);
        bytes memory call = abi.encodeCall(IVouchersRegistry.takeAccounts, (OTHER_CITY, entries));
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.EntrySkipped(OTHER_CITY, _resident, 1, notChosen(_resident, OTHER_CITY));
        act(OTHER_CITY, call, twoRegistrars());
        assertEq(vouchers.handOver(_resident).moves, 1, "once");
    }

    // Who does not escape

    function testFuzz_takeAccounts_skipsAFrozenAccount(uint40 until, uint40 moment, bool shop) public {
        (address account, Signer memory owner) = shop ? (_shop, _shopOwner()) : (_resident, _owner());
        until = uint40(bound(until, NOW + 1, UNTIL - 1));
        freezeUntil(account, until);
        bytes memory consented = moveConsent(account, OTHER_CITY, UNTIL, owner);
        vm.warp(bound(moment, NOW, until - 1));
        refusesTaking(OTHER_CITY, account, OTHER_CITY, consented, barred(account));
        // Its end is the authority's decision, too.
        vm.warp(until);
        takes(OTHER_CITY, account, OTHER_CITY, consented);
    }

    function testFuzz_takeAccounts_skipsASuspendedOrClosedShop(bool closed) public {
        bytes memory consented = moveConsent(_shop, OTHER_CITY, UNTIL, _shopOwner());
        setStatus(_shop, closed ? MerchantStatus.Closed : MerchantStatus.Suspended);
        refusesTaking(OTHER_CITY, _shop, OTHER_CITY, consented, barred(_shop));
        if (closed) return;
        setStatus(_shop, MerchantStatus.Active);
        takes(OTHER_CITY, _shop, OTHER_CITY, consented);
    }

    function testFuzz_takeAccounts_skipsAShopWhosePayoutsAreHeld(uint40 until, uint40 moment) public {
        bytes memory consented = moveConsent(_shop, OTHER_CITY, UNTIL, _shopOwner());
        until = uint40(bound(until, NOW + 1, NOW + 30 days));
        act(CITY, abi.encodeCall(IVouchersRegistry.holdPayouts, (CITY, one(_shop), until)), treasurers());
        vm.warp(bound(moment, NOW, until - 1));
        refusesTaking(OTHER_CITY, _shop, OTHER_CITY, consented, barred(_shop));
        vm.warp(until);
        takes(OTHER_CITY, _shop, OTHER_CITY, consented);
    }

    // Who takes, and where

    function testFuzz_takeAccounts_needsTwoRegistrars(bool handedOver) public {
        bytes memory consented = handedOver ? bytes("") : moveConsent(_resident, OTHER_CITY, UNTIL, _owner());
        if (handedOver) handsOver(OTHER_CITY, _resident);
        bytes memory call = takeCall(OTHER_CITY, _resident, OTHER_CITY, consented);
        refuses(OTHER_CITY, call, registrars(), tooFew(1, 2));
        refuses(OTHER_CITY, call, treasurers(), tooFew(0, 2));
        assertTrue(inChargeOf(_resident).equals(CITY), "still there");
        takes(OTHER_CITY, _resident, OTHER_CITY, consented);
    }

    function testFuzz_takeAccounts_skipsAPlaceOutsideItsAreas(uint48 raw, bool handedOver) public {
        Region place = Region.wrap(raw);
        if (!place.isHome() || OTHER_CITY.contains(place)) place = CITY;
        bytes memory consented = handedOver ? bytes("") : moveConsent(_resident, OTHER_CITY, UNTIL, _owner());
        if (handedOver) handsOver(OTHER_CITY, _resident);
        refusesTaking(OTHER_CITY, _resident, place, consented, outside(OTHER_CITY, place));
        // The state answers for no place.
        consented = moveConsent(_shop, STATE, UNTIL, _shopOwner());
        refusesTaking(STATE, _shop, CITY, consented, outside(STATE, CITY));
    }

    function testFuzz_takeAccounts_skipsWhatIsNoPlace(uint48 raw, uint8 digits) public {
        Region wrong = Region.wrap(raw);
        if (wrong.isValid()) wrong = Region.wrap(0x4719a0000005);
        bytes memory invalid = abi.encodeWithSelector(IVoucherEvents.AccountInvalid.selector, _shop);
        bytes memory consented = moveConsent(_shop, OTHER_CITY, UNTIL, _shopOwner());
        refusesTaking(OTHER_CITY, _shop, wrong, consented, invalid);
        // Homes are no finer than districts; shops may be.
        Region dong = OTHER_DONG.prefix(bound(digits, 6, 8));
        invalid = abi.encodeWithSelector(IVoucherEvents.AccountInvalid.selector, _resident);
        bytes memory ofResident = moveConsent(_resident, OTHER_CITY, UNTIL, _owner());
        refusesTaking(OTHER_CITY, _resident, dong, ofResident, invalid);
        refusesTaking(OTHER_CITY, _resident, STATE, ofResident, invalid);
        takes(OTHER_CITY, _shop, dong, consented);
    }

    function testFuzz_takeAccounts_skipsWhoIsNotOnRecord(address stranger, uint256 key) public {
        vm.assume(!isOnRecord(stranger));
        refusesTaking(OTHER_CITY, stranger, OTHER_CITY, "", unknownAccount(stranger));
        address account = person(bound(key, 1, type(uint128).max));
        bytes memory consented = consentOf(account, STATE, OTHER_CITY, 0, UNTIL, wallet(bound(key, 1, type(uint128).max)));
        refusesTaking(OTHER_CITY, account, OTHER_CITY, consented, unknownAccount(account));
    }

    function testFuzz_takeAccounts_refusesAbove400(uint16 count) public {
        Taking[] memory entries = new Taking[](bound(count, 401, 900));
        bytes memory call = abi.encodeCall(IVouchersRegistry.takeAccounts, (OTHER_CITY, entries));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, entries.length, 400);
        refuses(OTHER_CITY, call, twoRegistrars(), reason);
    }

    /// @dev One who cannot come, among those who can.
    function testFuzz_takeAccounts_skipsAnEntryAndTakesTheOthers(uint8 bad) public {
        Taking[] memory entries = new Taking[](6);
        bad %= 6;
        for (uint256 i = 0; i < 6; i++) {
            address account = person(100 + i);
            attestBy(CITY, account, CITY, 1, false);
            entries[i] = Taking(account, OTHER_CITY, moveConsent(account, OTHER_CITY, UNTIL, wallet(100 + i)));
        }
        address frozen = entries[bad].account;
        freeze(frozen, true);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.EntrySkipped(OTHER_CITY, frozen, bad, barred(frozen));
        act(OTHER_CITY, abi.encodeCall(IVouchersRegistry.takeAccounts, (OTHER_CITY, entries)), twoRegistrars());
        for (uint256 i = 0; i < 6; i++) {
            assertTrue(inChargeOf(entries[i].account).equals(i == bad ? CITY : OTHER_CITY), "who answers for it");
        }
    }

    function _owner() private view returns (Signer memory) {
        return passkey(OWNER, 1, _ring);
    }

    function _shopOwner() private view returns (Signer memory) {
        return passkey(SHOP_OWNER, 1, _shopRing);
    }
}
