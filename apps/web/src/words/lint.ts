import type { Lang } from '#domain';

/** Words that residents and merchants never read (technical or official), as they are found in a text. */
const FORBIDDEN: Readonly<Record<Lang, readonly RegExp[]>> = {
  ko: [
    /블록체인|체인|토큰|트랜잭션|해시|다이제스트|논스|서명|지갑 주소|개인 키|시드|노드|컨트랙트|키 링|인증서|회차|낙전|재원|오류 코드/,
    // "가스" within another word, as 가스레인지, is the household's.
    /(^|[^가-힣])가스($|[^가-힣])|가스비|가스 요금/,
    /0x[0-9a-f]/i,
  ],
  en: [
    /\b(blockchain|chain|token|transaction|hash|digest|nonce|signature|wallet address|private key|seed|gas|node|contract)s?\b/i,
    /0x[0-9a-f]/i,
  ],
};
/** Endings of officials, in texts that speak to people. */
const ENDINGS = /습니다|십시오|바랍니다/;
/** Sums are written by unit.ts. */
const UNIT = /[\d}]\s*원|\bwon\b|\bKRW\b|₩/i;

/** What is wrong with a text for residents and merchants; nothing for a good one. */
export function plainFaults(text: string, lang: Lang): string[] {
  const found = FORBIDDEN[lang].flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
  const ending = lang === 'ko' ? (ENDINGS.exec(text)?.[0] ?? []) : [];
  return [...found, ending].flat();
}

/** A unit of account that is written in the text itself. */
export function unitFault(text: string): string | undefined {
  return UNIT.exec(text)?.[0];
}
