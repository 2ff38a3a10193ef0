// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "./IVoucherEvents.sol";
import {Outcome} from "./VoucherTypes.sol";
import {Transfer} from "../types/Transfer.sol";

/// @notice The daily life of a voucher: issued, paid, redeemed. See {IVouchers}.
interface IVouchersCore is IVoucherEvents {
    /// @notice Issues one chunk of an approved list, once; not while the series is paused or after its validity, so
    /// that no submitter can use up an approved list by submitting it at the wrong time.
    /// @param items up to 400: bits 0..159 account, 160..223 amount in won.
    function issue(uint64 order, uint256 index, uint256[] calldata items, bytes32[] calldata proof) external;

    /// @notice Issues to buyers (EIP-712 "QuotaIssue", signed by the quota's key). `index`, of 32 bits, is spent once.
    function issueByQuota(uint64 order, uint256 index, uint256[] calldata items, bytes calldata proof) external;

    /// @notice Settles payments (EIP-712 "Payment", signed by the payer). One from several series takes from the one
    /// that was published with the earliest end, as much as it may; all or nothing.
    function pay(Transfer[] calldata items, bytes calldata proofs) external;

    /// @notice What {pay} would do with each item if it came first now.
    function previewPayments(Transfer[] calldata items, bytes calldata proofs)
        external
        view
        returns (Outcome[] memory);

    /// @notice Burns merchant balances (EIP-712 "Redemption", signed by the merchant); won is owed from here on.
    /// Neither pause nor expiry nor suspension stops it: it was earned.
    function redeem(Transfer[] calldata items, bytes calldata proofs) external;

    /// @notice What {redeem} would do with each item if it came first now.
    function previewRedemptions(Transfer[] calldata items, bytes calldata proofs)
        external
        view
        returns (Outcome[] memory);
}
