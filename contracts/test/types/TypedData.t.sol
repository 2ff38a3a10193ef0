// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Region} from "../../src/types/Region.sol";
import {Transfer} from "../../src/types/Transfer.sol";
import {TypedData} from "../../src/types/TypedData.sol";
import {Test} from "../support/Test.sol";

contract Hasher {
    function payment(Transfer calldata item) external pure returns (bytes32) {
        return TypedData.hashPayment(item);
    }

    function voiding(Transfer calldata item, bytes32 paid) external pure returns (bytes32) {
        return TypedData.hashVoid(item, paid);
    }

    function gift(Transfer calldata item) external pure returns (bytes32) {
        return TypedData.hashGift(item);
    }

    function circulation(Transfer calldata item) external pure returns (bytes32) {
        return TypedData.hashCirculation(item);
    }

    function redemption(Transfer calldata item) external pure returns (bytes32) {
        return TypedData.hashRedemption(item);
    }

    function refund(Transfer calldata item) external pure returns (bytes32) {
        return TypedData.hashRefund(item);
    }

    function cancellation(Transfer calldata item) external pure returns (bytes32) {
        return TypedData.hashCancellation(item);
    }

    function merchantCancellation(Transfer calldata item) external pure returns (bytes32) {
        return TypedData.hashMerchantCancellation(item);
    }

    function keyChange(address account, bytes calldata keys, uint32 change, uint40 deadline)
        external
        pure
        returns (bytes32)
    {
        return TypedData.hashKeyChange(account, keys, change, deadline);
    }

    function act(Region authority, address target, bytes calldata call, uint256 nonce, uint40 deadline)
        external
        pure
        returns (bytes32)
    {
        return TypedData.hashAct(authority, target, call, nonce, deadline);
    }
}

