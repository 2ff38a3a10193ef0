// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {TypedData} from "./types/TypedData.sol";
import {Issuance} from "./vouchers/Issuance.sol";
import {Payments} from "./vouchers/Payments.sol";
import {Redemptions} from "./vouchers/Redemptions.sol";
import {SignedOrders} from "./vouchers/SignedOrders.sol";

/// @notice See {IVouchers}: the address at which all of it is reached.
/// @dev The daily way of a voucher: Issuance (issued and held), Payments (paid), Redemptions (redeemed). What else may
/// happen to it is in {VouchersExtension}, what officers decide in {VouchersAdmin}; a contract may have 24 kB of code
/// (EIP-170), so what this one does not know it hands to the extension, and the extension to the admin, by delegatecall. Both are
/// fixed at creation: final, no upgrade, no owner.
contract Vouchers is Issuance, Payments, Redemptions {
    address public immutable EXTENSION;
    bytes32 private immutable _domainSeparator;

    /// @param uri ERC-1155's template of a series' description, with {id} in it.
    constructor(bytes32 salt, string memory uri, address extension) SignedOrders(salt) {
        EXTENSION = extension;
        _domainSeparator = TypedData.domainSeparator("Jangteo Vouchers", salt);
        _uri = uri;
    }

    function DOMAIN_SEPARATOR() public view override returns (bytes32) {
        return _domainSeparator;
    }

    /// @dev Whatever is not found here is the extension's, on our own storage and for the same sender.
    fallback(bytes calldata input) external returns (bytes memory) {
        return Address.functionDelegateCall(EXTENSION, input);
    }
}
