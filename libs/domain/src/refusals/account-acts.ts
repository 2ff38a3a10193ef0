import type { RefusalEntry } from './types.js';

/** Why acts about accounts are refused: who answers for an account, what it is, its first keys, moves and hand-overs. */
export const ACCOUNT_ACT_REFUSALS = [
  {
    number: 228,
    key: 'not_in_charge',
    solidity: 'NotInCharge',
    where: 'act',
    http: 403,
    args: ['account:text', 'in_charge:region'],
    ko: {
      title: '다른 지자체가 맡고 있는 계정입니다.',
      detail: '계정 {account}은(는) {in_charge} 지자체가 맡고 있습니다.',
      next: '그 지자체에 요청해 주세요.',
    },
    en: {
      title: 'Another authority answers for the account.',
      detail: '{in_charge} answers for the account {account}.',
      next: 'Ask that authority.',
    },
  },
  {
    number: 229,
    key: 'authority_not_chosen',
    solidity: 'AuthorityNotChosen',
    where: 'act',
    http: 422,
    args: ['account:text', 'authority:region'],
    ko: {
      title: '계정이 이 지자체를 선택하지 않았습니다.',
      detail: '계정 {account}: {authority} 지자체를 선택했다는 증명이 없거나 맞지 않습니다.',
      next: '계정의 키 묶음과 솔트를 확인하거나, 지갑 주인의 동의 서명을 새로 받아 주세요.',
    },
    en: {
      title: 'The account did not choose this authority.',
      detail: 'Account {account}: nothing shows that it chose {authority}.',
      next: 'Check salt and key ring of the account, or have the wallet’s owner sign the consent again.',
    },
  },
  {
    number: 230,
    key: 'role_differs',
    solidity: 'RoleDiffers',
    where: 'act',
    http: 409,
    args: ['account:text'],
    ko: {
      title: '이미 다른 역할로 등록된 계정입니다.',
      detail: '계정 주소: {account}.',
      next: '이용자, 가맹점, 법인은 서로 다른 계정을 씁니다. 새 계정을 만들어 주세요.',
    },
    en: {
      title: 'The account is on record in another role.',
      detail: 'Account: {account}.',
      next: 'A resident, a merchant and a company are different accounts: make another one.',
    },
  },
  {
    number: 231,
    key: 'keys_already_set',
    solidity: 'KeysAlreadySet',
    where: 'act',
    http: 409,
    args: ['account:text'],
    ko: {
      title: '이미 키가 있는 계정입니다.',
      detail: '계정 주소: {account}.',
      next: '키를 잃었다면 새 키를 제안해 주세요. 예전 키의 주인은 이의를 제기할 수 있습니다.',
    },
    en: {
      title: 'The account has keys.',
      detail: 'Account: {account}.',
      next: 'If they were lost, propose new ones: the old ones may object.',
    },
  },
  {
    number: 232,
    key: 'hand_over_unknown',
    solidity: 'HandOverUnknown',
    where: 'act',
    http: 409,
    args: ['account:text', 'authority:region'],
    ko: {
      title: '이 계정의 이관이 예고되어 있지 않습니다.',
      detail: '계정 {account}, 지자체 {authority}.',
      next: '계정을 맡은 지자체가 이관을 예고하거나, 계정 주인이 옮기는 데 동의해야 합니다. 예고 상태를 다시 확인해 주세요.',
    },
    en: {
      title: 'No hand-over of the account is under way.',
      detail: 'Account {account}; authority {authority}.',
      next: 'The authority in charge has to propose it, or the holder to consent to a move. See what the account shows now.',
    },
  },
  {
    number: 233,
    key: 'hand_over_too_early',
    solidity: 'HandOverTooEarly',
    where: 'act',
    http: 409,
    args: ['account:text', 'ready_at:time'],
    ko: {
      title: '이관 예고 기간이 끝나지 않았습니다.',
      detail: '계정 {account}: {ready_at}부터 넘겨받을 수 있습니다.',
      next: '그 뒤에 다시 올리거나, 계정 주인의 동의를 받아 주세요.',
    },
    en: {
      title: 'The notice of the hand-over is not over yet.',
      detail: 'Account {account}: it may be taken from {ready_at} on.',
      next: 'Propose it again then, or have the holder consent.',
    },
  },
  {
    number: 234,
    key: 'move_barred',
    solidity: 'MoveBarred',
    where: 'act',
    http: 409,
    args: ['account:text'],
    ko: {
      title: '정지, 폐업 또는 지급 보류 중인 계정은 동의만으로 옮길 수 없습니다.',
      detail: '계정 주소: {account}.',
      next: '지금 맡은 지자체에 정지나 보류를 풀거나 이관을 예고해 달라고 요청해 주세요.',
    },
    en: {
      title:
        'A frozen, suspended or closed account, or one with payouts held, does not move by consent alone.',
      detail: 'Account: {account}.',
      next: 'Ask the authority in charge to lift that, or to hand the account over.',
    },
  },
] as const satisfies readonly RefusalEntry[];
