// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerchantStatus, SeriesTerms} from "./VoucherTypes.sol";
import {Region} from "../types/Region.sol";

/// @notice Every event that {IVouchers} emits, and every error with which it reverts. Each movement of value emits two
/// events: one of its own kind, and ERC-1155's TransferSingle for wallets and explorers.
interface IVoucherEvents {
    // Series
    event SeriesPublished(uint32 indexed series, Region indexed authority, SeriesTerms terms);
    event BudgetSet(uint32 indexed series, uint64 budget);
    event BudgetDelegated(uint32 indexed series, Region indexed to, uint64 left);
    /// @param used seconds of all its pauses so far, this one to its end.
    event SeriesPaused(uint32 indexed series, uint40 until, uint40 used);
    /// @param until the end of its validity from now on.
    event SeriesExtended(uint32 indexed series, uint40 until);
    event SeriesExpiring(uint32 indexed series);
    event SeriesClosed(uint32 indexed series);

    // Who takes part
    event MerchantSet(
        address indexed merchant, Region indexed authority, Region region, uint8 category, uint8 size
    );
    /// @param lastSeries series up to it may still be spent as if the place were `former`.
    event MerchantRecoded(
        address indexed merchant, Region indexed authority, Region region, Region former, uint32 lastSeries
    );
    event HomeRecoded(address indexed account, Region indexed authority, Region home);
    event ReformDeclared(Region indexed authority, Region from, Region to, uint32 lastSeries);
    event MerchantStatusSet(address indexed merchant, Region indexed authority, MerchantStatus status);
    event PayoutsHeld(address indexed merchant, Region indexed authority, uint40 until);
    event AccountAttested(
        address indexed account, Region indexed authority, Region home, uint8 tier, bool company
    );
    /// @notice The account that was attested or registered just before was opened without keys.
    event OpenedWithoutKeys(address indexed account, Region indexed authority);
    /// @param until not after now: it is not frozen any more. @param byOne a single registrar's freeze.
    event AccountFrozen(address indexed account, Region indexed authority, uint40 until, bool byOne);
    /// @notice The entry at `index` of an officers' list could not be done and changed nothing; the others were.
    /// @param reason the error with which the entry would have reverted alone, encoded.
    event EntrySkipped(Region indexed authority, address indexed subject, uint256 index, bytes reason);
    /// @param keys the whole key ring, see {KeyRing}. @param change counts the changes of this account from 1.
    event KeysChanged(address indexed account, uint32 change, bytes keys);
    event ReplacementProposed(
        address indexed account,
        Region indexed authority,
        bytes keys,
        uint40 readyAt,
        uint32 number,
        bool overruling
    );
    event ReplacementStopped(address indexed account);
    /// @param to shall answer for the account; zero, and `readyAt` with it, when a proposal was taken back.
    event HandOverProposed(
        address indexed account, Region indexed authority, Region to, uint40 readyAt, uint32 number
    );
    event HandOverStopped(address indexed account);
    /// @param from answered for it before. @param moves how often that changed so far.
    event AccountTaken(
        address indexed account, Region indexed authority, Region from, Region place, uint32 moves
    );

    // Issue
    event IssueApproved(
        uint64 indexed order, uint32 indexed series, Region indexed by, uint64 total, bytes32 root
    );
    event QuotaApproved(
        uint64 indexed order, uint32 indexed series, Region indexed by, uint64 total, uint64 perDay, bytes32 key
    );
    event IssueOrderClosed(uint64 indexed order, uint64 unissued);
    event ChunkIssued(uint64 indexed order, uint256 index);
    event Issued(uint64 indexed order, uint32 indexed series, address indexed account, uint64 amount);
    event IssueRefused(
        uint64 indexed order, address indexed account, uint64 amount, uint8 code, uint256 a, uint256 b
    );

