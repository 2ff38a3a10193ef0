// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FLAG_GIFT, FLAG_SOLD, ROLE_MERCHANT, ROLE_RESIDENT, SeriesTerms} from "../../src/interfaces/VoucherTypes.sol";
import {Region} from "../../src/types/Region.sol";
import {Keys} from "../support/Keys.sol";
import {Orders, Signer} from "../support/Orders.sol";

/// @notice A small population with every kind of account and of series: residents and merchants with a wallet, and with
/// a ring of device, passkey and wallet; a series with hops and refunds, one with every cap, one of the province.
abstract contract People is Orders {
    uint256 internal constant PEOPLE = 6;
    uint256 internal constant RESIDENTS = 3;
    uint32 internal constant SERIES = 3;
    uint64 internal constant BUDGET = 20_000_000;
    uint64 internal constant PER_DAY = 250_000;

    /// @dev Residents first, then the shops; the last shop is in another city.
    address[] internal people;
    mapping(address => uint256 index) internal indexOf;
    mapping(address => bytes) internal rings;
    /// @dev How often the keys of an account changed; signatures of older keys are invalid.
    mapping(address => uint256) internal generation;
    mapping(uint32 series => SeriesTerms) internal termsOf;
    /// @dev When it ends, with its extensions.
    mapping(uint32 series => uint40) internal endOf;
    mapping(uint32 series => Region) internal authorityOf;
    mapping(uint32 series => uint64 order) internal quotaOf;

    function _populate() internal {
        for (uint256 i = 0; i < PEOPLE; i++) {
            bytes memory ring = _newRing(i, 0, 80_000);
            bool ringed = i == 1 || i == 2 || i == 4;
            uint8 role = i < RESIDENTS ? ROLE_RESIDENT : ROLE_MERCHANT;
            address account = ringed ? accountOf(PROVINCE, role, 0, ring) : person(_key(i, 0, 2));
            people.push(account);
            indexOf[account] = i;
            if (ringed) rings[account] = ring;
            if (i < RESIDENTS) attest(account, CITY, uint8(i));
            else register(account, i == PEOPLE - 1 ? OTHER_CITY : CITY, 1, 1);
        }
    }

    function _publishAll() internal {
        _publish(CITY, _circulating());
        _publish(CITY, _capped());
        _publish(PROVINCE, _provincial());
        delegate(PROVINCE, 3, CITY, BUDGET / 2);
        for (uint32 id = 1; id <= SERIES; id++) {
            Region by = id == 3 ? CITY : authorityOf[id];
            quotaOf[id] = approveQuota(by, id, BUDGET / 4, PER_DAY, Keys.walletId(_quotaKey(id)));
        }
    }

    /// @dev Who may sign for an account. @param which 0 device, 1 passkey, 2 wallet; a plain wallet has but itself.
    function _signerOf(address account, uint256 which) internal view returns (Signer memory) {
        uint256 i = indexOf[account];
        bytes memory ring = rings[account];
        if (ring.length == 0) return wallet(_key(i, 0, 2));
        uint8 position = uint8(which % 3);
        uint256 key = _key(i, generation[account], position);
        return Signer(position == 0 ? 2 : position == 1 ? 3 : 1, key, position, ring);
    }

    function _isDevice(Signer memory signer) internal pure returns (bool) {
        return signer.ring.length != 0 && signer.position == 0;
    }

    function _deviceLimit(bytes memory ring) internal pure returns (uint256) {
        return uint32(bytes4(abi.encodePacked(ring[0], ring[1], ring[2], ring[3])));
    }

    function _newRing(uint256 i, uint256 age, uint32 limit) internal pure returns (bytes memory) {
        return Keys.ring(
            limit,
            abi.encodePacked(
                Keys.entry(Keys.RIGHT_DEVICE, Keys.deviceId(_key(i, age, 0))),
                Keys.entry(Keys.RIGHT_OWNER, Keys.passkeyId(_key(i, age, 1))),
                Keys.entry(Keys.RIGHT_OWNER, Keys.walletId(_key(i, age, 2)))
            )
        );
    }

    function _key(uint256 i, uint256 age, uint256 position) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("person", i, age, position))) >> 1;
    }

    function _quotaKey(uint32 series) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("quota", series))) >> 1;
    }

    function _resident(uint256 seed) internal view returns (address) {
        return people[seed % RESIDENTS];
    }

    function _shop(uint256 seed) internal view returns (address) {
        return people[RESIDENTS + seed % (PEOPLE - RESIDENTS)];
    }

    function _anybody(uint256 seed) internal view returns (address) {
        return people[seed % PEOPLE];
    }

    function _anySeries(uint256 seed) internal pure returns (uint32) {
        return uint32(1 + seed % SERIES);
    }

    function _publish(Region authority, SeriesTerms memory terms) private {
        terms.budget = BUDGET;
        uint32 id = publish(authority, terms);
        authorityOf[id] = authority;
        termsOf[id] = terms;
        endOf[id] = terms.validUntil;
    }

    function _circulating() private view returns (SeriesTerms memory terms) {
        terms = plainTerms(CITY);
        terms.validUntil = uint40(block.timestamp + 60 days);
        terms.flags = FLAG_GIFT;
        terms.hops = 2;
        // Lower than the statute's 60 to 80, so that a short play gets there.
        terms.refundPercent = 25;
        terms.refundDays = 7;
    }

    function _capped() private view returns (SeriesTerms memory terms) {
        terms = plainTerms(CITY);
        terms.validUntil = uint40(block.timestamp + 120 days);
        terms.flags = FLAG_GIFT | FLAG_SOLD;
        terms.paymentCap = 60_000;
        terms.dailyCaps = [uint32(90_000), 120_000, 150_000];
        terms.holdingCap = 400_000;
        terms.monthCap = 500_000;
        terms.yearCap = 900_000;
        terms.giftCap = 100_000;
        terms.refundPercent = 40;
    }

    function _provincial() private view returns (SeriesTerms memory terms) {
        terms = plainTerms(PROVINCE);
        terms.validUntil = uint40(block.timestamp + 400 days);
        terms.flags = FLAG_GIFT | FLAG_SOLD;
        terms.hops = 3;
        terms.monthCap = 600_000;
        terms.giftCap = 150_000;
    }
}
