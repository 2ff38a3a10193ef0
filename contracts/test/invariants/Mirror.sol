// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IVoucherEvents} from "../../src/interfaces/IVoucherEvents.sol";
import {HandOver, Holding, MerchantStatus, Supply, MerchantBalance, FLAG_SOLD} from "../../src/interfaces/VoucherTypes.sol";
import {KoreanCalendar} from "../../src/types/KoreanCalendar.sol";
import {Region} from "../../src/types/Region.sol";
import {Log} from "../support/Test.sol";
import {Tree} from "../support/Tree.sol";
import {People} from "./People.sol";

enum Kind {
    None,
    Payment,
    Void,
    Gift,
    Circulation,
    Redemption,
    Refund,
    Cancellation,
    MerchantCancellation
}

/// @notice An order with a good signature. @param limit of the ring, if a device signed.
struct Signed {
    Kind kind;
    address from;
    address to;
    uint256 series;
    uint64 amount;
    uint32 nonce;
    uint40 deadline;
    bytes32 payment;
    bool byDevice;
    uint256 limit;
    uint256 age;
    uint64 moved;
}

/// @notice A part of a payment, or a redemption, with its place among the receipts.
struct Settled {
    bytes32 id;
    address from;
    address to;
    uint32 series;
    uint64 amount;
    uint16 day;
    uint64 batch;
    uint256 place;
}

/// @notice What one account has of one series. @param hops taken from residents, then hopped once, twice, thrice.
struct Line {
    uint64 balance;
    uint64 received;
    uint64[4] hops;
    uint32 top;
    uint32 takenTop;
    uint256 tokens;
}

/// @notice Who answers for an account, how often that changed, and the hand-over that is proposed.
struct Charge {
    Region authority;
    uint32 moves;
    Region to;
    uint40 readyAt;
    uint32 number;
}

