// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVouchersAdmin} from "../../src/interfaces/IVouchersAdmin.sol";
import {
    AccountEntry,
    IssueOrder,
    MerchantStatus,
    Return,
    Settlement,
    Supply
} from "../../src/interfaces/VoucherTypes.sol";
import {Region} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {Order} from "../support/Orders.sol";
import {MerchantsHandler} from "./MerchantsHandler.sol";
import {ResidentsHandler} from "./ResidentsHandler.sol";
import {StrangersHandler} from "./StrangersHandler.sol";
import {Kind, Line, Settled} from "./Mirror.sol";

/// @notice What officers and time do in the fixture. No call reverts; many are forged, replayed, too large or late.
abstract contract Handler is ResidentsHandler, MerchantsHandler, StrangersHandler {
    struct List {
        uint64 order;
        uint256[] items;
    }

    List[] internal _lists;
    uint64[] private _open;
    uint256 private _chunk;

    function _begin() internal {
        build();
        _populate();
        _foundStrangers();
        _publishAll();
        for (uint256 i = 0; i < PEOPLE; i++) {
            charges[people[i]].authority = PROVINCE;
            if (i >= RESIDENTS) statusOf[people[i]] = MerchantStatus.Active;
        }
        for (uint32 id = 1; id <= SERIES; id++) {
            (openLeft[id], orderLeft[quotaOf[id]]) = (BUDGET / 4, BUDGET / 4);
        }
        for (uint32 id = 1; id <= SERIES; id++) {
            for (uint256 i = 0; i < RESIDENTS; i++) {
                _approve(id, people[i], 200_000, people[i], 0, 200_000);
                _submitList(_lists.length - 1);
                _openingDay(people[i], people[RESIDENTS + i % 2], id);
            }
        }
    }

    // Issue

    /// @notice Approves a list that may promise more than it was approved for; perhaps submits it at once.
    function _approveList(uint8 who, uint64 amount, uint64 approved, uint8 which) internal {
        uint32 id = _anySeries(which);
        Supply memory supply = vouchers.supply(id);
        approved = uint64(bound(approved, 0, supply.budget - supply.approved));
        uint64 first = uint64(bound(amount, 0, 300_000));
        _approve(id, _anybody(who), first, _anybody(who / 6), uint64(bound(amount / 7, 0, 300_000)), approved);
        if (which % 2 == 0) _submitList(_lists.length - 1);
    }

    function _issueByQuota(uint8 who, uint64 amount, uint8 which, uint8 twist) internal watched {
        uint32 id = _anySeries(which);
        uint256[] memory items = new uint256[](2);
        items[0] = issueItem(_anybody(who), uint64(bound(amount, 0, 150_000)));
        items[1] = issueItem(_anybody(who / 6), uint64(bound(amount / 7, 0, 150_000)));
        uint256 index = twist % 8 == 1 ? _chunk : ++_chunk;
        bytes32 message = digest(
            abi.encode(
                keccak256("QuotaIssue(uint64 order,uint256 index,bytes32 items)"),
                uint256(quotaOf[id]),
                index,
                keccak256(abi.encodePacked(items))
            )
        );
        bool forged = twist % 8 == 2;
        bytes memory proof = Keys.walletSign(_quotaKey(forged ? id % SERIES + 1 : id), message);
        duty = forged ? Duty.None : Duty.Issue;
        try vouchers.issueByQuota(quotaOf[id], index, items, proof) {} catch {
            vm.recordLogs();
        }
    }

    function _closeOrder(uint8 which) internal watched {
        if (_open.length == 0) return;
        uint256 place = which % _open.length;
        uint64 order = _open[place];
        IssueOrder memory known = vouchers.issueOrder(order);
        act(known.by, abi.encodeCall(IVouchersAdmin.closeIssueOrder, (known.by, order)), treasurers());
        openLeft[known.series] -= orderLeft[order];
        orderLeft[order] = 0;
        _open[place] = _open[_open.length - 1];
        _open.pop();
    }

    function _changeBudget(uint64 budget, uint8 which) internal watched {
        uint32 id = _anySeries(which);
        budget = uint64(bound(budget, vouchers.supply(id).approved, 2 * BUDGET));
        act(authorityOf[id], abi.encodeCall(IVouchersAdmin.setBudget, (authorityOf[id], id, budget)), treasurers());
    }

    // Settlement

    function _settle(uint8 who, uint64 amount, uint8 which) internal watched {
        uint32 id = _anySeries(which);
        Settlement[] memory run = new Settlement[](3);
        for (uint256 i = 0; i < 3; i++) {
            address shop = _anybody(uint256(who) + i / 2);
            Line storage line = lines[id][shop];
            uint256 taken = uint256(line.hops[0]) + line.hops[1] + line.hops[2] + line.hops[3];
            run[i] = Settlement(shop, id, _amount(amount >> i, taken));
        }
        duty = Duty.Settle;
        act(authorityOf[id], abi.encodeCall(IVouchersAdmin.settle, (authorityOf[id], bytes32("run"), run)), treasurers());
    }

    /// @notice Gives a redemption back whose payout failed; once.
    function _returnRedemption(uint8 which, uint8 twist) internal watched {
        if (redemptions.length == 0) return;
        Settled memory done = redemptions[which % redemptions.length];
        Return[] memory list = new Return[](1);
        list[0] = Return(done.from, done.series, _receiptOf(done));
        if (twist % 8 == 1) list[0].merchant = _shop(twist / 8);
        if (twist % 8 == 2) list[0].receipt.amount++;
        if (twist % 8 == 3) list[0].series = done.series % SERIES + 1;
        bool good = !returned[done.id] && (twist % 8 == 0 || twist % 8 > 3 || list[0].merchant == done.from);
        if (twist % 8 == 2 || twist % 8 == 3) good = false;
        Region by = authorityOf[list[0].series];
        duty = Duty.Return;
        try this.actAsOfficers(by, abi.encodeCall(IVouchersAdmin.returnRedemptions, (by, list))) {
            assertTrue(good, "returned what was not redeemed");
        } catch {
            vm.recordLogs();
            assertTrue(!good, "could not be returned");
        }
    }

    // The rest of what officers do

    function _expire(uint8 which) internal watched {
        uint32 id = _anySeries(which);
        bool over = block.timestamp >= endOf[id];
        // Sometimes the play waits for its end.
        if (!over && which >= 224) {
            vm.warp(endOf[id]);
            over = true;
        }
        bytes memory call = abi.encodeCall(IVouchersAdmin.startExpiry, (authorityOf[id], id));
        try this.actAsOfficers(authorityOf[id], call) {
            assertTrue(over, "expiry before its time");
            expiring[id] = true;
        } catch {
            vm.recordLogs();
            assertTrue(!over, "no expiry in its time");
        }
        duty = Duty.Expire;
        try vouchers.expire(id, people) {
            assertTrue(over, "expired before its time");
        } catch {
            vm.recordLogs();
            assertTrue(!over, "not expired in its time");
        }
    }

    function _freezeOrThaw(uint8 who) internal watched {
        address account = _resident(who);
        frozenUntil[account] = _isFrozen(account) || who < 192 ? 0 : uint40(block.timestamp) + uint40(who) * 1 days;
        freezeUntil(account, frozenUntil[account]);
    }

    function _suspendOrAllow(uint8 who) internal watched {
        address shop = _shop(who);
        bool active = statusOf[shop] == MerchantStatus.Active;
        if (active && who < 128) return;
        statusOf[shop] = active ? MerchantStatus.Suspended : MerchantStatus.Active;
        setStatus(shop, statusOf[shop]);
    }

    function _pauseOrResume(uint8 which, uint16 secondsAhead) internal watched {
        uint32 id = _anySeries(which);
        uint40 moment = uint40(block.timestamp);
        uint40 until = moment + (secondsAhead % 8 == 0 ? 7 days : secondsAhead % 600);
        uint40 used = pauseUsed[id] + until - moment;
        if (pausedUntil[id] > moment) used -= pausedUntil[id] - moment;
        bool good = used <= (endOf[id] - termsOf[id].validFrom) / 10;
        bytes memory call = abi.encodeCall(IVouchersAdmin.pauseSeries, (authorityOf[id], id, until));
        try this.actAsOfficers(authorityOf[id], call) {
            assertTrue(good, "paused for more than a tenth of the validity");
            (pausedUntil[id], pauseUsed[id]) = (until, used);
        } catch {
            vm.recordLogs();
            assertTrue(!good, "could not be paused");
        }
    }

    /// @notice Officers extend a validity; they also try to shorten it, and from an end that is not the present one.
    function _extend(uint8 which, uint8 twist, uint16 hoursAhead) internal watched {
        uint32 id = _anySeries(which);
        uint40 from = twist % 8 == 1 ? termsOf[id].validUntil : endOf[id];
        uint40 until = endOf[id] + uint40(hoursAhead % 200) * 1 hours;
        if (twist % 8 == 2) until = endOf[id] - hoursAhead;
        bool good = !expiring[id] && from == endOf[id] && until > endOf[id] && until > block.timestamp;
        bytes memory call = abi.encodeCall(IVouchersAdmin.extendSeries, (authorityOf[id], id, from, until));
        try this.actAsOfficers(authorityOf[id], call) {
            assertTrue(good, "extended what has ended, or shortened");
            endOf[id] = until;
        } catch {
            vm.recordLogs();
            assertTrue(!good, "could not be extended");
        }
        assertEq(vouchers.seriesState(id).validUntil, endOf[id], "end of the validity");
    }

    function _attestAgain(uint8 who, uint8 tier) internal watched {
        address account = _resident(who);
        attest(account, _placeIn(charges[account].authority), tier % 3);
    }

    /// @notice Officers propose new keys; an old owner's key may object; what was proposed comes into force in time.
    function _replaceLostKeys(uint8 who, uint32 limit, uint8 objection) internal watched {
        address account = _anybody(who);
        bytes memory ring = _newRing(indexOf[account], generation[account] + 1, limit % 200_000);
        replaceKeys(account, ring);
        if (objection % 2 == 0) {
            bytes32 id = digest(
                abi.encode(
                    keccak256("Objection(address account,bytes32 keys,uint32 number,uint40 deadline)"),
                    account,
                    Keys.ringHash(ring),
                    uint256(vouchers.replacement(account).number),
                    block.timestamp
                )
            );
            bytes memory proof = prove(_signerOf(account, 1 + objection / 2 % 2), id);
            vouchers.stopReplacement(account, uint40(block.timestamp), proof);
        } else {
            try vouchers.finishReplacement(account) {
                assertTrue(false, "new keys without delay");
            } catch {
            vm.recordLogs();
        }
            vm.warp(block.timestamp + KEY_DELAY);
            vouchers.finishReplacement(account);
            _rekey(account, ring);
        }
    }

    /// @notice Mostly minutes; sometimes to a Korean midnight, some days, or the end of a month or of a series.
    function _letTimePass(uint16 time, uint8 mode) internal {
        uint256 next = block.timestamp + time % 7200;
        if (mode % 8 == 0) next = (uint256(today()) + 1) * 1 days - 9 hours - time % 2;
        else if (mode % 16 == 1) next += 1 days;
        else if (mode % 32 == 2) next += 20 days;
        else if (mode % 64 == 3) next = endOf[_anySeries(time / 2)] - time % 2;
        if (next > block.timestamp) vm.warp(next);
    }

    /// @dev From outside, so that a refused act can be caught.
    function actAsOfficers(Region by, bytes calldata call) external {
        assertEq(msg.sender, address(this), "test: for the handler alone");
        act(by, call, treasurers());
    }

    function _approve(uint32 id, address a, uint64 first, address b, uint64 second, uint64 approved) private {
        uint256[] memory items = new uint256[](2);
        (items[0], items[1]) = (issueItem(a, first), issueItem(b, second));
        uint64 order = approve(authorityOf[id], id, approved, leafOf(0, items));
        openLeft[id] += approved;
        orderLeft[order] = approved;
        _open.push(order);
        _lists.push(List(order, items));
    }

    /// @dev Every shop has merchant balances from the beginning.
    function _openingDay(address from, address to, uint32 id) private {
        Order memory order;
        (order.from, order.to, order.series, order.amount, order.nonce) = (from, to, id, 50_000, 1);
        _submit(Kind.Payment, order, 2, 1);
    }

    function _submitList(uint256 which) internal watched {
        List storage list = _lists[which];
        duty = Duty.Issue;
        try vouchers.issue(list.order, 0, list.items, new bytes32[](0)) {} catch {
            vm.recordLogs();
        }
    }
}
