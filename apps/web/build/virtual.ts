import type { Plugin } from 'vite';
import { tokensCss } from '../src/look/tokens-css.js';

/** Style sheets that are made, not written: `virtual:tokens.css` and `virtual:fonts.css`. */
export function madeStyles(fontCss: string): Plugin {
  const styles: Readonly<Record<string, string>> = {
    'virtual:tokens.css': tokensCss(),
    'virtual:fonts.css': fontCss,
  };
  return {
    name: 'made-styles',
    resolveId: (id) => (id in styles ? `\0${id}` : undefined),
    load: (id) => (id.startsWith('\0virtual:') ? styles[id.slice(1)] : undefined),
  };
}
