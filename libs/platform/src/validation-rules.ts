import { getMetadataStorage } from 'class-validator';

/** One rule of a class-validator decorator. */
export interface FieldRule {
  readonly propertyName: string;
  /** Name of the rule, as `isIn`. */
  readonly name: string;
  /** What the rule was given: limits, choices. */
  readonly values: readonly unknown[];
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
  const rules = metadata.map(({ propertyName, name, constraints, each, type: kind }) => ({
    propertyName,
    name: name ?? kind,
    values: Array.isArray(constraints) ? (constraints as unknown[]) : [],
    each,
    nested: kind === NESTED,
  }));
  known.set(type, rules);
  return rules;
}

/** One rule of a field of an instance; undefined when there is none of that name. */
export function ruleOf(instance: object | undefined, property: string, name: string): FieldRule | undefined {
  const type: unknown = instance?.constructor;
  if (!isClass(type)) return undefined;
  return rulesOf(type).find((rule) => rule.propertyName === property && rule.name === name);
}

/** `constructor` of an instance that plainToInstance made is the class itself. */
export function isClass(value: unknown): value is abstract new () => unknown {
  return typeof value === 'function';
}
