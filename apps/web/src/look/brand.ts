import { contrast } from './contrast.js';
import { hexOfOklch, oklchOf, type Oklch } from './oklch.js';
import tokens from './tokens.json' with { type: 'json' };

/** Colours of one authority, made from the one that it gives. All of them are `#rrggbb`. */
export interface Brand {
  /** The authority's own colour: bands alone. */
  readonly band: string;
  /** Text on the band. */
  readonly onBand: '#000000' | '#ffffff';
  readonly light: BrandColours;
  readonly dark: BrandColours;
}

export interface BrandColours {
  readonly brand: string;
  readonly tint: string;
  readonly pressed: string;
  readonly onBrand: string;
}

/** A little above 4.5, so that rounding to bytes never falls below it. */
const RATIO_MIN = 4.6;
const CHROMA_MAX = 0.17;
const STEP = 0.01;
/** Reds, the colour of refusal: buttons of such an authority stay in the default blue. */
const REFUSAL_HUES = [10, 55] as const;
/** Below this chroma a colour has no hue that anybody sees. */
const GREY = 0.03;

/** @param colour any `#rrggbb`; RangeError otherwise */
export function brandOf(colour: string): Brand {
  const band = colour.toLowerCase();
  const raw = oklchOf(band);
  const onBand = contrast(band, '#000000') >= contrast(band, '#ffffff') ? '#000000' : '#ffffff';
  if (raw.c >= GREY && raw.h >= REFUSAL_HUES[0] && raw.h <= REFUSAL_HUES[1]) {
    return { band, onBand, light: defaults('light'), dark: defaults('dark') };
  }
  const hue: Oklch = { ...raw, c: Math.min(raw.c, CHROMA_MAX) };
  return { band, onBand, light: lightOf(hue), dark: darkOf(hue) };
}

function defaults(theme: 'light' | 'dark'): BrandColours {
  const of = tokens[theme];
  return { brand: of.brand, tint: of['brand-tint'], pressed: of['brand-pressed'], onBrand: of['on-brand'] };
}

function lightOf(hue: Oklch): BrandColours {
  const tint = hexOfOklch({ ...hue, l: 0.965, c: Math.min(hue.c, 0.02) });
  const fill = moved(hue, -STEP, [tokens.light.card, tokens.light.page, tint]);
  const pressed = hexOfOklch({ ...fill, l: Math.max(0, fill.l - 0.1) });
  return { brand: hexOfOklch(fill), tint, pressed, onBrand: '#ffffff' };
}

function darkOf(hue: Oklch): BrandColours {
  const tint = hexOfOklch({ ...hue, l: 0.28, c: Math.min(hue.c, 0.09) });
  const fill = moved(hue, STEP, [tokens.dark.card, tokens.dark.sunken, tint]);
  const pressed = hexOfOklch({ ...fill, l: Math.min(0.97, fill.l + 0.1) });
  return { brand: hexOfOklch(fill), tint, pressed, onBrand: tokens.dark['on-brand'] };
}

/** Darker or lighter in steps until it is read on each of the grounds. */
function moved(hue: Oklch, step: number, grounds: readonly string[]): Oklch {
  let { l } = hue;
  const isRead = (): boolean => {
    const hex = hexOfOklch({ ...hue, l });
    return grounds.every((ground) => contrast(hex, ground) >= RATIO_MIN);
  };
  while (!isRead() && (step < 0 ? l > 0 : l < 1)) l += step;
  return { ...hue, l };
}
