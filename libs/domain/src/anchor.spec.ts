import {
  ANCHOR_KIND,
  ANCHOR_KINDS,
  anchorKindName,
  anchorKindText,
  anchorRole,
  refusalOfAnchor,
} from './anchor.js';

const ROOT = `0x${'00'.repeat(31)}01`;

describe('the kinds of anchors', () => {
  it('have the numbers of the contract, each its own', () => {
    expect(ANCHOR_KINDS.map((name) => ANCHOR_KIND[name])).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(Object.keys(ANCHOR_KIND)).toEqual([...ANCHOR_KINDS]);
    expect(ANCHOR_KINDS.map((name) => anchorKindName(ANCHOR_KIND[name]))).toEqual([...ANCHOR_KINDS]);
    expect([anchorKindName(7), anchorKindName(-1)]).toEqual([undefined, undefined]);
  });

  it('are signed by treasurers where they are about money, and else by governors', () => {
    const by = ANCHOR_KINDS.map((name) => [name, anchorRole(ANCHOR_KIND[name])]);
    expect(Object.fromEntries(by)).toEqual({
      close: 'treasurer',
      report: 'treasurer',
      commitment: 'treasurer',
      document: 'governor',
      card: 'governor',
      revocation: 'governor',
      release: 'governor',
    });
  });

  it('have words in both languages', () => {
    expect([anchorKindText(0, 'ko'), anchorKindText(6, 'en'), anchorKindText(9, 'ko')]).toEqual([
      '장부 마감',
      'a release of the software',
      '9',
    ]);
  });
});

describe('a root', () => {
  it.each([
    ['of every kind', 6, ROOT, undefined],
    ['of no kind', 7, ROOT, { key: 'anchor_kind_unknown', args: { kind: 7 } }],
    ['of no kind, which comes first', 7, '0x', { key: 'anchor_kind_unknown', args: { kind: 7 } }],
    ['of nothing', 0, `0x${'00'.repeat(32)}`, { key: 'anchor_root_zero', args: {} }],
  ])('%s', (_what, kind, root, wanted) => {
    expect(refusalOfAnchor(kind, root)).toEqual(wanted);
  });
});