/// @notice A second ledger of what every account has and did, and the laws that hold in it. {MirrorEvents} writes it.
abstract contract Mirror is People {
    /// @dev What may happen without a holder's signature during the running call.
    enum Duty {
        None,
        Issue,
        Settle,
        Return,
        Expire
    }

    Duty internal duty;
    mapping(bytes32 id => Signed) internal signed;
    mapping(uint32 series => mapping(address => Line)) internal lines;
    mapping(bytes32 window => mapping(uint32 nonce => bool)) internal used;
    mapping(uint32 series => uint256) internal issued;
    mapping(uint32 series => uint256) internal redeemed;
    mapping(uint32 series => uint256) internal refunded;
    mapping(uint32 series => uint256) internal expired;
    /// @dev won that open issue orders still claim.
    mapping(uint32 series => uint256) internal openLeft;
    mapping(uint64 order => uint256) internal orderLeft;
    mapping(bytes32 what => uint256) internal tally;
    Settled[] internal payments;
    Settled[] internal redemptions;
    mapping(uint64 batch => bytes32[]) internal leaves;
    mapping(bytes32 redemption => bool) internal returned;
    mapping(address => uint40) internal frozenUntil;
    mapping(address => MerchantStatus) internal statusOf;
    mapping(uint32 series => uint40) internal pausedUntil;
    /// @dev Seconds of all pauses, the running one to its end.
    mapping(uint32 series => uint40) internal pauseUsed;
    /// @dev Officers have started the return of what is left.
    mapping(uint32 series => bool) internal expiring;
    bool internal moved;
    mapping(address account => Charge) internal charges;
    /// @dev Whom the account may come to during the running call, and whether its owner objects in it.
    mapping(address account => Region) internal mayCome;
    mapping(address account => bool) internal mayStop;

    function _checkSupply(uint32 id) internal view {
        Supply memory supply = vouchers.supply(id);
        assertEq(supply.issued, issued[id], "issued");
        assertEq(supply.redeemed, redeemed[id], "redeemed");
        assertEq(supply.refunded, refunded[id], "refunded");
        assertEq(supply.expired, expired[id], "expired");
        assertEq(supply.approved, issued[id] + openLeft[id], "approved = issued + open orders");
        assertTrue(supply.issued <= supply.approved, "issued more than approved");
        assertTrue(supply.approved <= supply.budget, "approved more than the budget");
        uint256 outstanding = 0;
        for (uint256 i = 0; i < PEOPLE; i++) {
            Line storage line = lines[id][people[i]];
            outstanding += line.balance;
            for (uint256 hop = 0; hop < 4; hop++) {
                outstanding += line.hops[hop];
            }
        }
        uint256 ended = uint256(supply.redeemed) + supply.refunded + supply.expired;
        assertEq(outstanding, supply.issued - ended, "supply law");
    }

    function _checkLine(uint32 id, address account) internal view {
        if (account == address(0)) return;
        Line memory line = lines[id][account];
        Holding memory held = vouchers.holding(id, account);
        assertEq(held.balance, line.balance, "balance");
        assertEq(held.received, line.received, "received");
        assertTrue(held.balance <= held.received, "more than was received");
        assertEq(held.top, line.top, "window of the holding");
        MerchantBalance memory taken = vouchers.merchantBalance(id, account);
        assertEq(taken.balance, line.hops[0], "merchant balances");
        assertEq(taken.top, line.takenTop, "window of the merchant balances");
        for (uint256 hop = 1; hop < 4; hop++) {
            assertEq(taken.byHop[hop - 1], line.hops[hop], "hopped");
            assertTrue(hop <= termsOf[id].hops || line.hops[hop] == 0, "hopped too far");
        }
        assertEq(tokens.balanceOf(account, id), line.tokens, "sum of ERC-1155's events");
    }

    /// @dev No authority came to answer for an account but as the events say, which had a reason each.
    function _checkCharge(address account) internal view {
        Charge memory known = charges[account];
        HandOver memory next = vouchers.handOver(account);
        assertTrue(inChargeOf(account).equals(known.authority), "who answers for it");
        assertEq(next.moves, known.moves, "moves");
        assertTrue(next.to.equals(known.to) && next.readyAt == known.readyAt, "proposed hand-over");
        assertEq(next.number, known.number, "number of proposals");
    }

    // Reasons and bounds

    /// @dev The order behind an event: of this kind and account, by keys that still count, in time.
    function _signedAs(Kind kind, bytes32 id, address from) internal view returns (Signed storage order) {
        order = signed[id];
        assertTrue(order.kind == kind && order.from == from, "moved without a signature");
        assertEq(order.age, generation[from], "moved by keys that ended");
        assertTrue(block.timestamp <= order.deadline, "moved after its deadline");
    }

    function _once(Signed storage order, uint64 amount) internal {
        assertTrue(order.moved == 0 && order.amount == amount, "moved twice, or otherwise than signed");
        order.moved = amount;
    }

    /// @dev Nonces are used once, and none behind the window.
    function _use(bytes32 kind, uint32 series, address account, uint32 nonce, uint32 top)
        internal
        returns (uint32)
    {
        mapping(uint32 => bool) storage window = used[keccak256(abi.encode(kind, series, account))];
        assertTrue(nonce != 0 && !window[nonce], "a nonce used twice, or none");
        assertTrue(uint256(nonce) + 63 >= top, "a nonce behind the window");
        assertTrue(nonce <= uint256(top) + 63, "a nonce too far ahead");
        window[nonce] = true;
        return _led(kind, series, account, nonce, top);
    }

    /// @dev A cancellation uses up the `count` nonces that end at `nonce`; a window knows 64 of them.
    function _useUp(bytes32 kind, uint32 series, address account, uint32 nonce, uint64 count, uint32 top)
        internal
        returns (uint32)
    {
        mapping(uint32 => bool) storage window = used[keccak256(abi.encode(kind, series, account))];
        assertTrue(nonce <= uint256(top) + 63 && count <= nonce, "a cancellation too far ahead");
        bool isNew = false;
        for (uint32 i = 0; i < count && i < 127; i++) {
            if (uint256(nonce) - i + 63 < top) break;
            isNew = isNew || !window[nonce - i];
            window[nonce - i] = true;
        }
        assertTrue(isNew, "nothing was cancelled");
        return _led(kind, series, account, nonce, top);
    }

    /// @dev However they are chosen, each order moves the numbers on by 63 at most: no key can use them all up.
    function _led(bytes32 kind, uint32 series, address account, uint32 nonce, uint32 top) private returns (uint32) {
        uint256 orders = _add("orders", keccak256(abi.encode(kind, series, account)), 0, 1);
        assertTrue(nonce <= 63 * orders, "the numbers ran ahead of the orders");
        return nonce > top ? nonce : top;
    }

    function _isFrozen(address account) internal view returns (bool) {
        return block.timestamp < frozenUntil[account];
    }

    function _requireOpen(uint32 series) internal view {
        assertTrue(block.timestamp >= pausedUntil[series], "moved during a pause");
        assertTrue(block.timestamp < endOf[series], "moved after its validity");
    }

    function _countDay(uint32 series, address account, uint64 amount) internal {
        tally[_dayOf(series, account)] += amount;
        uint256 cap = termsOf[series].dailyCaps[vouchers.account(account).tier];
        if (cap != 0) assertTrue(tally[_dayOf(series, account)] <= cap, "daily cap");
    }

    function _countDevice(Signed storage order, uint64 amount) internal {
        if (!order.byDevice) return;
        bytes32 who = bytes32(uint256(uint160(order.from)));
        assertTrue(_add("device", who, today(), amount) <= order.limit, "device limit");
    }

    function _receive(uint32 series, address to, uint64 amount) internal {
        lines[series][to].balance += amount;
        lines[series][to].received += amount;
        uint256 cap = termsOf[series].holdingCap;
        if (cap != 0) assertTrue(lines[series][to].balance <= cap, "holding cap");
    }

    function _add(bytes32 what, bytes32 who, uint256 which, uint64 amount) internal returns (uint256) {
        return tally[keccak256(abi.encode(what, who, which))] += amount;
    }

    function _dayOf(uint32 series, address account) internal view returns (bytes32) {
        return keccak256(abi.encode("day", series, account, today()));
    }

    function _monthOf(uint32 series, address account) internal view returns (bytes32) {
        (uint16 year, uint8 month) = KoreanCalendar.yearAndMonth(block.timestamp);
        return keccak256(abi.encode(authorityOf[series], account, year, month, _isSold(series)));
    }

    function _yearOf(uint32 series, address account) internal view returns (bytes32) {
        (uint16 year,) = KoreanCalendar.yearAndMonth(block.timestamp);
        return keccak256(abi.encode(authorityOf[series], account, year, _isSold(series)));
    }

    /// @dev What was bought of any of the authority's sold series counts together.
    function _isSold(uint32 series) internal view returns (bool) {
        return termsOf[series].flags & FLAG_SOLD != 0;
    }

    function _paymentOf(bytes32 id, uint32 series) internal view returns (Settled memory paid) {
        for (uint256 i = payments.length; i != 0; i--) {
            paid = payments[i - 1];
            if (paid.id == id && paid.series == series) return paid;
        }
        assertTrue(false, "voided what was never paid");
    }

    function _about(Log memory log) internal pure returns (bytes32 id, uint32 series, address account) {
        return (log.topics[1], uint32(uint256(log.topics[2])), _address(log.topics[3]));
    }

    function _address(bytes32 topic) internal pure returns (address) {
        return address(uint160(uint256(topic)));
    }

    function _least(uint64 a, uint64 b) internal pure returns (uint64) {
        return a < b ? a : b;
    }
}