/// @notice Each message's hash against EIP-712 written out field by field, from plain fields and the type's text.
contract TypedDataTest is Test {
    struct Plain {
        address from;
        address to;
        uint64 amount;
        uint32 series;
        uint32 nonce;
        uint40 deadline;
        bytes32 order;
    }

    string private constant BETWEEN =
        "uint64 amount,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)";

    Hasher private _hasher;

    function setUp() public {
        _hasher = new Hasher();
    }

    function testFuzz_hashPayment_overOneToEightSeries(Plain memory plain, uint32[8] memory ids, uint8 count) public view {
        uint256 length = bound(count, 1, 8);
        Transfer memory item = _pack(plain);
        item.series = 0;
        bytes memory words;
        for (uint256 i = 0; i < length; i++) {
            if (ids[i] == 0) ids[i] = 1;
            item.series |= uint256(ids[i]) << (32 * i);
            words = bytes.concat(words, bytes32(uint256(ids[i])));
        }
        bytes32 wanted = keccak256(
            abi.encode(
                keccak256(
                    "Payment(address payer,address merchant,uint64 amount,uint32[] series,uint32 nonce,uint40 deadline,bytes32 order)"
                ),
                plain.from,
                plain.to,
                plain.amount,
                keccak256(words),
                plain.nonce,
                plain.deadline,
                plain.order
            )
        );
        assertEq(_hasher.payment(item), wanted, "payment");
        // What stands behind the zero that ends the list is no series.
        if (length < 7) item.series |= uint256(ids[7]) << 224;
        assertEq(_hasher.payment(item), wanted, "behind the end of the list");
    }

    function testFuzz_hashVoid(Plain memory plain, bytes32 payment) public view {
        bytes32 wanted = keccak256(
            bytes.concat(
                _type(string.concat("Void(bytes32 payment,address merchant,", BETWEEN)),
                payment,
                abi.encode(plain.from),
                _rest(plain)
            )
        );
        assertEq(_hasher.voiding(_pack(plain), payment), wanted, "void");
        plain.to = address(~uint160(plain.to));
        assertEq(_hasher.voiding(_pack(plain), payment), wanted, "a void names no payer");
    }

    function testFuzz_hashGift(Plain memory plain) public view {
        bytes32 kind = _type(string.concat("Gift(address giver,address receiver,", BETWEEN));
        assertEq(_hasher.gift(_pack(plain)), _hash(kind, _twoSides(plain), plain), "gift");
    }

    function testFuzz_hashCirculation(Plain memory plain) public view {
        bytes32 kind = _type(string.concat("Circulation(address merchant,address recipient,", BETWEEN));
        assertEq(_hasher.circulation(_pack(plain)), _hash(kind, _twoSides(plain), plain), "circulation");
    }

    function testFuzz_hashRedemption(Plain memory plain) public view {
        bytes32 kind = _type(string.concat("Redemption(address merchant,", BETWEEN));
        assertEq(_hasher.redemption(_pack(plain)), _hash(kind, abi.encode(plain.from), plain), "redemption");
    }

    function testFuzz_hashRefund(Plain memory plain) public view {
        bytes32 kind = _type(string.concat("Refund(address account,", BETWEEN));
        assertEq(_hasher.refund(_pack(plain)), _hash(kind, abi.encode(plain.from), plain), "refund");
    }

    function testFuzz_hashCancellation(Plain memory plain) public view {
        string memory rest = "uint64 count,uint32 series,uint32 nonce,uint40 deadline,bytes32 order)";
        bytes32 kind = _type(string.concat("Cancellation(address account,", rest));
        assertEq(_hasher.cancellation(_pack(plain)), _hash(kind, abi.encode(plain.from), plain), "cancellation");
        kind = _type(string.concat("MerchantCancellation(address merchant,", rest));
        assertEq(_hasher.merchantCancellation(_pack(plain)), _hash(kind, abi.encode(plain.from), plain), "merchant's");
    }

    function testFuzz_hashKeyChange(address account, bytes memory keys, uint32 change, uint40 deadline) public view {
        bytes32 kind = _type("KeyChange(address account,bytes keys,uint32 change,uint40 deadline)");
        bytes32 wanted = keccak256(abi.encode(kind, account, keccak256(keys), change, deadline));
        assertEq(_hasher.keyChange(account, keys, change, deadline), wanted, "key change");
    }

    function testFuzz_hashObjection(address account, bytes32 keys, uint32 number, uint40 deadline) public pure {
        bytes32 kind = _type("Objection(address account,bytes32 keys,uint32 number,uint40 deadline)");
        bytes32 wanted = keccak256(abi.encode(kind, account, keys, number, deadline));
        assertEq(TypedData.hashObjection(account, keys, number, deadline), wanted, "objection");
    }

    function testFuzz_hashConsent(address account, uint48 from, uint48 to, uint32 number, uint40 deadline) public pure {
        bytes32 kind = _type("Consent(address account,uint48 from,uint48 to,uint32 number,uint40 deadline)");
        bytes32 wanted = keccak256(abi.encode(kind, account, from, to, number, deadline));
        bytes32 got = TypedData.hashConsent(account, Region.wrap(from), Region.wrap(to), number, deadline);
        assertEq(got, wanted, "consent");
    }

    function testFuzz_hashHandOverObjection(address account, uint48 to, uint32 number, uint40 deadline) public pure {
        bytes32 kind = _type("HandOverObjection(address account,uint48 to,uint32 number,uint40 deadline)");
        bytes32 wanted = keccak256(abi.encode(kind, account, to, number, deadline));
        assertEq(TypedData.hashHandOverObjection(account, Region.wrap(to), number, deadline), wanted, "objection");
    }

    function testFuzz_hashQuotaIssue(uint64 order, uint256 index, bytes32 items) public pure {
        bytes32 kind = _type("QuotaIssue(uint64 order,uint256 index,bytes32 items)");
        bytes32 wanted = keccak256(abi.encode(kind, order, index, items));
        assertEq(TypedData.hashQuotaIssue(order, index, items), wanted, "quota issue");
    }

    function testFuzz_hashWithdrawal(bytes32 act) public pure {
        bytes32 wanted = keccak256(abi.encode(keccak256("Withdrawal(bytes32 act)"), act));
        assertEq(TypedData.hashWithdrawal(act), wanted, "withdrawal");
    }

    function testFuzz_hashAct(uint48 authority, address target, bytes memory call, uint256 nonce, uint40 deadline)
        public
        view
    {
        bytes32 kind = _type("Act(uint48 authority,address target,bytes call,uint256 nonce,uint40 deadline)");
        bytes32 wanted = keccak256(abi.encode(kind, authority, target, keccak256(call), nonce, deadline));
        assertEq(_hasher.act(Region.wrap(authority), target, call, nonce, deadline), wanted, "act");
    }

    function _type(string memory text) private pure returns (bytes32) {
        return keccak256(bytes(text));
    }

    function _hash(bytes32 kind, bytes memory sides, Plain memory plain) private pure returns (bytes32) {
        return keccak256(bytes.concat(kind, sides, _rest(plain)));
    }

    function _twoSides(Plain memory plain) private pure returns (bytes memory) {
        return abi.encode(plain.from, plain.to);
    }

    function _rest(Plain memory plain) private pure returns (bytes memory) {
        return abi.encode(plain.amount, plain.series, plain.nonce, plain.deadline, plain.order);
    }

    function _pack(Plain memory plain) private pure returns (Transfer memory) {
        return Transfer({
            from: uint160(plain.from) | uint256(plain.nonce) << 160 | uint256(plain.deadline) << 192,
            to: uint160(plain.to) | uint256(plain.amount) << 160,
            series: plain.series,
            order: plain.order
        });
    }
}
