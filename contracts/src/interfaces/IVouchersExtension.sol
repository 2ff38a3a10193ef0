// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "./IVoucherEvents.sol";
import {Outcome, Receipt} from "./VoucherTypes.sol";
import {Transfer} from "../types/Transfer.sol";

/// @notice Orders besides the daily life: void, gift, circulation, refund, cancellation, and expiry. See {IVouchers}.
interface IVouchersExtension is IVoucherEvents {
    /// @notice Takes payments back, wholly or in part, as often as there is something left of them (EIP-712 "Void",
    /// signed by the merchant). Item: account = merchant, recipient = payer, whom the merchant doesn't sign: the receipt
    /// proves who paid. The vouchers return to the payer's holding of the same series, until the merchant has redeemed them.
    function voidPayments(Transfer[] calldata items, Receipt[] calldata receipts, bytes calldata proofs)
        external
        returns (Outcome[] memory);

    /// @notice Moves vouchers from resident to resident where the series allows it (EIP-712 "Gift").
    function give(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory);

    /// @notice Moves merchant balances from merchant to merchant where the series allows it (EIP-712 "Circulation").
    function circulate(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory);

    /// @notice Refunds the whole rest of a holding by the statutory rule (EIP-712 "Refund", signed by the resident).
    function refund(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory);

    /// @notice Uses up the `amount` nonces of a holding that end at `nonce`, so that nothing settles that was signed with
    /// one of them (EIP-712 "Cancellation", signed by an owner key). `nonce` may lead by 63: 64 nonces that end there are
    /// all that may still be used. Refused if each of them was used before.
    function cancel(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory);

    /// @notice The same for a merchant's voids, circulations and redemptions (EIP-712 "MerchantCancellation").
    function cancelAsMerchant(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory);

    /// @notice Burns what is left in these holdings of a series whose expiry was started, for its funders. Those of frozen
    /// accounts stay until the freeze ends.
    function expire(uint32 series, address[] calldata accounts) external;
}
