// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersRegistry} from "../interfaces/IVouchersRegistry.sol";
import {Replacement} from "../interfaces/VoucherTypes.sol";
import {KeyRing, Right} from "../types/KeyRing.sol";
import {Signatures} from "../types/Signatures.sol";
import {TypedData} from "../types/TypedData.sol";
import {KeyReplacements} from "./KeyReplacements.sol";
import {SignedOrders} from "./SignedOrders.sol";

/// @notice The keys of accounts change by one of their owner keys, or by officers with a delay in which an owner key
/// may object.
abstract contract Keys is KeyReplacements, SignedOrders {
    /// @inheritdoc IVouchersRegistry
    function changeKeys(address account, bytes calldata keys, uint40 deadline, bytes calldata proof) external {
        _requireOwner(
            account,
            deadline,
            TypedData.hashKeyChange(account, keys, _accounts[account].keyChanges + 1, deadline),
            proof
        );
        // A thief must not be quicker than those who look for the holder.
        if (_isFrozen(_accounts[account])) revert KeysFrozen(account, _accounts[account].frozenUntil);
        if (!KeyRing.isValid(keys)) revert KeysInvalid();
        // Afterwards no proof shows what the id was made of, and a plain wallet alone may choose who records it.
        bool ofRing = !_accounts[account].rekeyed && proof.length != Signatures.WALLET_BYTES;
        if (ofRing && _inCharge(account).isState()) _foundedOnRing[account] = true;
        _setKeys(account, KeyRing.hash(keys), keys);
    }

    /// @inheritdoc IVouchersRegistry
    function stopReplacement(address account, uint40 deadline, bytes calldata proof) external {
        Replacement storage next = _proposed(account);
        _requireOwner(
            account, deadline, TypedData.hashObjection(account, next.keys, next.number, deadline), proof
        );
        if (next.overruling) revert ObjectionOverruled(account);
        next.objections++;
        _forgetProposal(account);
        emit ReplacementStopped(account);
    }

    /// @inheritdoc IVouchersRegistry
    function finishReplacement(address account) external {
        Replacement storage next = _proposed(account);
        if (block.timestamp < next.readyAt) revert ReplacementTooEarly(next.readyAt);
        _setKeys(account, next.keys, _proposedRings[account]);
    }

    function _requireOwner(address account, uint40 deadline, bytes32 structHash, bytes calldata proof)
        private
        view
    {
        if (block.timestamp > deadline) revert KeyChangeDeadlinePassed(deadline);
        bytes32 digest = _digest(DOMAIN_SEPARATOR(), structHash);
        (Right right,) = _rightOf(account, _accounts[account].rekeyed, digest, proof);
        if (right != Right.Owner) revert KeyChangeNotSigned(account);
    }

    function _proposed(address account) private view returns (Replacement storage next) {
        next = _replacements[account];
        if (next.keys == 0) revert ReplacementUnknown(account);
    }
}
