// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersRegistry} from "../../src/interfaces/IVouchersRegistry.sol";
import {AccountEntry, FirstKeys, MerchantEntry, MerchantStatus} from "../../src/interfaces/VoucherTypes.sol";
import {Region} from "../../src/types/Region.sol";
import {Submissions} from "./Submissions.sol";

/// @notice Authorities that no account names: the cities where people live and trade, and a puppet that one of them
/// founded inside itself. All their officers sign whatever it needs, and still they change no account.
abstract contract StrangersHandler is Submissions {
    Region internal constant PUPPET = Region.wrap(0x471301010008);
    uint8 private constant DEEDS = 9;

    function _foundStrangers() internal {
        found(CITY, PUPPET);
    }

    function _strangerTries(uint8 who, uint8 victim, uint8 deed, uint32 words) internal watched {
        Region by = who % 3 == 0 ? CITY : who % 3 == 1 ? OTHER_CITY : PUPPET;
        bytes32 before = _everybody();
        (bytes memory call, bool treasury) = _deed(by, people[victim % PEOPLE], deed % DEEDS, words);
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
        FirstKeys[] memory entries = new FirstKeys[](1);
        entries[0] = FirstKeys(victim, ring);
        return (abi.encodeCall(IVouchersRegistry.setFirstKeys, (by, entries)), false);
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
