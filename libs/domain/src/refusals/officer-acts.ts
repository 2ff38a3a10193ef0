import type { RefusalEntry } from './types.js';

/**
 * Refusals by the Authorities contract that bound what officers may do: approvals that were withdrawn, changes of officers
 * that wait, other officers for an authority whose own are gone. See authority-acts.ts.
 */
export const OFFICER_REFUSALS = [
  {
    number: 56,
    key: 'act_deadline_too_far',
    solidity: 'ActDeadlineTooFar',
    where: 'act',
    http: 422,
    args: ['deadline:time', 'latest:time'],
    ko: {
      title: '결재 기한이 너무 멉니다.',
      detail: '기한 {deadline}, 지금 정할 수 있는 가장 늦은 기한 {latest}.',
      next: '30일 안으로 기한을 정해 새로 올려 주세요.',
    },
    en: {
      title: 'The act’s deadline is too far ahead.',
      detail: 'Deadline {deadline}; the latest possible now is {latest}.',
      next: 'Propose it again with a deadline within 30 days.',
    },
  },
  {
    number: 57,
    key: 'act_asks_no_officer',
    solidity: 'ActAsksNoOfficer',
    where: 'act',
    http: 422,
    args: [],
    ko: {
      title: '담당자의 결정이 필요 없는 호출은 결재로 실행할 수 없습니다.',
      next: '결재 없이 직접 호출하거나, 올바른 결재를 올려 주세요.',
    },
    en: {
      title: 'A call that asks for no officer cannot be executed as an act.',
      next: 'Submit the call itself, or propose the act that you mean.',
    },
  },
  {
    number: 58,
    key: 'approval_is_withdrawn',
    solidity: 'ApprovalIsWithdrawn',
    where: 'act',
    http: 409,
    args: ['officer:count'],
    ko: {
      title: '담당자가 이 결재의 서명을 거두었습니다.',
      detail: '담당자 번호: {officer}.',
      next: '다른 담당자의 서명을 받거나, 결재를 새로 올려 주세요.',
    },
    en: {
      title: 'The officer has withdrawn the approval of this act.',
      detail: 'Officer number: {officer}.',
      next: 'Have another officer sign, or propose the act again.',
    },
  },
  {
    number: 59,
    key: 'authority_nearer',
    solidity: 'AuthorityNearer',
    where: 'act',
    http: 403,
    args: ['region:region', 'nearest:region'],
    ko: {
      title: '가장 가까운 지자체만 정할 수 있습니다.',
      detail: '{region}에 가장 가까운 지자체는 {nearest}입니다.',
      next: '그 지자체의 총괄 담당자에게 요청해 주세요.',
    },
    en: {
      title: 'Only the authority nearest to a region decides who answers for it.',
      detail: 'The authority nearest to {region} is {nearest}.',
      next: 'Ask the governors of that authority.',
    },
  },
  {
    number: 90,
    key: 'change_unknown',
    solidity: 'ChangeUnknown',
    where: 'act',
    http: 409,
    args: ['change:text'],
    ko: {
      title: '진행 중인 변경이 아닙니다.',
      detail: '변경 번호: {change}.',
      next: '변경이 끝났거나 중단되었습니다. 지자체의 진행 중인 변경을 확인하고 필요하면 새로 올려 주세요.',
    },
    en: {
      title: 'This change is not under way.',
      detail: 'Change: {change}.',
      next: 'It was finished, stopped or has lapsed. See the authority’s pending changes, and propose it again if needed.',
    },
  },
  {
    number: 91,
    key: 'change_not_ready',
    solidity: 'ChangeNotReady',
    where: 'act',
    http: 409,
    args: ['ready_at:time'],
    ko: {
      title: '변경이 아직 효력을 낼 수 없습니다.',
      detail: '{ready_at}부터 가능합니다.',
      next: '그때까지 기다려 주세요. 그 뒤에는 저절로 적용됩니다.',
    },
    en: {
      title: 'The change cannot come into force yet.',
      detail: 'Possible from {ready_at} on.',
      next: 'Wait until then. It is applied by itself afterwards.',
    },
  },
  {
    number: 92,
    key: 'change_firm',
    solidity: 'ChangeFirm',
    where: 'act',
    http: 409,
    args: ['change:text'],
    ko: {
      title: '중단할 수 없는 변경입니다.',
      detail: '변경 번호: {change}. 필요한 수보다 많은 총괄 담당자가 승인했습니다.',
      next: '다른 총괄 담당자들과 새 변경을 의논해 주세요.',
    },
    en: {
      title: 'This change cannot be stopped.',
      detail: 'Change: {change}. More governors approved it than needed.',
      next: 'Agree on another change with the other governors.',
    },
  },
  {
    number: 93,
    key: 'change_stopped_before',
    solidity: 'ChangeStoppedBefore',
    where: 'act',
    http: 409,
    args: ['officer:count'],
    ko: {
      title: '같은 변경은 한 번만 중단할 수 있습니다.',
      detail: '담당자 번호: {officer}.',
      next: '다른 총괄 담당자에게 요청하거나 의논해 주세요.',
    },
    en: {
      title: 'A governor can stop the same change only once.',
      detail: 'Officer number: {officer}.',
      next: 'Ask another governor, or agree with those who proposed it.',
    },
  },
  {
    number: 94,
    key: 'not_founder',
    solidity: 'NotFounder',
    where: 'act',
    http: 403,
    args: ['authority:region', 'founder:region'],
    ko: {
      title: '이 지자체를 등록한 상위 지자체가 아닙니다.',
      detail: '{founder}은(는) {authority}을(를) 등록한 지자체가 아닙니다.',
      next: '등록한 지자체의 총괄 담당자에게 요청해 주세요.',
    },
    en: {
      title: 'Another authority founded this one.',
      detail: '{founder} did not found {authority}.',
      next: 'Ask the governors of the authority that founded it.',
    },
  },
  {
    number: 95,
    key: 'reseat_unknown',
    solidity: 'ReseatUnknown',
    where: 'act',
    http: 409,
    args: ['authority:region'],
    ko: {
      title: '진행 중인 담당자 교체가 없습니다.',
      detail: '지자체: {authority}.',
      next: '지자체의 현재 상태를 확인해 주세요.',
    },
    en: {
      title: 'No other officers are proposed for this authority.',
      detail: 'Authority: {authority}.',
      next: 'See the present state of the authority.',
    },
  },
  {
    number: 96,
    key: 'reseat_not_ready',
    solidity: 'ReseatNotReady',
    where: 'act',
    http: 409,
    args: ['ready_at:time'],
    ko: {
      title: '담당자 교체가 아직 효력을 낼 수 없습니다.',
      detail: '{ready_at}부터 가능합니다.',
      next: '그때까지 기다려 주세요. 그동안 이 지자체의 총괄 담당자가 결재하면 교체는 없던 일이 됩니다.',
    },
    en: {
      title: 'The proposed officers cannot be seated yet.',
      detail: 'Possible from {ready_at} on.',
      next: 'Wait until then. Any act of the authority’s governors ends the proposal.',
    },
  },
] as const satisfies readonly RefusalEntry[];
