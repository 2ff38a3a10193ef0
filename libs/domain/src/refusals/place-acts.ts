import type { RefusalEntry } from './types.js';

/**
 * Refusals of acts about areas of authorities and reforms of the codes, and of entries of their lists; see
 * authority-acts.ts.
 */
export const PLACE_REFUSALS = [
  {
    number: 220,
    key: 'area_invalid',
    solidity: 'AreaInvalid',
    where: 'act',
    http: 409,
    args: ['authority:region', 'area:region'],
    ko: {
      title: '이 지자체의 관할로 정하거나 뺄 수 없는 지역입니다.',
      detail: '지자체 {authority}, 지역 {area}.',
      next: '이미 관할인 지역은 다시 정하지 않아도 됩니다. 관할에서 빼려면 그 지자체의 관할 목록에 있는 지역을 골라 주세요.',
    },
    en: {
      title: 'The authority cannot get or give up this area.',
      detail: 'Authority {authority}; area {area}.',
      next: 'What lies in its areas already need not be granted. To give an area up, choose one of its list.',
    },
  },
  {
    number: 221,
    key: 'area_occupied',
    solidity: 'AreaOccupied',
    where: 'act',
    http: 409,
    args: ['area:region'],
    ko: {
      title: '이 지역 안에 다른 지자체의 관할이 있습니다.',
      detail: '지역: {area}.',
      next: '다른 지자체의 관할을 포함하지 않는 지역을 골라 주세요.',
    },
    en: {
      title: 'Another authority has an area inside this one.',
      detail: 'Area: {area}.',
      next: 'Choose an area that contains no other authority’s.',
    },
  },
  {
    number: 222,
    key: 'area_without_authority',
    solidity: 'AreaWithoutAuthority',
    where: 'act',
    http: 409,
    args: ['area:region'],
    ko: {
      title: '이 지역을 맡을 다른 지자체가 없습니다.',
      detail: '지역: {area}.',
      next: '관할에서 빼지 말고, 맡을 지자체에 넘겨 주세요.',
    },
    en: {
      title: 'No other authority would answer for this area.',
      detail: 'Area: {area}.',
      next: 'Hand it over to an authority instead of giving it up.',
    },
  },
  {
    number: 223,
    key: 'areas_full',
    solidity: 'AreasFull',
    where: 'act',
    http: 409,
    args: ['authority:region'],
    ko: {
      title: '지자체의 관할은 네 곳까지입니다.',
      detail: '지자체: {authority}.',
      next: '그 지자체가 쓰지 않는 예전 지역을 먼저 관할에서 빼 주세요.',
    },
    en: {
      title: 'An authority has four areas at most.',
      detail: 'Authority: {authority}.',
      next: 'Have it give up a former area that is not used any more.',
    },
  },
  {
    number: 224,
    key: 'reform_invalid',
    solidity: 'ReformInvalid',
    where: 'act',
    http: 409,
    args: ['from:region', 'to:region'],
    ko: {
      title: '등록할 수 없는 행정구역 개편입니다.',
      detail: '{from}에서 {to}(으)로.',
      next: '이미 등록된 개편은 다시 등록하지 않습니다. 새 지역은 예전 지역 안에 있을 수 없습니다.',
    },
    en: {
      title: 'This reform of the codes cannot be declared.',
      detail: 'From {from} to {to}.',
      next: 'A reform is declared once. The new region may not lie inside the former one.',
    },
  },
  {
    number: 225,
    key: 'reform_unknown',
    solidity: 'ReformUnknown',
    where: 'act',
    http: 409,
    args: ['from:region', 'to:region'],
    ko: {
      title: '등록되지 않은 행정구역 개편입니다.',
      detail: '{from}에서 {to}(으)로.',
      next: '총괄 담당자가 먼저 개편을 등록해 주세요.',
    },
    en: {
      title: 'This reform of the codes was not declared.',
      detail: 'From {from} to {to}.',
      next: 'Have the governors declare the reform first.',
    },
  },
  {
    number: 226,
    key: 'place_outside_reform',
    solidity: 'PlaceOutsideReform',
    where: 'act',
    http: 409,
    args: ['subject:text', 'former:region', 'place:region'],
    ko: {
      title: '이 개편으로 바뀌는 지역이 아닙니다.',
      detail: '{subject}: 등록된 지역 {former}, 새 지역 {place}.',
      next: '등록된 지역과 새 지역을 확인해 주세요. 실제로 옮긴 가맹점은 지역을 변경해 주세요.',
    },
    en: {
      title: 'The reform does not lead from the place on record to the new one.',
      detail: '{subject}: on record {former}; new {place}.',
      next: 'Check both places. Register a merchant that really moved at its new place.',
    },
  },
  {
    number: 227,
    key: 'former_places_full',
    solidity: 'FormerPlacesFull',
    where: 'act',
    http: 409,
    args: ['merchant:text'],
    ko: {
      title: '가맹점의 예전 지역은 세 곳까지 남습니다.',
      detail: '가맹점: {merchant}.',
      next: '예전 지역의 상품권이 모두 끝난 뒤에 지역을 변경해 주세요.',
    },
    en: {
      title: 'A merchant keeps three former places at most.',
      detail: 'Merchant: {merchant}.',
      next: 'Register it at its new place once the vouchers of its former places are over.',
    },
  },
] as const satisfies readonly RefusalEntry[];
