import { HAND_OVER_DELAY_SECONDS_DEFAULT, type ActCall } from '#contracts';
import {
  anchorKindText,
  formatKoreanDateTime,
  formatKoreanEnd,
  formatWon,
  isNeighbourhood,
  merchantStatusText,
  type Lang,
  type RegionNames,
} from '#domain';

const NOTICE_DAYS = HAND_OVER_DELAY_SECONDS_DEFAULT / 86_400;

type Sentence = { readonly [L in Lang]: string };

/** What an act does in a sentence that an officer reads before signing. */
export function describeAct(call: ActCall, regionName: RegionNames): Sentence {
  const { authority } = call.args;
  const sentence = describeCall(call, regionName);
  return {
    ko: `${regionName(authority, 'ko')}: ${sentence.ko}`,
    en: `${regionName(authority, 'en')}: ${sentence.en}`,
  };
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
    case 'extend_series':
      return {
        ko: `${args.series}회차의 유효기간을 ${formatKoreanEnd(args.from, 'ko')}에서 ${formatKoreanEnd(args.until, 'ko')}(으)로 연장합니다. 취소할 수 없습니다.`,
        en: `extend the validity of series ${args.series} from ${formatKoreanEnd(args.from, 'en')} to ${formatKoreanEnd(args.until, 'en')}. This can't be undone.`,
      };
    case 'approve_issue':
      return {
        ko: `${args.series}회차를 명단에 따라 모두 ${formatWon(args.total, 'ko')} 지급합니다.`,
        en: `issue ${formatWon(args.total, 'en')} of series ${args.series} in all to a list of recipients.`,
      };
    case 'approve_quota':
      return {
        ko: `${args.series}회차를 모두 ${formatWon(args.total, 'ko')}, 하루 ${formatWon(args.perDay, 'ko')}까지 ${args.key} 키가 지급하도록 허용합니다.`,
        en: `let the key ${args.key} issue series ${args.series}: ${formatWon(args.total, 'en')} in all, ${formatWon(args.perDay, 'en')} a day.`,
      };
    case 'delegate_budget': {
      const [ko, en] = [regionName(args.to, 'ko'), regionName(args.to, 'en')];
      return args.left === 0n
        ? {
            ko: `${args.series}회차에 대한 ${ko}의 발행 위임을 거둡니다.`,
            en: `take back from ${en} what it may issue of series ${args.series}.`,
          }
        : {
            ko: `${ko}이(가) ${args.series}회차를 앞으로 ${formatWon(args.left, 'ko')}까지 발행하도록 위임합니다.`,
            en: `let ${en} issue up to ${formatWon(args.left, 'en')} of series ${args.series} from now on.`,
          };
    }
    case 'start_expiry':
      return {
        ko: `유효기간이 끝난 ${args.series}회차의 남은 상품권을 모두 소멸시켜 재원을 낸 곳에 돌려주기 시작합니다. 취소할 수 없습니다.`,
        en: `begin to burn what residents still have of series ${args.series}, which is over, for those who funded it. This can't be undone.`,
      };
    case 'close_series':
      return {
        ko: `${args.series}회차를 완전히 마감합니다. 취소할 수 없습니다.`,
        en: `close series ${args.series} for good. This can't be undone.`,
      };
    case 'settle': {
      const total = args.lines.reduce((sum, { amount }) => sum + amount, 0n);
      const merchants = new Set(args.lines.map(({ merchant }) => merchant)).size;
      return {
        ko: `가맹점 ${merchants}곳의 매출 ${formatWon(total, 'ko')}을 환전합니다(정산 ${args.run}).`,
        en: `redeem ${formatWon(total, 'en')} for ${merchants} merchants (run ${args.run}).`,
      };
    }
    case 'return_redemptions': {
      const total = args.entries.reduce((sum, { receipt }) => sum + receipt.amount, 0n);
      return {
        ko: `지급되지 않은 환전 ${args.entries.length}건, 모두 ${formatWon(total, 'ko')}을 가맹점에 상품권으로 돌려줍니다.`,
        en: `give ${args.entries.length} redemptions that were not paid out, ${formatWon(total, 'en')} in all, back to the merchants as vouchers.`,
      };
    }
    case 'close_issue_order':
      return {
        ko: `지급 명단 ${args.issueOrder}번을 마감합니다.`,
        en: `close issue order ${args.issueOrder}.`,
      };
    case 'found_authority': {
      const [ko, en] = [regionName(args.region, 'ko'), regionName(args.region, 'en')];
      return { ko: `${ko}을(를) 발행 지자체로 등록합니다.`, en: `found the authority of ${en}.` };
    }
    case 'grant_area': {
      const [ko, en] = [named(args.area, regionName, 'ko'), named(args.area, regionName, 'en')];
      return {
        ko: `${named(args.to, regionName, 'ko')} 지자체가 ${ko}을(를) 맡도록 제안합니다. 기다리는 기간이 지나면 효력이 생깁니다.`,
        en: `propose that the authority ${named(args.to, regionName, 'en')} answers for ${en}. It comes into force after the delay.`,
      };
    }
    case 'give_up_area': {
      const [ko, en] = [named(args.area, regionName, 'ko'), named(args.area, regionName, 'en')];
      return {
        ko: `${ko}을(를) 관할에서 빼도록 제안합니다. 기다리는 기간이 지나면 가장 가까운 다른 지자체가 맡습니다.`,
        en: `propose to give up ${en}. After the delay the nearest other authority answers for it.`,
      };
    }
    case 'declare_reform':
      return {
        ko: `행정구역 개편을 등록합니다: ${named(args.from, regionName, 'ko')}에서 ${named(args.to, regionName, 'ko')}(으)로. 지금까지의 회차만 예전 지역에서 쓰던 가맹점에서 계속 쓸 수 있습니다. 취소할 수 없습니다.`,
        en: `declare that places in ${named(args.from, regionName, 'en')} have codes in ${named(args.to, regionName, 'en')} by law. Only series of until now go on to honour the former codes. This can't be undone.`,
      };
    case 'propose_reseat': {
      const [ko, en] = [regionName(args.region, 'ko'), regionName(args.region, 'en')];
      return {
        ko: `${ko}의 담당자 ${args.officers.length}명을 새로 제안합니다. 그 지자체의 총괄 담당자가 그동안 아무 결재도 하지 않으면 효력이 생깁니다.`,
        en: `propose ${args.officers.length} new officers for ${en}. They count unless its governors execute any act meanwhile.`,
      };
    }
    default:
      return describeRegister({ kind, args } as ActCall, regionName);
  }
}

