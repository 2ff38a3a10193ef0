// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {AccountEntry, MerchantEntry, ROLE_COMPANY, ROLE_MERCHANT, ROLE_RESIDENT} from "../../src/interfaces/VoucherTypes.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {Moves} from "../support/Moves.sol";
import {Signer} from "../support/Orders.sol";

/// @notice Accounts that changed their keys before anybody recorded them: a plain wallet's owner still says who answers
/// for it, an id that was made of a ring says it itself.
contract RekeyedClaimsTest is Moves {
    uint256 private constant KEY = 0xBEEF;
    uint256 private constant PHONE = 0xDE;
    uint256 private constant OWNER = 0x0E;
    uint40 private constant UNTIL = NOW + 100 days;

    bytes private _next;
    address private _wallet;

    function setUp() public {
        build();
        _next = ringOf(100_000, Keys.deviceId(PHONE), Keys.passkeyId(OWNER));
        _wallet = vm.addr(KEY);
    }

    function testFuzz_claim_ofAWalletThatChangedItsKeys(bool shop, uint8 again) public {
        _change(_wallet, wallet(KEY));
        for (uint256 i = 0; i < again % 3; i++) {
            _change(_wallet, _owner());
        }
        bytes memory claim = _consent(_wallet, _owner());
        act(CITY, _record(CITY, _wallet, shop ? ROLE_MERCHANT : ROLE_RESIDENT, claim), registrars());
        assertTrue(inChargeOf(_wallet).equals(CITY), "recorded");
        // And by the same keys it moves on.
        takes(OTHER_CITY, _wallet, OTHER_CITY, moveConsent(_wallet, OTHER_CITY, UNTIL, _owner()));
    }

    function testFuzz_attack_aRekeyedWalletIsClaimedWithoutItsConsent(uint8 fault, uint256 key, uint32 number) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != OWNER);
        _change(_wallet, wallet(KEY));
        Signer memory by = _owner();
        // The wallet's own key has ended.
        if (fault % 8 == 0) by = wallet(KEY);
        if (fault % 8 == 1) by = device(PHONE, 0, _next);
        if (fault % 8 == 2) by = passkey(key, 1, _next);
        if (fault % 8 == 3) by = passkey(OWNER, 1, ringOf(1, Keys.deviceId(PHONE), Keys.passkeyId(OWNER)));
        address about = fault % 8 == 4 ? vm.addr(key) : _wallet;
        Region from = fault % 8 == 5 ? OTHER_CITY : STATE;
        number = fault % 8 == 6 ? uint32(bound(number, 1, type(uint32).max)) : 0;
        uint40 deadline = fault % 8 == 7 ? uint40(block.timestamp - 1) : UNTIL;
        _refusesClaim(CITY, _wallet, consentOf(about, from, CITY, number, deadline, by));
        // Nor does it for another authority, or with nothing at all.
        _refusesClaim(OTHER_CITY, _wallet, _consent(_wallet, _owner()));
        _refusesClaim(CITY, _wallet, "");
    }

    /// @dev An id of a ring names authority and role for ever: new keys sign it into no other, and its founding still
    /// counts.
    function testFuzz_attack_aRingChangesItsKeysToSignItselfElsewhere(uint8 role, uint256 salt) public {
        role = 1 + role % 3;
        bytes memory ring = ringOf(0, Keys.deviceId(0x51), Keys.passkeyId(0x52));
        address account = accountOf(CITY, role, bytes32(salt), ring);
        _change(account, passkey(0x52, 1, ring));
        for (uint8 other = ROLE_RESIDENT; other <= ROLE_COMPANY; other++) {
            _refusesClaim(OTHER_CITY, account, other, consentOf(account, STATE, OTHER_CITY, 0, UNTIL, _owner()));
            _refusesClaim(CITY, account, other, _consent(account, _owner()));
            if (other != role) _refusesClaim(CITY, account, other, claimOf(CITY, account));
        }
        // As often as they change.
        _change(account, _owner());
        _refusesClaim(CITY, account, role, _consent(account, _owner()));
        act(CITY, _record(CITY, account, role, claimOf(CITY, account)), registrars());
        assertTrue(inChargeOf(account).equals(CITY), "recorded by its founding");
    }

    /// @dev A ring account that was on record already is like any other: the mark is for what is on no record yet.
    function test_changeKeys_ofARecordedRing() public {
        bytes memory ring = ringOf(0, Keys.deviceId(0x51), Keys.passkeyId(0x52));
        address account = accountOf(CITY, ROLE_RESIDENT, 0, ring);
        attestBy(CITY, account, CITY, 1, false);
        _change(account, passkey(0x52, 1, ring));
        takes(OTHER_CITY, account, OTHER_CITY, moveConsent(account, OTHER_CITY, UNTIL, _owner()));
    }

    function _owner() private view returns (Signer memory) {
        return passkey(OWNER, 1, _next);
    }

    function _change(address account, Signer memory by) private {
        uint32 number = vouchers.account(account).keyChanges + 1;
        vouchers.changeKeys(account, _next, UNTIL, prove(by, keyChangeId(account, _next, number, UNTIL)));
    }

    /// @dev To CITY.
    function _consent(address account, Signer memory by) private view returns (bytes memory) {
        return consentOf(account, STATE, CITY, 0, UNTIL, by);
    }

    function _refusesClaim(Region by, address account, bytes memory claim) private {
        _refusesClaim(by, account, ROLE_RESIDENT, claim);
        _refusesClaim(by, account, ROLE_MERCHANT, claim);
    }

    function _refusesClaim(Region by, address account, uint8 role, bytes memory claim) private {
        skips(by, _record(by, account, role, claim), registrars(), account, notChosen(account, by));
    }

    function _record(Region by, address account, uint8 role, bytes memory claim) private pure returns (bytes memory) {
        if (role == ROLE_MERCHANT) {
            MerchantEntry[] memory shops = new MerchantEntry[](1);
            shops[0] = MerchantEntry(account, by, 1, 1, claim);
            return abi.encodeCall(IVouchersRegistry.setMerchants, (by, shops));
        }
        AccountEntry[] memory accounts = new AccountEntry[](1);
        accounts[0] = AccountEntry(account, by, 1, role == ROLE_COMPANY, claim);
        return abi.encodeCall(IVouchersRegistry.attestAccounts, (by, accounts));
    }
}
