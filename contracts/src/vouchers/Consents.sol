// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KeyRing, Right} from "../types/KeyRing.sol";
import {Region, STATE} from "../types/Region.sol";
import {Signatures} from "../types/Signatures.sol";
import {TypedData} from "../types/TypedData.sol";
import {SignedOrders} from "./SignedOrders.sol";

/// @notice Which authority answers for an account, is the account's own word: in its id, or signed by its holder.
abstract contract Consents is SignedOrders {
    uint256 private constant FOUNDING_CLAIM = 64;
    uint256 private constant DEADLINE = 5;

    /// @dev Why an account without a record did not choose this authority and role; empty if it did.
    /// @param domain {DOMAIN_SEPARATOR}, worked out once for all entries of a list.
    function _againstClaim(bytes32 domain, Region authority, uint8 role, address id, bytes calldata claim)
        internal
        view
        returns (bytes memory reason)
    {
        // A ring alone would let a resident's account become a merchant: its role is in its id, whatever keys it has now.
        bool chosen = claim.length == FOUNDING_CLAIM
            ? KeyRing.account(authority, role, bytes32(claim[0:32]), bytes32(claim[32:64])) == id
            : (claim.length == DEADLINE + Signatures.WALLET_BYTES || _isRekeyedWallet(id))
                && _consented(domain, id, STATE, authority, 0, claim);
        if (!chosen) return abi.encodeWithSelector(AuthorityNotChosen.selector, id, authority);
    }

    /// @dev Of a claim that {_againstClaim} has nothing against.
    function _isKeyless(bytes calldata claim) internal pure returns (bool) {
        return claim.length == FOUNDING_CLAIM && bytes32(claim[32:64]) == KeyRing.EMPTY_HASH;
    }

    /// @dev Whether an account that is not on record was a plain wallet and has a key ring now.
    function _isRekeyedWallet(address id) private view returns (bool) {
        return _accounts[id].rekeyed && !_foundedOnRing[id];
    }

    /// @dev Whether an owner key signed that `to` shall answer for the account after `from`.
    /// @param consent 5 bytes deadline, then the proof.
    function _consented(
        bytes32 domain,
        address id,
        Region from,
        Region to,
        uint32 number,
        bytes calldata consent
    ) internal view returns (bool) {
        if (consent.length < DEADLINE) return false;
        uint40 deadline = uint40(bytes5(consent[0:DEADLINE]));
        if (block.timestamp > deadline) return false;
        bytes32 digest = _digest(domain, TypedData.hashConsent(id, from, to, number, deadline));
        (Right right,) = _rightOf(id, _accounts[id].rekeyed, digest, consent[DEADLINE:]);
        return right == Right.Owner;
    }
}
