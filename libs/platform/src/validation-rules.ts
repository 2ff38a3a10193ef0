import { getMetadataStorage } from 'class-validator';

/** One rule of a class-validator decorator. */
export interface FieldRule {
  readonly propertyName: string;
  /** The rule holds for each entry of a list. */
  readonly each: boolean;
  /** The field is another class, validated by its own rules. */
  readonly nested: boolean;
}

/** class-validator's name of the rule behind ValidateNested. */
const NESTED = 'nestedValidation';

const known = new WeakMap<object, readonly FieldRule[]>();

/**
 * The rules of a class, its parents' included. Kept per class: reading them from class-validator costs tens of
 * microseconds a request, and decorators have all run by the time of the first one.
 */
export function rulesOf(type: abstract new (...args: never[]) => unknown): readonly FieldRule[] {
  const found = known.get(type);
  if (found !== undefined) return found;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  const rules = metadata.map(({ propertyName, each, type: kind }) => ({
    propertyName,
    each,
    nested: kind === NESTED,
  }));
  known.set(type, rules);
  return rules;
}
