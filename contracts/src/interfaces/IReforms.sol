// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "./IVoucherEvents.sol";
import {FormerPlace, PlaceEntry, Reform} from "./VoucherTypes.sol";
import {Region} from "../types/Region.sol";

/// @notice Codes of places that the law changes. See {IVouchers}.
interface IReforms is IVoucherEvents {
    /// @notice Says that the law gave places in `from` codes in `to`. Once for a pair, on the first day of the new codes:
    /// series that are published later honour no code from before.
    /// @dev By governors of an authority that answers for both. `to` does not lie in `from`.
    function declareReform(Region authority, Region from, Region to) external;

    /// @notice Records the codes that merchants' places got by a declared reform. A place stays the same: series up to the
    /// reform's last one go on to honour its former code, of up to three reforms.
    /// @dev By registrars of the authority that answers for the merchant. The present place lies in its areas. Of any status.
    function recodeMerchants(Region authority, Region from, Region to, PlaceEntry[] calldata entries) external;

    /// @notice The same for the homes of attested accounts.
    function recodeHomes(Region authority, Region from, Region to, PlaceEntry[] calldata entries) external;

    /// @notice Places of the merchant before reforms, the newest first; none after a move.
    function formerPlaces(address merchant) external view returns (FormerPlace[] memory);
    function reform(Region from, Region to) external view returns (Reform memory);
}
