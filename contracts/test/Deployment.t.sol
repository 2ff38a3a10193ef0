// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Act, Approval, IAuthorities} from "../src/interfaces/IAuthorities.sol";
import {IVouchers} from "../src/interfaces/IVouchers.sol";
import {Refusal} from "../src/generated/Refusal.sol";
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

    function test_deployment_knowsItsParts() public {
        build();
        assertEq(IDomain(address(vouchers)).AUTHORITIES(), address(authorities), "authorities");
        assertEq(IDomain(address(authorities)).VOUCHERS(), address(vouchers), "vouchers");
    }

    function testFuzz_deployment_hasItsOwnDomains(bytes32 deploymentSalt) public {
        build(deploymentSalt);
        assertEq(IDomain(address(vouchers)).SALT(), deploymentSalt, "salt of vouchers");
        assertEq(IDomain(address(authorities)).SALT(), deploymentSalt, "salt of authorities");
        bytes32 ours = IDomain(address(vouchers)).DOMAIN_SEPARATOR();
        assertEq(ours, domain("Jangteo Vouchers", address(vouchers)), "domain of vouchers");
        ours = IDomain(address(authorities)).DOMAIN_SEPARATOR();
        assertEq(ours, domain("Jangteo Authorities", address(authorities)), "domain of authorities");
    }

    function testFuzz_deployment_refusesAPaymentOfAnother(bytes32 otherSalt, uint64 amount) public {
        vm.assume(otherSalt != SALT);
        uint256 empty = vm.snapshotState();
        (address first, Order memory order) = _openShop(SALT, amount);
        SignedTransfer memory item = signPayment(order, KEY);
        vm.revertToState(empty);
        (address second, Order memory same) = _openShop(otherSalt, amount);
        assertEq(first, second, "a re-created chain has the same addresses");
        assertEq(keccak256(abi.encode(order)), keccak256(abi.encode(same)), "the same order");
        refusesPayment(item, paymentId(same), Refusal.SignatureInvalid, 0, 0);
        settles(same, KEY);
    }

    function testFuzz_deployment_refusesAnActOfAnother(bytes32 otherSalt) public {
        vm.assume(otherSalt != SALT);
        uint256 empty = vm.snapshotState();
        build();
        Act memory act = newAct(PROVINCE, address(vouchers), _nothing());
        Approval[] memory signed = approvals(act, registrars());
        vm.revertToState(empty);
        build(otherSalt);
        refusesAct(act, signed, abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 6));
        authorities.execute(act, approvals(act, registrars()));
    }

    function _openShop(bytes32 deploymentSalt, uint64 amount) private returns (address, Order memory) {
        build(deploymentSalt);
        uint32 series = publish(CITY, plainTerms(CITY));
        register(address(0x5A0F), CITY, 1, 1);
        give(CITY, series, vm.addr(KEY), 1_000_000);
        amount = uint64(bound(amount, 1, 1_000_000));
        return (address(vouchers), Order(vm.addr(KEY), address(0x5A0F), series, amount, 1, NOW + 1 days, 0));
    }

    function _nothing() private pure returns (bytes memory) {
        return abi.encodeCall(IVouchers.freezeAccounts, (PROVINCE, new address[](0), true));
    }
}
