// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorities} from "./IAuthorities.sol";
import {Region} from "../types/Region.sol";
import {ScopeRule} from "../types/ScopeRule.sol";

/// @notice The rules of a series. They never change once it is published; amounts are won of face value.
/// @param validFrom, validUntil Unix seconds; payable when validFrom <= now < validUntil, or until the end that it was
/// extended to ({SeriesState}). `validUntil` itself stays: of several series the one with the earliest is spent first.
/// @param flags see the FLAG constants.
/// @param hops how often merchant balances may move on from merchant to merchant, 0..3; 0 = no circulation.
/// @param refundPercent the rest is refundable once this much of what was received is spent (Act Art 10(3), Decree 3:
/// 60..80); 0 = never.
/// @param refundDays an untouched holding is refundable in full up to so many Korean days after it last grew; 0 = never.
/// @param paymentCap largest part of a single payment; 0 = no cap.
/// @param dailyCaps most that one holder may spend or give away in a Korean day, by tier 0, 1, 2; 0 = no cap.
/// @param holdingCap most that one holder may hold; 0 = no cap.
/// @param monthCap, yearCap most that one resident may buy of the authority's sold series in a Korean calendar month
/// and year; 0 = no cap. Only with FLAG_SOLD.
/// @param giftCap most that one resident may receive as gifts from the authority's series in a Korean month; 0 = none.
/// @param budget most that may be issued in all, changeable by officers.
/// @param funding who paid for the face value, in basis points: resident, state, province, city.
/// @param document keccak256 of the canonical terms document (RFC 8785) that residents read.
struct SeriesTerms {
    uint40 validFrom;
    uint40 validUntil;
    uint8 flags;
    uint8 hops;
    uint8 refundPercent;
    uint8 refundDays;
    uint64 paymentCap;
    uint32[3] dailyCaps;
    uint64 holdingCap;
    uint64 monthCap;
    uint64 yearCap;
    uint64 giftCap;
    uint64 budget;
    uint16[4] funding;
    bytes32 document;
    ScopeRule[] rules;
}

/// @dev A resident may give it to another one.
uint8 constant FLAG_GIFT = 1;
/// @dev Bought by residents: purchase caps count.
uint8 constant FLAG_SOLD = 2;
/// @dev For company buyers alone: no discount, no purchase and holding caps.
uint8 constant FLAG_COMPANY = 4;

/// @notice won that may be issued, is claimed by issue orders, was issued, and what became of it. Outstanding is
/// issued - redeemed - refunded - expired, always.
struct Supply {
    uint64 budget;
    uint64 approved;
    uint64 issued;
    uint64 redeemed;
    uint64 refunded;
    uint64 expired;
}

/// @notice What officers decided about a series after it was published.
/// @param validUntil end of the validity as extended. @param expiring officers have started the return of what is left to its funders.
/// @param pauseUsed seconds of all its pauses so far, the running one to its end; at most a tenth of the validity.
struct SeriesState {
    uint40 validUntil;
    uint40 pausedUntil;
    bool expiring;
    bool closed;
    uint40 pauseUsed;
}

/// @notice What a resident holds of a series, with the replay window of orders from it; one storage slot.
/// @dev `received` counts all that came in, less what was given away; `receivedDay` is the Korean day when it last
/// grew; `day` and `spentToday` serve the daily cap.
struct Holding {
    uint48 balance;
    uint48 received;
    uint32 top;
    uint64 window;
    uint16 day;
    uint32 spentToday;
    uint16 receivedDay;
}

/// @notice What a merchant has taken in a series and not redeemed yet. Only payments add to it, so that what is
/// redeemed was spent first (Act Art 9: merchants only).
/// @param balance taken from residents. @param byHop received from other merchants, by hops 1, 2, 3.
struct MerchantBalance {
    uint48 balance;
    uint32 top;
    uint64 window;
    uint64[3] byHop;
}

/// @dev What an account is, for its whole life. A part of the id of every account with a key ring.
uint8 constant ROLE_RESIDENT = 1;
uint8 constant ROLE_MERCHANT = 2;
uint8 constant ROLE_COMPANY = 3;

enum MerchantStatus {
    None,
    Active,
    Suspended,
    Closed
}

/// @param category business category, 0..127. @param size class by annual sales, 0 the smallest.
/// @param heldUntil payouts are kept back until then (a risk case is open); what is redeemed stays owed.
/// @param recoded it has former places, see {IVouchersRegistry-formerPlaces}.
/// @param authority answers for it: no other authority has any power over it.
/// @param keyless it was registered without keys; it has none until its keys are changed first.
struct Merchant {
    Region region;
    uint8 category;
    uint8 size;
    MerchantStatus status;
    uint40 heldUntil;
    bool recoded;
    Region authority;
    bool keyless;
}

/// @param claim why the acting authority is the one that the account chose, see {IVouchersRegistry}; empty for a known
/// merchant.
struct MerchantEntry {
    address merchant;
    Region region;
    uint8 category;
    uint8 size;
    bytes claim;
}

