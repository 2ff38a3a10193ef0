// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Region} from "../types/Region.sol";
import {ScopeRule} from "../types/ScopeRule.sol";
import {SignedTransfer} from "../types/SignedTransfer.sol";

/// @notice The rules of a series. They never change once it is published; amounts are won of face value.
/// @param validFrom, validUntil Unix seconds; payable when validFrom <= now < validUntil.
/// @param paymentCap largest single payment; 0 = no cap.
/// @param dailyCap most that one holder may pay in a Korean calendar day; 0 = no cap.
/// @param holdingCap most that one holder may hold; 0 = no cap.
/// @param budget most that may be issued in all, changeable by officers.
/// @param funding who paid for the face value, in basis points: resident, state, province, city.
/// @param flags bit 0 gift, bit 1 circulation.
/// @param document keccak256 of the canonical terms document (RFC 8785) that residents read.
struct SeriesTerms {
    uint40 validFrom;
    uint40 validUntil;
    uint64 paymentCap;
    uint32 dailyCap;
    uint64 holdingCap;
    uint64 budget;
    uint16[4] funding;
    uint8 flags;
    bytes32 document;
    ScopeRule[] rules;
}

/// @notice won issued by officers' consent, still outstanding at residents and merchants, and redeemed.
struct Supply {
    uint64 budget;
    uint64 approved;
    uint64 issued;
    uint64 redeemed;
}

/// @notice What a resident holds of a series, with the replay window of payments from it; one storage slot.
/// @dev `received` counts all ever received; `day` and `spentToday` serve the daily cap.
struct Holding {
    uint56 balance;
    uint56 received;
    uint32 top;
    uint64 window;
    uint16 day;
    uint32 spentToday;
}

/// @notice What a merchant has taken in a series and not redeemed yet. Only payments add to it, so that what is
/// redeemed was spent first (Act Art 9: merchants only).
struct Takings {
    uint64 balance;
    uint64 earned;
    uint32 top;
    uint64 window;
}

enum MerchantStatus {
    None,
    Active,
    Suspended,
    Closed
}

/// @param category business category, 0..127. @param size class by annual sales, 0 the smallest.
struct Merchant {
    Region region;
    uint8 category;
    uint8 size;
    MerchantStatus status;
}

struct MerchantEntry {
    address merchant;
    Region region;
    uint8 category;
    uint8 size;
}

/// @param home the region whose authority identified the resident. @param tier 0 none, 1 phone, 2 real name.
struct Account {
    Region home;
    uint8 tier;
    bool frozen;
}

struct AccountEntry {
    address account;
    Region home;
    uint8 tier;
}

/// @notice What a batch did, or would do, with one item. @param code Refusal, 0 = settled.
struct Outcome {
    bytes32 id;
    uint8 code;
    uint256 a;
    uint256 b;
}

/// @title Vouchers: series, merchants, accounts, and the value itself.
/// @notice Acts (first argument `authority`) are reached through {IAuthorities-execute} alone. `issue`, `pay` and
/// `redeem` may be called by anybody: what they may do is fixed by officers' or holders' signatures.
/// Batches settle item by item: a refused item changes nothing and says why in an event.
interface IVouchers {
    event SeriesPublished(uint32 indexed series, Region indexed authority, SeriesTerms terms);
    event BudgetSet(uint32 indexed series, uint64 budget);
    event SeriesPaused(uint32 indexed series, uint40 until);
    event MerchantSet(
        address indexed merchant, Region indexed authority, Region region, uint8 category, uint8 size
    );
    event MerchantStatusSet(address indexed merchant, Region indexed authority, MerchantStatus status);
    event AccountAttested(address indexed account, Region indexed authority, Region home, uint8 tier);
    event AccountFrozen(address indexed account, Region indexed authority, bool frozen);
    event IssueApproved(uint64 indexed order, uint32 indexed series, uint64 total, bytes32 root);
    event IssueOrderClosed(uint64 indexed order, uint64 unissued);
    event ChunkIssued(uint64 indexed order, uint256 index);
    event Issued(uint64 indexed order, uint32 indexed series, address indexed account, uint64 amount);
    event IssueRefused(
        uint64 indexed order, address indexed account, uint64 amount, uint8 code, uint256 a, uint256 b
    );
    event Paid(
        bytes32 indexed payment,
        uint32 indexed series,
        address indexed payer,
        address merchant,
        uint64 amount,
        uint32 nonce,
        bytes32 order
    );
    event PaymentRefused(bytes32 indexed payment, uint8 code, uint256 a, uint256 b);
    event Redeemed(
        bytes32 indexed redemption,
        uint32 indexed series,
        address indexed merchant,
        uint64 amount,
        uint32 nonce,
        bytes32 order
    );
    event RedemptionRefused(bytes32 indexed redemption, uint8 code, uint256 a, uint256 b);

