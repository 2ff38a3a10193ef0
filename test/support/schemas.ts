import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { OpenAPIObject } from '@nestjs/swagger';

type Json = Record<string, unknown>;

/** Checks values against the schemas of an OpenAPI document. */
export class Schemas {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly compiled = new Map<string, ValidateFunction>();
  /** The document with `nullable` as JSON Schema says it. */
  readonly document: Json;

  constructor(document: OpenAPIObject) {
    // ajv-formats is CommonJS: its default export is a property.
    (addFormats as unknown as { default: (ajv: Ajv) => void }).default(this.ajv);
    this.document = withoutNullable(JSON.parse(JSON.stringify(document))) as Json;
    this.ajv.addSchema(this.document, 'api');
  }

  /** What is wrong with a value, a line each; none when it fits. `pointer` as `#/components/schemas/Terms`. */
  problems(pointer: string, value: unknown): string[] {
    const known = this.compiled.get(pointer) ?? this.ajv.compile({ $ref: `api${pointer}` });
    this.compiled.set(pointer, known);
    if (known(value)) return [];
    return (known.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}

function withoutNullable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutNullable);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = node as Json;
  const copy = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withoutNullable(value)]));
  return nullable === true ? { anyOf: [copy, { type: 'null' }] } : copy;
}
