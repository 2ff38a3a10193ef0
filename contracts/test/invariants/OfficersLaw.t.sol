// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities, Officer, Thresholds} from "../../src/interfaces/IAuthorities.sol";
import {AreasHandler} from "./AreasHandler.sol";
import {Play} from "./Play.sol";

/// @notice What holds of officers' powers for every sequence of calls: no one acts for an authority without an honest
/// officer, every role stays large enough, and honest governors can act within 30 days wherever the play ended.
contract OfficersLawTest is AreasHandler, Play {
    function setUp() public {
        _begin();
    }

    function _moves() internal pure override returns (bytes4[] memory all) {
        all = new bytes4[](6);
        all[0] = this.governorsAct.selector;
        all[1] = this.treasurersAct.selector;
        all[2] = this.anybodyActs.selector;
        all[3] = this.attackersAct.selector;
        all[4] = this.timePasses.selector;
        all[5] = this.areasMove.selector;
    }

    function governorsAct(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        uint8 kind = _at(s, 31) % 8;
        bool firm = _at(s, 30) % 4 == 0 && _mayBeFirm();
        if (kind < 3) _proposeOfficers(_at(s, 0), _at(s, 1), _at(s, 2), firm);
        else if (kind < 5) _proposeThresholds(_at(s, 0), _at(s, 1), firm);
        else if (kind == 5) _removeSomebody(_at(s, 0));
        else if (kind == 6) _rejectReseat();
        else _proposeReseat(_at(s, 0) % 3 != 0);
    }

    function treasurersAct(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        if (_at(s, 31) % 3 == 0) _drop(_at(s, 0));
        else _approveForIssue(_won(s), _at(s, 0) % 2 == 0);
    }

    function anybodyActs(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        if (_at(s, 31) % 4 == 0) _finishReseat(_at(s, 0) % 2 == 0 ? CITY : OTHER_CITY);
        else _finishAny(_at(s, 0));
    }

    function attackersAct(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        uint8 kind = _at(s, 31) % 8;
        if (kind < 3) _stopAny(_at(s, 0), _at(s, 1) % 2 == 0);
        else if (kind < 7) _attack(_at(s, 0), _won(s));
        else _puppet(_at(s, 0), _at(s, 1) % 2 == 0);
    }

    function areasMove(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        bool firm = _at(s, 30) % 4 == 0 && _mayBeFirm();
        if (_at(s, 31) % 3 == 0) _finishGrant(_at(s, 0));
        else _proposeArea(_at(s, 0), _at(s, 1), _at(s, 2), firm);
    }

    function timePasses(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        _letTimePass(uint32(uint256(s) >> 128), _at(s, 0));
    }

    /// @dev What can change them looks at every role itself, see {_requireLargeEnough}.
    function invariant_governorsAndAreas() public view {
        _checkAreas();
        Thresholds memory limits = authorities.thresholds(CITY);
        assertTrue(limits.governors >= limits.bands[limits.bands.length - 1].officers, "governors below treasurers");
    }

    /// @dev From wherever the play has come to: the city's honest governors change an officer while the rogue and the
    /// thief stop what they can at the last moment, and the dead city gets officers again.
    function afterInvariant() public {
        _requireLargeEnough(CITY);
        _requireLargeEnough(OTHER_CITY);
        uint256 begin = block.timestamp;
        // Somebody new, and a repair of every role that has none to spare.
        Officer[] memory list = new Officer[](2);
        list[0] = Officer(IDS, 7, keys(keccak256("the last newcomer")));
        list[1] = Officer(IDS + 1, 7, keys(keccak256("another newcomer")));
        bytes32 change = officersChange(CITY, list);
        for (bool done = false; !done;) {
            assertTrue(block.timestamp <= begin + 30 days, "honest governors could not change an officer in 30 days");
            _honest(abi.encodeCall(IAuthorities.setOfficers, (CITY, list)), false);
            vm.warp(block.timestamp + CHANGE_DELAY);
            done = !_stopped(change, ROGUE) && !_stopped(change, STOLEN);
            if (done) authorities.finishOfficers(CITY, list);
        }
        assertEq(_rolesOf(CITY, IDS), 7, "the newcomer");
        _reviveTheDeadCity();
    }

    function _stopped(bytes32 change, uint32 by) private returns (bool stopped) {
        bytes memory call = abi.encodeCall(IAuthorities.stopChange, (CITY, change));
        Kept memory signed = _sign(CITY, address(authorities), call, ids(by));
        try authorities.execute(signed.act, signed.approvals) {
            return true;
        } catch {}
    }

    function _reviveTheDeadCity() private {
        uint256 begin = block.timestamp;
        _proposeReseat(true);
        for (uint8 which = 0; which < 40; which++) {
            _attack(which * 2 + 1, which);
        }
        vm.warp(begin + RESEAT_DELAY);
        authorities.finishReseat(OTHER_CITY);
        decideSelf(OTHER_CITY, abi.encodeCall(IAuthorities.removeOfficers, (OTHER_CITY, ids(1))), ids(2, 8, 9));
        assertTrue(block.timestamp <= begin + 30 days, "the dead city could not act in 30 days");
    }
}
