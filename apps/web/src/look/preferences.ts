/** Text size and theme, kept on this device; src/boot.js applies them before the first paint. */
export const SCALES = ['1', '1.25', '1.5'] as const;
export const THEMES = ['auto', 'light', 'dark'] as const;

function read<Value extends string>(key: string, values: readonly Value[], otherwise: Value): Value {
  try {
    const kept = localStorage.getItem(key);
    return values.find((value) => value === kept) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it counts until the page is closed.
  }
}

export function readScale(): (typeof SCALES)[number] {
  return read('jangteo.scale', SCALES, '1');
}

export function setScale(scale: (typeof SCALES)[number]): void {
  keep('jangteo.scale', scale);
  if (scale === '1') delete document.documentElement.dataset['scale'];
  else document.documentElement.dataset['scale'] = scale;
}

export function readTheme(): (typeof THEMES)[number] {
  return read('jangteo.theme', THEMES, 'auto');
}

export function setTheme(theme: (typeof THEMES)[number]): void {
  keep('jangteo.theme', theme);
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
