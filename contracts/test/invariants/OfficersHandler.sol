// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Act, Approval, IAuthorities, Officer, Role, Thresholds} from "../../src/interfaces/IAuthorities.sol";
import {KoreanCalendar} from "../../src/types/KoreanCalendar.sol";
import {Region, STATE} from "../../src/types/Region.sol";
import {ActTarget} from "../authorities/AuthorityFixture.sol";
import {Keys} from "../support/Keys.sol";
import {AreasMirror} from "./AreasMirror.sol";

/// @notice Honest officers of a city beside a rogue governor (9), a rogue treasurer (10) and a thief of governor 8's key;
/// another city that lost every key but one, which the thief has; their province, and a state that wants power below it.
/// Each call says beforehand what must come of it.
abstract contract OfficersHandler is AreasMirror {
    /// @param area of a change of areas, which `to` gets, or the city gives up.
    struct Begun {
        Officer[] officers;
        bytes limits;
        bool ofOfficers;
        uint40 readyAt;
        bool firm;
        bool alive;
        Region to;
        Region area;
    }

    struct Kept {
        Act act;
        Approval[] approvals;
    }

    uint32 internal constant ROGUE = 9;
    uint32 internal constant ROGUE_TREASURER = 10;
    uint32 internal constant STOLEN = 8;
    uint32 internal constant NEWCOMER = 14;
    uint32 internal constant IDS = 18;
    uint40 internal constant LIFE = 30 days;

    bytes32[] internal _ids;
    mapping(bytes32 => Begun) private _begun;
    mapping(bytes32 => mapping(uint32 => bool)) private _stopped;
    /// @dev Approvals that somebody keeps of acts that were dropped.
    Kept[] private _kept;
    mapping(Region => uint40) internal reseatAt;
    uint256 private _approvedOn;
    uint256 private _approved;

    function _begin() internal {
        build();
        _beginAreas();
        Officer[] memory more = new Officer[](2);
        more[0] = Officer(12, 1, keys(Keys.walletId(officerKey(CITY, 12))));
        more[1] = Officer(13, 1, keys(Keys.walletId(officerKey(CITY, 13))));
        changeOfficers(CITY, more);
    }

    // The city's honest officers

    function _proposeOfficers(uint8 who, uint8 roles, uint8 key, bool firm) internal {
        uint32 id = NEWCOMER + who % 4;
        roles = roles % 8;
        bytes32[] memory own = roles == 0 ? keys() : keys(keccak256(abi.encode("newcomer", id, key % 4)));
        Officer[] memory list = oneOfficer(Officer(id, roles, own));
        bytes32 change = officersChange(CITY, list);
        _honest(abi.encodeCall(IAuthorities.setOfficers, (CITY, list)), firm);
        Begun storage begun = _remember(change, firm);
        if (begun.officers.length == 0) begun.officers.push(list[0]);
        begun.ofOfficers = true;
    }

    function _proposeThresholds(uint8 governors_, uint64 limit, bool firm) internal {
        Thresholds memory next = thresholds();
        next.governors = 3 + governors_ % 2;
        next.registrars = 1 + governors_ / 2 % 2;
        next.bands[0].upTo = SMALL - limit % 3;
        bytes32 change = thresholdsChange(CITY, next);
        _honest(abi.encodeCall(IAuthorities.setThresholds, (CITY, next)), firm);
        _remember(change, firm).limits = abi.encode(next);
    }

    /// @dev Of an area that the city may move.
    function _proposeAreaOfCity(bytes memory call, Region to, Region area, bool firm) internal {
        _honest(call, firm);
        Begun storage begun = _remember(areaChange(CITY, to, area), firm);
        (begun.to, begun.area) = (to, area);
    }

    function _removeSomebody(uint8 who) internal {
        uint32[4] memory may = [ROGUE, ROGUE_TREASURER, STOLEN, NEWCOMER + who / 4 % 4];
        uint32 id = may[who % 4];
        bytes memory call = abi.encodeCall(IAuthorities.removeOfficers, (CITY, ids(id)));
        if (_rolesOf(CITY, id) == 0 || !_canDoWithout(id)) {
            _refused(_sign(CITY, address(authorities), call, _honestGovernors(false)), "removed no one");
            return;
        }
        _honest(call, false);
        for (uint256 i = 0; i < _ids.length; i++) {
            _begun[_ids[i]].alive = false;
        }
        assertEq(_rolesOf(CITY, id), 0, "removed at once");
        _requireLargeEnough(CITY);
    }

    /// @notice Two treasurers approve, one thinks again, and somebody keeps what they signed.
    function _drop(uint8 which) internal {
        Kept storage kept = _kept.push();
        kept.act = newAct(CITY, address(actTarget), decide(CITY, which));
        kept.act.deadline = uint40(block.timestamp + LIFE);
        Approval[] memory signed = approvals(kept.act, ids(3, 4));
        for (uint256 i = 0; i < 2; i++) {
            kept.approvals.push(signed[i]);
        }
        withdraw(CITY, digestOf(kept.act), which % 2 == 0 ? 3 : 4);
    }

    function _approveForIssue(uint64 amount, bool three) internal {
        amount = uint64(bound(amount, 1, SMALL / 2));
        uint256 today = KoreanCalendar.day(block.timestamp);
        if (_approvedOn != today) (_approvedOn, _approved) = (today, 0);
        uint64 limit = authorities.thresholds(CITY).bands[0].upTo;
        uint32[] memory signers = three ? treasurers() : ids(3, 4);
        bytes memory call = abi.encodeCall(ActTarget.issue, (CITY, amount));
        if (!three && _approved + amount > limit) {
            _refused(_sign(CITY, address(actTarget), call, signers), "slices passed a band");
            return;
        }
        _approved += amount;
        execute(CITY, address(actTarget), call, signers);
        assertEq(authorities.approvedToday(CITY), _approved, "approved today");
    }

    // Anybody

    function _finishAny(uint8 which) internal {
        if (_ids.length == 0) return;
        bytes32 change = _ids[which % _ids.length];
        Begun storage begun = _begun[change];
        bool due = begun.alive && block.timestamp >= begun.readyAt && block.timestamp <= begun.readyAt + LIFE;
        // What was possible when it was proposed may have become wrong.
        if (!begun.area.isState()) due = due && _isMovable(CITY, begun.to, begun.area);
        bytes32 before = _stateOf(CITY);
        try this.finish(change) {
            assertTrue(due, "a change without its delay, or one that had ended");
            begun.alive = false;
            if (!begun.area.isState()) _writeArea(CITY, begun.to, begun.area);
            _requireLargeEnough(CITY);
        } catch (bytes memory reason) {
            assertEq(_stateOf(CITY), before, "changed and reverted");
            if (due) _requireReasonOfContent(bytes4(reason));
        }
    }

    /// @dev From outside, so that a refusal can be caught.
    function finish(bytes32 change) external {
        Begun storage begun = _begun[change];
        if (!begun.area.isState()) authorities.finishArea(CITY, begun.to, begun.area);
        else if (begun.ofOfficers) authorities.finishOfficers(CITY, begun.officers);
        else authorities.finishThresholds(CITY, abi.decode(begun.limits, (Thresholds)));
    }

    function _finishReseat(Region city) internal {
        bool due = reseatAt[city] != 0 && block.timestamp >= reseatAt[city];
        due = due && block.timestamp <= reseatAt[city] + LIFE;
        try authorities.finishReseat(city) {
            assertTrue(due, "a reseat without its delay, or one that was rejected");
            reseatAt[city] = 0;
            _requireLargeEnough(city);
            // The same people again, so that the play goes on.
            if (city.equals(CITY)) _endAll();
        } catch {
            assertTrue(!due, "a reseat that was due");
        }
    }

    // Rogues, thieves and ancestors

    function _stopAny(uint8 which, bool rogue) internal {
        if (_ids.length == 0) return;
        bytes32 change = _ids[which % _ids.length];
        Begun storage begun = _begun[change];
        uint32 by = rogue ? ROGUE : STOLEN;
        bool may = begun.alive && block.timestamp <= begun.readyAt + LIFE && !begun.firm;
        may = may && !_stopped[change][by] && _rolesOf(CITY, by) & 1 == 1;
        Kept memory try_ = _sign(
            CITY, address(authorities), abi.encodeCall(IAuthorities.stopChange, (CITY, change)), ids(by)
        );
        if (!may) return _refused(try_, "a governor stopped a change twice, or one that can't be stopped");
        authorities.execute(try_.act, try_.approvals);
        _stopped[change][by] = true;
        begun.alive = false;
    }

    /// @notice All that rogue and thief have, under any call.
    function _attack(uint8 which, uint64 amount) internal {
        bytes32 before = keccak256(abi.encode(_stateOf(CITY), _stateOf(OTHER_CITY), actTarget.decided()));
        Region city = which % 2 == 0 ? CITY : OTHER_CITY;
        (address target, bytes memory call) = _wish(city, which / 2, amount);
        uint32[] memory all = city.equals(CITY) ? ids(STOLEN, ROGUE, ROGUE_TREASURER) : ids(STOLEN);
        if (which % 5 == 0) all = new uint32[](0);
        _refused(_sign(city, target, call, all), "the attackers acted for an authority");
        if (_kept.length > 0) _refused(_kept[which % _kept.length], "a dropped act was executed");
        assertEq(
            keccak256(abi.encode(_stateOf(CITY), _stateOf(OTHER_CITY), actTarget.decided())), before, "changed"
        );
    }

    /// @notice The state and the province want an authority of their own around or inside the city.
    function _puppet(uint8 count, bool state) internal {
        Region puppet = Region.wrap(0x471301234500 | 10).prefix(bound(count, 2, 10));
        Region founder = state ? STATE : PROVINCE;
        // Between itself and the city the province is the nearest: that is its own area (and its own officers).
        if (!state && puppet.digits() > 2 && puppet.digits() < 5) return;
        bytes memory call =
            abi.encodeCall(IAuthorities.foundAuthority, (founder, puppet, crew(puppet), thresholds()));
        _refused(_sign(founder, address(authorities), call, governors()), "a puppet was founded");
    }

    function _proposeReseat(bool dead) internal {
        Region city = dead ? OTHER_CITY : CITY;
        Officer[] memory list = dead ? crew(city) : _present();
        bytes memory call = abi.encodeCall(IAuthorities.proposeReseat, (PROVINCE, city, list, thresholds()));
        decideSelf(PROVINCE, call, governors());
        reseatAt[city] = uint40(block.timestamp) + RESEAT_DELAY;
    }

    function _rejectReseat() internal {
        bytes memory call = abi.encodeCall(IAuthorities.rejectReseat, (CITY));
        bool pending = reseatAt[CITY] != 0 && block.timestamp <= reseatAt[CITY] + LIFE;
        if (pending) _honest(call, false);
        else _refused(_sign(CITY, address(authorities), call, _honestGovernors(false)), "no reseat to reject");
    }

    function _letTimePass(uint32 time, uint8 mode) internal {
        uint256 by = mode % 4 == 0 ? time % 40 days : mode % 4 == 1 ? time % 3 days : time % 6 hours;
        vm.warp(block.timestamp + by);
    }

    // What the play knows

    function _honest(bytes memory call, bool firm) internal {
        decideSelf(CITY, call, _honestGovernors(firm));
        reseatAt[CITY] = 0;
    }

    /// @dev As many as needed; one more where the change shall be firm.
    function _honestGovernors(bool firm) internal view returns (uint32[] memory list) {
        uint256 needed = authorities.officersNeeded(CITY, Role.Governor, 0);
        list = needed + (firm ? 1 : 0) == 3 ? ids(1, 2, 12) : ids(1, 2, 12, 13);
    }

    /// @dev Whether there are honest governors enough to make a change firm.
    function _mayBeFirm() internal view returns (bool) {
        return authorities.officersNeeded(CITY, Role.Governor, 0) == 3;
    }

    function _sign(Region authority, address target, bytes memory call, uint32[] memory signers)
        internal
        returns (Kept memory signed)
    {
        signed.act = newAct(authority, target, call);
        signed.approvals = approvals(signed.act, signers);
    }

    function _refused(Kept memory signed, string memory what) internal {
        try authorities.execute(signed.act, signed.approvals) {
            assertTrue(false, what);
        } catch {}
    }

    function _rolesOf(Region authority, uint32 id) internal view returns (uint8 roles) {
        (, roles) = authorities.officer(authority, id);
    }

    /// @dev Everything that officers, thresholds and areas are.
    function _stateOf(Region authority) internal view returns (bytes32 state) {
        state = keccak256(abi.encode(authorities.thresholds(authority), authorities.areasOf(authority)));
        for (uint32 id = 1; id < IDS; id++) {
            (bytes32[] memory own, uint8 roles) = authorities.officer(authority, id);
            state = keccak256(abi.encode(state, own, roles));
        }
    }

    function _counted(Region authority) internal view returns (uint256[3] memory counts) {
        for (uint32 id = 1; id < IDS; id++) {
            uint8 roles = _rolesOf(authority, id);
            for (uint256 role = 0; role < 3; role++) {
                counts[role] += (roles >> role) & 1;
            }
        }
    }

    function _requireLargeEnough(Region authority) internal view {
        uint256[3] memory counts = _counted(authority);
        for (uint8 role = 0; role < 3; role++) {
            assertTrue(counts[role] >= _neededMost(authority, Role(role)), "a role too small to act");
        }
    }

    function _neededMost(Region authority, Role role) internal view returns (uint256) {
        return authorities.officersNeeded(authority, role, type(uint64).max);
    }

    function _endAll() private {
        for (uint256 i = 0; i < _ids.length; i++) {
            _begun[_ids[i]].alive = false;
            (_stopped[_ids[i]][ROGUE], _stopped[_ids[i]][STOLEN]) = (false, false);
        }
    }

    function _remember(bytes32 change, bool firm) private returns (Begun storage begun) {
        begun = _begun[change];
        if (begun.readyAt == 0) _ids.push(change);
        (begun.readyAt, begun.firm, begun.alive) = (uint40(block.timestamp) + CHANGE_DELAY, firm, true);
    }

    function _canDoWithout(uint32 id) private view returns (bool) {
        uint256[3] memory counts = _counted(CITY);
        uint8 roles = _rolesOf(CITY, id);
        for (uint8 role = 0; role < 3; role++) {
            if ((roles >> role) & 1 == 1 && counts[role] <= _neededMost(CITY, Role(role))) return false;
        }
        return true;
    }

    /// @dev The city's crew as the play began, for a reseat of a city that is alive.
    function _present() private pure returns (Officer[] memory list) {
        Officer[] memory first = crew(CITY);
        list = new Officer[](first.length + 2);
        for (uint256 i = 0; i < first.length; i++) {
            list[i] = first[i];
        }
        for (uint32 i = 0; i < 2; i++) {
            list[first.length + i] = Officer(12 + i, 1, keys(Keys.walletId(officerKey(CITY, 12 + i))));
        }
    }

    function _requireReasonOfContent(bytes4 why) private pure {
        bool ofContent = why == IAuthorities.OfficersNeeded.selector || why == IAuthorities.SignerAlreadyUsed.selector;
        assertTrue(ofContent, "an honest change that was due was refused");
    }

    function _wish(Region city, uint8 which, uint64 amount) private view returns (address, bytes memory) {
        which %= 12;
        address self = address(authorities);
        Officer[] memory own = oneOfficer(Officer(NEWCOMER, 7, keys(keccak256("the thief"))));
        if (which == 0) return (self, abi.encodeCall(IAuthorities.setOfficers, (city, own)));
        if (which == 1) return (self, abi.encodeCall(IAuthorities.setThresholds, (city, thresholds())));
        if (which == 2) return (self, abi.encodeCall(IAuthorities.removeOfficers, (city, ids(1))));
        if (which == 3) return (self, abi.encodeCall(IAuthorities.rejectReseat, (city)));
        if (which == 4) {
            Region inside = Region.wrap(Region.unwrap(city) + 0x11100003);
            return (self, abi.encodeCall(IAuthorities.foundAuthority, (city, inside, own, thresholds())));
        }
        if (which == 5) return (self, abi.encodeCall(IAuthorities.requireActBy, (city, Role.Governor, 1)));
        if (which == 6) return (address(actTarget), abi.encodeCall(ActTarget.look, ()));
        if (which == 7) return (address(actTarget), abi.encodeCall(ActTarget.issue, (city, amount)));
        if (which == 8) return (address(actTarget), abi.encodeCall(ActTarget.decideBy, (city, Role.Registrar, 0)));
        if (which == 9) return (self, giveUpCall(city, city));
        if (which == 10) return (self, grantCall(city, PROVINCE, _code(amount)));
        return (address(actTarget), decide(city, amount));
    }
}
