// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "../../src/interfaces/IAuthorities.sol";
import {IReforms} from "../../src/interfaces/IReforms.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {FormerPlace, PlaceEntry} from "../../src/interfaces/VoucherTypes.sol";
import {Region} from "../../src/types/Region.sol";
import {ExtensionOrders} from "./ExtensionOrders.sol";

/// @notice Reforms of the codes: areas, declarations and new records.
abstract contract ReformWorld is ExtensionOrders {
    function grant(Region by, Region to, Region area) internal {
        execute(by, address(authorities), abi.encodeCall(IAuthorities.grantArea, (by, to, area)), governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        authorities.finishArea(by, to, area);
    }

    function giveUp(Region by, Region area) internal {
        execute(by, address(authorities), abi.encodeCall(IAuthorities.giveUpArea, (by, area)), governors());
        vm.warp(block.timestamp + CHANGE_DELAY);
        authorities.finishArea(by, by, area);
    }

    function declareCall(Region by, Region from, Region to) internal pure returns (bytes memory) {
        return abi.encodeCall(IReforms.declareReform, (by, from, to));
    }

    function declare(Region by, Region from, Region to) internal {
        act(by, declareCall(by, from, to), governors());
    }

    function onePlace(address subject, Region place) internal pure returns (PlaceEntry[] memory list) {
        list = new PlaceEntry[](1);
        list[0] = PlaceEntry(subject, place);
    }

    function recodeCall(Region by, Region from, Region to, address shop, Region place)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeCall(IReforms.recodeMerchants, (by, from, to, onePlace(shop, place)));
    }

    function recode(Region by, Region from, Region to, address shop, Region place) internal {
        act(by, recodeCall(by, from, to, shop, place), registrars());
    }

    function homeCall(Region by, Region from, Region to, address account, Region place)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeCall(IReforms.recodeHomes, (by, from, to, onePlace(account, place)));
    }

    /// @notice The merchant is at this place and was at those before, the newest first.
    function isAt(address shop, Region place, FormerPlace[] memory before) internal view {
        assertTrue(vouchers.merchant(shop).region.equals(place), "place");
        assertTrue(vouchers.merchant(shop).recoded == (before.length != 0), "recoded");
        FormerPlace[] memory known = vouchers.formerPlaces(shop);
        assertEq(keccak256(abi.encode(known)), keccak256(abi.encode(before)), "former places");
    }

    function formerly() internal pure returns (FormerPlace[] memory) {
        return new FormerPlace[](0);
    }

    function formerly(Region a, uint32 last) internal pure returns (FormerPlace[] memory list) {
        list = new FormerPlace[](1);
        list[0] = FormerPlace(a, last);
    }

    function formerly(Region a, uint32 lastA, Region b, uint32 lastB)
        internal
        pure
        returns (FormerPlace[] memory list)
    {
        list = new FormerPlace[](2);
        (list[0], list[1]) = (FormerPlace(a, lastA), FormerPlace(b, lastB));
    }

    function outside(Region authority, Region region) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.RegionOutsideAuthority.selector, authority, region);
    }

    function wrongPlace(address subject, Region former, Region place) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherEvents.PlaceOutsideReform.selector, subject, former, place);
    }
}
