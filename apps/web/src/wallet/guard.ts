/** Apps whose own browser has no passkeys, by what they call themselves. */
const IN_APP: readonly (readonly [pattern: RegExp, name: { readonly ko: string; readonly en: string }])[] = [
  [/KAKAOTALK/i, { ko: '카카오톡', en: 'KakaoTalk' }],
  [/NAVER\(inapp/i, { ko: '네이버', en: 'Naver' }],
  [/Instagram/i, { ko: '인스타그램', en: 'Instagram' }],
  [/FBAN|FBAV/i, { ko: '페이스북', en: 'Facebook' }],
  [/\bLine\//i, { ko: '라인', en: 'LINE' }],
];

export interface InAppBrowser {
  readonly name: { readonly ko: string; readonly en: string };
  /** Where to open the page instead; none on iOS, where a picture shows the way. */
  readonly open: string | undefined;
}

/**
 * The app in whose browser this is, if it is one without passkeys.
 *
 * @param agent the browser's `navigator.userAgent`
 * @param address of the page
 */
export function inAppBrowser(agent: string, address: string): InAppBrowser | undefined {
  const [, name] = IN_APP.find(([pattern]) => pattern.test(agent)) ?? [];
  if (name === undefined) return undefined;
  return { name, open: openerOf(agent, address) };
}

function openerOf(agent: string, address: string): string | undefined {
  if (/KAKAOTALK/i.test(agent)) return `kakaotalk://web/openExternal?url=${encodeURIComponent(address)}`;
  if (!/Android/i.test(agent)) return undefined;
  const { host, pathname, search, protocol } = new URL(address);
  return `intent://${host}${pathname}${search}#Intent;scheme=${protocol.slice(0, -1)};package=com.android.chrome;end`;
}

/** Whether this device can ask for a fingerprint, a face or its screen lock; unknown = yes, the passkey asks again. */
export async function hasScreenLock(): Promise<boolean> {
  if (typeof PublicKeyCredential === 'undefined') return false;
  try {
    return await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
  } catch {
    return true;
  }
}