    // Value. A payment from several series emits one Paid for each series that gave something.
    // `signed` of what counts for devices: bits 0..31 the nonce, 32..39 who signed, 1 a device key, 2 an owner key.
    event Paid(
        bytes32 indexed payment,
        uint32 indexed series,
        address indexed payer,
        address merchant,
        uint64 amount,
        uint40 signed,
        bytes32 order
    );
    event PaymentRefused(bytes32 indexed payment, uint8 code, uint256 a, uint256 b);
    /// @param voidId the digest that the merchant signed. @param payment what it takes back, wholly or in part.
    /// @param receivedAgain the part that counts as received: the payer's holding was refunded since the payment.
    event Voided(
        bytes32 indexed voidId,
        bytes32 indexed payment,
        uint32 indexed series,
        address payer,
        address merchant,
        uint64 amount,
        uint64 receivedAgain,
        uint40 signed,
        bytes32 order
    );
    event VoidRefused(bytes32 indexed voidId, uint8 code, uint256 a, uint256 b);
    event Given(
        bytes32 indexed gift,
        uint32 indexed series,
        address indexed giver,
        address receiver,
        uint64 amount,
        uint32 nonce,
        bytes32 order
    );
    event GiftRefused(bytes32 indexed gift, uint8 code, uint256 a, uint256 b);
    event Circulated(
        bytes32 indexed circulation,
        uint32 indexed series,
        address indexed merchant,
        address recipient,
        uint64 amount,
        uint40 signed,
        bytes32 order
    );
    event CirculationRefused(bytes32 indexed circulation, uint8 code, uint256 a, uint256 b);
    /// @param nonce 0 and @param order the run's reference when the authority's settlement run burned it.
    event Redeemed(
        bytes32 indexed redemption,
        uint32 indexed series,
        address indexed merchant,
        uint64 amount,
        uint32 nonce,
        bytes32 order
    );
    event RedemptionRefused(bytes32 indexed redemption, uint8 code, uint256 a, uint256 b);
    event RedemptionReturned(
        bytes32 indexed redemption, uint32 indexed series, address indexed merchant, uint64 amount
    );
    /// @param own won owed to the resident: the part of `amount` that was paid with own money. The rest goes back to
    /// the funders. @param received all that the holding had received; it restarts at zero, so that earlier spending
    /// doesn't make the next refund due.
    event Refunded(
        bytes32 indexed refund,
        uint32 indexed series,
        address indexed account,
        uint64 amount,
        uint64 own,
        uint64 received,
        uint32 nonce,
        bytes32 order
    );
    event RefundRefused(bytes32 indexed refund, uint8 code, uint256 a, uint256 b);
    /// @param count nonces that were used up: those that end at `nonce`.
    event Cancelled(
        bytes32 indexed cancellation,
        uint32 indexed series,
        address indexed account,
        uint64 count,
        uint32 nonce,
        bytes32 order
    );
    event CancellationRefused(bytes32 indexed cancellation, uint8 code, uint256 a, uint256 b);
    event MerchantCancelled(
        bytes32 indexed cancellation,
        uint32 indexed series,
        address indexed merchant,
        uint64 count,
        uint32 nonce,
        bytes32 order
    );
    event MerchantCancellationRefused(bytes32 indexed cancellation, uint8 code, uint256 a, uint256 b);
    event Expired(uint32 indexed series, address indexed account, uint64 amount);
    /// @notice Closes a batch: `root` stands over all Paid or Redeemed since the event before.
    event ReceiptsStored(uint64 indexed batch, bytes32 root);

    error SeriesNotOfAuthority(uint32 series, Region authority);
    error TermsInvalid(string field);
    error BudgetBelowApproved(uint64 budget, uint64 approved);
    error BudgetExceeded(uint64 left, uint64 needed);
    error DelegationExceeded(uint64 left, uint64 needed);
    error QuotaExceeded(uint64 left, uint64 needed);
    error PauseTooLong(uint40 until, uint40 latest);
    error HoldTooLong(uint40 until, uint40 latest);
    error FreezeTooLong(uint40 until, uint40 latest);
    error RegionOutsideAuthority(Region authority, Region region);
    error ReformInvalid(Region from, Region to);
    error ReformUnknown(Region from, Region to);
    /// @notice The reform does not lead from the place on record to the new one.
    error PlaceOutsideReform(address subject, Region former, Region place);
    error FormerPlacesFull(address merchant);
    error MerchantInvalid(address merchant);
    error MerchantUnknown(address merchant);
    error MerchantMoveIllegal(address merchant, MerchantStatus from, MerchantStatus to);
    error AccountInvalid(address account);
    error AccountUnknown(address account);
    /// @notice Another authority answers for the account.
    error NotInCharge(address account, Region inCharge);
    /// @notice Nothing shows that the account chose this authority: its id names another one, or its holder did not sign.
    error AuthorityNotChosen(address account, Region authority);
    /// @notice A merchant, a resident and a company are different accounts.
    error RoleDiffers(address account);
    error KeysAlreadySet(address account);
    error KeysInvalid();
    error KeyChangeNotSigned(address account);
    error KeysFrozen(address account, uint40 until);
    error KeyChangeDeadlinePassed(uint40 deadline);
    error ReplacementUnknown(address account);
    error ObjectionMissing(address account);
    error ObjectionOverruled(address account);
    error ReplacementTooEarly(uint40 readyAt);
    /// @notice No hand-over of the account to the authority is proposed.
    error HandOverUnknown(address account, Region authority);
    error HandOverTooEarly(address account, uint40 readyAt);
    /// @notice Frozen, suspended, closed, or with payouts held: it does not escape by moving.
    error MoveBarred(address account);
    error SeriesNotOpen(uint32 series, uint8 code);
    error SeriesNotOver(uint32 series, uint40 validUntil);
    error SeriesNotExpiring(uint32 series);
    error SeriesAlreadyClosed(uint32 series);
    error ExpiryAlreadyStarted(uint32 series);
    /// @notice The series does not end when those who signed believed. @param validUntil the present end of its validity.
    error EndDiffers(uint32 series, uint40 validUntil);
    /// @notice The validity may only become longer, and never ends in the past.
    error ExtensionTooShort(uint40 until, uint40 laterThan);
    error ExtensionTooLong(uint40 until, uint40 latest);
    error SeriesNotEmpty(uint32 series, uint64 outstanding);
    error OrderUnknown(uint64 order);
    error OrderClosed(uint64 order);
    error ChunkNotInOrder(uint64 order, uint256 index);
    error ChunkAlreadyIssued(uint64 order, uint256 index);
    error ReturnInvalid(bytes32 redemption);
    error ProofMissing(uint256 index);
    error BatchTooLarge(uint256 count, uint256 max);
    error LengthsDiffer(uint256 one, uint256 other);
    /// @notice ERC-1155 approvals are refused: only the holder can spend a holder's vouchers.
    error ApprovalsRefused();
    error TransferRefused(uint8 code, uint256 a, uint256 b);
}
