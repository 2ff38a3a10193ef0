import { Notice, Primary } from '../ui/basics.js';
import { useWords } from '../ui/context.js';
import styles from '../pages.module.css';

/** W20 b: the phone is gone and no other device has the wallet. Public, and readable without JavaScript. */
export function LostPage() {
  const say = useWords();
  return (
    <div className={styles['page']}>
      <header className={styles['part']}>
        <h1>{say('lost.title')}</h1>
        <p className={styles['lead']}>{say('lost.lead')}</p>
      </header>
      <ol className={styles['steps']}>
        <li>{say('lost.b1')}</li>
        <li>{say('lost.b2')}</li>
        <li>{say('lost.b3')}</li>
      </ol>
      <Notice mood="warn">{say('lost.warn')}</Notice>
      <Primary href="/help">{say('app.help')}</Primary>
    </div>
  );
}
