// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Parts, Starts, Unit} from "./interfaces/VoucherTypes.sol";
import {TypedData} from "./types/TypedData.sol";
import {Issuance} from "./vouchers/Issuance.sol";
import {OwnContracts} from "./vouchers/OwnContracts.sol";
import {Payments} from "./vouchers/Payments.sol";
import {Redemptions} from "./vouchers/Redemptions.sol";
import {SignedOrders} from "./vouchers/SignedOrders.sol";

/// @notice See {IVouchers}: the one address of all its functions.
/// @dev The daily life of a voucher: Issuance (issued and held), Payments (paid), Redemptions (redeemed). All other
/// orders are in {VouchersExtension}, officers' decisions and views of value in {VouchersAdmin}, merchants, accounts and
/// keys in {VouchersRegistry}. A contract may have 24 kB of code (EIP-170), so each delegates the selectors that it does
/// not have to the next, by delegatecall. All are fixed at creation: final, no upgrade, no owner.
contract Vouchers is Issuance, Payments, Redemptions {
    bytes32 private immutable _domainSeparator;

    /// @param uri ERC-1155's template of a series' description, with {id} in it. @param counted see {Unit}.
    /// @param begins see {Starts}.
    constructor(
        bytes32 salt,
        Parts memory parts,
        string memory uri,
        Unit memory counted,
        Starts memory begins
    ) SignedOrders(salt) OwnContracts(parts) {
        _domainSeparator = TypedData.domainSeparator("Jangteo Vouchers", salt);
        _uri = uri;
        _unit = counted;
        _starts = begins;
        (_lastSeries, _lastIssueOrder) = (begins.series, begins.issueOrders);
    }

    function DOMAIN_SEPARATOR() public view override returns (bytes32) {
        return _domainSeparator;
    }

    /// @dev Delegates every selector that is not found here to the extension: on this storage, for the same sender.
    fallback(bytes calldata input) external returns (bytes memory) {
        return Address.functionDelegateCall(EXTENSION, input);
    }
}
