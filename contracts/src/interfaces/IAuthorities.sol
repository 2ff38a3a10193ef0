// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Areas} from "../types/Areas.sol";
import {Region} from "../types/Region.sol";

/// @notice What an officer may take part in. An officer can have several roles.
enum Role {
    Governor, // officers, thresholds, areas, reforms of codes, founding the authorities below
    Treasurer, // everything that can create value: series, budgets, issue orders, pauses
    Registrar // merchants and accounts
}

/// @notice What a root that an authority anchors stands for. Treasurers sign the kinds before `Document`, governors the
/// others. The numbers are for ever.
enum AnchorKind {
    Close, // the books of a period
    Report, // a report that a law asks for
    Commitment, // what a funder promises to pay
    Document, // a certified document
    Card, // ID cards of officers
    Revocation, // of certified documents or cards
    Release // a version of the software and all files that it serves
}

/// @notice From `upTo` won (inclusive) on downwards, an act of a treasurer needs `officers` signatures.
struct Band {
    uint64 upTo;
    uint8 officers;
}

/// @notice How many distinct officers an act needs.
/// @dev `bands` ascend; the last one reaches type(uint64).max.
struct Thresholds {
    uint8 governors;
    uint8 registrars;
    Band[] bands;
}

/// @param id the officer's number within the authority; stays when the keys change.
/// @param roles bit per Role; 0 removes the officer.
/// @param keys ids of one to four keys of any kind, see {Signatures}: a wallet, a device, a passkey, and another of
/// them for the day the first is lost. None when the officer leaves.
struct Officer {
    uint32 id;
    uint8 roles;
    bytes32[] keys;
}

/// @notice What officers sign (EIP-712 "Act"): one call to one of the platform's contracts, in the name of an
/// authority.
struct Act {
    Region authority;
    address target;
    bytes call;
    uint256 nonce;
    uint40 deadline;
}

/// @param signature of the act's digest by any one key of the officer, as {Signatures} describes it, with no bytes
/// after it.
struct Approval {
    uint32 officer;
    bytes signature;
}

/// @title The governments behind the vouchers: their officers, thresholds and signed acts.
/// @notice Only the officers of an authority can act for it: not the operator, not the deployer, not the
/// authority above it. Every privileged entry point of the platform is reached through `execute` alone, and nothing is
/// executed that no officer in a role which the call asked for has signed. One exception is written here: an authority
/// whose governors do nothing for `RESEAT_DELAY` gets the officers that its founder proposed, see {proposeReseat}.
/// @dev Officers and thresholds change in three ways. Removing a person: at once. Every other change: `CHANGE_DELAY`
/// after the act, when any address may finish it; until then each governor may stop it once. Reseat: all at once.
/// What is not finished within 30 days after it could be has lapsed.
interface IAuthorities {
    event AuthorityFounded(Region indexed authority, Region indexed founder);
    event OfficerSet(Region indexed authority, uint32 indexed officer, bytes32[] keys, uint8 roles);
    event ThresholdsSet(Region indexed authority, uint8 governors, uint8 registrars, Band[] bands);
    /// @param officers everybody who approved it, by number within the authority.
    event ActExecuted(
        bytes32 indexed act, Region indexed authority, address target, bytes4 selector, uint32[] officers
    );
    event ApprovalWithdrawn(bytes32 indexed act, Region indexed authority, uint32 indexed officer);
    /// @param change id of the change: keccak256 of selector, authority and content.
    /// @param firm more governors approved it than needed: no one stops it.
    event OfficersProposed(
        Region indexed authority, bytes32 indexed change, uint40 readyAt, bool firm, Officer[] officers
    );
    event ThresholdsProposed(
        Region indexed authority, bytes32 indexed change, uint40 readyAt, bool firm, Thresholds thresholds
    );
    /// @param by the governor who stopped it, by number.
    event ChangeStopped(Region indexed authority, bytes32 indexed change, uint32 by);
    event ChangeFinished(Region indexed authority, bytes32 indexed change);
    /// @notice Governors proposed that `area` goes to an authority; to the acting one itself: that it is given up.
    event AreaProposed(
        Region indexed authority, bytes32 indexed change, uint40 readyAt, bool firm, Region to, Region area
    );
    /// @param by the authority that granted it or handed it over; the founder's at the founding.
    event AreaGranted(Region indexed authority, Region indexed area, Region by);
    /// @notice The authority has no power over the area any more but through another area.
    event AreaGivenUp(Region indexed authority, Region indexed area);
    /// @notice Somebody was removed: the changes under way have ended, so that none returns the person.
    event ChangesEnded(Region indexed authority);
    event ReseatProposed(
        Region indexed authority, Region indexed founder, uint40 readyAt, Officer[] officers, Thresholds thresholds
    );
    event ReseatRejected(Region indexed authority);
    /// @notice All officers and thresholds until now have ended. The events of the new ones follow.
    event AuthorityReseated(Region indexed authority);
    /// @param kind see {AnchorKind}. @param number counts the roots of the authority and the kind, from 1.
    event Anchored(Region indexed authority, uint8 indexed kind, bytes32 root, uint64 number);

