import type { Hex } from './bytes.js';
import type {
  AccountAttestation,
  AccountHome,
  AccountTaking,
  AuthorityThresholds,
  ChainSeriesTerms,
  FirstKeys,
  MerchantPlace,
  MerchantRegistration,
  OfficerEntry,
  ReturnedRedemption,
  SettlementLine,
} from './act-types.js';
import type { Fields } from './fields.js';

// One reader per Solidity struct; acts and events share them.

export function readTerms(values: Fields): ChainSeriesTerms {
  return {
    validFrom: values.num('validFrom'),
    validUntil: values.num('validUntil'),
    flags: values.num('flags'),
    hops: values.num('hops'),
    refundPercent: values.num('refundPercent'),
    refundDays: values.num('refundDays'),
    paymentCap: values.big('paymentCap'),
    dailyCaps: values.bigs('dailyCaps'),
    holdingCap: values.big('holdingCap'),
    monthCap: values.big('monthCap'),
    yearCap: values.big('yearCap'),
    giftCap: values.big('giftCap'),
    budget: values.big('budget'),
    funding: values.nums('funding'),
    document: values.hex('document'),
    rules: values.bigs('rules'),
  };
}

export function readMerchant(values: Fields): MerchantRegistration {
  return {
    merchant: values.hex('merchant'),
    region: values.region('region'),
    category: values.num('category'),
    size: values.num('size'),
  };
}

/** The same in a list to be registered: with what an account that is not on record yet says. */
export function readRegistration(values: Fields): MerchantRegistration {
  return { ...readMerchant(values), ...readClaim(values) };
}

export function readPlaceOfMerchant(values: Fields): MerchantPlace {
  return { merchant: values.hex('subject'), region: values.region('place') };
}

export function readHome(values: Fields): AccountHome {
  return { account: values.hex('subject'), home: values.region('place') };
}

export function readAttestation(values: Fields): AccountAttestation {
  return {
    account: values.hex('account'),
    home: values.region('home'),
    tier: values.num('tier'),
    company: values.bool('company'),
    ...readClaim(values),
  };
}

/** Known merchants and accounts have none. */
function readClaim(values: Fields): { readonly claim?: Hex } {
  const claim = values.hex('claim');
  return claim === '0x' ? {} : { claim };
}

export function readFirstKeys(values: Fields): FirstKeys {
  return { account: values.hex('account'), keys: values.hex('keys') };
}

export function readTaking(values: Fields): AccountTaking {
  const consent = values.hex('consent');
  const taking = { account: values.hex('account'), place: values.region('place') };
  return consent === '0x' ? taking : { ...taking, consent };
}

export function readOfficer(values: Fields): OfficerEntry {
  return { id: values.num('id'), roles: values.num('roles'), keys: values.hexes('keys') };
}

export function readSettlementLine(values: Fields): SettlementLine {
  return {
    merchant: values.hex('merchant'),
    series: values.num('series'),
    amount: values.big('amount'),
  };
}

export function readReturn(values: Fields): ReturnedRedemption {
  const receipt = values.struct('receipt');
  return {
    merchant: values.hex('merchant'),
    series: values.num('series'),
    receipt: {
      id: receipt.hex('id'),
      amount: receipt.big('amount'),
      day: receipt.num('day'),
      batch: receipt.big('batch'),
      branch: receipt.hexes('branch'),
    },
  };
}

export function readThresholds(values: Fields): AuthorityThresholds {
  return {
    governors: values.num('governors'),
    registrars: values.num('registrars'),
    bands: values
      .structs('bands')
      .map((band) => ({ upTo: band.big('upTo'), officers: band.num('officers') })),
  };
}
