// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Transfer} from "../../src/types/Transfer.sol";
import {Test} from "../support/Test.sol";

struct Fields {
    address account;
    uint32 nonce;
    uint40 deadline;
    address recipient;
    uint64 amount;
    uint32 firstSeries;
}

contract TransferReader {
    function read(Transfer calldata item) external pure returns (Fields memory) {
        return Fields(
            item.account(),
            item.nonce(),
            item.deadline(),
            item.recipient(),
            item.amount(),
            item.firstSeries()
        );
    }
}

contract TransferTest is Test {
    TransferReader private _reader;

    function setUp() public {
        _reader = new TransferReader();
    }

    /// @dev `strayFrom`, `strayTo`: bits above the fields that belong to none of them.
    function testFuzz_fields_comeBack(Fields memory wanted, uint24 strayFrom, uint32 strayTo, uint224 more) public view {
        Transfer memory item = Transfer({
            from: uint256(bytes32(abi.encodePacked(strayFrom, wanted.deadline, wanted.nonce, wanted.account))),
            to: uint256(bytes32(abi.encodePacked(strayTo, wanted.amount, wanted.recipient))),
            series: uint256(bytes32(abi.encodePacked(more, wanted.firstSeries))),
            order: bytes32(uint256(more))
        });
        assertEq(keccak256(abi.encode(_reader.read(item))), keccak256(abi.encode(wanted)), "fields");
    }
}
