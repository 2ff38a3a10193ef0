// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Holding} from "../../src/interfaces/VoucherTypes.sol";
import {IVouchers} from "../../src/interfaces/IVouchers.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {Keys} from "../support/Keys.sol";
import {Order, Signer} from "../support/Orders.sol";
import {Kind, Signed} from "./Mirror.sol";
import {Submissions} from "./Submissions.sol";

/// @notice What residents do: pay, give, ask for refunds, send tokens, change their keys.
abstract contract ResidentsHandler is Submissions {
    function _pay(uint8 who, uint8 to, uint64 amount, uint8 ahead, uint8 several, uint8 twist) internal {
        Order memory order;
        order.from = twist % 16 == 1 ? _shop(who) : _resident(who);
        order.to = _shop(to);
        order.series = _listed(several);
        uint256 balance = 0;
        uint256[] memory list = listOf(order.series);
        for (uint256 i = 0; i < list.length; i++) {
            balance += lines[uint32(list[i])][order.from].balance;
        }
        order.amount = _amount(amount, balance);
        order.nonce = _nonce(lines[uint32(order.series)][order.from].top, ahead);
        _submit(Kind.Payment, order, who ^ ahead, twist);
    }

    function _give(uint8 who, uint8 to, uint64 amount, uint8 ahead, uint8 which, uint8 twist) internal {
        Order memory order;
        order.from = _anybody(who);
        order.to = _anybody(to);
        order.series = _anySeries(which);
        order.amount = _amount(amount, lines[uint32(order.series)][order.from].balance / 4);
        order.nonce = _nonce(lines[uint32(order.series)][order.from].top, ahead);
        _submit(Kind.Gift, order, who ^ ahead, twist);
    }

    function _refund(uint8 who, uint64 amount, uint8 ahead, uint8 which, uint8 twist) internal {
        Order memory order;
        order.from = _anybody(who);
        order.series = _anySeries(which);
        uint64 balance = lines[uint32(order.series)][order.from].balance;
        order.amount = amount % 8 == 0 ? _amount(amount, balance) : balance;
        order.nonce = _nonce(lines[uint32(order.series)][order.from].top, ahead);
        _submit(Kind.Refund, order, who ^ ahead, twist);
    }

    /// @notice A wallet sends tokens itself, one by one or the same twice; or another sender tries to.
    function _sendTokens(uint8 who, uint8 to, uint64 amount, uint8 which, uint8 twist) internal watched {
        address from = _anybody(who);
        if (rings[from].length != 0) from = people[0];
        uint32 series = _anySeries(which);
        uint256[] memory ids = new uint256[](twist % 4 == 0 ? 2 : 1);
        uint256[] memory values = new uint256[](ids.length);
        uint64 value = _amount(amount, lines[series][from].balance / 3);
        for (uint256 i = 0; i < ids.length; i++) {
            (ids[i], values[i]) = (series, value);
            if (twist % 8 != 1) _announceToken(from, _anybody(to), series, value, i);
        }
        vm.prank(twist % 8 == 1 ? people[(indexOf[from] + 1) % PEOPLE] : from);
        if (ids.length == 1) {
            try tokens.safeTransferFrom(from, _anybody(to), series, value, "") {} catch {
            vm.recordLogs();
        }
        } else {
            try tokens.safeBatchTransferFrom(from, _anybody(to), ids, values, "") {} catch {
            vm.recordLogs();
        }
        }
    }

    /// @notice An owner's key, a device or a stranger changes the keys of an account.
    function _changeKeys(uint8 who, uint8 signer, uint32 limit, uint8 twist) internal watched {
        address account = _anybody(who);
        bytes memory ring = _newRing(indexOf[account], generation[account] + 1, limit % 200_000);
        bytes32 id = digest(
            abi.encode(
                keccak256("KeyChange(address account,bytes keys,uint32 change,uint40 deadline)"),
                account,
                keccak256(ring),
                uint256(vouchers.account(account).keyChanges) + (twist % 8 == 1 ? 2 : 1),
                block.timestamp
            )
        );
        Signer memory by = _signerOf(twist % 8 == 2 ? _anybody(uint256(who) + 1) : account, signer);
        bool good = twist % 8 != 1 && twist % 8 != 2 && !_isDevice(by) && !_isFrozen(account);
        try vouchers.changeKeys(account, ring, uint40(block.timestamp), prove(by, id)) {
            assertTrue(good, "keys changed by another signer");
            _rekey(account, ring);
        } catch {
            vm.recordLogs();
            assertTrue(!good, "an owner could not change the keys");
        }
    }

    /// @notice Anything that was sent before is sent again.
    function _replay(uint8 which) internal watched {
        if (_sent.length == 0) return;
        _submitSent(_sent[which % _sent.length]);
    }

    function _announceToken(address from, address to, uint32 series, uint64 value, uint256 place) private {
        Order memory order;
        (order.from, order.to, order.series, order.amount) = (from, to, series, value);
        order.nonce = uint32(lines[series][from].top + 1 + place);
        order.deadline = uint40(block.timestamp);
        _sign(Kind.Payment, paymentId(order), order, 0, false);
        _sign(Kind.Gift, giftId(order), order, 0, false);
    }

    /// @dev One series, or several in the order in which they expire; seldom in another order, twice, or unknown.
    function _listed(uint8 several) private pure returns (uint256) {
        if (several % 16 == 0) return listed(2, 1);
        if (several % 16 == 1) return listed(3, 3);
        if (several % 16 == 2) return listed(2, 9);
        if (several % 16 < 5) return listed(1, 2);
        if (several % 16 < 8) return listed(1, 2, 3);
        if (several % 16 == 8) return listed(2, 3);
        return _anySeries(several / 16);
    }
}
