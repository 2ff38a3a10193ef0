// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IReforms} from "./IReforms.sol";
import {ISigningDomain} from "./ISigningDomain.sol";
import {IVouchersAdmin} from "./IVouchersAdmin.sol";
import {IVouchersCore} from "./IVouchersCore.sol";
import {IVouchersExtension} from "./IVouchersExtension.sol";
import {IVouchersRegistry} from "./IVouchersRegistry.sol";

/// @title Vouchers: series, merchants, accounts, and the value itself.
/// @notice Acts (first argument `authority`) are reached through {IAuthorities-execute} alone. Any address may
/// call everything else: officers' or holders' signatures, or the terms, fix what a call may do.
/// Batches settle item by item, up to 400: a refused item changes nothing and emits its refusal.
/// `proofs` holds one proof for each item, in their order, each after its length in two bytes; see {Signatures}.
interface IVouchers is
    ISigningDomain,
    IVouchersCore,
    IVouchersExtension,
    IVouchersAdmin,
    IReforms,
    IVouchersRegistry
{}
