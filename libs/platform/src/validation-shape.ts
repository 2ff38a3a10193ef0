import { brokenField, joinPath } from './validation-messages.js';
import type { BrokenField } from './validation-messages.js';
import { isClass, rulesOf } from './validation-rules.js';

/**
 * Lists where one thing is expected and one thing where a list is. class-validator accepts both: `[]` passes as a
 * nested object with none of its required fields, and a single text passes as a list of texts.
 */
export function wrongShapes(instance: object, parent = ''): BrokenField[] {
  const found = new Map<string, BrokenField>();
  const { constructor } = instance;
  if (!isClass(constructor)) return [];
  for (const { propertyName, each, nested } of rulesOf(constructor)) {
    const value: unknown = Reflect.get(instance, propertyName);
    if (value === undefined || value === null) continue;
    const field = joinPath(parent, propertyName);
    if (each && !Array.isArray(value)) found.set(field, brokenField(field, 'isArray'));
    else if (nested && !each && Array.isArray(value)) found.set(field, brokenField(field, 'isObject'));
    else if (nested) for (const inner of nestedShapes(value, field)) found.set(inner.field, inner);
  }
  return [...found.values()];
}

function nestedShapes(value: unknown, field: string): BrokenField[] {
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  return entries.flatMap((entry, index) => {
    const path = Array.isArray(value) ? joinPath(field, String(index)) : field;
    if (Array.isArray(entry)) return [brokenField(path, 'isObject')];
    return typeof entry === 'object' && entry !== null ? wrongShapes(entry, path) : [];
  });
}
