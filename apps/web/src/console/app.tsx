import type { AppDefinition } from '../app.js';
import { ConsoleFrame } from '../frames/frame.js';
import { Notice } from '../ui/basics.js';
import { useConsoleWords } from '../ui/context.js';
import { consoleWords } from '../words/catalogue.js';
import styles from '../pages.module.css';

/** C1: logging in is not open yet, and the page says so. */
function LoginPage() {
  const say = useConsoleWords();
  return (
    <div className={styles['page']}>
      <header className={styles['part']}>
        <h1>{say('console.login')}</h1>
        <p className={styles['lead']}>{say('console.loginLead')}</p>
      </header>
      <Notice mood="info">{say('console.loginSoon')}</Notice>
    </div>
  );
}

/** What officers open, at the origin of the console. */
export const consoleApp: AppDefinition = {
  name: 'console',
  home: '/',
  suffix: (lang) => consoleWords(lang)('console.name'),
  Frame: ConsoleFrame,
  pages: [
    {
      id: 'C1',
      path: '/',
      title: (lang) => consoleWords(lang)('console.login'),
      description: (lang) => consoleWords(lang)('console.loginLead'),
      Content: LoginPage,
    },
  ],
};
