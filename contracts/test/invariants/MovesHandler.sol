// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerchantStatus} from "../../src/interfaces/VoucherTypes.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {Signer} from "../support/Orders.sol";
import {Charge} from "./Mirror.sol";
import {Submissions} from "./Submissions.sol";

/// @notice Three authorities hand accounts over to each other, holders object or go by their own wish, and every consent
/// that was ever signed is shown again. Each call says beforehand whether the account comes.
abstract contract MovesHandler is Submissions {
    /// @param byOwner signed by an owner key of the account. @param age of its keys.
    struct Paper {
        address account;
        Region from;
        Region to;
        uint32 number;
        uint40 deadline;
        bool byOwner;
        uint256 age;
        bytes consented;
    }

    Paper[] internal _papers;

    /// @notice Who answers hands over, to another one or to no one.
    function _handOver(uint8 who, uint8 to, uint8 twist) internal watched {
        address account = _anybody(who);
        Charge storage known = charges[account];
        Region next = twist % 8 == 0 ? STATE : _authority(to);
        if (next.equals(known.authority)) next = STATE;
        uint32 wanted = known.number;
        if (!next.isState() || known.readyAt != 0) wanted++;
        act(known.authority, proposeCall(known.authority, next, account), twoRegistrars());
        _reconcile();
        assertEq(known.number, wanted, "what was proposed");
        vm.recordLogs();
    }

    /// @notice Takes what was handed over: mostly to whom it was, in time or a second early, or another one tries.
    function _takeOver(uint8 who, uint8 other, uint8 twist) internal watched {
        address account = _waiting(who);
        Charge storage known = charges[account];
        if (twist % 4 != 0 && known.readyAt > block.timestamp) vm.warp(known.readyAt - twist / 8 % 2);
        Region by = twist % 8 == 1 || known.to.isState() ? _authority(other) : known.to;
        bool good = known.readyAt != 0 && known.to.equals(by) && block.timestamp >= known.readyAt;
        _take(by, account, "", good);
    }

    function _object(uint8 who, uint8 which, uint8 twist) internal watched {
        address account = _waiting(who);
        Charge storage known = charges[account];
        uint32 number = twist % 8 == 1 && known.number != 0 ? known.number - 1 : known.number;
        Signer memory by = _signerOf(twist % 8 == 2 ? _anybody(indexOf[account] + 1) : account, which);
        bool good = known.readyAt != 0 && number == known.number && twist % 8 != 2 && !_isDevice(by);
        uint40 deadline = uint40(block.timestamp) + twist;
        bytes memory proof = prove(by, handOverObjectionId(account, known.to, number, deadline));
        mayStop[account] = good;
        try vouchers.stopHandOver(account, deadline, proof) {
            assertTrue(good, "stopped without the owner");
        } catch {
            vm.recordLogs();
            assertTrue(!good, "an owner could not object");
        }
        _reconcile();
        vm.recordLogs();
        mayStop[account] = false;
    }

    /// @notice A holder goes to another authority, or a device, somebody else or an old number tries to.
    function _goByConsent(uint8 who, uint8 to, uint8 which, uint8 twist) internal watched {
        address account = _anybody(who);
        Charge storage known = charges[account];
        Signer memory by = _signerOf(twist % 8 == 3 ? _anybody(uint256(who) + 1) : account, which);
        Paper storage paper = _papers.push();
        paper.account = account;
        paper.from = twist % 8 == 2 ? _authority(twist / 8) : known.authority;
        paper.to = _authority(to);
        paper.number = known.moves + (twist % 8 == 1 ? 1 : 0);
        paper.deadline = uint40(block.timestamp) + uint40(twist) * 1 hours;
        paper.byOwner = twist % 8 != 3 && !_isDevice(by);
        paper.age = generation[account];
        bytes32 id = consentId(account, paper.from, paper.to, paper.number, paper.deadline);
        paper.consented = abi.encodePacked(paper.deadline, prove(by, id));
        _show(paper);
    }

    /// @notice Any consent that was signed before, however long ago.
    function _showAgain(uint8 which) internal watched {
        if (_papers.length != 0) _show(_papers[which % _papers.length]);
    }

    function _authority(uint256 seed) internal pure returns (Region) {
        return seed % 3 == 0 ? PROVINCE : seed % 3 == 1 ? CITY : OTHER_CITY;
    }

    /// @dev Mostly somebody who is handed over.
    function _waiting(uint256 who) private view returns (address) {
        for (uint256 i = who; i < who + PEOPLE && who % 4 != 0; i++) {
            if (charges[_anybody(i)].readyAt != 0) return _anybody(i);
        }
        return _anybody(who);
    }

    /// @dev Where an authority records whoever it answers for.
    function _placeIn(Region by) internal pure returns (Region) {
        return by.equals(PROVINCE) ? CITY : by;
    }

    function _show(Paper storage paper) private {
        address account = paper.account;
        Charge storage known = charges[account];
        bool good = paper.byOwner && paper.age == generation[account] && block.timestamp <= paper.deadline;
        good = good && paper.from.equals(known.authority) && paper.number == known.moves;
        good = good && !paper.to.equals(known.authority) && !_isFrozen(account);
        if (indexOf[account] >= RESIDENTS) good = good && statusOf[account] == MerchantStatus.Active;
        _take(paper.to, account, paper.consented, good);
    }

    function _take(Region by, address account, bytes memory consented, bool good) private {
        uint32 wanted = charges[account].moves + (good ? 1 : 0);
        mayCome[account] = good ? by : STATE;
        act(by, takeCall(by, account, _placeIn(by), consented), twoRegistrars());
        _reconcile();
        assertEq(charges[account].moves, wanted, good ? "could not come" : "came");
        mayCome[account] = STATE;
        vm.recordLogs();
    }
}
