import { fromLinear, hexOf, rgbOf, toLinear, type Rgb } from './contrast.js';

/** A colour by lightness (0–1), chroma and hue (degrees), in Oklab (B. Ottosson, 2020; CSS Color 4). */
export interface Oklch {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

export function oklchOf(hex: string): Oklch {
  const [red, green, blue] = rgbOf(hex).map(toLinear) as [number, number, number];
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const l = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short;
  const a = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short;
  const b = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short;
  const h = (Math.atan2(b, a) * 180) / Math.PI;
  return { l, c: Math.hypot(a, b), h: h < 0 ? h + 360 : h };
}

function linearOf({ l, c, h }: Oklch): Rgb {
  const angle = (h * Math.PI) / 180;
  const [a, b] = [c * Math.cos(angle), c * Math.sin(angle)];
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

/** Into what a screen shows: chroma is lowered until sRGB has the colour; lightness and hue stay. */
export function hexOfOklch(colour: Oklch): string {
  const fits = (parts: Rgb): boolean => parts.every((part) => part >= -0.0005 && part <= 1.0005);
  let { c } = colour;
  while (c > 0 && !fits(linearOf({ ...colour, c }))) c = Math.max(0, c - 0.004);
  const [red, green, blue] = linearOf({ ...colour, c });
  return hexOf([fromLinear(Math.max(0, red)), fromLinear(Math.max(0, green)), fromLinear(Math.max(0, blue))]);
}
