import type { ActCall } from '#contracts';
import { formatKoreanDateTime, formatWon, merchantStatusText, type Lang, type RegionNames } from '#domain';

type Sentence = { readonly [L in Lang]: string };

/** What an act does in a sentence that an officer reads before signing. */
export function describeAct(call: ActCall, regionName: RegionNames): Sentence {
  const who = regionName(call.args.authority);
  const sentence = describeCall(call, regionName);
  return { ko: `${who}: ${sentence.ko}`, en: `${who}: ${sentence.en}` };
}

function describeCall({ kind, args }: ActCall, regionName: RegionNames): Sentence {
  switch (kind) {
    case 'publish_series':
      return {
        ko: `예산 ${formatWon(args.terms.budget, 'ko')}의 상품권 회차를 발행합니다.`,
        en: `publish a series with a budget of ${formatWon(args.terms.budget, 'en')}.`,
      };
    case 'set_budget':
      return {
        ko: `${args.series}회차의 예산을 ${formatWon(args.budget, 'ko')}으로 정합니다.`,
        en: `set the budget of series ${args.series} to ${formatWon(args.budget, 'en')}.`,
      };
    case 'pause_series':
      return args.until === 0
        ? { ko: `${args.series}회차를 다시 엽니다.`, en: `resume series ${args.series}.` }
        : {
            ko: `${args.series}회차를 ${formatKoreanDateTime(args.until, 'ko')}까지 멈춥니다.`,
            en: `pause series ${args.series} until ${formatKoreanDateTime(args.until, 'en')}.`,
          };
    case 'approve_issue':
      return {
        ko: `${args.series}회차를 명단에 따라 모두 ${formatWon(args.total, 'ko')} 지급합니다.`,
        en: `issue ${formatWon(args.total, 'en')} of series ${args.series} in all to a list of recipients.`,
      };
    case 'close_issue_order':
      return {
        ko: `지급 명단 ${args.issueOrder}번을 마감합니다.`,
        en: `close issue order ${args.issueOrder}.`,
      };
    case 'found_authority': {
      const region = regionName(args.region);
      return { ko: `${region}을(를) 발행 지자체로 등록합니다.`, en: `found the authority of ${region}.` };
    }
    default:
      return describeRegister({ kind, args } as ActCall);
  }
}

function describeRegister(call: ActCall): Sentence {
  switch (call.kind) {
    case 'set_merchants': {
      const count = call.args.entries.length;
      return {
        ko: `가맹점 ${count}곳을 등록하거나 변경합니다.`,
        en: `register or change ${count} merchants.`,
      };
    }
    case 'set_merchant_status': {
      const { merchants, status } = call.args;
      return {
        ko: `가맹점 ${merchants.length}곳의 상태를 '${merchantStatusText(status, 'ko')}'(으)로 바꿉니다.`,
        en: `set ${merchants.length} merchants to "${merchantStatusText(status, 'en')}".`,
      };
    }
    case 'attest_accounts': {
      const count = call.args.entries.length;
      return {
        ko: `이용자 ${count}명의 본인 확인을 등록합니다.`,
        en: `record the identification of ${count} residents.`,
      };
    }
    case 'freeze_accounts': {
      const count = call.args.accounts.length;
      return call.args.frozen
        ? { ko: `계정 ${count}개의 결제를 멈춥니다.`, en: `stop payments from ${count} accounts.` }
        : {
            ko: `계정 ${count}개의 결제를 다시 허용합니다.`,
            en: `allow payments from ${count} accounts again.`,
          };
    }
    case 'set_officers': {
      const count = call.args.officers.length;
      return {
        ko: `담당자 ${count}명을 등록, 변경 또는 해제합니다.`,
        en: `add, change or remove ${count} officers.`,
      };
    }
    case 'set_thresholds':
      return { ko: '결재에 필요한 인원을 바꿉니다.', en: 'change how many officers an act needs.' };
    default:
      throw new Error(`no words for ${call.kind}`);
  }
}
