import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { ProblemException } from './problem.js';
import { brokenField } from './validation-messages.js';

/**
 * Refuses parameters where a route knows none. Validation refuses unknown ones of routes that have a query; a misspelt
 * one elsewhere would do nothing in silence.
 */
@Injectable()
export class KnownQueries implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query, url } = context.switchToHttp().getRequest<FastifyRequest>();
    const names = typeof query === 'object' && query !== null ? Object.keys(query) : [];
    if (names.length === 0 || !url.startsWith('/v1/') || takesQuery(context)) return true;
    throw new ProblemException('unknown_field', {
      fields: names.slice(0, NAMES_MAX).map((name) => brokenField(name, 'whitelistValidation')),
    });
  }
}

/** As many as validation names. */
const NAMES_MAX = 50;

function takesQuery(context: ExecutionContext): boolean {
  const parameters: unknown = Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    context.getClass(),
    context.getHandler().name,
  );
  return Object.keys(parameters ?? {}).some((name) => Number(name.split(':')[0]) === RouteParamtypes.QUERY);
}
