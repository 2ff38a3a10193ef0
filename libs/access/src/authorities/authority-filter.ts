import type { Queryable } from '#persistence';
import { notOnePlace, wrongField } from '#platform';

/**
 * Refuses a filter by authority whose place was divided: the answer would be empty, or of several authorities. One that
 * was founded before the division, or answers for the place of then, keeps its code.
 *
 * @throws ProblemException invalid_request with the codes that the place became
 */
export async function refuseDivided(
  db: Queryable,
  authority: string | undefined,
  field = 'authority',
): Promise<void> {
  const fault = authority === undefined ? undefined : notOnePlace(authority);
  if (fault?.became === undefined) return;
  const founded = await db.query(
    'SELECT region FROM chain.authority WHERE region = ANY (chain.authorities_meant(ARRAY[$1::text]))',
    [authority],
  );
  if (founded.length === 0) throw wrongField(field, fault.message, fault.became);
}
