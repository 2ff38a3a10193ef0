/** The page for those who verify: the one with technical words, each explained. */
export const verifyKo = {
  'verify.title': '누구나 확인할 수 있어요',
  'verify.lead':
    '상품권 금액은 블록체인이라는 공동 장부에 적혀요. 한번 적힌 것은 지자체도 운영자도 바꿀 수 없어요.',
  'verify.state': '지금 장부',
  'verify.chain': '장부 번호(체인 번호)',
  'verify.block': '확인한 마지막 묶음(블록)',
  'verify.blockTime': '그 묶음의 시각',
  'verify.vouchers': '상품권 규칙이 있는 주소(컨트랙트)',
  'verify.authorities': '지자체 권한이 있는 주소(컨트랙트)',
  'verify.how': '어떻게 확인하나요?',
  'verify.how1': '모든 금액에는 내역이 있어요. 첫 화면의 금액을 누르면 그 금액을 이루는 줄이 나와요.',
  'verify.how2':
    '상품권 규칙은 발행할 때 지문(해시)을 남겨요. 이 브라우저가 문서의 지문을 다시 계산해 견줘요.',
  'verify.how3': '장부를 가진 감사자는 처음부터 모든 금액을 다시 계산할 수 있어요.',
  'verify.data': '자료 그대로 보기',
  'verify.docs': '프로그램용 설명서(API)',
  'verify.signing': '서명하는 내용의 형식',
  'verify.refusals': '되지 않은 결제의 이유 모두',
  'verify.series': '상품권과 규칙 모두',
  'verify.health': '상태 점검',
  'verify.demo': '연습 자료로 해 보기',
  'verify.demoText':
    '연습용 담당자와 가게, 주민의 열쇠는 이 컴퓨터의 .jangteo/demo.json에 있어요. 여기에는 주소만 보여요. 하루치 결제를 다시 만드는 명령이에요.',
  'verify.demoAddresses': '연습용 주소',
  'verify.who': '누구',
  'verify.address': '주소',
  'verify.officer': '{name} 담당자 {id}',
  'verify.shop': '가게 {name}',
  'verify.resident': '최근에 결제한 주민',
} as const;

export const verifyEn: Readonly<Record<keyof typeof verifyKo, string>> = {
  'verify.title': 'Anybody can check',
  'verify.lead':
    'Amounts are kept on a shared ledger, a blockchain. What is written there no authority and no operator can change.',
  'verify.state': 'The ledger now',
  'verify.chain': 'Number of the ledger (chain id)',
  'verify.block': 'Last batch that was read (block)',
  'verify.blockTime': 'Time of that batch',
  'verify.vouchers': 'Address with the rules of vouchers (contract)',
  'verify.authorities': 'Address with the powers of authorities (contract)',
  'verify.how': 'How do I check?',
  'verify.how1': 'Every figure has rows. Choose an amount on the first page to see the rows it’s made of.',
  'verify.how2':
    'The rules of a voucher leave a fingerprint (hash) when issued. This browser computes it again and compares.',
  'verify.how3': 'An auditor with the ledger can compute every amount again from the beginning.',
  'verify.data': 'The data itself',
  'verify.docs': 'Documentation for programs (API)',
  'verify.signing': 'What is signed, and in which form',
  'verify.refusals': 'All reasons why a payment is refused',
  'verify.series': 'All vouchers and their rules',
  'verify.health': 'Health check',
  'verify.demo': 'Try it with practice data',
  'verify.demoText':
    'The keys of the practice officers, shops and residents are in .jangteo/demo.json on this computer; here are addresses only. This command makes another day of payments.',
  'verify.demoAddresses': 'Practice addresses',
  'verify.who': 'Who',
  'verify.address': 'Address',
  'verify.officer': '{name}, officer {id}',
  'verify.shop': 'Shop {name}',
  'verify.resident': 'A resident who paid lately',
};