    error OfficersTooFew(uint256 had, uint256 needed);
    error OfficerUnknown(uint32 officer);
    error OfficersNotAscending(uint32 officer);
    error OfficerSignatureInvalid(uint32 officer);
    error OfficerInvalid(uint32 officer);
    error SignerAlreadyUsed(bytes32 key);
    error OfficersNeeded(Role role, uint256 had, uint256 needed);
    error ActDeadlinePassed(uint40 deadline);
    error ActDeadlineTooFar(uint40 deadline, uint40 latest);
    error ActAlreadyExecuted(bytes32 act);
    error ActTargetUnknown(address target);
    error ActWithinAct();
    error ActAsksNoOfficer();
    error ApprovalIsWithdrawn(uint32 officer);
    error NotAnAct();
    error AuthorityUnknown(Region authority);
    error AuthorityExists(Region authority);
    error AuthorityNearer(Region region, Region nearest);
    error RegionOutsideAuthority(Region authority, Region region);
    error AreaInvalid(Region authority, Region area);
    error AreaOccupied(Region area);
    error AreaWithoutAuthority(Region area);
    error AreasFull(Region authority);
    error ThresholdsInvalid();
    error ChangeUnknown(bytes32 change);
    error ChangeNotReady(uint40 readyAt);
    error ChangeFirm(bytes32 change);
    error ChangeStoppedBefore(uint32 officer);
    error NotFounder(Region authority, Region founder);
    error ReseatUnknown(Region authority);
    error ReseatNotReady(uint40 readyAt);
    error AnchorKindUnknown(uint8 kind);
    error AnchorRootZero();

    /// @notice Executes an act that enough officers signed. Any address may submit it, until its deadline and during
    /// the 30 days before it. Refuses a call that asks for no role, and an approval that its officer withdrew.
    /// @param approvals in ascending order of officer number, so that each officer counts once, whichever keys signed.
    /// @dev Reverts with the reason of the called function. An executed act can't be executed again.
    function execute(Act calldata act, Approval[] calldata approvals) external;

    /// @notice Takes an officer's own approval of an act back, for good; the approvals of others stay. Any address may
    /// submit it. An act that has too few approvals left can't be executed by anybody who kept the signatures.
    /// @param signature of the EIP-712 message "Withdrawal" by any one key of the officer.
    function withdrawApproval(Region authority, bytes32 act, uint32 id, bytes calldata signature) external;

    /// @notice Founds an authority inside the acting one's areas. Once: afterwards it belongs to its officers. Its code is
    /// its name for ever, and its first area. Every role needs one person more than its acts need.
    /// @dev By the governors of the authority nearest to the region, see {nearestTo}, and of no other. No authority may
    /// have an area in it already.
    function foundAuthority(
        Region authority,
        Region region,
        Officer[] calldata officers,
        Thresholds calldata thresholds
    ) external;

    /// @notice Proposes to add, change or remove officers; the keys given replace all that the officer had. In force
    /// once {finishOfficers} is called, `CHANGE_DELAY` later. Proposing the same again starts the delay again.
    /// @dev By the authority's governors.
    function setOfficers(Region authority, Officer[] calldata officers) external;

    /// @notice Proposes how many officers an act needs. Governors and every band need two at least, and governors as many
    /// as the largest band. In force once {finishThresholds} is called, `CHANGE_DELAY` later.
    /// @dev By the authority's governors.
    function setThresholds(Region authority, Thresholds calldata thresholds) external;

    /// @notice Removes officers at once, as long as every role keeps as many as its acts need. Changes under way end.
    /// @dev By the authority's governors.
    function removeOfficers(Region authority, uint32[] calldata officers) external;

    /// @notice Ends a change under way. Each governor may stop the same change once; it may be proposed again. A change
    /// that one governor more than needed approved can't be stopped.
    /// @dev By one governor; of several who signed the act, it counts for the one with the lowest number.
    function stopChange(Region authority, bytes32 change) external;

    /// @notice Puts a proposed change of officers into force; any address may, once it is ready. Refuses to leave a role
    /// with fewer people than one more than it needs, if it takes somebody out of that role, and a key that another
    /// officer of the authority has.
    function finishOfficers(Region authority, Officer[] calldata officers) external;