/** A code of now or of before a reform, which may have no name any more. */
function named(code: string, regionName: RegionNames, lang: Lang): string {
  const name = regionName(code, lang);
  return name === code ? code : `${code} (${name})`;
}

/** Most places that a sentence names; it counts the others. */
const PLACES_NAMED = 5;

/**
 * The places of a list's entries, each once. One below the table of regions has no name here: its code stands beside the
 * district's name, since whoever signs has to see which it is.
 */
function placesIn(codes: readonly string[], regionName: RegionNames): Sentence {
  const all = [...new Set(codes)];
  const more = all.length - PLACES_NAMED;
  const list = (lang: Lang, small: (name: string, code: string) => string): string =>
    all
      .slice(0, PLACES_NAMED)
      .map((code) => (isNeighbourhood(code) ? small(regionName(code, lang), code) : regionName(code, lang)))
      .join(lang === 'ko' ? ', ' : '; ');
  return {
    ko: list('ko', (name, code) => `${name} 읍·면·동 ${code}`) + (more > 0 ? ` 외 ${more}곳` : ''),
    en:
      list('en', (name, code) => `neighbourhood ${code} of ${name}`) +
      (more > 0 ? `; and ${more} other places` : ''),
  };
}

function describeRegister(call: ActCall, regionName: RegionNames): Sentence {
  switch (call.kind) {
    case 'set_merchants': {
      const count = call.args.entries.length;
      const places = placesIn(
        call.args.entries.map(({ region }) => region),
        regionName,
      );
      return {
        ko: `가맹점 ${count}곳을 등록하거나 변경합니다. 지역: ${places.ko}.`,
        en: `register or change ${count} merchants in ${places.en}.`,
      };
    }
    case 'recode_merchants': {
      const { from, to, entries } = call.args;
      const places = placesIn(
        entries.map(({ region }) => region),
        regionName,
      );
      return {
        ko: `가맹점 ${entries.length}곳의 지역을 개편된 코드로 바꿉니다(${from}→${to}). 지역: ${places.ko}.`,
        en: `record the codes that ${entries.length} merchants got by the reform of ${from} to ${to}: ${places.en}.`,
      };
    }
    case 'recode_homes': {
      const { from, to, entries } = call.args;
      const places = placesIn(
        entries.map(({ home }) => home),
        regionName,
      );
      return {
        ko: `이용자 ${entries.length}명의 거주지를 개편된 코드로 바꿉니다(${from}→${to}). 지역: ${places.ko}.`,
        en: `record the codes that the homes of ${entries.length} residents got by the reform of ${from} to ${to}: ${places.en}.`,
      };
    }
    case 'set_merchant_status': {
      const { merchants, status } = call.args;
      return {
        ko: `가맹점 ${merchants.length}곳의 상태를 '${merchantStatusText(status, 'ko')}'(으)로 바꿉니다.`,
        en: `set ${merchants.length} merchants to "${merchantStatusText(status, 'en')}".`,
      };
    }
    case 'hold_payouts': {
      const { merchants, until } = call.args;
      return until === 0
        ? {
            ko: `가맹점 ${merchants.length}곳의 지급 보류를 풉니다.`,
            en: `release the payouts of ${merchants.length} merchants.`,
          }
        : {
            ko: `가맹점 ${merchants.length}곳의 지급을 ${formatKoreanDateTime(until, 'ko')}까지 보류합니다.`,
            en: `keep back the payouts of ${merchants.length} merchants until ${formatKoreanDateTime(until, 'en')}.`,
          };
    }
    case 'replace_keys':
      if (call.args.overruling)
        return {
          ko: `계정 ${call.args.account}의 키를 이의를 물리치고 새 키로 바꾸도록 제안합니다. 14일 뒤에 바뀌며, 예전 키의 주인은 더 이상 이의를 제기할 수 없습니다.`,
          en: `propose new keys for the account ${call.args.account} and overrule its objection. They count after 14 days; its old keys can't object any more.`,
        };
      return {
        ko: `계정 ${call.args.account}의 키를 새 키로 바꾸도록 제안합니다. 예전 키의 주인은 기한 안에 이의를 제기할 수 있습니다.`,
        en: `propose new keys for the account ${call.args.account}. Its old keys may object for some days.`,
      };
    case 'set_first_keys':
      return {
        ko: `키 없이 만든 계정 ${call.args.entries.length}개에 첫 키를 바로 등록합니다.`,
        en: `give ${call.args.entries.length} accounts that were opened without keys their first ones, at once.`,
      };
    case 'propose_hand_over':
    case 'take_accounts':
      return describeMove(call, regionName);
    case 'attest_accounts': {
      const companies = call.args.entries.filter(({ company }) => company).length;
      const count = call.args.entries.length - companies;
      const places = placesIn(
        call.args.entries.map(({ home }) => home),
        regionName,
      );
      if (companies === 0)
        return {
          ko: `이용자 ${count}명의 본인 확인을 등록합니다. 지역: ${places.ko}.`,
          en: `record the identification of ${count} residents of ${places.en}.`,
        };
      return {
        ko: `이용자 ${count}명의 본인 확인과 법인 ${companies}곳을 등록합니다. 지역: ${places.ko}.`,
        en: `record the identification of ${count} residents and of ${companies} companies; places: ${places.en}.`,
      };
    }
    case 'freeze_accounts': {
      const { accounts, until } = call.args;
      const count = accounts.length;
      return until !== 0
        ? {
            ko: `계정 ${count}개의 결제와 키 변경을 ${formatKoreanDateTime(until, 'ko')}까지 멈춥니다.`,
            en: `stop payments and changes of keys of ${count} accounts until ${formatKoreanDateTime(until, 'en')}.`,
          }
        : {
            ko: `계정 ${count}개의 결제를 다시 허용합니다.`,
            en: `allow payments from ${count} accounts again.`,
          };
    }
    case 'set_officers': {
      const count = call.args.officers.length;
      return {
        ko: `담당자 ${count}명을 등록, 변경 또는 해제하도록 제안합니다. 기다리는 기간이 지나면 효력이 생깁니다.`,
        en: `propose to add, change or remove ${count} officers. It comes into force after the delay.`,
      };
    }
    case 'set_thresholds':
      return {
        ko: '결재에 필요한 인원을 바꾸도록 제안합니다. 기다리는 기간이 지나면 효력이 생깁니다.',
        en: 'propose how many officers an act needs. It comes into force after the delay.',
      };
    case 'remove_officers': {
      const numbers = call.args.officers.join(', ');
      return {
        ko: `담당자 ${numbers}번을 바로 해제합니다. 진행 중인 담당자 변경은 모두 끝납니다.`,
        en: `remove the officers ${numbers} at once. All changes of officers under way end.`,
      };
    }
    case 'stop_change':
      return {
        ko: `진행 중인 변경 ${call.args.change}을(를) 중단합니다.`,
        en: `stop the change ${call.args.change}.`,
      };
    case 'anchor': {
      const { kind, root } = call.args;
      return {
        ko: `체인에 ${anchorKindText(kind, 'ko')}의 해시 ${root}을(를) 기록합니다. 고치거나 지울 수 없습니다.`,
        en: `record the hash ${root} of ${anchorKindText(kind, 'en')} on the chain. This can't be undone.`,
      };
    }
    case 'reject_reseat':
      return {
        ko: '상위 지자체가 제안한 담당자 교체를 거부합니다.',
        en: 'reject the officers that the founder proposed.',
      };
    default:
      throw new Error(`no words for ${call.kind}`);
  }
}

