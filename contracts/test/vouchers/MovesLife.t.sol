// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {
    AccountEntry,
    FirstKeys,
    FLAG_SOLD,
    MerchantStatus,
    ROLE_MERCHANT,
    ROLE_RESIDENT,
    SeriesTerms
} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {Moves} from "../support/Moves.sol";
import {Order, Signer} from "../support/Orders.sol";

/// @notice What stays and what ends when another authority comes to answer for residents and shops: their money, their
/// keys, what was stopped, and who has power over them.
contract MovesLifeTest is Moves {
    uint256 private constant PHONE = 0xDE;
    uint256 private constant OWNER = 0x0E;
    uint256 private constant SHOP_OWNER = 0x1E;
    uint64 private constant GIVEN = 1_000_000;
    uint40 private constant UNTIL = NOW + 100 days;
    /// @dev A district that is divided, and the new one, inside PROVINCE.
    Region private constant DISTRICT = Region.wrap(0x471100000005);
    Region private constant NEW_DISTRICT = Region.wrap(0x471250000005);

    bytes private _ring;
    bytes private _shopRing;
    bytes private _next;
    address private _resident;
    address private _shop;

    function setUp() public {
        build();
        found(STATE, OTHER_PROVINCE);
        _ring = ringOf(100_000, Keys.deviceId(PHONE), Keys.passkeyId(OWNER));
        _next = ringOf(100_000, Keys.deviceId(0x51), Keys.passkeyId(0x52));
        _shopRing = ringOf(0, Keys.deviceId(PHONE), Keys.passkeyId(SHOP_OWNER));
        _resident = accountOf(CITY, ROLE_RESIDENT, 0, _ring);
        _shop = accountOf(CITY, ROLE_MERCHANT, 0, _shopRing);
        attestBy(CITY, _resident, CITY, 2, false);
        registerBy(CITY, _shop, CITY, 7, 2);
    }

    // Money

    /// @dev Somebody moves house: the old vouchers stay good where they were, the new city's reach them.
    function testFuzz_move_vouchersStaySpendable(bool byConsent) public {
        uint32 old = publish(CITY, plainTerms(CITY));
        issueTo(CITY, old, _resident, GIVEN);
        _moves(_resident, byConsent);
        settles(_payment(old, 1, 1_000), _owner());
        uint32 next = publish(OTHER_CITY, plainTerms(OTHER_CITY));
        issueTo(OTHER_CITY, next, _resident, GIVEN);
        registerBy(OTHER_CITY, person(0x77), OTHER_CITY, 1, 1);
        Order memory order = _payment(next, 1, 1_000);
        order.to = person(0x77);
        settles(order, _owner());
        // Where the vouchers are good is about the shop, not about the holder's home.
        order.series = old;
        order.nonce = 2;
        refusesPayment(order, _owner(), Refusal.WrongRegion, Region.unwrap(OTHER_CITY), Region.unwrap(CITY));
    }

    /// @dev What a shop took before is owed and redeemed after, by its key and by the authority of the series.
    function testFuzz_move_theMerchantBalanceStays(bool byConsent) public {
        uint32 series = publish(CITY, plainTerms(CITY));
        issueTo(CITY, series, _resident, GIVEN);
        settles(_payment(series, 1, 1_000), _owner());
        _moves(_shop, byConsent);
        redeems(Order(_shop, address(0), series, 1_000, 1, UNTIL, 0), _shopOwner());
    }

    /// @dev A device's day is not over because somebody else answers for it.
    function testFuzz_move_aDevicesDayGoesOn(uint32 spent) public {
        spent = uint32(bound(spent, 1, 100_000));
        uint32 series = publish(CITY, plainTerms(CITY));
        issueTo(CITY, series, _resident, GIVEN);
        settles(_payment(series, 1, spent), device(PHONE, 0, _ring));
        _moves(_resident, true);
        uint64 left = 100_000 - spent;
        refusesPayment(
            _payment(series, 2, left + 1), device(PHONE, 0, _ring), Refusal.DeviceLimitExceeded, left, left + 1
        );
        settles(_payment(series, 2, 100_000 - spent), _owner());
    }

    /// @dev Caps count an authority's own series: going away and coming back buys no more of them.
    function testFuzz_move_purchasesAreCountedByAuthority(uint64 bought) public {
        bought = uint64(bound(bought, 1, 300_000));
        uint32 series = publish(CITY, _sold(CITY));
        issueTo(CITY, series, _resident, bought);
        _moves(_resident, true);
        uint32 next = publish(OTHER_CITY, _sold(OTHER_CITY));
        issueTo(OTHER_CITY, next, _resident, 300_000);
        _boughtThisMonth(CITY, bought);
        _boughtThisMonth(OTHER_CITY, 300_000);
        takes(CITY, _resident, CITY, moveConsent(_resident, CITY, UNTIL, _owner()));
        issueTo(CITY, series, _resident, 300_000 - bought + 1);
        _boughtThisMonth(CITY, bought);
        if (bought < 300_000) issueTo(CITY, series, _resident, 300_000 - bought);
        _boughtThisMonth(CITY, 300_000);
    }

    // What was stopped

    /// @dev Handing over frees no one; the next authority decides.
    function test_move_aFrozenAccountStaysFrozen() public {
        act(CITY, _freezeCall(CITY, NOW + 3 days), registrars());
        act(CITY, _freezeCall(CITY, NOW + 365 days), twoRegistrars());
        handsOver(OTHER_CITY, _resident);
        takes(OTHER_CITY, _resident, OTHER_CITY, "");
        uint32 series = publish(OTHER_CITY, plainTerms(PROVINCE));
        issueTo(OTHER_CITY, series, _resident, GIVEN);
        refusesPayment(_payment(series, 1, 1), _owner(), Refusal.AccountFrozen, 0, 0);
        skips(CITY, _freezeCall(CITY, 0), twoRegistrars(), _resident, notInCharge(_resident));
        act(OTHER_CITY, _freezeCall(OTHER_CITY, 0), twoRegistrars());
        settles(_payment(series, 1, 1), _owner());
    }

    /// @dev What one registrar may do once, the next authority's can't do again.
    function test_move_aSingleRegistrarsFreezeIsNotRenewed() public {
        act(CITY, _freezeCall(CITY, NOW + 3 days), registrars());
        handsOver(OTHER_CITY, _resident);
        takes(OTHER_CITY, _resident, OTHER_CITY, "");
        bytes memory call = _freezeCall(OTHER_CITY, uint40(block.timestamp) + 1 days);
        skips(OTHER_CITY, call, registrars(), _resident, tooFew(1, 2));
        act(OTHER_CITY, call, twoRegistrars());
    }

    function test_move_heldPayoutsStayHeld() public {
        uint40 until = NOW + 30 days;
        act(CITY, _holdCall(CITY, until), treasurers());
        handsOver(OTHER_CITY, _shop);
        takes(OTHER_CITY, _shop, OTHER_CITY, "");
        assertEq(vouchers.merchant(_shop).heldUntil, until, "held");
        skips(CITY, _holdCall(CITY, 0), treasurers(), _shop, notInCharge(_shop));
        act(OTHER_CITY, _holdCall(OTHER_CITY, 0), treasurers());
        assertEq(vouchers.merchant(_shop).heldUntil, 0, "released by who answers now");
    }

    function testFuzz_move_aStoppedShopStaysStopped(bool closed) public {
        MerchantStatus status = closed ? MerchantStatus.Closed : MerchantStatus.Suspended;
        setStatus(_shop, status);
        handsOver(OTHER_CITY, _shop);
        takes(OTHER_CITY, _shop, OTHER_CITY, "");
        assertTrue(vouchers.merchant(_shop).status == status, "stopped");
    }

    // Who has power

    function testFuzz_move_endsTheOldAuthoritysPower(bool byConsent) public {
        _moves(_resident, byConsent);
        _moves(_shop, byConsent);
        (bytes memory ofResident, bytes memory ofShop) = (notInCharge(_resident), notInCharge(_shop));
        uint40 soon = uint40(block.timestamp) + 1 days;
        skips(CITY, _freezeCall(CITY, soon), twoRegistrars(), _resident, ofResident);
        skips(CITY, _tierCall(CITY), twoRegistrars(), _resident, ofResident);
        skips(CITY, proposeCall(CITY, OTHER_PROVINCE, _resident), twoRegistrars(), _resident, ofResident);
        refuses(CITY, _keysCall(CITY, _resident), twoRegistrars(), ofResident);
        skips(CITY, _statusCall(CITY), twoRegistrars(), _shop, ofShop);
        skips(CITY, _holdCall(CITY, soon), treasurers(), _shop, ofShop);
        refuses(CITY, _keysCall(CITY, _shop), twoRegistrars(), ofShop);
        // The new one has all of it.
        act(OTHER_CITY, _tierCall(OTHER_CITY), twoRegistrars());
        act(OTHER_CITY, _freezeCall(OTHER_CITY, soon), twoRegistrars());
        act(OTHER_CITY, _keysCall(OTHER_CITY, _resident), twoRegistrars());
        act(OTHER_CITY, _holdCall(OTHER_CITY, soon), treasurers());
        act(OTHER_CITY, _statusCall(OTHER_CITY), twoRegistrars());
        assertEq(vouchers.account(_resident).tier, 0, "tier");
        assertEq(vouchers.account(_resident).frozenUntil, soon, "frozen");
        assertEq(vouchers.replacement(_resident).number, 1, "keys proposed");
        assertEq(vouchers.merchant(_shop).heldUntil, soon, "held");
        assertTrue(vouchers.merchant(_shop).status == MerchantStatus.Suspended, "suspended");
    }

    /// @dev Whoever lost the keys and moves meanwhile gets the new ones; an old key still objects.
    function testFuzz_move_aReplacementOfKeysGoesOn(bool objected) public {
        replaceKeys(_resident, _next);
        handsOver(OTHER_CITY, _resident);
        takes(OTHER_CITY, _resident, OTHER_CITY, "");
        if (objected) {
            bytes memory proof = prove(_owner(), objectionId(_resident, _next, 1, UNTIL));
            vouchers.stopReplacement(_resident, UNTIL, proof);
            assertEq(vouchers.replacement(_resident).objections, 1, "heard");
            return;
        }
        vouchers.finishReplacement(_resident);
        assertEq(vouchers.keysOf(_resident), Keys.ringHash(_next), "the new keys");
        // And these consent now.
        Signer memory owner = passkey(0x52, 1, _next);
        takes(CITY, _resident, CITY, moveConsent(_resident, CITY, UNTIL, owner));
    }

    function testFuzz_move_anAccountWithoutKeysGetsThemFromTheNextAuthority(bool shop) public {
        address account = keyless(CITY, shop ? ROLE_MERCHANT : ROLE_RESIDENT, 7);
        if (shop) registerBy(CITY, account, CITY, 1, 1);
        else attestBy(CITY, account, CITY, 1, false);
        // It has no key that could consent.
        bytes memory consented = consentOf(account, CITY, OTHER_CITY, 0, UNTIL, _owner());
        refusesTaking(OTHER_CITY, account, OTHER_CITY, consented, notChosen(account, OTHER_CITY));
        handsOver(OTHER_CITY, account);
        takes(OTHER_CITY, account, OTHER_CITY, "");
        skips(CITY, _firstKeysCall(CITY, account), twoRegistrars(), account, notInCharge(account));
        act(OTHER_CITY, _firstKeysCall(OTHER_CITY, account), twoRegistrars());
        assertEq(vouchers.keysOf(account), Keys.ringHash(_next), "its first keys");
    }

    // Places

    /// @dev Another authority at the same place: what was good there stays good. Elsewhere it ends.
    function testFuzz_move_formerPlacesStayWithThePlace(bool elsewhere) public {
        Region newCity = Region.wrap(0x472000000005);
        grant(PROVINCE, CITY, newCity);
        uint32 sold = publish(CITY, plainTerms(CITY));
        declare(CITY, CITY, newCity);
        recode(CITY, CITY, newCity, _shop, newCity);
        issueTo(CITY, sold, _resident, GIVEN);
        takes(PROVINCE, _shop, elsewhere ? OTHER_CITY : newCity, moveConsent(_shop, PROVINCE, UNTIL, _shopOwner()));
        Order memory order = _payment(sold, 1, 1_000);
        if (elsewhere) refusesPayment(order, _owner(), Refusal.WrongRegion, Region.unwrap(OTHER_CITY), Region.unwrap(CITY));
        else settles(order, _owner());
    }

    /// @dev A district is divided (Incheon, July 2026): the old authority records the new codes, gives the area up, and
    /// hands over who lies in it. What was sold before is spent after at the same shop.
    function test_move_aDistrictIsDivided() public {
        found(PROVINCE, DISTRICT);
        (address shop, address resident) = (keyless(DISTRICT, ROLE_MERCHANT, 1), person(0xA11));
        registerBy(DISTRICT, shop, DISTRICT, 1, 1);
        attestBy(DISTRICT, resident, DISTRICT, 1, false);
        uint32 sold = publish(DISTRICT, plainTerms(DISTRICT));
        issueTo(DISTRICT, sold, resident, GIVEN);
        grant(PROVINCE, DISTRICT, NEW_DISTRICT);
        proposeHandOver(NEW_DISTRICT, shop);
        proposeHandOver(NEW_DISTRICT, resident);
        declare(DISTRICT, DISTRICT, NEW_DISTRICT);
        recode(DISTRICT, DISTRICT, NEW_DISTRICT, shop, NEW_DISTRICT);
        act(DISTRICT, homeCall(DISTRICT, DISTRICT, NEW_DISTRICT, resident, NEW_DISTRICT), registrars());
        giveUp(DISTRICT, NEW_DISTRICT);
        found(PROVINCE, NEW_DISTRICT);
        vm.warp(block.timestamp + HAND_OVER_DELAY);
        takes(NEW_DISTRICT, shop, NEW_DISTRICT, "");
        takes(NEW_DISTRICT, resident, NEW_DISTRICT, "");
        settles(Order(resident, shop, sold, 1_000, 1, UNTIL, 0), 0xA11);
        // The old authority's next series end at its new border, the new one's are good.
        uint32 ofOld = publish(DISTRICT, plainTerms(DISTRICT));
        issueTo(DISTRICT, ofOld, resident, GIVEN);
        Order memory order = Order(resident, shop, ofOld, 1_000, 1, UNTIL, 0);
        refusesPayment(order, 0xA11, Refusal.WrongRegion, Region.unwrap(NEW_DISTRICT), Region.unwrap(DISTRICT));
        order.series = publish(NEW_DISTRICT, plainTerms(NEW_DISTRICT));
        issueTo(NEW_DISTRICT, uint32(order.series), resident, GIVEN);
        settles(order, 0xA11);
    }

    function _moves(address account, bool byConsent) private {
        Signer memory owner = account == _shop ? _shopOwner() : _owner();
        bytes memory consented = byConsent ? moveConsent(account, OTHER_CITY, UNTIL, owner) : bytes("");
        if (!byConsent) handsOver(OTHER_CITY, account);
        takes(OTHER_CITY, account, OTHER_CITY, consented);
    }

    function _owner() private view returns (Signer memory) {
        return passkey(OWNER, 1, _ring);
    }

    function _shopOwner() private view returns (Signer memory) {
        return passkey(SHOP_OWNER, 1, _shopRing);
    }

    function _payment(uint32 series, uint32 nonce, uint64 amount) private view returns (Order memory) {
        return Order(_resident, _shop, series, amount, nonce, UNTIL, 0);
    }

    function _sold(Region by) private view returns (SeriesTerms memory terms) {
        terms = plainTerms(by);
        terms.flags = FLAG_SOLD;
        terms.monthCap = 300_000;
    }

    function _boughtThisMonth(Region by, uint64 wanted) private view {
        (uint64 inMonth,,) = vouchers.purchases(by, _resident);
        assertEq(inMonth, wanted, "bought this month");
    }

    function _freezeCall(Region by, uint40 until) private view returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.freezeAccounts, (by, one(_resident), until));
    }

    function _holdCall(Region by, uint40 until) private view returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.holdPayouts, (by, one(_shop), until));
    }

    function _statusCall(Region by) private view returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.setMerchantStatus, (by, one(_shop), MerchantStatus.Suspended));
    }

    function _tierCall(Region by) private view returns (bytes memory) {
        AccountEntry[] memory entries = new AccountEntry[](1);
        entries[0] = AccountEntry(_resident, by, 0, false, "");
        return abi.encodeCall(IVouchersRegistry.attestAccounts, (by, entries));
    }

    function _keysCall(Region by, address account) private view returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.replaceKeys, (by, account, _next, false));
    }

    function _firstKeysCall(Region by, address account) private view returns (bytes memory) {
        FirstKeys[] memory entries = new FirstKeys[](1);
        entries[0] = FirstKeys(account, _next);
        return abi.encodeCall(IVouchersRegistry.setFirstKeys, (by, entries));
    }
}
