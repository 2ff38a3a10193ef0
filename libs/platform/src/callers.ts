import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  type OnModuleInit,
  RequestMethod,
  SetMetadata,
} from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { type Origin, originOf } from './origins.js';
import { ProblemException } from './problem.js';

/**
 * Who may call a route. `anybody`: the route asks for no credential; what changes something is signed in its body.
 * `operator`: whoever reaches the port on which the operator watches the process.
 */
export type Caller = 'anybody' | 'operator';

const CALLER = Symbol('CALLER');
const FROM = Symbol('FROM');

/**
 * Declares who may call a route, or all routes of a controller; a route's own declaration counts before its
 * controller's. A route without a declaration has no callers: the process refuses to start with it.
 *
 * @param from the only origin on which the route exists; without it the controller's, or every origin
 */
export function MayCall(
  caller: Caller,
  { from }: { readonly from?: Origin } = {},
): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(CALLER, caller), SetMetadata(FROM, from));
}

/** A route as the process serves it. */
export interface DeclaredRoute {
  /** `POST /v1/payments` */
  readonly route: string;
  readonly caller: Caller | undefined;
  /** The only origin that has it; undefined = every one. */
  readonly from: Origin | undefined;
}

/** Reads the declarations of all routes. */
@Injectable()
export class RouteCallers implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** @throws Error naming the routes that declare no caller */
  onModuleInit(): void {
    const open = this.all().filter(({ caller }) => caller === undefined);
    if (open.length > 0) {
      throw new Error(`Routes without @MayCall: ${open.map(({ route }) => route).join(', ')}`);
    }
  }

  /** Every route of the process, in the order of their paths. */
  all(): DeclaredRoute[] {
    return this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? this.routesOf(metatype) : []))
      .toSorted((one, other) => (one.route < other.route ? -1 : 1));
  }

  private routesOf(controller: NonNullable<unknown> & { readonly prototype?: unknown }): DeclaredRoute[] {
    const { prototype } = controller;
    if (typeof prototype !== 'object' || prototype === null) return [];
    const base = pathOf(this.reflector.get(PATH_METADATA, controller as never));
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler: unknown = Reflect.get(prototype, name);
      if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) return [];
      const method: unknown = Reflect.getMetadata(METHOD_METADATA, handler);
      const path = pathOf(Reflect.getMetadata(PATH_METADATA, handler));
      const targets = [handler as never, controller as never];
      const caller = this.reflector.getAllAndOverride<Caller | undefined>(CALLER, targets);
      const from = this.reflector.getAllAndOverride<Origin | undefined>(FROM, targets);
      return [{ route: `${methodOf(method)} ${joined(base, path)}`, caller, from }];
    });
  }
}

/** Refuses what RouteCallers could not see at the start, and routes of another origin as if they did not exist. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    const caller = this.reflector.getAllAndOverride<Caller | undefined>(CALLER, targets);
    const from = this.reflector.getAllAndOverride<Origin | undefined>(FROM, targets);
    const { raw } = context.switchToHttp().getRequest<FastifyRequest>();
    if (caller === undefined || (from !== undefined && from !== originOf(raw)))
      throw new ProblemException('not_found');
    return true;
  }
}

function pathOf(metadata: unknown): string {
  return typeof metadata === 'string' ? metadata : '';
}

function methodOf(metadata: unknown): string {
  return typeof metadata === 'number' ? (RequestMethod[metadata] ?? '') : '';
}

function joined(base: string, path: string): string {
  const parts = [...base.split('/'), ...path.split('/')].filter((part) => part !== '');
  return `/${parts.join('/')}`;
}
