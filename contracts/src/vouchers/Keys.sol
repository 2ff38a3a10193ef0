// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersRegistry} from "../interfaces/IVouchersRegistry.sol";
import {Account, Replacement} from "../interfaces/VoucherTypes.sol";
import {KeyRing, Right} from "../types/KeyRing.sol";
import {TypedData} from "../types/TypedData.sol";
import {SignedOrders} from "./SignedOrders.sol";

/// @notice The keys of accounts change by one of their owner keys, or by officers with a delay in which an owner key
/// may object.
abstract contract Keys is IVouchersRegistry, SignedOrders {
    /// @inheritdoc IVouchersRegistry
    function changeKeys(address account, bytes calldata keys, uint40 deadline, bytes calldata proof) external {
        _requireOwner(
            account,
            deadline,
            TypedData.hashKeyChange(account, keys, _accounts[account].keyChanges + 1, deadline),
            proof
        );
        if (!KeyRing.isValid(keys)) revert KeysInvalid();
        _setKeys(account, KeyRing.hash(keys), keys);
    }

    /// @inheritdoc IVouchersRegistry
    function stopReplacement(address account, uint40 deadline, bytes calldata proof) external {
        bytes32 proposed = _proposed(account).keys;
        _requireOwner(account, deadline, TypedData.hashObjection(account, proposed, deadline), proof);
        _forgetReplacement(account);
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

    /// @dev The old keys end at once, and with them every proposed replacement.
    function _setKeys(address account, bytes32 ringHash, bytes memory keys) private {
        _rings[account] = ringHash;
        Account storage known = _accounts[account];
        known.rekeyed = true;
        known.keyChanges++;
        _forgetReplacement(account);
        emit KeysChanged(account, known.keyChanges, keys);
    }

    function _forgetReplacement(address account) private {
        delete _replacements[account];
        delete _proposedRings[account];
    }
}
