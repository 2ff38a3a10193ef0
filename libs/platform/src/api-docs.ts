import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, getSchemaPath, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ProblemDto } from './problem.dto.js';

export interface ApiDocsOptions {
  readonly title: string;
  readonly version: string;
  /** Markdown. */
  readonly description: string;
  /** Adds what no decorator can say. */
  readonly complete?: (document: OpenAPIObject, app: NestFastifyApplication) => void;
}

/** The OpenAPI document of an application's routes. */
export function apiDocument(app: NestFastifyApplication, options: ApiDocsOptions): OpenAPIObject {
  const { title, version, description, complete } = options;
  const config = new DocumentBuilder()
    .setTitle(title)
    .setVersion(version)
    .setDescription(description)
    .build();
  const document = SwaggerModule.createDocument(app, config, { extraModels: [ProblemDto] });
  complete?.(document, app);
  describeProblems(document);
  closeBodies(document);
  return document;
}

/** Every route answers what it refuses with a problem document. */
function describeProblems({ paths }: OpenAPIObject): void {
  for (const operation of operationsOf(paths)) {
    operation.responses['default'] = {
      description: 'Refused, or failed: a problem document (RFC 9457).',
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
    };
  }
}

function operationsOf(paths: OpenAPIObject['paths']) {
  return Object.values(paths).flatMap(({ get, post, put, patch, delete: remove }) =>
    [get, post, put, patch, remove].filter((operation) => operation !== undefined),
  );
}

/** The validation of bodies refuses unknown fields (see RequestValidationPipe): their schemas say so. */
function closeBodies({ paths, components }: OpenAPIObject): void {
  const seen = new Set<unknown>();
  const close = (schema: unknown): void => {
    if (!isRecord(schema) || seen.has(schema)) return;
    seen.add(schema);
    const { $ref } = schema;
    if (typeof $ref === 'string') close(components?.schemas?.[$ref.split('/').at(-1) ?? '']);
    if (isRecord(schema['properties'])) {
      schema['additionalProperties'] ??= false;
      Object.values(schema['properties']).forEach(close);
    }
    close(schema['items']);
    for (const variants of [schema['oneOf'], schema['anyOf'], schema['allOf']])
      if (Array.isArray(variants)) variants.forEach(close);
  };
  for (const { requestBody } of operationsOf(paths)) {
    if (requestBody === undefined || '$ref' in requestBody) continue;
    for (const { schema } of Object.values(requestBody.content)) close(schema);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Serves the document at /docs/openapi.json and a page to read it at /docs, all of it from this server. */
export function serveApiDocs(app: NestFastifyApplication, options: ApiDocsOptions): void {
  // Built on the first call: the routes of lazily loaded modules are known by then, and the start stays fast.
  SwaggerModule.setup('docs', app, () => apiDocument(app, options), {
    jsonDocumentUrl: 'docs/openapi.json',
    yamlDocumentUrl: 'docs/openapi.yaml',
    customSiteTitle: options.title,
    swaggerOptions: { validatorUrl: null },
  });
}
