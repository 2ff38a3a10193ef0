import 'virtual:tokens.css';
import 'virtual:fonts.css';
import '../look/base.css';
import { createRoot } from 'react-dom/client';
import type { Lang } from '#domain';
import { InLanguage } from '../ui/context.js';
import styles from '../pages.module.css';
import { useParts } from './parts.js';

/** Letters of all texts, each once: a test looks whether the subset of the font has them. */
declare const GLYPHS_OF_TEXTS: string;

/** For development and tests alone: no build of the product has it. */
function Gallery() {
  const parts = useParts();
  return (
    <main className={styles['page']}>
      <h1>Gallery</h1>
      {Object.entries(parts).map(([name, part]) => (
        <section key={name} data-part={name} aria-label={name} className={styles['part']}>
          <h2>{name}</h2>
          {part}
        </section>
      ))}
      <p data-glyphs>{GLYPHS_OF_TEXTS}</p>
    </main>
  );
}

const lang: Lang = document.documentElement.lang === 'en' ? 'en' : 'ko';
const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <InLanguage lang={lang}>
      <Gallery />
    </InLanguage>,
  );
