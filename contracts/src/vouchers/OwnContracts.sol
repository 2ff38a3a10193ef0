// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../interfaces/IAuthorities.sol";
import {Parts} from "../interfaces/VoucherTypes.sol";

/// @notice The contracts of this deployment. Each part of {Vouchers} knows them all.
/// @dev None of them may hold vouchers: whoever lets one of them send a transaction would spend them.
abstract contract OwnContracts {
    IAuthorities public immutable AUTHORITIES;
    address public immutable EXTENSION;
    address public immutable ADMIN;
    address public immutable REGISTRY;

    /// @param parts computed before they are deployed: all of them know each other.
    constructor(Parts memory parts) {
        (AUTHORITIES, EXTENSION) = (parts.authorities, parts.extension);
        (ADMIN, REGISTRY) = (parts.admin, parts.registry);
    }

    function _isOwnContract(address account) internal view returns (bool) {
        return account == address(this) || account == address(AUTHORITIES) || account == EXTENSION || account == ADMIN
            || account == REGISTRY;
    }
}
