import type { RefusalEntry } from './types.js';

/** Why acts about accounts are refused: who answers for an account, what it is, and its first keys. */
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
] as const satisfies readonly RefusalEntry[];
