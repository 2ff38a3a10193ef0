import { inAppBrowser } from '../src/wallet/guard.js';

const ADDRESS = 'https://pay.example/wallet?city=4711';
const ANDROID = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148';

describe('a browser inside another app', () => {
  it.each([
    [
      `${ANDROID} KAKAOTALK 10.0`,
      '카카오톡',
      `kakaotalk://web/openExternal?url=${encodeURIComponent(ADDRESS)}`,
    ],
    [
      `${IPHONE} KAKAOTALK 10.0`,
      '카카오톡',
      `kakaotalk://web/openExternal?url=${encodeURIComponent(ADDRESS)}`,
    ],
    [
      `${ANDROID} NAVER(inapp; search; 1000)`,
      '네이버',
      'intent://pay.example/wallet?city=4711#Intent;scheme=https;package=com.android.chrome;end',
    ],
    [`${IPHONE} Instagram 300.0`, '인스타그램', undefined],
  ])('%s is found, and how to leave it', (agent, name, open) => {
    expect(inAppBrowser(agent, ADDRESS)).toMatchObject({ name: { ko: name }, open });
  });

  it('is not one that has passkeys', () => {
    expect(inAppBrowser(ANDROID, ADDRESS)).toBeUndefined();
    expect(inAppBrowser(`${IPHONE} Version/18.0 Safari/604.1`, ADDRESS)).toBeUndefined();
  });
});
