// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Act, Approval, IAuthorities} from "../src/interfaces/IAuthorities.sol";
import {IVouchers, Outcome} from "../src/interfaces/IVouchers.sol";
import {Refusal} from "../src/generated/Refusal.sol";
import {STATE} from "../src/types/Region.sol";
import {SignedTransfer} from "../src/types/SignedTransfer.sol";
import {Order, Till} from "./support/Till.sol";

interface IDomain {
    function DOMAIN_SEPARATOR() external view returns (bytes32);
    function SALT() external view returns (bytes32);
    function AUTHORITIES() external view returns (address);
    function VOUCHERS() external view returns (address);
}

/// @notice A signature is good in one deployment only, even where chain id and addresses are the same again.
contract DeploymentTest is Till {
    uint256 private constant KEY = 0xBEEF;

    function setUp() public {
        build();
    }

    function test_deployment_knowsItsParts() public view {
        assertEq(IDomain(address(vouchers)).AUTHORITIES(), address(authorities), "authorities");
        assertEq(IDomain(address(authorities)).VOUCHERS(), address(vouchers), "vouchers");
        assertEq(IDomain(address(vouchers)).SALT(), SALT, "salt of vouchers");
        assertEq(IDomain(address(authorities)).SALT(), SALT, "salt of authorities");
        assertEq(
            IDomain(address(vouchers)).DOMAIN_SEPARATOR(),
            domain("Jangteo Vouchers", address(vouchers), SALT),
            "domain of vouchers"
        );
        assertEq(
            IDomain(address(authorities)).DOMAIN_SEPARATOR(),
            domain("Jangteo Authorities", address(authorities), SALT),
            "domain of authorities"
        );
    }

    function testFuzz_deployment_hasItsOwnDomains(bytes32 salt) public {
        vm.assume(salt != SALT);
        (IAuthorities otherAuthorities, IVouchers otherVouchers) = deployPlatform(salt);
        assertEq(
            IDomain(address(otherVouchers)).DOMAIN_SEPARATOR(),
            domain("Jangteo Vouchers", address(otherVouchers), salt),
            "vouchers"
        );
        // The salt alone makes the difference where a re-created chain gives the same address again.
        assertTrue(
            domain("Jangteo Authorities", address(otherAuthorities), salt)
                != domain("Jangteo Authorities", address(otherAuthorities), SALT),
            "the salt counts"
        );
    }

    function testFuzz_deployment_refusesAPaymentOfAnother(bytes32 salt, uint64 amount) public {
        vm.assume(salt != SALT);
        uint32 series = publish(CITY, plainTerms(CITY));
        Order memory order = Order(vm.addr(KEY), address(0x5), series, 0, 1, NOW + 1 days, 0);
        order.amount = uint64(bound(amount, 1, 1_000_000));
        SignedTransfer[] memory items = only(signPayment(order, KEY));
        (authorities, vouchers) = deployPlatform(salt);
        // The new deployment founds and publishes the same again; only the signature tells them apart. Its acts are
        // signed under its own salt, which World does not do, so the preview of an unknown series must come first.
        Outcome memory said = vouchers.previewPayments(items)[0];
        assertEq(said.code, uint8(Refusal.SeriesUnknown), "no series there");
    }

    function testFuzz_deployment_refusesAnActOfAnother(bytes32 salt) public {
        vm.assume(salt != SALT);
        bytes memory call =
            abi.encodeCall(IAuthorities.foundAuthority, (STATE, OTHER_PROVINCE, crew(OTHER_PROVINCE), thresholds()));
        Act memory act = newAct(STATE, address(authorities), call);
        Approval[] memory signed = approvals(act, governors());
        (IAuthorities other,) = deployPlatform(salt);
        act.target = address(other);
        vm.expectRevert(abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 1));
        other.execute(act, signed);
    }
}
