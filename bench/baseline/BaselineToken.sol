// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// What most voucher pilots are: a plain ERC-20 and somebody whom every holder has approved. For measurements alone.
contract BaselineToken is ERC20 {
    address private immutable CARRIER;

    constructor(address carrier) ERC20("Baseline", "BASE") {
        CARRIER = carrier;
    }

    function endow(address[] calldata holders, uint256 each) external {
        for (uint256 i; i < holders.length; i++) {
            _mint(holders[i], each);
            _approve(holders[i], CARRIER, type(uint256).max);
        }
    }
}
