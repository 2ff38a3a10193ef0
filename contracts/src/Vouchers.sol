// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "./interfaces/IAuthorities.sol";
import {IVouchers} from "./interfaces/IVouchers.sol";
import {ActsOfAuthorities} from "./vouchers/ActsOfAuthorities.sol";
import {Payments} from "./vouchers/Payments.sol";
import {Redemptions} from "./vouchers/Redemptions.sol";

/// @notice See {IVouchers}.
/// @dev A voucher's life in the order of inheritance: SeriesBook (published), Registry (who takes part), Issuance
/// (issued and held), Payments (paid), Redemptions (redeemed). Final: no proxy, no owner, no upgrade.
contract Vouchers is Redemptions {
    constructor(IAuthorities authorities, bytes32 salt) ActsOfAuthorities(authorities) Payments(salt) {}
}
