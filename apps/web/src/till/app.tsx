import { useState } from 'react';
import type { AppDefinition } from '../app.js';
import { TillFrame } from '../frames/frame.js';
import { ActionBar, Notice, Primary } from '../ui/basics.js';
import { useWords } from '../ui/context.js';
import { AmountPad } from '../ui/entry.js';
import { plainWords } from '../words/catalogue.js';
import styles from '../pages.module.css';

/** M4 without a shop: the pad, to try. Nothing is sent, and the page says so. */
function PadPage() {
  const say = useWords();
  const [amount, setAmount] = useState(0n);
  return (
    <div className={styles['page']}>
      <h1 className="hidden">{say('till.title')}</h1>
      <AmountPad amount={amount} onChange={setAmount} />
      <Notice mood="info">{say('till.notYet')}</Notice>
      <ActionBar
        primary={
          <Primary icon="pay" disabled>
            {say('till.show')}
          </Primary>
        }
      />
    </div>
  );
}

/** What shops open, at `/till`. */
export const tillApp: AppDefinition = {
  name: 'till',
  home: '/till',
  suffix: (lang) => plainWords(lang)('app.name'),
  Frame: TillFrame,
  pages: [
    {
      id: 'M4',
      path: '/till',
      title: (lang) => plainWords(lang)('till.title'),
      description: (lang) => plainWords(lang)('till.notYet'),
      Content: PadPage,
    },
  ],
};
