// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Refusal} from "../../src/generated/Refusal.sol";
import {CancellationOrders} from "../support/CancellationOrders.sol";
import {Keys} from "../support/Keys.sol";
import {Order, Signer} from "../support/Orders.sol";

/// @notice Owners cancel what they signed, in the window of their holding or of their merchant balance; no other key does.
contract CancelTest is CancellationOrders {
    uint256 private constant PHONE = uint256(keccak256("phone")) >> 1;
    uint256 private constant OWNER = uint256(keccak256("owner")) >> 1;
    uint256 private constant SHOP_KEY = 0x5A0F;
    uint32 private constant LEAD = 63;
    uint64 private constant GIVEN = 1_000_000;

    bytes private _ring;
    address private _payer;
    address private _shop;
    uint32 private _series;

    function setUp() public {
        build();
        _ring = Keys.ring(
            5_000,
            bytes.concat(
                Keys.entry(Keys.RIGHT_OWNER, Keys.walletId(OWNER)),
                Keys.entry(Keys.RIGHT_DEVICE, Keys.deviceId(PHONE))
            )
        );
        (_payer, _shop) = (residentOf(_ring), person(SHOP_KEY));
        _series = publish(CITY, plainTerms(CITY));
        register(_shop, CITY, 7, 2);
        issueTo(CITY, _series, _payer, GIVEN);
    }

    // What it does

    function test_cancel_endsAPaymentThatWasRefusedForAPassingReason() public {
        pause(CITY, _series, NOW + 1 hours);
        Order memory payment = _pays(1);
        payment.deadline = NOW + 29 days;
        refusesPayment(payment, _owner(), Refusal.SeriesPaused, NOW + 1 hours, 0);
        cancels(_cancels(1, 1), _owner());
        vm.warp(NOW + 28 days);
        refusesPayment(payment, _owner(), Refusal.Replayed, 1, 1);
        // What was signed again settles once.
        settles(_pays(2), _owner());
    }

    function testFuzz_cancel_usesUpTheNumbersOneByOne(uint32 first, uint32 nonce, uint64 count) public {
        first = uint32(bound(first, 1, LEAD));
        settles(_pays(first), _owner());
        nonce = uint32(bound(nonce, 1, first + LEAD));
        count = uint64(bound(count, 1, nonce));
        // One that was used before is no cancellation of its own.
        vm.assume(nonce != first || count != 1);
        cancels(_cancels(nonce, count), _owner());
        for (uint32 one_ = 1; one_ <= first + LEAD; one_++) {
            bool cancelled = one_ <= nonce && one_ + count > nonce;
            uint32 top = nonce > first ? nonce : first;
            if (cancelled) refusesPayment(_pays(one_), _owner(), Refusal.Replayed, one_, top);
        }
        uint32 next = (nonce > first ? nonce : first) + 1;
        settles(_pays(next), _owner());
    }

    function testFuzz_cancel_allOfThem(uint32 top, uint32 signed) public {
        top = uint32(bound(top, 1, LEAD));
        settles(_pays(top), _owner());
        signed = uint32(bound(signed, 1, top + LEAD));
        cancels(_cancels(top + LEAD, top + LEAD), _owner());
        refusesPayment(_pays(signed), _owner(), Refusal.Replayed, signed, top + LEAD);
        settles(_pays(top + LEAD + 1), _owner());
    }

    function testFuzz_cancelAsMerchant_endsVoidsCirculationsAndRedemptions(uint32 top, uint32 nonce, uint64 count) public {
        settles(_pays(1), _owner());
        top = uint32(bound(top, 1, LEAD));
        redeems(_redeems(top), SHOP_KEY);
        nonce = uint32(bound(nonce, 1, top + LEAD));
        count = uint64(bound(count, 1, nonce));
        vm.assume(nonce != top || count != 1);
        cancelsAsMerchant(_of(_shop, nonce, count), wallet(SHOP_KEY));
        uint32 now_ = nonce > top ? nonce : top;
        refusesRedemption(_redeems(nonce), SHOP_KEY, Refusal.Replayed, nonce, now_);
        refusesRedemption(_redeems(nonce + 1 - uint32(count)), SHOP_KEY, Refusal.Replayed, nonce + 1 - count, now_);
        redeems(_redeems(now_ + 1), SHOP_KEY);
    }

    function test_cancel_leavesTheOtherWindowAlone() public {
        settles(_pays(1), _owner());
        cancelsAsMerchant(_of(_payer, 5, 5), _owner());
        settles(_pays(2), _owner());
        cancels(_of(_shop, 5, 5), wallet(SHOP_KEY));
        redeems(_redeems(1), SHOP_KEY);
    }

    /// @dev While the account is frozen and the series paused as well.
    function test_cancel_whateverIsStopped() public {
        pause(CITY, _series, NOW + 1 days);
        freeze(_payer, true);
        cancels(_cancels(3, 3), _owner());
    }

    // Who may not, and what is refused

    function test_cancel_refusesADeviceAndStrangers() public {
        refusesCancellation(_cancels(1, 1), device(PHONE, 1, _ring), Refusal.OwnerKeyNeeded, 0, 0);
        refusesCancellation(_cancels(1, 1), wallet(PHONE), Refusal.SignatureInvalid, 0, 0);
        refusesMerchantCancellation(_of(_payer, 1, 1), device(PHONE, 1, _ring), Refusal.OwnerKeyNeeded, 0, 0);
        refusesMerchantCancellation(_of(_shop, 1, 1), _owner(), Refusal.SignatureInvalid, 0, 0);
        settles(_pays(1), _owner());
    }

    function testFuzz_cancel_refusesWhatIsUsedAlready(uint32 nonce, uint8 again) public {
        nonce = uint32(bound(nonce, 1, LEAD));
        settles(_pays(nonce), _owner());
        refusesCancellation(_cancels(nonce, 1), _owner(), Refusal.NothingToCancel, nonce, nonce);
        if (nonce == 1) return;
        again = uint8(bound(again, 2, nonce));
        cancels(_cancels(nonce, again), _owner());
        Order memory order = _cancels(nonce, again);
        order.note = keccak256("again");
        refusesCancellation(order, _owner(), Refusal.NothingToCancel, nonce, nonce);
    }

    function testFuzz_cancel_refusesWhatIsTooOld(uint32 nonce) public {
        settles(_pays(LEAD), _owner());
        settles(_pays(2 * LEAD), _owner());
        nonce = uint32(bound(nonce, 1, LEAD - 1));
        refusesCancellation(_cancels(nonce, nonce), _owner(), Refusal.NothingToCancel, nonce, 2 * LEAD);
    }

    function testFuzz_cancel_refusesToLeadTooFar(uint32 nonce, uint64 count) public {
        settles(_pays(5), _owner());
        nonce = uint32(bound(nonce, 5 + LEAD + 1, type(uint32).max));
        count = uint64(bound(count, 1, nonce));
        refusesCancellation(_cancels(nonce, count), _owner(), Refusal.Replayed, nonce, 5);
    }

    function testFuzz_cancel_refusesMoreThanThereAre(uint32 nonce, uint64 count) public {
        nonce = uint32(bound(nonce, 0, LEAD));
        count = uint64(bound(count, uint256(nonce) + 1, type(uint64).max));
        refusesCancellation(_cancels(nonce, count), _owner(), Refusal.Replayed, 0, 0);
        refusesMerchantCancellation(_of(_shop, nonce, count), wallet(SHOP_KEY), Refusal.Replayed, 0, 0);
    }

    function test_cancel_refusesAsEveryOrder() public {
        refusesCancellation(_cancels(1, 0), _owner(), Refusal.AmountZero, 0, 0);
        Order memory order = _cancels(1, 1);
        order.deadline = NOW - 1;
        refusesCancellation(order, _owner(), Refusal.DeadlinePassed, NOW - 1, NOW);
        order = _cancels(1, 1);
        order.series = _series + 1;
        refusesCancellation(order, _owner(), Refusal.SeriesUnknown, _series + 1, 0);
        refusesMerchantCancellation(order, _owner(), Refusal.SeriesUnknown, _series + 1, 0);
    }

    /// @dev A cancellation of the one window is none of the other.
    function test_cancel_isSignedForOneWindow() public {
        Order memory order = _cancels(1, 1);
        bytes memory proofs = one(prove(_owner(), merchantCancellationId(order)));
        assertEq(vouchers.cancel(one(transfer(order)), proofs)[0].code, uint8(Refusal.SignatureInvalid), "holding");
        proofs = one(prove(_owner(), cancellationId(order)));
        assertEq(
            vouchers.cancelAsMerchant(one(transfer(order)), proofs)[0].code,
            uint8(Refusal.SignatureInvalid),
            "merchant balance"
        );
    }

    function _pays(uint32 nonce) private view returns (Order memory) {
        return Order(_payer, _shop, _series, 1_000, nonce, uint40(block.timestamp) + 1 days, 0);
    }

    function _redeems(uint32 nonce) private view returns (Order memory) {
        return Order(_shop, address(0), _series, 1, nonce, NOW + 1 days, 0);
    }

    function _cancels(uint32 nonce, uint64 count) private view returns (Order memory) {
        return _of(_payer, nonce, count);
    }

    function _of(address account, uint32 nonce, uint64 count) private view returns (Order memory) {
        return Order(account, address(0), _series, count, nonce, NOW + 1 days, keccak256("cancelled"));
    }

    function _owner() private view returns (Signer memory) {
        return wallet(OWNER, 0, _ring);
    }
}
