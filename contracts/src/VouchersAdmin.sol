// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "./interfaces/IAuthorities.sol";
import {ActsOfAuthorities} from "./vouchers/ActsOfAuthorities.sol";
import {Balances} from "./vouchers/Balances.sol";
import {IssueOrders} from "./vouchers/IssueOrders.sol";
import {Registry} from "./vouchers/Registry.sol";
import {SeriesBook} from "./vouchers/SeriesBook.sol";
import {SettlementRuns} from "./vouchers/SettlementRuns.sol";

/// @notice Code of {Vouchers} for officers' decisions and for views. Called directly it has an empty ledger.
contract VouchersAdmin is SeriesBook, IssueOrders, Registry, SettlementRuns, Balances {
    constructor(IAuthorities authorities, uint40 keyDelay) ActsOfAuthorities(authorities) Registry(keyDelay) {}
}
