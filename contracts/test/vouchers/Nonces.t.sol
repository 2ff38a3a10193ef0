// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Refusal} from "../../src/generated/Refusal.sol";
import {Keys} from "../support/Keys.sol";
import {Order, Signer} from "../support/Orders.sol";
import {Till} from "../support/Till.sol";

/// @notice What a thief of a device key, or one stray order, can do to the numbers of a holding.
contract NoncesTest is Till {
    uint256 private constant PHONE = uint256(keccak256("phone")) >> 1;
    uint256 private constant OWNER = uint256(keccak256("owner")) >> 1;
    uint32 private constant LIMIT = 5_000;
    uint32 private constant LEAD = 63;
    address private immutable SHOP = person(0x5A0F);

    bytes private _ring;
    address private _payer;
    uint32 private _series;

    function setUp() public {
        build();
        _ring = Keys.ring(
            LIMIT,
            bytes.concat(
                Keys.entry(Keys.RIGHT_OWNER, Keys.passkeyId(OWNER)),
                Keys.entry(Keys.RIGHT_DEVICE, Keys.deviceId(PHONE))
            )
        );
        _payer = residentOf(_ring);
        _series = publish(CITY, plainTerms(CITY));
        register(SHOP, CITY, 7, 2);
        issueTo(CITY, _series, _payer, 1_000_000);
    }

    function test_pay_aDeviceCannotUseUpTheNumbers() public {
        uint32 top = 0;
        for (uint32 paid = 0; paid < 20; paid++) {
            refusesPayment(_order(top + LEAD + 1), _device(), Refusal.Replayed, top + LEAD + 1, top);
            top += LEAD;
            settles(_order(top), _device());
        }
        settles(_order(top + 1), _owner());
        // With its whole limit every day the thief would need longer than anybody lives.
        uint256 lasts = uint256(type(uint32).max) / LEAD / LIMIT;
        assertTrue(lasts > 37 * 365, "days until no number is left");
    }

    function testFuzz_pay_oneJumpKillsNothingThatWasSigned(uint32 signed, uint32 jump) public {
        signed = uint32(bound(signed, 1, LEAD));
        jump = uint32(bound(jump, 1, LEAD));
        vm.assume(signed != jump);
        settles(_order(jump), _device());
        settles(_order(signed), _owner());
    }

    function _order(uint32 nonce) private view returns (Order memory) {
        return Order(_payer, SHOP, _series, 1, nonce, NOW + 1 days, 0);
    }

    function _owner() private view returns (Signer memory) {
        return passkey(OWNER, 0, _ring);
    }

    function _device() private view returns (Signer memory) {
        return device(PHONE, 1, _ring);
    }
}
