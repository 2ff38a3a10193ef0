// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "./IVoucherEvents.sol";
import {Outcome, Receipt} from "./VoucherTypes.sol";
import {Transfer} from "../types/Transfer.sol";

/// @notice Orders besides the daily life: void, gift, circulation, refund, and expiry. See {IVouchers}.
interface IVouchersExtension is IVoucherEvents {
    /// @notice Takes payments back, wholly or in part, as often as there is something left of them (EIP-712 "Void",
    /// signed by the merchant). Item: account = merchant, recipient = payer. The vouchers return to the payer's
    /// holding of the same series, until the merchant has redeemed them.
    function voidPayments(Transfer[] calldata items, Receipt[] calldata receipts, bytes calldata proofs)
        external
        returns (Outcome[] memory);

    /// @notice Moves vouchers from resident to resident where the series allows it (EIP-712 "Gift").
    function give(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory);

    /// @notice Moves merchant balances from merchant to merchant where the series allows it (EIP-712 "Circulation").
    function circulate(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory);

    /// @notice Refunds the whole rest of a holding by the statutory rule (EIP-712 "Refund", signed by the resident).
    function refund(Transfer[] calldata items, bytes calldata proofs) external returns (Outcome[] memory);

    /// @notice Burns what is left in these holdings of a series whose expiry was started, for its funders. Those of frozen
    /// accounts stay until the freeze ends.
    function expire(uint32 series, address[] calldata accounts) external;
}
