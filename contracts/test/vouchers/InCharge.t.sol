// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {
    AccountEntry,
    FirstKeys,
    MerchantEntry,
    MerchantStatus,
    ROLE_COMPANY,
    ROLE_MERCHANT,
    ROLE_RESIDENT
} from "../../src/interfaces/VoucherTypes.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {ExtensionOrders} from "../support/ExtensionOrders.sol";
import {Keys} from "../support/Keys.sol";
import {Order} from "../support/Orders.sol";

/// @notice Who answers for an account: whoever the account itself names, and no one else. The attacks of those who are
/// not named.
contract InChargeTest is ExtensionOrders {
    uint256 private constant KEY = 0xBEEF;
    uint256 private constant PHONE = 0xDE;
    uint256 private constant OWNER = 0x0E;
    uint64 private constant GIVEN = 1_000_000;
    uint40 private constant UNTIL = NOW + 1 days;

    bytes private _ring;
    bytes private _next;
    address private _resident;
    address private _shop;

    function setUp() public {
        build();
        found(STATE, OTHER_PROVINCE);
        _ring = ringOf(100_000, Keys.deviceId(PHONE), Keys.passkeyId(OWNER));
        _next = ringOf(0, Keys.deviceId(0x51), Keys.passkeyId(0x52));
        _shop = accountOf(CITY, ROLE_MERCHANT, 0, _ring);
        _resident = accountOf(CITY, ROLE_RESIDENT, 0, _ring);
    }

    // Whom an account did not choose

    /// @dev The first claim won nationwide: a foreign registrar attested somebody's address and froze it for good.
    function testFuzz_attack_aForeignRegistrarFreezesAnUnattestedHolder(uint8 who) public {
        Region foreign = _other(who);
        skips(foreign, _freeze(foreign, _resident), registrars(), _resident, _unknown(_resident));
        skips(foreign, _attest(foreign, _resident), registrars(), _resident, notChosen(_resident, foreign));
        skips(foreign, _freeze(foreign, _resident), twoRegistrars(), _resident, _unknown(_resident));
        // Its own city may, before and after the attack.
        attestBy(CITY, _resident, CITY, 1, false);
        skips(foreign, _freeze(foreign, _resident), twoRegistrars(), _resident, notInCharge(_resident));
        act(CITY, _freeze(CITY, _resident), registrars());
    }

    /// @dev Two registrars took keys and balance of whoever they had claimed.
    function testFuzz_attack_twoForeignRegistrarsTakeKeysAndBalance(uint8 who) public {
        Region foreign = _other(who);
        uint32 series = publish(CITY, plainTerms(PROVINCE));
        issueTo(CITY, series, _resident, GIVEN);
        skips(foreign, _attest(foreign, _resident), twoRegistrars(), _resident, notChosen(_resident, foreign));
        bytes memory take = abi.encodeCall(IVouchersRegistry.replaceKeys, (foreign, _resident, _next, false));
        refuses(foreign, take, twoRegistrars(), _unknown(_resident));
        attestBy(CITY, _resident, CITY, 1, false);
        refuses(foreign, take, twoRegistrars(), notInCharge(_resident));
        skips(foreign, _first(foreign, _resident, _next), twoRegistrars(), _resident, notInCharge(_resident));
        assertEq(vouchers.replacement(_resident).keys, bytes32(0), "nothing was proposed");
        register(person(KEY), CITY, 1, 0);
        Order memory order = Order(_resident, vm.addr(KEY), series, GIVEN, 1, UNTIL, 0);
        settles(order, passkey(OWNER, 1, _ring));
    }

    /// @dev A merchant's address can't hold as a resident: a foreign authority had made residents merchants.
    function testFuzz_attack_aResidentIsMadeAMerchant(uint8 who) public {
        Region foreign = _other(who);
        skips(foreign, _register(foreign, _resident), registrars(), _resident, notChosen(_resident, foreign));
        // Not even the own city, with the account's own claim: its role is in its id.
        skips(CITY, _register(CITY, _resident), registrars(), _resident, notChosen(_resident, CITY));
        attestBy(CITY, _resident, CITY, 1, false);
        skips(CITY, _register(CITY, _resident), registrars(), _resident, roleDiffers(_resident));
        skips(CITY, _attest(CITY, _shop), registrars(), _shop, notChosen(_shop, CITY));
        registerBy(CITY, _shop, CITY, 1, 1);
        skips(CITY, _attest(CITY, _shop), registrars(), _shop, roleDiffers(_shop));
        // Nor a resident a company, or the other way round.
        AccountEntry[] memory entries = _accountList(CITY, _resident);
        entries[0].company = true;
        bytes memory call = abi.encodeCall(IVouchersRegistry.attestAccounts, (CITY, entries));
        skips(CITY, call, registrars(), _resident, roleDiffers(_resident));
    }

    /// @dev A plain wallet says it by a signature: for this authority, as the first one, and in time.
    function testFuzz_attack_aWalletIsClaimedWithoutItsConsent(uint8 fault, uint256 key, uint40 late) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != KEY);
        address account = person(KEY);
        uint40 deadline = UNTIL;
        bytes memory claim = consent(KEY, account, STATE, CITY, 0, UNTIL);
        if (fault % 8 == 0) claim = consent(key, account, STATE, CITY, 0, UNTIL);
        if (fault % 8 == 1) claim = consent(KEY, vm.addr(key), STATE, CITY, 0, UNTIL);
        if (fault % 8 == 2) claim = consent(KEY, account, OTHER_CITY, CITY, 0, UNTIL);
        if (fault % 8 == 3) claim = consent(KEY, account, STATE, OTHER_CITY, 0, UNTIL);
        if (fault % 8 == 4) claim = consent(KEY, account, STATE, CITY, uint32(bound(key, 1, 9)), UNTIL);
        if (fault % 8 == 5) vm.warp(bound(late, deadline + 1, NOW + 1_000 days));
        if (fault % 8 == 6) claim = "";
        if (fault % 8 == 7) claim = bytes.concat(claim, hex"00");
        AccountEntry[] memory accounts = new AccountEntry[](1);
        accounts[0] = AccountEntry(account, CITY, 1, false, claim);
        MerchantEntry[] memory shops = new MerchantEntry[](1);
        shops[0] = MerchantEntry(account, CITY, 1, 1, claim);
        bytes memory reason = notChosen(account, CITY);
        bytes memory call = abi.encodeCall(IVouchersRegistry.attestAccounts, (CITY, accounts));
        skips(CITY, call, twoRegistrars(), account, reason);
        skips(CITY, abi.encodeCall(IVouchersRegistry.setMerchants, (CITY, shops)), registrars(), account, reason);
    }

    /// @dev On its last second a consent still counts.
    function test_attestAccounts_takesAConsentToItsDeadline() public {
        address account = person(KEY);
        AccountEntry[] memory accounts = new AccountEntry[](1);
        accounts[0] = AccountEntry(account, CITY, 1, false, consent(KEY, account, STATE, CITY, 0, UNTIL));
        vm.warp(UNTIL);
        act(CITY, abi.encodeCall(IVouchersRegistry.attestAccounts, (CITY, accounts)), registrars());
        assertTrue(vouchers.account(account).authority.equals(CITY), "attested");
    }

    /// @dev A ring account's keys can't sign it into another authority or role: its id has said both.
    function test_attack_aRingSignsItselfElsewhere() public {
        bytes32 said = consentId(_resident, STATE, OTHER_CITY, 0, UNTIL);
        bytes memory claim = abi.encodePacked(UNTIL, prove(passkey(OWNER, 1, _ring), said));
        AccountEntry[] memory accounts = new AccountEntry[](1);
        accounts[0] = AccountEntry(_resident, OTHER_CITY, 1, false, claim);
        bytes memory call = abi.encodeCall(IVouchersRegistry.attestAccounts, (OTHER_CITY, accounts));
        skips(OTHER_CITY, call, registrars(), _resident, notChosen(_resident, OTHER_CITY));
    }

    /// @dev A shop that was attested abroad before it was registered was taken for good.
    function testFuzz_attack_aShopIsTakenBeforeItsRegistration(uint8 who) public {
        Region foreign = _other(who);
        skips(foreign, _attest(foreign, _shop), twoRegistrars(), _shop, notChosen(_shop, foreign));
        skips(foreign, _register(foreign, _shop), twoRegistrars(), _shop, notChosen(_shop, foreign));
        registerBy(CITY, _shop, CITY, 1, 1);
        assertTrue(vouchers.merchant(_shop).authority.equals(CITY), "its city");
    }

    /// @dev An ancestor closed shops of its children's, and took their keys.
    function testFuzz_attack_anAncestorClosesShopsAndTakesKeys(uint8 who) public {
        registerBy(CITY, _shop, CITY, 1, 1);
        Region foreign = _other(who);
        bytes memory why = notInCharge(_shop);
        bytes memory call = abi.encodeCall(
            IVouchersRegistry.setMerchantStatus, (foreign, one(_shop), MerchantStatus.Closed)
        );
        skips(foreign, call, twoRegistrars(), _shop, why);
        call = abi.encodeCall(IVouchersRegistry.holdPayouts, (foreign, one(_shop), UNTIL));
        skips(foreign, call, treasurers(), _shop, why);
        skips(foreign, _freeze(foreign, _shop), twoRegistrars(), _shop, why);
        call = abi.encodeCall(IVouchersRegistry.replaceKeys, (foreign, _shop, _next, false));
        refuses(foreign, call, twoRegistrars(), why);
    }

    /// @dev Whoever answers for a shop may stop its keys, though it has no home.
    function test_freezeAccounts_freezesAMerchant() public {
        registerBy(CITY, _shop, CITY, 1, 1);
        act(CITY, _freeze(CITY, _shop), registrars());
        assertEq(vouchers.account(_shop).frozenUntil, UNTIL, "frozen");
        assertTrue(vouchers.account(_shop).home.isState(), "no home");
    }

    /// @dev One key ring is an account for each role, and for each branch by its salt.
    function testFuzz_account_twoShopsOfOneOwnerAreTwoAccounts(bytes32 salt) public {
        vm.assume(salt != 0);
        address branch = accountOf(CITY, ROLE_MERCHANT, salt, _ring);
        registerBy(CITY, branch, CITY, 2, 2);
        uint32 series = publish(CITY, plainTerms(CITY));
        issueTo(CITY, series, vm.addr(KEY), GIVEN);
        settles(Order(vm.addr(KEY), branch, series, GIVEN, 1, UNTIL, 0), KEY);
        Order memory order = Order(branch, address(0), series, 1, 1, UNTIL, 0);
        redeems(order, passkey(OWNER, 1, _ring));
        // The other shop's proof is not this one's.
        accountOf(CITY, ROLE_MERCHANT, 0, _ring);
        order.nonce = 2;
        bytes memory proof = prove(passkey(OWNER, 1, _ring), redemptionId(order));
        refusesRedemption(order, proof, Refusal.SignatureInvalid, 0, 0);
        registerBy(CITY, _shop, CITY, 1, 1);
        assertEq(vouchers.merchant(branch).category, 2, "each its own record");
        assertEq(vouchers.merchant(_shop).category, 1, "each its own record");
    }

    // Accounts without keys

    function testFuzz_setFirstKeys_givesAnAccountItsKeys(uint256 number, uint8 role) public {
        (address account, bool isShop) = _keyless(number, role);
        assertTrue(isShop ? vouchers.merchant(account).keyless : vouchers.account(account).keyless, "without keys");
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.KeysChanged(account, 1, _next);
        act(CITY, _first(CITY, account, _next), twoRegistrars());
        assertEq(vouchers.keysOf(account), Keys.ringHash(_next), "its keys");
        assertTrue(vouchers.account(account).rekeyed && vouchers.account(account).keyChanges == 1, "at once");
        // Once it has keys, it is like any other: no second first time, and its keys may object.
        bytes memory already = abi.encodeWithSelector(IVoucherEvents.KeysAlreadySet.selector, account);
        skips(CITY, _first(CITY, account, _ring), twoRegistrars(), account, already);
    }

    /// @dev It exists at once: it is paid before anybody has a key to it.
    function test_keyless_isPaidAndSettled() public {
        (address account,) = _keyless(7, 1);
        uint32 series = publish(CITY, plainTerms(CITY));
        issueTo(CITY, series, vm.addr(KEY), GIVEN);
        settles(Order(vm.addr(KEY), account, series, GIVEN, 1, UNTIL, 0), KEY);
        Order memory order = Order(account, address(0), series, 1, 1, UNTIL, 0);
        refusesRedemption(order, prove(passkey(OWNER, 1, _ring), redemptionId(order)), Refusal.SignatureInvalid, 0, 0);
        act(CITY, _first(CITY, account, _next), twoRegistrars());
        order.amount = GIVEN;
        redeems(order, passkey(0x52, 1, _next));
    }

    function testFuzz_setFirstKeys_skipsWhoHasKeysOrBadOnes(uint8 length) public {
        attestBy(CITY, _resident, CITY, 1, false);
        bytes4 already = IVoucherEvents.KeysAlreadySet.selector;
        skips(
            CITY,
            _first(CITY, _resident, _next),
            twoRegistrars(),
            _resident,
            abi.encodeWithSelector(already, _resident)
        );
        address stranger = keyless(CITY, ROLE_RESIDENT, 9);
        skips(CITY, _first(CITY, stranger, _next), twoRegistrars(), stranger, _unknown(stranger));
        (address account,) = _keyless(7, 0);
        bytes memory invalid = abi.encodeWithSelector(IVoucherEvents.KeysInvalid.selector);
        skips(CITY, _first(CITY, account, new bytes(length)), twoRegistrars(), account, invalid);
    }

    /// @dev Who proposed keys the slow way has given it its first ones, too.
    function test_setFirstKeys_skipsAfterAReplacement() public {
        (address account,) = _keyless(7, 0);
        replaceKeys(account, _ring);
        vm.warp(block.timestamp + KEY_DELAY);
        vouchers.finishReplacement(account);
        bytes memory already = abi.encodeWithSelector(IVoucherEvents.KeysAlreadySet.selector, account);
        skips(CITY, _first(CITY, account, _next), twoRegistrars(), account, already);
    }

    function testFuzz_setFirstKeys_needsTwoRegistrarsOfWhoAnswers(uint8 who) public {
        (address account,) = _keyless(7, who);
        bytes4 tooFew = IAuthorities.OfficersTooFew.selector;
        refuses(CITY, _first(CITY, account, _next), registrars(), abi.encodeWithSelector(tooFew, 1, 2));
        refuses(CITY, _first(CITY, account, _next), treasurers(), abi.encodeWithSelector(tooFew, 0, 2));
        Region foreign = _other(who);
        skips(foreign, _first(foreign, account, _next), twoRegistrars(), account, notInCharge(account));
    }

    function testFuzz_setFirstKeys_refusesAbove400(uint16 count) public {
        FirstKeys[] memory entries = new FirstKeys[](bound(count, 401, 900));
        bytes memory call = abi.encodeCall(IVouchersRegistry.setFirstKeys, (CITY, entries));
        bytes memory reason = abi.encodeWithSelector(IVoucherEvents.BatchTooLarge.selector, entries.length, 400);
        refuses(CITY, call, twoRegistrars(), reason);
    }

    function _keyless(uint256 number, uint8 role) private returns (address account, bool isShop) {
        isShop = role % 3 == 1;
        account = keyless(CITY, isShop ? ROLE_MERCHANT : role % 3 == 0 ? ROLE_RESIDENT : ROLE_COMPANY, number);
        vm.expectEmit(address(vouchers));
        emit IVoucherEvents.OpenedWithoutKeys(account, CITY);
        if (isShop) registerBy(CITY, account, CITY, 1, 1);
        else attestBy(CITY, account, CITY, 1, role % 3 == 2);
    }

    /// @dev Sibling, ancestor, the other province.
    function _other(uint8 who) private pure returns (Region) {
        return who % 3 == 0 ? OTHER_CITY : who % 3 == 1 ? PROVINCE : OTHER_PROVINCE;
    }

    function _placeOf(Region by) private pure returns (Region) {
        return by.equals(PROVINCE) ? CITY : by;
    }

    function _accountList(Region by, address account) private view returns (AccountEntry[] memory entries) {
        entries = new AccountEntry[](1);
        entries[0] = accountEntry(by, account, _placeOf(by), 1, false);
    }

    function _attest(Region by, address account) private view returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.attestAccounts, (by, _accountList(by, account)));
    }

    function _register(Region by, address account) private view returns (bytes memory) {
        MerchantEntry[] memory entries = new MerchantEntry[](1);
        entries[0] = merchantEntry(by, account, _placeOf(by), 1, 1);
        return abi.encodeCall(IVouchersRegistry.setMerchants, (by, entries));
    }

    function _freeze(Region by, address account) private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.freezeAccounts, (by, one(account), UNTIL));
    }

    function _first(Region by, address account, bytes memory ring) private pure returns (bytes memory) {
        FirstKeys[] memory entries = new FirstKeys[](1);
        entries[0] = FirstKeys(account, ring);
        return abi.encodeCall(IVouchersRegistry.setFirstKeys, (by, entries));
    }

    function _unknown(address account) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.AccountUnknown.selector, account);
    }
}
