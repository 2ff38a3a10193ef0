import { brandOf } from '../src/look/brand.js';
import { contrast, hexOf } from '../src/look/contrast.js';
import { hexOfOklch, oklchOf } from '../src/look/oklch.js';
import { tokensCss } from '../src/look/tokens-css.js';
import tokens from '../src/look/tokens.json' with { type: 'json' };

const THEMES = ['light', 'dark'] as const;
const TEXT_MIN = 4.5;
const GRAPHIC_MIN = 3;
const MOODS = ['ok', 'no', 'warn', 'info', 'brand'] as const;

/** Pairs of a colour and the ground that it is read on, with the least ratio (WCAG 2.2, 1.4.3 and 1.4.11). */
function pairsOf(
  theme: (typeof THEMES)[number],
): [what: string, one: string, ground: string, least: number][] {
  const of = tokens[theme];
  const texts = ['text', 'text-muted', 'text-faint', ...MOODS] as const;
  return [
    ...texts.flatMap((name) =>
      (['card', 'page', 'sunken'] as const).map((ground): [string, string, string, number] => [
        `${name} on ${ground}`,
        of[name],
        of[ground],
        TEXT_MIN,
      ]),
    ),
    ...MOODS.map((mood): [string, string, string, number] => [
      `${mood} on its tint`,
      of[mood],
      of[`${mood}-tint`],
      TEXT_MIN,
    ]),
    ['text on brand', of['on-brand'], of.brand, TEXT_MIN],
    ['text on brand, pressed', of['on-brand'], of['brand-pressed'], TEXT_MIN],
    ['control on card', of.control, of.card, GRAPHIC_MIN],
    ['control on page', of.control, of.page, GRAPHIC_MIN],
    ['ring on its gap', of.ring, of['ring-gap'], GRAPHIC_MIN],
    ['ring on page', of.ring, of.page, GRAPHIC_MIN],
    ...([1, 2, 3, 4, 5, 6] as const).map((hue): [string, string, string, number] => [
      `chart ${hue} on card`,
      of[`chart-${hue}`],
      of.card,
      GRAPHIC_MIN,
    ]),
  ];
}

describe('the colours', () => {
  it.each(THEMES)('of %s are read on every ground', (theme) => {
    const weak = pairsOf(theme).flatMap(([what, one, ground, least]) => {
      const ratio = contrast(one, ground);
      return ratio < least ? [`${what}: ${ratio.toFixed(2)} < ${least}`] : [];
    });
    expect(weak).toEqual([]);
  });

  it('of code words are read in white', () => {
    for (const colour of tokens.word)
      expect([colour, contrast(colour, '#ffffff') >= 5.6]).toEqual([colour, true]);
  });

  it('are in one style sheet, for both themes and for those who need more contrast', () => {
    const css = tokensCss();
    for (const theme of THEMES)
      for (const [name, value] of Object.entries(tokens[theme])) expect(css).toContain(`--${name}:${value};`);
    for (const query of ['prefers-color-scheme:dark', 'data-theme="dark"', 'prefers-contrast:more'])
      expect(css).toContain(query);
  });
});

describe('the colours of an authority', () => {
  it('are read for every one of 4,096 colours', () => {
    const worst = { text: 21, fill: 21, band: 21 };
    for (let red = 0; red < 16; red += 1)
      for (let green = 0; green < 16; green += 1)
        for (let blue = 0; blue < 16; blue += 1) {
          const brand = brandOf(hexOf([red / 15, green / 15, blue / 15]));
          worst.band = Math.min(worst.band, contrast(brand.band, brand.onBand));
          for (const theme of THEMES) {
            const { card, page, sunken } = tokens[theme];
            const { brand: fill, tint, pressed, onBrand } = brand[theme];
            // In dark a card may lie on a raised surface.
            const grounds = theme === 'light' ? [card, page, tint] : [card, sunken, tint];
            worst.text = Math.min(worst.text, ...grounds.map((ground) => contrast(fill, ground)));
            worst.fill = Math.min(worst.fill, contrast(onBrand, fill), contrast(onBrand, pressed));
          }
        }
    expect(worst.text).toBeGreaterThanOrEqual(TEXT_MIN);
    expect(worst.fill).toBeGreaterThanOrEqual(TEXT_MIN);
    expect(worst.band).toBeGreaterThanOrEqual(TEXT_MIN);
  });

  it('keep their hue, and reds stay on bands: red is refusal', () => {
    const green = brandOf('#00aa44');
    expect(Math.abs(oklchOf(green.light.brand).h - oklchOf('#00aa44').h)).toBeLessThan(4);
    expect(brandOf('#d01010')).toMatchObject({ band: '#d01010', light: { brand: tokens.light.brand } });
    expect(() => brandOf('red')).toThrow(RangeError);
  });

  it('come back from Oklch', () => {
    for (const hex of ['#0b50d0', '#ffffff', '#000000', '#8a5c00'])
      expect(hexOfOklch(oklchOf(hex))).toBe(hex);
  });
});
