import type { Lang } from './won.js';

/** A sentence for people, in both languages: each says the same, with the same values (test/setup/sentences.spec.ts). */
export type Words = Readonly<Record<Lang, string>>;
