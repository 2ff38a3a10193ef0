/** A valid terms document of the city 47130: everywhere in the city, one year from now. */
export function termsOf(authority: string, overrides: Record<string, unknown> = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    schema: 'jangteo.terms/1',
    authority,
    programme: { ko: '경주페이', en: 'Gyeongju Pay' },
    kind: 'sold',
    validFrom: iso(now - 3600),
    validUntil: iso(now + 365 * 86_400),
    rules: [{ area: authority, categories: 'all', maxSize: 'any' }],
    caps: { payment: '500000' },
    budget: '900000000',
    funding: { resident: 9000, state: 300, province: 200, city: 500 },
    ...overrides,
  };
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}
