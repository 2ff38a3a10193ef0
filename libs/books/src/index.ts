import type { Projector } from '#chain';

/** The projectors of the schema `books`; they come after those of `chain`. */
export function booksProjectors(): Projector[] {
  return [];
}
