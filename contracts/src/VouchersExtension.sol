// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Parts} from "./interfaces/VoucherTypes.sol";
import {Cancellations} from "./vouchers/Cancellations.sol";
import {Circulation} from "./vouchers/Circulation.sol";
import {Gifts} from "./vouchers/Gifts.sol";
import {OwnContracts} from "./vouchers/OwnContracts.sol";
import {Refunds} from "./vouchers/Refunds.sol";
import {SignedOrders} from "./vouchers/SignedOrders.sol";
import {Tokens} from "./vouchers/Tokens.sol";
import {Voids} from "./vouchers/Voids.sol";

/// @notice Code of {Vouchers} for the orders besides the daily life: void, gift, circulation, refund, cancellation, expiry, and
/// the ERC-1155 functions. Called directly it has an empty ledger.
contract VouchersExtension is OwnContracts, Voids, Gifts, Circulation, Refunds, Cancellations, Tokens {
    constructor(bytes32 salt, Parts memory parts) SignedOrders(salt) OwnContracts(parts) {}

    /// @dev Delegates every selector that is not found here to the admin: on this storage, for the same sender.
    fallback(bytes calldata input) external returns (bytes memory) {
        return Address.functionDelegateCall(ADMIN, input);
    }
}
