import tokens from './tokens.json' with { type: 'json' };

/**
 * The style sheet of tokens.json: custom properties of both themes. Dark comes with the device's setting or with
 * `data-theme` on the root; `prefers-contrast: more` makes faint text as strong as text.
 */
export function tokensCss(): string {
  return [
    `:root{color-scheme:light;${declarations(tokens.light)}${words()}}`,
    `@media (prefers-color-scheme:dark){:root:not([data-theme="light"]){color-scheme:dark;${declarations(tokens.dark)}}}`,
    `:root[data-theme="dark"]{color-scheme:dark;${declarations(tokens.dark)}}`,
    // As specific as the rules of the themes above, and after them.
    '@media (prefers-contrast:more){:root,:root:not([data-theme="light"]),:root[data-theme]{--text-muted:var(--text);--text-faint:var(--text)}}',
    ...amounts(),
  ].join('\n');
}

function declarations(theme: Readonly<Record<string, string>>): string {
  return Object.entries(theme)
    .map(([name, value]) => `--${name}:${value};`)
    .join('');
}

/** Colours of code words: the same in both themes, because two screens are compared. */
function words(): string {
  return tokens.word.map((value, index) => `--word-${index}:${value};`).join('');
}

/**
 * A whole amount in one line: by its number of characters, never above `--amount`. A tabular figure is
 * 0.62 em wide, and readers may add 0.12 em between letters (WCAG 1.4.12).
 */
const CHARACTERS_MAX = 22;

function amounts(): string[] {
  return Array.from({ length: CHARACTERS_MAX }, (_, index) => {
    const share = (100 / (0.74 * (index + 1))).toFixed(2);
    return `[data-chars="${index + 1}"]{font-size:min(var(--amount),${share}cqi)}`;
  });
}

export { CHARACTERS_MAX };
