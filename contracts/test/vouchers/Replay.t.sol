// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Holding, MerchantBalance} from "../../src/interfaces/VoucherTypes.sol";
import {ReplayWindow} from "../../src/types/ReplayWindow.sol";
import {Refusal} from "../../src/generated/Refusal.sol";
import {Order} from "../support/Orders.sol";
import {Till} from "../support/Till.sol";

/// @notice The packed words keep their replay window exactly as the library says, through any run of nonces.
contract ReplayTest is Till {
    uint256 private constant PAYER_KEY = 0xBEEF;
    uint256 private constant SHOP_KEY = 0x5A0F;
    uint256 private constant STEPS = 12;

    address private _payer;
    address private _shop;
    uint32 private _series;
    // what the library says
    uint32 private _top;
    uint64 private _window;

    function setUp() public {
        build();
        (_payer, _shop) = (person(PAYER_KEY), person(SHOP_KEY));
        _series = publish(CITY, plainTerms(CITY));
        register(_shop, CITY, 1, 0);
        issueTo(CITY, _series, _payer, 500_000);
    }

    function testFuzz_pay_keepsItsWindowAsTheLibraryDoes(uint8[STEPS] memory steps) public {
        for (uint256 i = 0; i < STEPS; i++) {
            Order memory order = Order(_payer, _shop, _series, 1, _next(steps[i]), NOW + 1 days, bytes32(i));
            if (!ReplayWindow.isFresh(_top, _window, order.nonce)) {
                refusesPayment(order, PAYER_KEY, Refusal.Replayed, order.nonce, _top);
                continue;
            }
            settles(order, PAYER_KEY);
            (_top, _window) = ReplayWindow.use(_top, _window, order.nonce);
            Holding memory held = vouchers.holding(_series, _payer);
            assertEq(held.top, _top, "top");
            assertEq(held.window, _window, "window");
        }
    }

    function testFuzz_redeem_keepsItsWindowAsTheLibraryDoes(uint8[STEPS] memory steps) public {
        settles(Order(_payer, _shop, _series, 500_000, 1, NOW + 1 days, 0), PAYER_KEY);
        for (uint256 i = 0; i < STEPS; i++) {
            Order memory order = Order(_shop, address(0), _series, 1, _next(steps[i]), NOW + 1 days, bytes32(i));
            if (!ReplayWindow.isFresh(_top, _window, order.nonce)) {
                refusesRedemption(order, SHOP_KEY, Refusal.Replayed, order.nonce, _top);
                continue;
            }
            redeems(order, SHOP_KEY);
            (_top, _window) = ReplayWindow.use(_top, _window, order.nonce);
            MerchantBalance memory taken = vouchers.merchantBalance(_series, _shop);
            assertEq(taken.top, _top, "top");
            assertEq(taken.window, _window, "window");
        }
    }

    /// @dev Up to 40 ahead of the highest nonce, or up to 24 behind it.
    function _next(uint8 step) private view returns (uint32) {
        uint32 moved = _top + step % 65;
        return moved < 24 ? moved : moved - 24;
    }
}
