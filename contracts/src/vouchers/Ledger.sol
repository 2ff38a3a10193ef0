// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IVoucherEvents} from "../interfaces/IVoucherEvents.sol";
import {
    Account,
    HandOver,
    IssueOrder,
    Merchant,
    Reform,
    Replacement,
    Starts,
    Unit,
    FLAG_COMPANY
} from "../interfaces/VoucherTypes.sol";
import {FormerPlaces} from "../types/FormerPlaces.sol";
import {PackedHolding} from "../types/PackedHolding.sol";
import {PackedMerchantBalance} from "../types/PackedMerchantBalance.sol";
import {Region} from "../types/Region.sol";
import {ScopeRule} from "../types/ScopeRule.sol";

/// @dev Two slots that every payment reads, two that issue and redemption write, then what is read seldom.
struct Series {
    Region authority;
    uint40 validFrom;
    // As published: what is spent first. When it ends is {Ledger-_end}.
    uint40 validUntil;
    uint40 pausedUntil;
    uint8 flags;
    uint8 hops;
    uint8 ruleCount;
    uint8 refundPercent;
    uint8 refundDays;
    bool expiring;
    bool closed;
    uint32 extension;
    // slot 2
    uint64 paymentCap;
    uint64 holdingCap;
    uint32 dailyCap0;
    uint32 dailyCap1;
    uint32 dailyCap2;
    // slot 3
    uint64 budget;
    uint64 approved;
    uint64 issued;
    uint64 redeemed;
    // slot 4
    uint64 refunded;
    uint64 expired;
    uint64 monthCap;
    uint64 yearCap;
    // seldom
    uint64 giftCap;
    uint16[4] funding;
    uint40 pauseUsed;
    bytes32 document;
    mapping(uint256 index => ScopeRule) rules;
}

/// @dev What a delegate may still approve. @param number counts the acts that set it: an order knows under which one it
/// was approved.
struct Delegation {
    uint64 left;
    uint32 number;
}

/// @dev What a resident bought and was given, in the last Korean month and year in which there was any.
struct Purchases {
    uint16 year;
    uint8 month;
    uint16 giftYear;
    uint8 giftMonth;
    uint48 inYear;
    uint48 inMonth;
    uint48 gifts;
}

/// @notice All that is stored, in one place: {Vouchers}, {VouchersExtension}, {VouchersAdmin} and {VouchersRegistry} share
/// it, so no contract of theirs may have a variable of its own.
abstract contract Ledger is IVoucherEvents {
    uint256 internal constant BATCH_MAX = 400;

    /// @dev Numbers of the newest series and issue order; at first those of {Starts}.
    uint32 internal _lastSeries;
    uint64 internal _lastIssueOrder;
    uint64 internal _receiptCount;
    uint64 internal _runCount;
    string internal _uri;

    mapping(uint32 id => Series) internal _series;
    mapping(uint32 series => mapping(Region to => Delegation)) internal _delegated;
    mapping(address => Merchant) internal _merchants;
    mapping(address => Account) internal _accounts;
    mapping(address account => bytes32 ring) internal _rings;
    mapping(address account => bytes) internal _proposedRings;
    mapping(address account => Replacement) internal _replacements;

    mapping(uint64 id => IssueOrder) internal _orders;
    mapping(uint64 order => BitMaps.BitMap) internal _chunks;
    mapping(Region authority => mapping(address account => Purchases)) internal _purchases;

    mapping(uint32 series => mapping(address account => PackedHolding)) internal _holdings;
    mapping(uint32 series => mapping(address merchant => PackedMerchantBalance)) internal _merchantBalances;
    /// @dev Merchant balances from other merchants: 64 bits each for hops 1, 2 and 3.
    mapping(uint32 series => mapping(address merchant => uint256)) internal _byHop;

    mapping(uint64 batch => bytes32 root) internal _receipts;
    mapping(bytes32 payment => mapping(uint32 series => uint64)) internal _voided;
    mapping(bytes32 redemption => bool) internal _returned;

    mapping(address merchant => FormerPlaces) internal _formerPlaces;
    mapping(Region from => mapping(Region to => Reform)) internal _reforms;
    mapping(address account => HandOver) internal _handOvers;
    /// @dev Made of a key ring that was changed before anybody recorded it: its id alone says who may, see {Consents}.
    mapping(address account => bool) internal _foundedOnRing;

    /// @dev Written once, when {Vouchers} is made.
    Unit internal _unit;
    Starts internal _starts;

    /// @dev ERC-1155's event of each movement; `from` zero mints, `to` zero burns. {Vouchers} calls itself only for a
    /// holder who sent an ERC-1155 transfer.
    function _emitTransfer(address from, address to, uint32 series, uint256 value) internal {
        address operator = msg.sender == address(this) ? from : msg.sender;
        emit IERC1155.TransferSingle(operator, from, to, series, value);
    }

    function _requireBatch(uint256 count) internal pure {
        if (count > BATCH_MAX) revert BatchTooLarge(count, BATCH_MAX);
    }

    function _requireSameLength(uint256 one, uint256 other) internal pure {
        if (one != other) revert LengthsDiffer(one, other);
    }

    function _storeReceipts(bytes32 root) internal {
        uint64 batch = ++_receiptCount;
        _receipts[batch] = root;
        emit ReceiptsStored(batch, root);
    }

    /// @dev The EIP-712 digest of a message to {Vouchers}.
    function _digest(bytes32 domain, bytes32 structHash) internal pure returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(domain, structHash);
    }

    /// @dev When a series' validity ends: as published, and the seconds by which officers extended it. Zero for an unknown
    /// series.
    function _end(Series storage series) internal view returns (uint40) {
        unchecked {
            return series.validUntil + series.extension; // fitted when it was extended
        }
    }

    function _isFrozen(Account storage known) internal view returns (bool) {
        return block.timestamp < known.frozenUntil;
    }

    function _isCompanySeries(Series storage series) internal view returns (bool) {
        return series.flags & FLAG_COMPANY != 0;
    }
}
