import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';

export interface ApiDocsOptions {
  readonly title: string;
  readonly version: string;
  /** Markdown. */
  readonly description: string;
}

/** The OpenAPI document of an application's routes. */
export function apiDocument(app: NestFastifyApplication, options: ApiDocsOptions): OpenAPIObject {
  const { title, version, description } = options;
  const config = new DocumentBuilder()
    .setTitle(title)
    .setVersion(version)
    .setDescription(description)
    .build();
  return SwaggerModule.createDocument(app, config);
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
