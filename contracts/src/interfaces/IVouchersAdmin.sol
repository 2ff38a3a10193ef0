// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoucherEvents} from "./IVoucherEvents.sol";
import {
    Holding,
    IssueOrder,
    MerchantBalance,
    Return,
    SeriesState,
    SeriesTerms,
    Settlement,
    Starts,
    Supply,
    Unit
} from "./VoucherTypes.sol";
import {Region} from "../types/Region.sol";

/// @notice Acts about series, issue and settlement, and the views of all value. See {IVouchers}.
interface IVouchersAdmin is IVoucherEvents {
    // ---- Acts about series -----------------------------------------------------------------------------------

    /// @notice Publishes a series. Its id is the one after the newest, see {starts} and {SeriesPublished}.
    /// @dev By treasurers, in the band of `terms.budget`. Areas may reach beyond the authority's own region: it is
    /// the authority's money (e.g. cities that accept each other's vouchers).
    function publishSeries(Region authority, SeriesTerms calldata terms) external;

    /// @notice Sets how much may be issued in all. Not below what issue orders already claim.
    /// @dev By treasurers, in the band of `budget`.
    function setBudget(Region authority, uint32 series, uint64 budget) external;

    /// @notice Lets an authority inside this one's region approve issue orders of the series, up to `left` won from
    /// now on and to residents of its own region. It stays the series' money: the budget bounds both.
    /// @dev By treasurers, in the band of `left`. 0 takes the delegation back; what orders approved before leave unissued
    /// doesn't come back to it.
    function delegateBudget(Region authority, uint32 series, Region to, uint64 left) external;

    /// @notice Stops issue, payment, gift and circulation of a series until a moment at most seven days ahead; 0
    /// resumes. Redemption, void and refund go on. Ends by itself unless renewed; all its pauses together last at most a
    /// tenth of its validity.
    /// @dev By treasurers.
    function pauseSeries(Region authority, uint32 series, uint40 until) external;

    /// @notice Extends a series' validity from its present end to `until`, for good: later than that end and than now, and
    /// at most 2^32 - 1 seconds (136 years) after the end that it was published with, which goes on to say what is spent
    /// first. Also after the end, as long as the series is not closed and its expiry has not started.
    /// @param from the present end, so that who signs has seen both.
    /// @dev By treasurers, in the band of what is outstanding.
    function extendSeries(Region authority, uint32 series, uint40 from, uint40 until) external;

    /// @notice Starts the return of what is left to its funders, after validity; from then on any address may
    /// submit the holders to {expire}.
    /// @dev By treasurers.
    function startExpiry(Region authority, uint32 series) external;

    /// @notice Closes a series of which nothing is outstanding any more, after validity. For good.
    /// @dev By treasurers.
    function closeSeries(Region authority, uint32 series) external;

    // ---- Acts about issue ------------------------------------------------------------------------------------

    /// @notice Approves issuing to a list. `root` is the Merkle root over its chunks: leaf =
    /// keccak256(keccak256(abi.encode(index, keccak256(abi.encodePacked(items))))), see {issue}.
    /// @dev By treasurers of the series' authority or of one with a delegation, in the band of `total`. Its id is the
    /// number of orders so far plus one.
    function approveIssue(Region authority, uint32 series, uint64 total, bytes32 root) external;

    /// @notice Lets a key issue against paid orders: at most `perDay` won in a Korean day and `total` in all.
    /// @param key id of the key, see {Signatures}.
    /// @dev As {approveIssue}.
    function approveQuota(Region authority, uint32 series, uint64 total, uint64 perDay, bytes32 key) external;

    /// @notice Ends an issue order; what was not issued is free in the budget again.
    /// @dev By treasurers of the authority that approved it, or of the series' own. One is enough to end a quota: a
    /// stolen key can't wait.
    function closeIssueOrder(Region authority, uint64 order) external;

    // ---- Acts about settlement -------------------------------------------------------------------------------

    /// @notice Burns merchant balances of the authority's own series; won is owed from here on. A line whose merchant
    /// has less by then is refused alone.
    /// @param run the authority's own reference. @dev By treasurers, in the band of the sum.
    function settle(Region authority, bytes32 run, Settlement[] calldata lines) external;

    /// @notice Gives back the merchant balances of redemptions whose payout the bank refused, each once.
    /// @dev By treasurers, in the band of the sum.
    function returnRedemptions(Region authority, Return[] calldata entries) external;

    // ---- Views -----------------------------------------------------------------------------------------------

    /// @notice What every amount of this deployment counts.
    function unit() external view returns (Unit memory);

    /// @notice After which numbers those of this deployment begin.
    function starts() external view returns (Starts memory);

    /// @notice How many series there are; the newest has the number `starts().series` + as many.
    function seriesCount() external view returns (uint32);
    function seriesTerms(uint32 series) external view returns (Region authority, SeriesTerms memory terms);
    function seriesState(uint32 series) external view returns (SeriesState memory);
    function supply(uint32 series) external view returns (Supply memory);
    function delegatedBudget(uint32 series, Region to) external view returns (uint64 left);
    function holding(uint32 series, address account) external view returns (Holding memory);
    function merchantBalance(uint32 series, address merchant) external view returns (MerchantBalance memory);

    /// @notice won that a resident bought of, and was given from, an authority's series in the running Korean month and
    /// year.
    function purchases(Region authority, address account)
        external
        view
        returns (uint64 inMonth, uint64 inYear, uint64 giftsInMonth);
    /// @notice How many issue orders there are; the newest has the number `starts().issueOrders` + as many.
    function issueOrderCount() external view returns (uint64);
    function issueOrder(uint64 order) external view returns (IssueOrder memory);
    function isChunkIssued(uint64 order, uint256 index) external view returns (bool);

    /// @notice won of a payment that were taken back. A payment from several series counts for each of them.
    function voided(bytes32 payment, uint32 series) external view returns (uint64);
    function isReturned(bytes32 redemption) external view returns (bool);
    function receiptCount() external view returns (uint64);
    function receiptRoot(uint64 batch) external view returns (bytes32);
}