function describeMove(
  call: Extract<ActCall, { kind: 'propose_hand_over' | 'take_accounts' }>,
  regionName: RegionNames,
): Sentence {
  switch (call.kind) {
    case 'propose_hand_over': {
      const { to, accounts } = call.args;
      if (to === '')
        return {
          ko: `계정 ${accounts.length}개의 이관 예고를 거둡니다.`,
          en: `take back the hand-over of ${accounts.length} accounts.`,
        };
      const [ko, en] = [regionName(to, 'ko'), regionName(to, 'en')];
      return {
        ko: `계정 ${accounts.length}개를 ${ko} 지자체에 넘기도록 예고합니다. 결재가 집행되고 ${NOTICE_DAYS}일이 지나면 그 지자체가 넘겨받을 수 있고, 계정 주인은 그 전에 이의를 제기할 수 있습니다. 상품권과 키는 그대로입니다.`,
        en: `hand ${accounts.length} accounts over to ${en}, which may take them on from ${NOTICE_DAYS} days after this act is executed; until then their holders may object. Vouchers and keys stay as they are.`,
      };
    }
    case 'take_accounts': {
      const { entries } = call.args;
      const consenting = entries.filter(({ consent }) => consent !== undefined).length;
      const handedOver = entries.length - consenting;
      const places = placesIn(
        entries.map(({ place }) => place),
        regionName,
      );
      if (handedOver === 0)
        return {
          ko: `주인이 동의한 계정 ${consenting}개를 이제부터 맡습니다. 지역: ${places.ko}.`,
          en: `answer from now on for ${consenting} accounts whose holders consent: ${places.en}.`,
        };
      if (consenting === 0)
        return {
          ko: `이관받은 계정 ${handedOver}개를 이제부터 맡습니다. 지역: ${places.ko}.`,
          en: `answer from now on for ${handedOver} accounts that were handed over: ${places.en}.`,
        };
      return {
        ko: `주인이 동의한 계정 ${consenting}개와 이관받은 계정 ${handedOver}개를 이제부터 맡습니다. 지역: ${places.ko}.`,
        en: `answer from now on for ${consenting} accounts whose holders consent and ${handedOver} that were handed over: ${places.en}.`,
      };
    }
  }
}