    error SeriesNotOfAuthority(uint32 series, Region authority);
    error TermsInvalid(string field);
    error BudgetBelowApproved(uint64 budget, uint64 approved);
    error BudgetExceeded(uint64 left, uint64 needed);
    error PauseTooLong(uint40 until, uint40 latest);
    error RegionOutsideAuthority(Region authority, Region region);
    error MerchantInvalid(address merchant);
    error MerchantUnknown(address merchant);
    error MerchantMoveIllegal(address merchant, MerchantStatus from, MerchantStatus to);
    error AccountInvalid(address account);
    error AccountUnknown(address account);
    error SeriesNotOpen(uint32 series, uint8 code);
    error OrderUnknown(uint64 order);
    error OrderClosed(uint64 order);
    error ChunkNotInOrder(uint64 order, uint256 index);
    error ChunkAlreadyIssued(uint64 order, uint256 index);
    error BatchTooLarge(uint256 count, uint256 max);

    /// @notice Publishes a series. Its id is the number of series so far plus one; see {SeriesPublished}.
    /// @dev By treasurers, in the band of `terms.budget`. Areas may reach beyond the authority's own region: it is
    /// the authority's money (e.g. cities that accept each other's vouchers).
    function publishSeries(Region authority, SeriesTerms calldata terms) external;

    /// @notice Sets how much may be issued in all. Not below what issue orders already claim.
    /// @dev By treasurers, in the band of `budget`.
    function setBudget(Region authority, uint32 series, uint64 budget) external;

    /// @notice Stops issue and payment of a series until a moment at most seven days ahead; 0 resumes. Redemption
    /// of what merchants have earned goes on. Ends by itself unless renewed.
    /// @dev By treasurers.
    function pauseSeries(Region authority, uint32 series, uint40 until) external;

    /// @notice Approves issuing to a list. `root` is the Merkle root over its chunks: leaf =
    /// keccak256(keccak256(abi.encode(index, keccak256(abi.encodePacked(items))))), see {issue}.
    /// @dev By treasurers, in the band of `total`. Its id is the number of orders so far plus one.
    function approveIssue(Region authority, uint32 series, uint64 total, bytes32 root) external;

    /// @notice Ends an issue order; what was not issued is free in the budget again.
    /// @dev By treasurers.
    function closeIssueOrder(Region authority, uint64 order) external;

    /// @notice Issues one chunk of an approved list. Anybody may bring it, once; not while the series is paused or
    /// after its validity, so that nobody can use up an approved list by bringing it at the wrong time.
    /// @param items up to 400: bits 0..159 account, 160..223 amount in won.
    function issue(uint64 order, uint256 index, uint256[] calldata items, bytes32[] calldata proof) external;

    /// @notice Registers merchants, or moves them to another region, category or size class. New ones are active.
    /// @dev By registrars of an authority whose region contains the merchant's (and its former one).
    function setMerchants(Region authority, MerchantEntry[] calldata entries) external;

    /// @notice Suspends, reactivates or closes merchants. Closed is for good.
    /// @dev By registrars of an authority whose region contains the merchant's.
    function setMerchantStatus(Region authority, address[] calldata merchants, MerchantStatus status) external;

    /// @notice Records how well residents are identified.
    /// @dev By registrars of an authority whose region contains the home (and the former one).
    function attestAccounts(Region authority, AccountEntry[] calldata entries) external;

    /// @notice Stops or allows payments from attested accounts. It moves nothing.
    /// @dev By registrars of an authority whose region contains the account's home.
    function freezeAccounts(Region authority, address[] calldata accounts, bool frozen) external;

    /// @notice Settles payments (EIP-712 "Payment", signed by the payer), up to 400.
    function pay(SignedTransfer[] calldata items) external;

    /// @notice What {pay} would do with each item if it came first now.
    function previewPayments(SignedTransfer[] calldata items) external view returns (Outcome[] memory);

    /// @notice Burns merchants' takings (EIP-712 "Redemption", signed by the merchant); won is owed from here on.
    /// Neither pause nor expiry nor suspension stops it: it was earned.
    function redeem(SignedTransfer[] calldata items) external;

    /// @notice What {redeem} would do with each item if it came first now.
    function previewRedemptions(SignedTransfer[] calldata items) external view returns (Outcome[] memory);

    function seriesCount() external view returns (uint32);
    function seriesTerms(uint32 series) external view returns (Region authority, SeriesTerms memory terms);
    function supply(uint32 series) external view returns (Supply memory);
    function pausedUntil(uint32 series) external view returns (uint40);
    function holding(uint32 series, address account) external view returns (Holding memory);
    function takings(uint32 series, address merchant) external view returns (Takings memory);
    function merchant(address merchant) external view returns (Merchant memory);
    function account(address account) external view returns (Account memory);
    function issueOrderCount() external view returns (uint64);
    function isChunkIssued(uint64 order, uint256 index) external view returns (bool);
    function issueOrder(uint64 order) external view returns (uint32 series, uint64 remaining, bytes32 root, bool closed);
}
