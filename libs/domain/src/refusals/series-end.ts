import type { RefusalEntry } from './types.js';

/** Refusals 82–84 and 204–208 of acts about the validity of a series and its end. */
export const SERIES_END_REFUSALS = [
  {
    number: 82,
    key: 'series_not_over',
    solidity: 'SeriesNotOver',
    where: 'act',
    http: 409,
    args: ['series:count', 'valid_until:end'],
    ko: {
      title: '아직 유효기간이 남은 회차입니다.',
      detail: '회차 {series}번은 {valid_until}까지 유효합니다.',
      next: '유효기간이 끝난 뒤에 다시 올려 주세요.',
    },
    en: {
      title: 'The series is still valid.',
      detail: 'Series {series} is valid until {valid_until}.',
      next: 'Propose it again once its validity is over.',
    },
  },
  {
    number: 83,
    key: 'series_not_expiring',
    solidity: 'SeriesNotExpiring',
    where: 'act',
    http: 409,
    args: ['series:count'],
    ko: {
      title: '낙전 처리가 시작되지 않은 회차입니다.',
      detail: '회차 {series}번.',
      next: '낙전 처리를 시작하는 결재를 먼저 마쳐 주세요.',
    },
    en: {
      title: 'The return of what is left has not been started.',
      detail: 'Series {series}.',
      next: 'Have the return to the funders approved first.',
    },
  },
  {
    number: 84,
    key: 'series_not_empty',
    solidity: 'SeriesNotEmpty',
    where: 'act',
    http: 409,
    args: ['series:count', 'outstanding:won'],
    ko: {
      title: '아직 쓰이지 않은 금액이 남은 회차입니다.',
      detail: '회차 {series}번의 미사용 금액 {outstanding}.',
      next: '환전과 낙전 처리를 마친 뒤에 마감해 주세요.',
    },
    en: {
      title: 'Something of the series is still outstanding.',
      detail: 'Series {series}: {outstanding} outstanding.',
      next: 'Close it once that is redeemed or returned.',
    },
  },
  {
    number: 204,
    key: 'series_already_closed',
    solidity: 'SeriesAlreadyClosed',
    where: 'act',
    http: 409,
    args: ['series:count'],
    ko: {
      title: '이미 마감한 회차입니다.',
      detail: '회차 {series}번.',
      next: '새 회차를 발행해 주세요. 마감한 회차는 다시 열 수 없습니다.',
    },
    en: {
      title: 'The series is closed.',
      detail: 'Series {series}.',
      next: 'Publish a new one; a closed series stays closed.',
    },
  },
  {
    number: 205,
    key: 'expiry_already_started',
    solidity: 'ExpiryAlreadyStarted',
    where: 'act',
    http: 409,
    args: ['series:count'],
    ko: {
      title: '낙전 처리를 시작한 회차는 유효기간을 연장할 수 없습니다.',
      detail: '회차 {series}번.',
      next: '새 회차를 발행해 주세요. 이미 소멸한 상품권은 되살릴 수 없습니다.',
    },
    en: {
      title: 'The validity of a series cannot be extended once the return of what is left has started.',
      detail: 'Series {series}.',
      next: 'Publish a new one; vouchers that have expired do not come back.',
    },
  },
  {
    number: 206,
    key: 'end_differs',
    solidity: 'EndDiffers',
    where: 'act',
    http: 409,
    args: ['series:count', 'valid_until:end'],
    ko: {
      title: '그사이 유효기간이 달라진 회차입니다.',
      detail: '회차 {series}번의 유효기간은 지금 {valid_until}까지입니다.',
      next: '지금 유효기간을 확인하고 연장 결재를 새로 올려 주세요.',
    },
    en: {
      title: 'The series ends at another moment by now.',
      detail: 'Series {series} is valid until {valid_until}.',
      next: 'See whether it is long enough, and propose another extension if it is not.',
    },
  },
  {
    number: 207,
    key: 'extension_too_short',
    solidity: 'ExtensionTooShort',
    where: 'act',
    http: 422,
    args: ['until:moment', 'later_than:moment'],
    ko: {
      title: '유효기간은 늘릴 수만 있습니다.',
      detail: '{until}까지로 요청했으나 {later_than}보다 뒤여야 합니다.',
      next: '지금 유효기간보다, 그리고 지금 시각보다 뒤인 날짜로 다시 올려 주세요.',
    },
    en: {
      title: 'The validity of a series may only become longer.',
      detail: 'Until {until}; it has to be later than {later_than}.',
      next: 'Propose an end after the present one and after now.',
    },
  },
  {
    number: 208,
    key: 'extension_too_long',
    solidity: 'ExtensionTooLong',
    where: 'act',
    http: 422,
    args: ['until:time', 'latest:time'],
    ko: {
      title: '연장하는 기간이 너무 깁니다.',
      detail: '{until}까지로 요청했으나 {latest}까지 가능합니다.',
      next: '더 이른 날짜로 다시 올려 주세요.',
    },
    en: {
      title: 'The extension is too long.',
      detail: 'Until {until}; at the latest {latest}.',
      next: 'Propose an earlier end.',
    },
  },
] as const satisfies readonly RefusalEntry[];
