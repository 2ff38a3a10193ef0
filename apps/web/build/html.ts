import type { Lang } from '#domain';

/** What one page's document refers to. */
export interface Document {
  readonly lang: Lang;
  readonly title: string;
  readonly description: string;
  readonly body: string;
  readonly script: string;
  /** Modules that the script imports: fetched at the same time. */
  readonly modules: readonly string[];
  readonly styles: readonly string[];
  readonly font: string;
  readonly namesStyle: string;
  readonly boot: string;
  readonly icon: string;
  /** Pattern of the page's address, and what it reads first, for boot.js. */
  readonly path: string;
  readonly reads: readonly string[];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function readsOf({ path, reads }: Document): string {
  return reads.length === 0 ? '' : ` data-path="${path}" data-reads="${escaped(reads.join(' '))}"`;
}

/** The whole document: no script and no style in it, all of them are files of this host. */
export function documentOf(page: Document): string {
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escaped(page.title)}</title>`,
    `<meta name="description" content="${escaped(page.description)}">`,
    `<link rel="icon" href="${page.icon}" type="image/svg+xml">`,
    // Before anything is painted: text size and theme that the reader chose.
    `<script src="${page.boot}"></script>`,
    ...page.styles.map((href) => `<link rel="stylesheet" href="${href}">`),
    `<link rel="preload" href="${page.font}" as="font" type="font/woff2" crossorigin>`,
    ...page.modules.map((href) => `<link rel="modulepreload" href="${href}">`),
    `<script type="module" src="${page.script}"></script>`,
  ];
  return [
    '<!doctype html>',
    `<html lang="${page.lang}" data-names="${page.namesStyle}"${readsOf(page)}>`,
    `<head>${head.join('\n')}</head>`,
    `<body><div id="root">${page.body}</div></body>`,
    '</html>',
    '',
  ].join('\n');
}