    /// @notice Puts proposed thresholds into force; any address may, once they are ready.
    function finishThresholds(Region authority, Thresholds calldata thresholds) external;

    /// @notice Proposes that an authority answers for one more area, four at most: because its code changed, it moved to
    /// another province or became larger. In force once {finishArea} is called, `CHANGE_DELAY` later. An area of the
    /// acting authority itself is handed over and is its own no more.
    /// @dev By the governors of the authority nearest to the area; the state where there is none. No other authority may
    /// have an area in it, but in one that is handed over as it is.
    function grantArea(Region authority, Region to, Region area) external;

    /// @notice Proposes that the acting authority gives up one of its areas, which then belongs to the nearest authority
    /// around it; there must be one. In force once {finishArea} is called, `CHANGE_DELAY` later.
    /// @dev By the authority's governors.
    function giveUpArea(Region authority, Region area) external;

    /// @notice Puts a proposed change of areas into force; any address may, once it is ready.
    /// @param to who gets the area; the authority itself when it gives it up.
    function finishArea(Region authority, Region to, Region area) external;

    /// @notice Proposes new officers and thresholds for an authority that the acting one founded, because its own are
    /// gone. They count `RESEAT_DELAY` later, unless the authority's governors execute any act meanwhile. A new proposal
    /// replaces the one before.
    /// @dev By the founder's governors.
    function proposeReseat(
        Region authority,
        Region region,
        Officer[] calldata officers,
        Thresholds calldata thresholds
    ) external;

    /// @notice Says that an authority's officers are there: ends a proposed reseat and does nothing else.
    /// @dev By the authority's governors, whose every other act does the same.
    function rejectReseat(Region authority) external;

    /// @notice Seats the proposed officers; any address may, once it is ready. The officers until now have no power left.
    function finishReseat(Region authority) external;

    /// @notice Records the root of documents outside of the chain in the authority's name, for good. It moves no won and
    /// decides nothing. The same root may be anchored again.
    /// @param kind see {AnchorKind}. @param root hash of a document, or Merkle root of several; not 0.
    /// @dev By treasurers in the band of 0 won for a close, a report and a commitment; by governors for the other kinds.
    function anchor(Region authority, uint8 kind, bytes32 root) external;

    /// @notice Reverts unless an act of `authority` is being executed that enough officers in `role` signed.
    /// @param amount won at stake; chooses the band of a treasurer's act, else ignored.
    /// @dev For `VOUCHERS` alone.
    function requireAct(Region authority, Role role, uint256 amount) external;

    /// @notice The same with an explicit number of officers, one at least, instead of the authority's thresholds.
    function requireActBy(Region authority, Role role, uint256 count) external;

    /// @notice The same for treasurers who approve `amount` won for issue: what the authority approved before on the same
    /// Korean day counts as well when the band is chosen. Above the last band it stays the last.
    function requireActToIssue(Region authority, uint64 amount) external;

    /// @notice How many distinct officers in `role` an act over `amount` won needs.
    function officersNeeded(Region authority, Role role, uint256 amount) external view returns (uint256);

    /// @notice Won that an authority approved for issue on the present Korean day.
    function approvedToday(Region authority) external view returns (uint64);

    /// @notice An officer's keys and roles; none of both if there is no such officer.
    function officer(Region authority, uint32 id) external view returns (bytes32[] memory keys, uint8 roles);

    function thresholds(Region authority) external view returns (Thresholds memory);

    /// @notice What the authority answers for, in the order in which it got it; empty for the state and the unknown.
    function areasOf(Region authority) external view returns (Areas);

    /// @notice The authority whose area is the smallest around a region; the state where there is none.
    function nearestTo(Region region) external view returns (Region);

    /// @notice The authority that founded this one; the state for itself.
    function founderOf(Region authority) external view returns (Region);

    /// @notice When a change under way can be finished, and whether no one can stop it; 0 if it is not under way.
    function pendingChange(Region authority, bytes32 change) external view returns (uint40 readyAt, bool firm);

    /// @notice When proposed officers can be seated; 0 if there are none.
    function reseatReadyAt(Region authority) external view returns (uint40);

    /// @notice The newest root of a kind and how many there were; zeros before the first.
    /// @dev For `eth_getProof`: with `a` = keccak256(authority ‖ uint256(4)), the root is in the slot keccak256(kind ‖ a) and
    /// the number in the next one (both keys padded to 32 bytes).
    function anchorOf(Region authority, uint8 kind) external view returns (bytes32 root, uint64 number);

    function isExecuted(bytes32 act) external view returns (bool);

    /// @notice The EIP-712 digest that officers sign.
    function actDigest(Act calldata act) external view returns (bytes32);
}
