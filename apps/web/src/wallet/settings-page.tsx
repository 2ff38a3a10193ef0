import { type ReactNode, useEffect, useState } from 'react';
import { Card, Plain } from '../ui/basics.js';
import { useLang, useWords } from '../ui/context.js';
import { Icon } from '../ui/icons.js';
import { readScale, readTheme, SCALES, setScale, setTheme, THEMES } from '../look/preferences.js';
import { money } from '../words/unit.js';
import styles from '../pages.module.css';

/** What the preview shows; an amount with as many digits as a busy month has. */
const EXAMPLE = 128_500n;

/** W21 without an account: text size, language, theme, reading aloud; kept on this device. */
export function SettingsPage() {
  const say = useWords();
  const lang = useLang();
  const [scale, chooseScale] = useState<(typeof SCALES)[number]>('1');
  const [theme, chooseTheme] = useState<(typeof THEMES)[number]>('auto');
  useEffect(() => {
    chooseScale(readScale());
    chooseTheme(readTheme());
  }, []);
  const sizes = { '1': say('settings.size1'), '1.25': say('settings.size2'), '1.5': say('settings.size3') };
  const themes = {
    auto: say('settings.themeAuto'),
    light: say('settings.themeLight'),
    dark: say('settings.themeDark'),
  };
  return (
    <div className={styles['page']}>
      <h1>{say('settings.title')}</h1>
      <Setting name={say('settings.size')}>
        {SCALES.map((one) => (
          <Plain
            key={one}
            pressed={scale === one}
            onClick={() => {
              setScale(one);
              chooseScale(one);
            }}
          >
            {sizes[one]}
          </Plain>
        ))}
      </Setting>
      <Card>
        <p>{say('settings.preview', { amount: money(EXAMPLE, lang) })}</p>
      </Card>
      <Setting name={say('settings.theme')}>
        {THEMES.map((one) => (
          <Plain
            key={one}
            pressed={theme === one}
            onClick={() => {
              setTheme(one);
              chooseTheme(one);
            }}
          >
            {themes[one]}
          </Plain>
        ))}
      </Setting>
      <Setting name={say('settings.read')}>
        <ReadAloud />
      </Setting>
    </div>
  );
}

function Setting({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <section className={styles['part']} aria-label={name}>
      <h2>{name}</h2>
      <div className={styles['choices']}>{children}</div>
    </section>
  );
}

/** Reads the main text of the page with a voice of the device, where it has one for the language. */
function ReadAloud() {
  const say = useWords();
  const lang = useLang();
  const [isReading, setReading] = useState(false);
  const [hasNoVoice, setNoVoice] = useState(false);
  useEffect(() => () => globalThis.speechSynthesis?.cancel(), []);
  const toggle = (): void => {
    const voices = globalThis.speechSynthesis;
    if (voices === undefined || !voices.getVoices().some((voice) => voice.lang.startsWith(lang)))
      return setNoVoice(true);
    if (isReading) {
      voices.cancel();
      return setReading(false);
    }
    const speech = new SpeechSynthesisUtterance(document.getElementById('main')?.innerText ?? '');
    speech.lang = lang === 'ko' ? 'ko-KR' : 'en-GB';
    speech.onend = () => setReading(false);
    voices.speak(speech);
    setReading(true);
  };
  return (
    <>
      <Plain onClick={toggle} pressed={isReading}>
        <Icon name="voice" size={20} /> {isReading ? say('settings.readStop') : say('settings.readStart')}
      </Plain>
      <p role="status">{hasNoVoice ? say('settings.readNone') : ''}</p>
    </>
  );
}
