/** What officers read: 합니다체. */
export const consoleKo = {
  'console.name': '상품권 업무',
  'console.login': '로그인',
  'console.loginLead': '담당자 패스키로 로그인하는 화면입니다. 비밀번호는 쓰지 않습니다.',
  'console.loginSoon': '로그인은 아직 열리지 않았습니다. 담당자의 결재는 jangteo 명령으로 올립니다.',
  'console.noRight': '이 화면을 볼 권한이 없습니다. 권한이 있는 담당자: {names}.',
  'console.now': '지금',
  'console.after': '서명 후',
  'console.field': '항목',
  'console.changed': '바뀜',
  'console.unchanged': '그대로',
  'console.noRows': '조건에 맞는 내역이 없습니다.',
  'console.words': '전화로 견줄 네 낱말',
  'console.decoded': '이 브라우저가 결재 내용을 직접 풀어 확인했습니다.',
  'console.mismatch':
    '서버가 보여 준 내용과 실제 결재 내용이 다릅니다. 서명하지 말고 보안 담당자에게 알리십시오.',
  'console.sentence': '문장',
  'console.sum': '금액',
  'console.attachment': '첨부',
  'console.target': '실행 대상',
} as const;

export const consoleEn: Readonly<Record<keyof typeof consoleKo, string>> = {
  'console.name': 'Voucher administration',
  'console.login': 'Log in',
  'console.loginLead': 'Officers log in here with a passkey. There is no password.',
  'console.loginSoon': 'Logging in is not open yet. Officers propose acts with the jangteo command.',
  'console.noRight': 'You are not allowed to see this page. Ask: {names}.',
  'console.now': 'Now',
  'console.after': 'After signing',
  'console.field': 'Field',
  'console.changed': 'changed',
  'console.unchanged': 'unchanged',
  'console.noRows': 'Nothing matches.',
  'console.words': 'Four words for the telephone',
  'console.decoded': 'This browser decoded the act itself.',
  'console.mismatch':
    'What the server shows is not what would be signed. Do not sign; report it to security.',
  'console.sentence': 'Sentence',
  'console.sum': 'Sum',
  'console.attachment': 'Attachment',
  'console.target': 'Target',
};
