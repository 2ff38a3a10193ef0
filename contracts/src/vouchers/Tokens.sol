// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155MetadataURI} from "@openzeppelin/contracts/token/ERC1155/extensions/IERC1155MetadataURI.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IVouchers} from "../interfaces/IVouchers.sol";
import {MerchantStatus, Outcome} from "../interfaces/VoucherTypes.sol";
import {Refusal} from "../generated/Refusal.sol";
import {Transfer} from "../types/Transfer.sol";
import {MerchantBalances} from "./MerchantBalances.sol";

/// @notice ERC-1155, so that wallets and explorers show vouchers. A transfer is a payment when it goes to a merchant
/// and a gift otherwise, and meets the same rules: it calls the same entry points.
/// @dev Stricter than the standard asks: no approvals (only the holder spends), no receiving contracts (so no code of
/// others is called), no empty transfers. A transfer spends what was received as a resident; merchant balances move by
/// {IVouchers-circulate} alone.
abstract contract Tokens is MerchantBalances, IERC1155MetadataURI {
    /// @inheritdoc IERC1155
    function safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes calldata) external {
        _requireHolder(from);
        _transfer(from, to, id, value);
    }

    /// @inheritdoc IERC1155
    /// @dev All or nothing; the same id may come twice, each on its own.
    function safeBatchTransferFrom(
        address from,
        address to,
        uint256[] calldata ids,
        uint256[] calldata values,
        bytes calldata
    ) external {
        _requireHolder(from);
        _requireBatch(ids.length);
        _requireSameLength(ids.length, values.length);
        for (uint256 i = 0; i < ids.length; i++) {
            _transfer(from, to, ids[i], values[i]);
        }
    }

    /// @inheritdoc IERC1155
    function setApprovalForAll(address, bool) external pure {
        revert ApprovalsRefused();
    }

    /// @inheritdoc IERC1155
    function isApprovedForAll(address, address) external pure returns (bool) {
        return false;
    }

    /// @inheritdoc IERC1155
    /// @notice won that an account holds as a resident and as a merchant.
    function balanceOf(address holder, uint256 id) public view returns (uint256) {
        if (id > type(uint32).max) return 0;
        return _holdings[uint32(id)][holder].balance() + _redeemable(uint32(id), holder);
    }

    /// @inheritdoc IERC1155
    function balanceOfBatch(address[] calldata holders, uint256[] calldata ids)
        external
        view
        returns (uint256[] memory balances)
    {
        _requireSameLength(holders.length, ids.length);
        balances = new uint256[](ids.length);
        for (uint256 i = 0; i < ids.length; i++) {
            balances[i] = balanceOf(holders[i], ids[i]);
        }
    }

    /// @inheritdoc IERC1155MetadataURI
    function uri(uint256) external view returns (string memory) {
        return _uri;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IERC165).interfaceId || id == type(IERC1155).interfaceId
            || id == type(IERC1155MetadataURI).interfaceId;
    }

    /// @dev By a call of {Vouchers} to itself, which {SignedOrders} accepts in place of the holder's signature.
    function _transfer(address from, address to, uint256 id, uint256 value) private {
        if (to.code.length != 0) revert TransferRefused(uint8(Refusal.ReceiverIsContract), 0, 0);
        if (id > type(uint32).max) revert TransferRefused(uint8(Refusal.SeriesUnknown), id, 0);
        uint32 series = uint32(id);
        if (value > type(uint64).max) {
            uint256 balance = _holdings[series][from].balance();
            revert TransferRefused(uint8(Refusal.InsufficientBalance), balance, value);
        }
        uint256 nonce = uint256(_holdings[series][from].top()) + 1;
        Transfer[] memory items = new Transfer[](1);
        items[0] = Transfer({
            from: uint160(from) | nonce << 160 | block.timestamp << 192,
            to: uint160(to) | value << 160,
            series: series,
            order: 0
        });
        bytes memory noProof = hex"0000";
        IVouchers self = IVouchers(address(this));
        bool pays = _merchants[to].status != MerchantStatus.None;
        Outcome memory outcome =
            pays ? self.previewPayments(items, noProof)[0] : self.give(items, noProof)[0];
        if (outcome.code != 0) revert TransferRefused(outcome.code, outcome.a, outcome.b);
        if (pays) self.pay(items, noProof);
    }

    function _requireHolder(address from) private view {
        if (from != msg.sender) revert ApprovalsRefused();
    }
}