/// @param home province, city or district where the holder lives. @param tier 0 none, 1 phone, 2 real name.
/// @param frozenUntil no payments, gifts, refunds and changes of keys until then.
/// @param frozenByOne a single registrar froze it, and may not again before two have decided about it.
/// @param company a company buyer. @param rekeyed the keys differ from those that the account's id was made of.
/// @param keyChanges how often its keys were changed.
/// @param day, spentByDevices what device keys spent on the last Korean day on which they spent anything.
/// @param authority answers for it: no other authority has any power over it. Zero for a merchant, whose record names it.
/// @param keyless it was attested without keys; it has none until its keys are changed first.
struct Account {
    Region home;
    uint8 tier;
    uint40 frozenUntil;
    bool frozenByOne;
    bool company;
    bool rekeyed;
    uint32 keyChanges;
    uint16 day;
    uint32 spentByDevices;
    Region authority;
    bool keyless;
}

/// @notice A place that a merchant had before a reform of the codes. @param lastSeries series up to it honour the place.
struct FormerPlace {
    Region region;
    uint32 lastSeries;
}

/// @notice The present code of a merchant's place, or of an account's home.
struct PlaceEntry {
    address subject;
    Region place;
}

/// @notice A change of the codes by law: places in one region got codes in another one. @param lastSeries the newest
/// series when it was declared.
struct Reform {
    bool declared;
    uint32 lastSeries;
}

/// @param claim why the acting authority is the one that the account chose, see {IVouchersRegistry}; empty for a known
/// account.
struct AccountEntry {
    address account;
    Region home;
    uint8 tier;
    bool company;
    bytes claim;
}

/// @notice An authority takes an account on: with its holder's consent, or as handed over.
/// @param place the merchant's place, or the account's home, from now on; it lies in the authority's areas.
/// @param consent 5 bytes deadline, then the proof of an owner key under EIP-712 "Consent" from the authority in charge, with
/// the account's `moves` as number; empty if the authority in charge handed it over.
struct Taking {
    address account;
    Region place;
    bytes consent;
}

/// @notice A hand-over that the authority in charge proposed; `to` and `readyAt` are zero when none is.
/// @param readyAt when the notice is over. @param number counts the proposals of this account; an objection names it.
/// @param moves how often the authority that answers for the account changed; a consent names it.
struct HandOver {
    Region to;
    uint40 readyAt;
    uint32 number;
    uint32 moves;
}

/// @notice The first keys of an account that was opened without any. @param keys a key ring, see {KeyRing}.
struct FirstKeys {
    address account;
    bytes keys;
}

/// @notice New keys that officers gave to an account whose keys were lost; they count from `readyAt` on unless an old
/// key objects. `keys` and `readyAt` are zero when nothing is proposed.
/// @param number counts the proposals of this account; an objection names the one that it is to.
/// @param objections how often an owner key objected since the keys last changed.
/// @param overruling three registrars proposed it after an objection: no key can object to it.
struct Replacement {
    bytes32 keys;
    uint40 readyAt;
    uint32 number;
    uint32 objections;
    bool overruling;
}

/// @notice What a batch did, or would do, with one item. @param code Refusal, 0 = settled.
struct Outcome {
    bytes32 id;
    uint8 code;
    uint256 a;
    uint256 b;
}

/// @notice Proof that a payment or redemption settled: its place in a batch whose root the contract keeps.
/// @param id of the payment or redemption. @param amount of this series. @param day Korean day on which it settled.
/// @param batch number of the batch, see {IVouchers-receiptRoot}. @param branch from its leaf to the root.
struct Receipt {
    bytes32 id;
    uint64 amount;
    uint16 day;
    uint64 batch;
    bytes32[] branch;
}

/// @notice One line of an authority's settlement run.
struct Settlement {
    address merchant;
    uint32 series;
    uint64 amount;
}

/// @notice A redemption whose payout the bank refused.
struct Return {
    address merchant;
    uint32 series;
    Receipt receipt;
}

/// @notice What was approved for issue: a list by its root, or a quota by its key.
/// @param by the authority that approved it: the series' own, or one that it delegated a part of the budget to.
/// @param delegation number of the delegation that it was approved under; what it leaves goes back to that one alone.
/// @param key of a quota; zero for a list. @param perDay most that the quota's key may issue in a Korean day.
struct IssueOrder {
    uint32 series;
    uint64 remaining;
    Region by;
    bool closed;
    uint32 delegation;
    bytes32 root;
    bytes32 key;
    uint64 perDay;
    uint16 day;
    uint64 issuedToday;
}

/// @notice What amounts count: whole numbers of the smallest part of one unit. Fixed when a deployment is made; where
/// this code says won it means that unit.
/// @param code ISO 4217, or a private code of three letters. @param digits after the point; 0 where the unit has no parts.
/// @param nameKo and nameEn in UTF-8, filled up with zeros behind.
struct Unit {
    bytes3 code;
    uint8 digits;
    bytes32 nameKo;
    bytes32 nameEn;
}

/// @notice After which numbers the first series and the first issue order of a deployment come: 0, or where a deployment
/// before it ended, so that no number means two things.
struct Starts {
    uint32 series;
    uint64 issueOrders;
}

/// @notice The contracts of one deployment besides {Vouchers} itself.
struct Parts {
    IAuthorities authorities;
    address extension;
    address admin;
    address registry;
}
