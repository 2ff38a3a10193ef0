// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {Account, HandOver, Merchant, MerchantStatus} from "../../src/interfaces/VoucherTypes.sol";
import {Region} from "../../src/types/Region.sol";
import {Signer} from "./Orders.sol";
import {ReformWorld} from "./ReformWorld.sol";
import {Log} from "./Test.sol";

/// @notice Accounts that come to another authority, by their holder's consent or handed over. Whatever moves keeps
/// everything but place and authority, worked out here by hand.
abstract contract Moves is ReformWorld {
    /// @notice By the authority in charge.
    function proposeHandOver(Region to, address account) internal {
        Region by = inChargeOf(account);
        act(by, proposeCall(by, to, account), twoRegistrars());
    }

    /// @notice Proposes, and lets the notice pass.
    function handsOver(Region to, address account) internal {
        proposeHandOver(to, account);
        vm.warp(block.timestamp + HAND_OVER_DELAY);
    }

    /// @notice The authority takes the account on: place and authority change, a proposal ends, former places stay with the
    /// place, and nothing else changes.
    function takes(Region by, address account, Region place, bytes memory consented) internal {
        HandOver memory next = vouchers.handOver(account);
        Merchant memory shop = vouchers.merchant(account);
        Account memory known = vouchers.account(account);
        bytes32 former = keccak256(abi.encode(vouchers.formerPlaces(account)));
        bytes32 keys = _keysAndProposal(account);
        Region from = inChargeOf(account);
        (next.to, next.readyAt, next.moves) = (Region.wrap(0), 0, next.moves + 1);
        if (shop.status == MerchantStatus.None) {
            (known.authority, known.home) = (by, place);
        } else {
            if (!shop.region.equals(place)) {
                shop.recoded = false;
                former = keccak256(abi.encode(formerly()));
            }
            (shop.authority, shop.region) = (by, place);
        }
        vm.recordLogs();
        act(by, takeCall(by, account, place, consented), twoRegistrars());
        _isTaken(vm.getRecordedLogs(), account, by, abi.encode(from, place, next.moves));
        _equal(abi.encode(vouchers.handOver(account)), abi.encode(next), "proposal and moves");
        _equal(abi.encode(vouchers.merchant(account)), abi.encode(shop), "merchant");
        _equal(abi.encode(vouchers.account(account)), abi.encode(known), "account");
        assertEq(keccak256(abi.encode(vouchers.formerPlaces(account))), former, "former places");
        assertEq(_keysAndProposal(account), keys, "keys and their replacement");
    }

    function refusesTaking(Region by, address account, Region place, bytes memory consented, bytes memory reason)
        internal
    {
        skips(by, takeCall(by, account, place, consented), twoRegistrars(), account, reason);
    }

    /// @notice What an owner signs to come to `to`, from the authority in charge, for its next move.
    function moveConsent(address account, Region to, uint40 deadline, Signer memory signer)
        internal
        view
        returns (bytes memory)
    {
        return consentOf(account, inChargeOf(account), to, vouchers.handOver(account).moves, deadline, signer);
    }

    function consentOf(
        address account,
        Region from,
        Region to,
        uint32 number,
        uint40 deadline,
        Signer memory signer
    ) internal view returns (bytes memory) {
        return abi.encodePacked(deadline, prove(signer, consentId(account, from, to, number, deadline)));
    }

    /// @notice An objection to what is proposed now.
    function handOverObjection(address account, uint40 deadline, Signer memory signer)
        internal
        view
        returns (bytes memory)
    {
        HandOver memory next = vouchers.handOver(account);
        return prove(signer, handOverObjectionId(account, next.to, next.number, deadline));
    }

    function unknownHandOver(address account, Region by) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.HandOverUnknown.selector, account, by);
    }

    function barred(address account) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.MoveBarred.selector, account);
    }

    function unknownAccount(address account) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.AccountUnknown.selector, account);
    }

    function tooFew(uint256 signed, uint256 needed) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IAuthorities.OfficersTooFew.selector, signed, needed);
    }

    function isProposed(address account, Region to, uint40 readyAt, uint32 number) internal view {
        HandOver memory next = vouchers.handOver(account);
        assertTrue(next.to.equals(to), "to");
        assertEq(next.readyAt, readyAt, "ready at");
        assertEq(next.number, number, "number");
    }

    function _keysAndProposal(address account) private view returns (bytes32) {
        return keccak256(abi.encode(vouchers.keysOf(account), vouchers.replacement(account)));
    }

    function _isTaken(Log[] memory logs, address account, Region by, bytes memory data) private view {
        uint256 count = 0;
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].emitter != address(vouchers)) continue;
            count++;
            assertEq(logs[i].topics[0], IVoucherEvents.AccountTaken.selector, "AccountTaken");
            assertEq(address(uint160(uint256(logs[i].topics[1]))), account, "account");
            assertEq(uint256(logs[i].topics[2]), Region.unwrap(by), "authority");
            _equal(logs[i].data, data, "from, place and moves");
        }
        assertEq(count, 1, "events of Vouchers");
    }
}
