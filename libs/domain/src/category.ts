import { DomainError } from './errors.js';

/** A business category. `id` (0–127) is its bit in a scope rule and never changes; nor does `key`. */
export interface Category {
  readonly id: number;
  readonly key: string;
  readonly ko: string;
  readonly en: string;
  /** False: never a merchant (Act Art 7(1) and its Decree; ordinances may add more). */
  readonly allowed: boolean;
}

const ALLOWED: readonly (readonly [id: number, key: string, ko: string, en: string])[] = [
  [0, 'restaurant', '음식점', 'Restaurant'],
  [1, 'cafe', '카페·제과', 'Café and bakery'],
  [2, 'grocery', '식료품점', 'Grocery'],
  [3, 'market_stall', '전통시장 점포', 'Traditional market stall'],
  [4, 'butcher', '정육점', 'Butcher'],
  [5, 'fishmonger', '수산물 판매점', 'Fishmonger'],
  [6, 'greengrocer', '과일·채소 가게', 'Greengrocer'],
  [7, 'convenience_store', '편의점', 'Convenience store'],
  [8, 'farm_shop', '농산물 직매장', 'Farm produce shop'],
  [9, 'academy', '학원·교습소', 'Private academy'],
  [10, 'exam_fee', '시험 응시료', 'Examination fees'],
  [11, 'bookshop', '서점', 'Bookshop'],
  [12, 'stationery', '문구점', 'Stationery shop'],
  [13, 'postnatal_care', '산후조리원', 'Postnatal care centre'],
  [14, 'hospital', '병원·의원', 'Hospital and clinic'],
  [15, 'dental_clinic', '치과', 'Dental clinic'],
  [16, 'korean_medicine', '한의원', 'Korean medicine clinic'],
  [17, 'pharmacy', '약국', 'Pharmacy'],
  [18, 'optician', '안경점', 'Optician'],
  [19, 'hair_salon', '미용실·이발소', 'Hair salon and barber'],
  [20, 'beauty', '피부·네일 관리', 'Beauty care'],
  [21, 'bathhouse', '목욕탕', 'Bathhouse'],
  [22, 'laundry', '세탁소', 'Laundry'],
  [23, 'clothing', '의류', 'Clothing'],
  [24, 'shoes', '신발·가방', 'Shoes and bags'],
  [25, 'household', '생활용품', 'Household goods'],
  [26, 'furniture', '가구·침구', 'Furniture and bedding'],
  [27, 'electronics', '가전·통신', 'Electronics and phones'],
  [28, 'hardware', '철물·공구', 'Hardware and tools'],
  [29, 'flower', '꽃집', 'Florist'],
  [30, 'pet', '반려동물', 'Pet supplies and care'],
  [31, 'veterinary', '동물병원', 'Veterinary clinic'],
  [32, 'fuel', '주유소·충전소', 'Fuel and charging station'],
  [33, 'car_repair', '자동차 정비', 'Car repair'],
  [34, 'taxi', '택시', 'Taxi'],
  [35, 'lodging', '숙박', 'Lodging'],
  [36, 'sports', '체육시설', 'Sports facility'],
  [37, 'culture', '공연·영화·전시', 'Performances, cinema and exhibitions'],
  [38, 'photo', '사진관', 'Photo studio'],
  [39, 'childcare', '어린이집·유치원', 'Nursery and kindergarten'],
  [40, 'senior_care', '노인 돌봄', 'Care for the elderly'],
  [41, 'repair', '수리', 'Repair service'],
  [42, 'moving', '이사·배달', 'Moving and delivery'],
  [43, 'craft', '공방', 'Craft workshop'],
  [44, 'funeral', '장례', 'Funeral service'],
  [45, 'farm_supply', '농자재', 'Farm supplies'],
  [46, 'other_retail', '기타 소매', 'Other retail'],
  [47, 'other_service', '기타 서비스', 'Other services'],
];

/** Act Art 7(1): what may never be a merchant, regardless of ordinances. */
const NEVER: readonly (readonly [id: number, key: string, ko: string, en: string])[] = [
  [112, 'gambling', '사행산업', 'Gambling'],
  [113, 'adult_entertainment', '유흥업', 'Adult entertainment'],
  [114, 'large_store', '대규모 점포', 'Large store'],
  [115, 'company_run_franchise', '프랜차이즈 직영점', 'Company-run franchise'],
  [116, 'jewellery', '귀금속', 'Jewellery'],
];

export const CATEGORIES: readonly Category[] = [
  ...ALLOWED.map(([id, key, ko, en]) => ({ id, key, ko, en, allowed: true })),
  ...NEVER.map(([id, key, ko, en]) => ({ id, key, ko, en, allowed: false })),
];

export const CATEGORY_ID_MAX = 127;

const BY_ID = new Map(CATEGORIES.map((category) => [category.id, category]));
const BY_KEY = new Map(CATEGORIES.map((category) => [category.key, category]));

/** The category of a number, if it is in use. */
export function categoryOfId(id: number): Category | undefined {
  return BY_ID.get(id);
}

/** The category of a key, if there is one. */
export function categoryOfKey(key: string): Category | undefined {
  return BY_KEY.get(key);
}

/** Name for people; the number itself when it is not in use. */
export function categoryName(id: number, lang: 'ko' | 'en'): string {
  return BY_ID.get(id)?.[lang] ?? String(id);
}

/** A set of categories as 128 bits: bit `id` set = contained. */
export type CategorySet = bigint;

const ALL_BITS = 2n ** 128n - 1n;

/** Every category that may be a merchant, those not yet named included, without the never-allowed ones. */
export const ALL_CATEGORIES: CategorySet = NEVER.reduce((set, [id]) => set & ~(1n << BigInt(id)), ALL_BITS);

/** The set of these ids; throws DomainError `category_invalid` for an id that is not an integer of 0–127. */
export function categorySet(ids: Iterable<number>): CategorySet {
  let set = 0n;
  for (const id of ids) {
    if (!Number.isInteger(id) || id < 0 || id > CATEGORY_ID_MAX) {
      throw new DomainError('category_invalid', `not a category id: ${id}`);
    }
    set |= 1n << BigInt(id);
  }
  return set;
}

/** The ids of a set, ascending. */
export function categoriesOf(set: CategorySet): number[] {
  return Array.from({ length: CATEGORY_ID_MAX + 1 }, (_, id) => id).filter((id) => setHas(set, id));
}

/** True when the set contains the id. */
export function setHas(set: CategorySet, id: number): boolean {
  return ((set >> BigInt(id)) & 1n) === 1n;
}
