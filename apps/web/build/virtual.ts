import type { Plugin } from 'vite';
import { tokensCss } from '../src/look/tokens-css.js';

/**
 * What is made, not written: the style sheets `virtual:tokens.css` and `virtual:fonts.css`, and `virtual:maps`, the
 * addresses of maps.
 */
export function madeModules(fontCss: string, maps: Readonly<Record<string, string>>): Plugin {
  const made: Readonly<Record<string, string>> = {
    'virtual:tokens.css': tokensCss(),
    'virtual:fonts.css': fontCss,
    'virtual:maps': `export default ${JSON.stringify(maps)};`,
  };
  return {
    name: 'made-modules',
    resolveId: (id) => (id in made ? `\0${id}` : undefined),
    load: (id) => (id.startsWith('\0virtual:') ? made[id.slice(1)] : undefined),
  };
}
