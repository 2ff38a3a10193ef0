import type { OfficerRoleName } from './officer-role.js';
import type { OfficersRefusal } from './rules/officers.js';

/** What a root that an authority anchors stands for, as the chain's AnchorKind enum. The numbers are for ever. */
export const ANCHOR_KIND = {
  close: 0,
  report: 1,
  commitment: 2,
  document: 3,
  card: 4,
  revocation: 5,
  release: 6,
} as const;
export type AnchorKindName = keyof typeof ANCHOR_KIND;
/** All kinds in the order of their numbers. */
export const ANCHOR_KINDS = [
  'close',
  'report',
  'commitment',
  'document',
  'card',
  'revocation',
  'release',
] as const satisfies AnchorKindName[];

const WORDS: Readonly<Record<AnchorKindName, { readonly ko: string; readonly en: string }>> = {
  close: { ko: '장부 마감', en: 'a close of the books' },
  report: { ko: '법정 보고서', en: 'a statutory report' },
  commitment: { ko: '재원 부담 확약', en: "a funder's commitment" },
  document: { ko: '증명 문서', en: 'certified documents' },
  card: { ko: '신분증', en: 'ID cards' },
  revocation: { ko: '폐기 목록', en: 'revocations' },
  release: { ko: '소프트웨어 배포본', en: 'a release of the software' },
};

const NOTHING = /^0x0*$/;

/** Name of a number; undefined when there is no such kind. */
export function anchorKindName(kind: number): AnchorKindName | undefined {
  return ANCHOR_KINDS[kind];
}

/** Words for people. */
export function anchorKindText(kind: number, lang: 'ko' | 'en'): string {
  const name = anchorKindName(kind);
  return name === undefined ? String(kind) : WORDS[name][lang];
}

/** Who signs a root of a kind: treasurers what is about money, governors the others. */
export function anchorRole(kind: number): OfficerRoleName {
  return kind < ANCHOR_KIND.document ? 'treasurer' : 'governor';
}

/** What the contract has against a root, whoever signs it; `root` as hex digits. */
export function refusalOfAnchor(kind: number, root: string): OfficersRefusal | undefined {
  if (anchorKindName(kind) === undefined) return { key: 'anchor_kind_unknown', args: { kind } };
  return NOTHING.test(root) ? { key: 'anchor_root_zero', args: {} } : undefined;
}
