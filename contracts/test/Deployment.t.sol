// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Act, Approval, IAuthorities} from "../src/interfaces/IAuthorities.sol";
import {IVoucherEvents} from "../src/interfaces/IVoucherEvents.sol";
import {IVouchersRegistry} from "../src/interfaces/IVouchersRegistry.sol";
import {Refusal} from "../src/generated/Refusal.sol";
import {Keys} from "./support/Keys.sol";
import {Order} from "./support/Orders.sol";
import {Till} from "./support/Till.sol";

interface IDeployedParts {
    function DOMAIN_SEPARATOR() external view returns (bytes32);
    function SALT() external view returns (bytes32);
    function AUTHORITIES() external view returns (address);
    function VOUCHERS() external view returns (address);
    function EXTENSION() external view returns (address);
    function ADMIN() external view returns (address);
    function REGISTRY() external view returns (address);
    function KEY_DELAY() external view returns (uint40);
    function HAND_OVER_DELAY() external view returns (uint40);
    function CHANGE_DELAY() external view returns (uint40);
    function RESEAT_DELAY() external view returns (uint40);
}

/// @notice The contracts hold each other's addresses, and a signature is valid in one deployment only, even where chain
/// id and addresses are the same again.
contract DeploymentTest is Till {
    uint256 private constant KEY = 0xBEEF;
    address private immutable SHOP = person(0x5A0F);
    /// @dev EIP-170.
    uint256 private constant CODE_MAX = 24_576;

    function test_deployment_knowsItsParts() public {
        build();
        IDeployedParts platform = IDeployedParts(address(vouchers));
        assertEq(IDeployedParts(address(authorities)).VOUCHERS(), address(vouchers), "vouchers");
        assertEq(platform.EXTENSION(), extension, "extension");
        assertEq(platform.ADMIN(), admin, "admin");
        assertEq(platform.AUTHORITIES(), address(authorities), "authorities");
        assertEq(platform.REGISTRY(), registry, "registry");
        assertEq(platform.KEY_DELAY(), KEY_DELAY, "delay, as the registry returns it");
        assertEq(platform.HAND_OVER_DELAY(), HAND_OVER_DELAY, "notice of a hand-over");
        for (uint8 i = 0; i < 5; i++) {
            if (i == 1) continue;
            IDeployedParts part = IDeployedParts(ownContract(i));
            assertEq(part.AUTHORITIES(), address(authorities), "authorities of a part");
            assertEq(part.EXTENSION(), extension, "extension of a part");
            assertEq(part.ADMIN(), admin, "admin of a part");
            assertEq(part.REGISTRY(), registry, "registry of a part");
        }
        assertEq(IDeployedParts(address(authorities)).CHANGE_DELAY(), CHANGE_DELAY, "delay of changes");
        assertEq(IDeployedParts(address(authorities)).RESEAT_DELAY(), RESEAT_DELAY, "delay of a reseat");
        assertEq(keccak256(bytes(tokens.uri(1))), keccak256(bytes(URI)), "uri");
    }

    function test_deployment_fitsTheLimitOfCode() public {
        build();
        assertTrue(address(authorities).code.length <= CODE_MAX, "authorities");
        assertTrue(address(vouchers).code.length <= CODE_MAX, "vouchers");
        assertTrue(extension.code.length <= CODE_MAX, "extension");
        assertTrue(admin.code.length <= CODE_MAX, "admin");
        assertTrue(registry.code.length <= CODE_MAX, "registry");
    }

    function testFuzz_deployment_hasItsOwnDomains(bytes32 deploymentSalt) public {
        build(deploymentSalt);
        assertEq(IDeployedParts(address(vouchers)).SALT(), deploymentSalt, "salt of vouchers");
        assertEq(IDeployedParts(extension).SALT(), deploymentSalt, "salt of the extension");
        assertEq(IDeployedParts(registry).SALT(), deploymentSalt, "salt of the registry");
        assertEq(IDeployedParts(address(authorities)).SALT(), deploymentSalt, "salt of authorities");
        bytes32 separator = IDeployedParts(address(vouchers)).DOMAIN_SEPARATOR();
        assertEq(separator, domain("Jangteo Vouchers", address(vouchers)), "domain of vouchers");
        separator = IDeployedParts(address(authorities)).DOMAIN_SEPARATOR();
        assertEq(separator, domain("Jangteo Authorities", address(authorities)), "domain of authorities");
        // A signature for the platform is invalid at the extension itself.
        assertEq(IDeployedParts(extension).DOMAIN_SEPARATOR(), domain("Jangteo Vouchers", extension), "domain of the extension");
    }

    function testFuzz_deployment_refusesAPaymentOfAnother(bytes32 otherSalt, uint64 amount) public {
        vm.assume(otherSalt != SALT);
        uint256 empty = vm.snapshotState();
        (address first, Order memory order) = _openShop(SALT, amount);
        bytes memory proof = prove(wallet(KEY), paymentId(order));
        vm.revertToState(empty);
        (address second, Order memory same) = _openShop(otherSalt, amount);
        assertEq(first, second, "a re-created chain has the same addresses");
        assertEq(keccak256(abi.encode(order)), keccak256(abi.encode(same)), "the same order");
        refusesPayment(same, proof, Refusal.SignatureInvalid, 0, 0);
        settles(same, KEY);
    }

    /// @dev The registry computes its domain at each call; it must equal the platform's stored one.
    function testFuzz_deployment_refusesAKeyChangeOfAnother(bytes32 otherSalt) public {
        vm.assume(otherSalt != SALT);
        uint256 empty = vm.snapshotState();
        build();
        address account = person(KEY);
        bytes memory proof = _keyChange(account);
        vm.revertToState(empty);
        build(otherSalt);
        vm.expectRevert(abi.encodeWithSelector(IVoucherEvents.KeyChangeNotSigned.selector, account));
        vouchers.changeKeys(account, _ring(), NOW, proof);
        vouchers.changeKeys(account, _ring(), NOW, _keyChange(account));
        assertEq(vouchers.keysOf(account), Keys.ringHash(_ring()), "keys");
    }

    function testFuzz_deployment_refusesAnActOfAnother(bytes32 otherSalt) public {
        vm.assume(otherSalt != SALT);
        uint256 empty = vm.snapshotState();
        build();
        Act memory nothing = newAct(PROVINCE, address(vouchers), _nothing());
        Approval[] memory signed = approvals(nothing, registrars());
        vm.revertToState(empty);
        build(otherSalt);
        refusesAct(nothing, signed, abi.encodeWithSelector(IAuthorities.OfficerSignatureInvalid.selector, 6));
        authorities.execute(nothing, approvals(nothing, registrars()));
    }

    function _openShop(bytes32 deploymentSalt, uint64 amount) private returns (address, Order memory) {
        build(deploymentSalt);
        uint32 series = publish(CITY, plainTerms(CITY));
        register(SHOP, CITY, 1, 1);
        issueTo(CITY, series, person(KEY), 1_000_000);
        amount = uint64(bound(amount, 1, 1_000_000));
        return (address(vouchers), Order(person(KEY), SHOP, series, amount, 1, NOW + 1 days, 0));
    }

    function _keyChange(address account) private view returns (bytes memory) {
        bytes32 kind = keccak256("KeyChange(address account,bytes keys,uint32 change,uint40 deadline)");
        return prove(wallet(KEY), digest(abi.encode(kind, account, keccak256(_ring()), 1, NOW)));
    }

    function _ring() private pure returns (bytes memory) {
        return Keys.ring(0, Keys.entry(2, Keys.walletId(1)));
    }

    function _nothing() private pure returns (bytes memory) {
        return abi.encodeCall(IVouchersRegistry.freezeAccounts, (PROVINCE, new address[](0), 0));
    }
}
