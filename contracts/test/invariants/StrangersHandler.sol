// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {AccountEntry, FirstKeys, MerchantEntry, MerchantStatus} from "../../src/interfaces/VoucherTypes.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {MovesHandler} from "./MovesHandler.sol";

/// @notice Authorities that an account's record does not name: where people live and trade, a foreign province, and a
/// puppet that a city founded inside itself. All their officers sign whatever it needs, and still they change no account
/// that was not handed over to them.
abstract contract StrangersHandler is MovesHandler {
    Region internal constant PUPPET = Region.wrap(0x471301010008);
    uint8 private constant DEEDS = 12;

    function _foundStrangers() internal {
        found(CITY, PUPPET);
        found(STATE, OTHER_PROVINCE);
    }

    function _strangerTries(uint8 who, uint8 victim, uint8 deed, uint32 words) internal watched {
        Region by = who % 5 == 0 ? PUPPET : who % 5 == 1 ? OTHER_PROVINCE : _authority(who);
        address account = people[victim % PEOPLE];
        // No stranger: it answers for the account, or may soon.
        if (charges[account].authority.equals(by) || charges[account].to.equals(by)) return;
        bytes32 before = _everybody();
        (bytes memory call, bool treasury) = _deed(by, account, deed % DEEDS, words);
        try this.actAsStrangers(by, call, treasury) {} catch {
            vm.recordLogs();
        }
        assertEq(_everybody(), before, "an authority that no record names changed an account");
    }

    /// @dev From outside, so that a refused act can be caught.
    function actAsStrangers(Region by, bytes calldata call, bool treasury) external {
        assertEq(msg.sender, address(this), "test: for the handler alone");
        act(by, call, treasury ? treasurers() : twoRegistrars());
    }

    /// @dev Who answers for everybody, and all that registrars and treasurers of that authority decide.
    function _everybody() internal view returns (bytes32 all) {
        for (uint256 i = 0; i < PEOPLE; i++) {
            address one = people[i];
            all = keccak256(
                abi.encode(all, registered(one), vouchers.keysOf(one), vouchers.replacement(one))
            );
        }
    }

    function _deed(Region by, address victim, uint8 deed, uint32 words)
        private
        view
        returns (bytes memory call, bool treasury)
    {
        uint40 until = uint40(block.timestamp) + words % 3 days;
        if (deed < 2) return (_attestCall(by, victim, by, uint8(words % 3), deed == 1), false);
        if (deed == 2) return (_registerCall(by, victim, by, uint8(words % 128)), false);
        if (deed == 3) {
            MerchantStatus status = MerchantStatus(1 + words % 3);
            return (abi.encodeCall(IVouchersRegistry.setMerchantStatus, (by, one(victim), status)), false);
        }
        if (deed == 4) return (abi.encodeCall(IVouchersRegistry.holdPayouts, (by, one(victim), until)), true);
        if (deed == 5) return (abi.encodeCall(IVouchersRegistry.freezeAccounts, (by, one(victim), until)), false);
        bytes memory ring = _newRing(words, 99, words);
        if (deed == 6) return (abi.encodeCall(IVouchersRegistry.replaceKeys, (by, victim, ring, false)), false);
        if (deed == 7) return (abi.encodeCall(IVouchersRegistry.replaceKeys, (by, victim, ring, true)), false);
        if (deed == 8) {
            FirstKeys[] memory entries = new FirstKeys[](1);
            entries[0] = FirstKeys(victim, ring);
            return (abi.encodeCall(IVouchersRegistry.setFirstKeys, (by, entries)), false);
        }
        if (deed == 9) return (proposeCall(by, by.equals(PUPPET) ? STATE : PUPPET, victim), false);
        return (takeCall(by, victim, _placeIn(by), deed == 10 ? bytes("") : _paperOf(by, victim, words)), false);
    }

    /// @dev One of its own officers signs for the holder, or a consent that somebody else gave is shown.
    function _paperOf(Region by, address victim, uint32 words) private view returns (bytes memory) {
        uint40 deadline = uint40(block.timestamp) + words % 3 days;
        Paper memory other;
        if (_papers.length != 0) other = _papers[words % _papers.length];
        if (other.account != address(0) && other.account != victim) return other.consented;
        uint32 moves = charges[victim].moves;
        return consent(officerKey(by, 6), victim, charges[victim].authority, by, moves, deadline);
    }

    /// @dev With a claim that the stranger could make.
    function _attestCall(Region by, address victim, Region home, uint8 tier, bool company)
        private
        pure
        returns (bytes memory)
    {
        AccountEntry[] memory entries = new AccountEntry[](1);
        entries[0] = AccountEntry(victim, home, tier, company, new bytes(64));
        return abi.encodeCall(IVouchersRegistry.attestAccounts, (by, entries));
    }

    function _registerCall(Region by, address victim, Region place, uint8 category)
        private
        pure
        returns (bytes memory)
    {
        MerchantEntry[] memory entries = new MerchantEntry[](1);
        entries[0] = MerchantEntry(victim, place, category, 1, new bytes(64));
        return abi.encodeCall(IVouchersRegistry.setMerchants, (by, entries));
    }
}
