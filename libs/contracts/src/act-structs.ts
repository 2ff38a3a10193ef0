import type {
  AccountAttestation,
  AuthorityThresholds,
  ChainSeriesTerms,
  MerchantRegistration,
  OfficerEntry,
} from './act-types.js';
import type { Fields } from './fields.js';

// One reader per Solidity struct; acts and events share them.

export function readTerms(values: Fields): ChainSeriesTerms {
  return {
    validFrom: values.num('validFrom'),
    validUntil: values.num('validUntil'),
    paymentCap: values.big('paymentCap'),
    dailyCap: values.big('dailyCap'),
    holdingCap: values.big('holdingCap'),
    budget: values.big('budget'),
    funding: values.nums('funding'),
    flags: values.num('flags'),
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

export function readAttestation(values: Fields): AccountAttestation {
  return { account: values.hex('account'), home: values.region('home'), tier: values.num('tier') };
}

export function readOfficer(values: Fields): OfficerEntry {
  return { id: values.num('id'), signer: values.hex('signer'), roles: values.num('roles') };
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
