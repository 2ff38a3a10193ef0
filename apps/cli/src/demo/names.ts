import type { Dice } from './dice.js';

// Invented: common Korean words as shops use them, put together at random.
const FIRST = [
  '가온',
  '고운',
  '나래',
  '누리',
  '다솜',
  '다온',
  '단비',
  '달빛',
  '도담',
  '두루',
  '들꽃',
  '라온',
  '마루',
  '맑은',
  '모아',
  '물빛',
  '미소',
  '바른',
  '별하',
  '보람',
  '산들',
  '새벽',
  '새봄',
  '샘터',
  '소담',
  '솔내',
  '아람',
  '아침',
  '여울',
  '예그린',
  '온새미',
  '우리',
  '은하',
  '이든',
  '참좋은',
  '초롱',
  '큰솔',
  '푸른',
  '하늘',
  '한결',
  '한마음',
  '한빛',
  '해든',
  '햇살',
  '행복',
  '향기',
  '형제',
  '희망',
];

/** Endings by category key; what is not listed takes the category's own Korean name. */
const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  restaurant: ['식당', '국밥', '칼국수', '분식', '반점', '갈비', '한식뷔페', '순두부', '찜닭', '횟집'],
  cafe: ['커피', '제과점', '찻집', '베이커리', '로스터리'],
  grocery: ['식품', '상회', '마트', '슈퍼'],
  market_stall: ['상회', '반찬', '떡집', '방앗간', '건어물', '참기름'],
  butcher: ['정육점', '한우', '축산'],
  fishmonger: ['수산', '건어물'],
  greengrocer: ['청과', '과일', '야채'],
  convenience_store: ['편의점'],
  farm_shop: ['농산물 직판장', '사과농원'],
  academy: ['영어학원', '수학학원', '피아노학원', '태권도', '미술학원', '공부방'],
  exam_fee: ['검정시험원'],
  bookshop: ['서점', '책방'],
  stationery: ['문구', '팬시'],
  postnatal_care: ['산후조리원'],
  hospital: ['의원', '내과의원', '정형외과의원', '소아청소년과의원'],
  dental_clinic: ['치과의원'],
  korean_medicine: ['한의원'],
  pharmacy: ['약국'],
  optician: ['안경'],
  hair_salon: ['미용실', '헤어', '이용원'],
  beauty: ['피부관리실', '네일'],
  bathhouse: ['목욕탕', '사우나'],
  laundry: ['세탁소', '빨래방'],
  clothing: ['의류', '한복', '양품점'],
  shoes: ['신발', '가방'],
  hardware: ['철물', '공구'],
  flower: ['꽃집', '화원'],
  fuel: ['주유소', '충전소'],
  car_repair: ['카센터', '공업사'],
  lodging: ['여관', '민박', '모텔'],
  electronics: ['전자', '통신'],
  farm_supply: ['농약사', '종묘', '농자재'],
  childcare: ['어린이집'],
};

/** An invented shop name that says what it sells; `fallback` is the category's Korean name. */
export function shopName(dice: Dice, categoryKey: string, fallback: string): string {
  const endings = ENDINGS[categoryKey] ?? [fallback.split('·')[0] ?? fallback];
  return `${dice.pick(FIRST)}${dice.pick(endings)}`;
}

/** An invented street and number. */
export function streetAddress(dice: Dice, region: string): string {
  return `${region} ${dice.pick(FIRST)}${dice.pick(['로', '길', '대로'])} ${dice.between(1, 240)}`;
}
