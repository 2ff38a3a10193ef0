// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CancellationsHandler} from "./CancellationsHandler.sol";
import {Handler} from "./Handler.sol";
import {Play} from "./Play.sol";

/// @notice The laws that hold for every sequence of calls. Each call is checked as it is made, see {MirrorEvents};
/// every account and series once more at the end of a play.
contract SupplyLawTest is Handler, CancellationsHandler, Play {
    function setUp() public {
        _begin();
    }

    function _moves() internal pure override returns (bytes4[] memory all) {
        all = new bytes4[](9);
        all[0] = this.residentPays.selector;
        all[1] = this.residentActs.selector;
        all[2] = this.merchantActs.selector;
        all[3] = this.officersIssue.selector;
        all[4] = this.officersAct.selector;
        all[5] = this.timePasses.selector;
        all[6] = this.numbersAreUsed.selector;
        all[7] = this.strangersAct.selector;
        all[8] = this.accountsMove.selector;
    }

    function residentPays(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        _pay(_at(s, 0), _at(s, 1), _won(s), _at(s, 2), _at(s, 3), _at(s, 4));
    }

    function residentActs(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        uint256 kind = _at(s, 31) % 8;
        if (kind < 2) _give(_at(s, 0), _at(s, 1), _won(s), _at(s, 2), _at(s, 3), _at(s, 4));
        else if (kind < 4) _refund(_at(s, 0), _won(s), _at(s, 2), _at(s, 3), _at(s, 4));
        else if (kind < 6) _sendTokens(_at(s, 0), _at(s, 1), _won(s), _at(s, 2), _at(s, 3));
        else if (kind == 6) _changeKeys(_at(s, 0), _at(s, 1), uint32(_won(s)), _at(s, 2));
        else _replay(_at(s, 0));
    }

    function merchantActs(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        uint256 kind = _at(s, 31) % 8;
        if (kind < 3) _voidPayment(_at(s, 0), _won(s), _at(s, 1), _at(s, 2));
        else if (kind < 6) _circulate(_at(s, 0), _at(s, 1), _won(s), _at(s, 2), _at(s, 3), _at(s, 4));
        else _redeem(_at(s, 0), _won(s), _at(s, 1), _at(s, 2), _at(s, 3));
    }

    function officersIssue(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        uint256 kind = _at(s, 31) % 8;
        if (kind < 3) _approveList(_at(s, 0), _won(s), uint64(uint256(s) >> 64), _at(s, 1));
        else if (kind == 3) _submitList(_at(s, 0) % _lists.length);
        else if (kind < 7) _issueByQuota(_at(s, 0), _won(s), _at(s, 1), _at(s, 2));
        else _closeOrder(_at(s, 0));
    }

    function officersAct(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        uint256 kind = _at(s, 31) % 13;
        if (kind < 2) _settle(_at(s, 0), _won(s), _at(s, 1));
        else if (kind < 5) _returnRedemption(_at(s, 0), _at(s, 1));
        else if (kind == 5) _expire(_at(s, 0));
        else if (kind == 6) _freezeOrThaw(_at(s, 0));
        else if (kind == 7) _suspendOrAllow(_at(s, 0));
        else if (kind == 8) _pauseOrResume(_at(s, 0), uint16(_won(s)));
        else if (kind == 9) _attestAgain(_at(s, 0), _at(s, 1));
        else if (kind == 10) _replaceLostKeys(_at(s, 0), uint32(_won(s)), _at(s, 1));
        else if (kind == 11) _changeBudget(_won(s), _at(s, 0));
        else _extend(_at(s, 0), _at(s, 1), uint16(_won(s)));
    }

    function numbersAreUsed(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        if (_at(s, 31) % 4 == 0) _thiefPays(_at(s, 0), _at(s, 1), _at(s, 2), _at(s, 3));
        else _cancel(_at(s, 0), _at(s, 1), _at(s, 2), _at(s, 3), _at(s, 4));
    }

    function strangersAct(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        _strangerTries(_at(s, 0), _at(s, 1), _at(s, 2), uint32(_won(s)));
    }

    function accountsMove(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        // Several at once, so that a play has accounts that moved twice.
        for (uint256 i = 0; i < 3; i++) {
            _moveAccounts(s);
            s = _shuffled(uint256(s));
        }
    }

    function timePasses(uint256 seed) external {
        bytes32 s = _shuffled(seed);
        _letTimePass(uint16(_won(s)), _at(s, 0));
    }

    function _moveAccounts(bytes32 s) private {
        uint256 kind = _at(s, 31) % 8;
        if (kind < 2) _handOver(_at(s, 0), _at(s, 1), _at(s, 2));
        else if (kind < 4) _takeOver(_at(s, 0), _at(s, 1), _at(s, 2));
        else if (kind == 4) _object(_at(s, 0), _at(s, 1), _at(s, 2));
        else if (kind < 7) _goByConsent(_at(s, 0), _at(s, 1), _at(s, 2), _at(s, 3));
        else _showAgain(_at(s, 0));
    }

    /// @dev The supply law and who answers for whom, after each call; the calls themselves hold all the rest.
    function invariant_theSupplyLaw() public view {
        for (uint32 id = 1; id <= SERIES; id++) {
            _checkSupply(id);
        }
        for (uint256 i = 0; i < PEOPLE; i++) {
            _checkCharge(people[i]);
        }
    }

    function afterInvariant() public view {
        for (uint32 id = 1; id <= SERIES; id++) {
            for (uint256 i = 0; i < PEOPLE; i++) {
                _checkLine(id, people[i]);
            }
        }
    }
}
