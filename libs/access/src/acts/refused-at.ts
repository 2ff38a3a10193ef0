import { refusalText, type RefusalArgs, type RefusalKey } from '#domain';
import { ProblemException, regions } from '#platform';

/**
 * The refusal of an act that the contract would refuse, with the argument that is the reason: what the contract says of
 * it, in both languages.
 *
 * @param field path of the argument, as `args.until`
 */
export function refusedAt(field: string, key: RefusalKey, args: RefusalArgs): ProblemException {
  const said = (lang: 'ko' | 'en') => {
    const { title, detail } = refusalText(key, args, lang, (code) => regions().name(code, lang));
    return detail === '' ? title : detail;
  };
  return new ProblemException(key, {
    args,
    fields: [{ field, message: { ko: said('ko'), en: said('en') } }],
  });
}
