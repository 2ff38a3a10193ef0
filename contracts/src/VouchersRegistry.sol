// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Parts} from "./interfaces/VoucherTypes.sol";
import {HandOvers} from "./vouchers/HandOvers.sol";
import {KeyReplacements} from "./vouchers/KeyReplacements.sol";
import {Keys} from "./vouchers/Keys.sol";
import {OwnContracts} from "./vouchers/OwnContracts.sol";
import {Registry} from "./vouchers/Registry.sol";
import {SignedOrders} from "./vouchers/SignedOrders.sol";

/// @notice Code of {Vouchers} for who takes part: merchants, accounts and their keys. The last of the four: it delegates
/// nothing, so a selector that it does not have is unknown. Called directly it has an empty ledger.
contract VouchersRegistry is Registry, HandOvers, Keys {
    constructor(bytes32 salt, Parts memory parts, uint40 keyDelay, uint40 handOverDelay)
        SignedOrders(salt)
        OwnContracts(parts)
        KeyReplacements(keyDelay)
        HandOvers(handOverDelay)
    {}
}
