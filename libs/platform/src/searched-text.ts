import { searchKeyOf } from '#domain';
import { wrongField } from './problem.js';

/**
 * What the `text` of a list is compared by (see searchKeyOf).
 *
 * @throws ProblemException when nothing is left to look for: it would find every row
 */
export function searchedText(text: string): string {
  const key = searchKeyOf(text);
  if (key !== '') return key;
  throw wrongField('text', { ko: '글자나 숫자가 있어야 합니다.', en: 'must have a letter or a digit' });
}
