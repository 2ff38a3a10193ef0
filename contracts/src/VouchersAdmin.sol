// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Parts} from "./interfaces/VoucherTypes.sol";
import {Balances} from "./vouchers/Balances.sol";
import {IssueOrders} from "./vouchers/IssueOrders.sol";
import {OwnContracts} from "./vouchers/OwnContracts.sol";
import {Reforms} from "./vouchers/Reforms.sol";
import {SeriesBook} from "./vouchers/SeriesBook.sol";
import {SettlementRuns} from "./vouchers/SettlementRuns.sol";

/// @notice Code of {Vouchers} for officers' decisions about series, issue, settlement and codes of places, and for views
/// of value. Called directly it has an empty ledger.
contract VouchersAdmin is SeriesBook, IssueOrders, SettlementRuns, Reforms, Balances {
    constructor(Parts memory parts) OwnContracts(parts) {}

    /// @dev Delegates every selector that is not found here to the registry: on this storage, for the same sender.
    fallback(bytes calldata input) external returns (bytes memory) {
        return Address.functionDelegateCall(REGISTRY, input);
    }
}
