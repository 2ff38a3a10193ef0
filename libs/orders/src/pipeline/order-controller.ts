import { Body, Get, Injectable, Param, Post, Query, Res, type Type } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Hex, SigningDomain } from '#contracts';
import { cursorOf, limitOf, type Page, pageOf } from '#platform';
import type { OrderKind } from './kind.js';
import type { SignedTermsDto } from './order-dto.js';
import { OrderEvents } from './order-events.js';
import { sendOrder, streamOrder } from './order-http.js';
import { OrderParams } from './order-param.js';
import { filterOf, type OrderListQuery, type Sides } from './order-query.js';
import { KEY_FORMS } from './order-record.repository.js';
import type { OrderRecord } from './order.js';
import type { OrderStateView } from './order-view.js';
import { OrdersService, type UnverifiedOrder } from './orders.service.js';

interface Submission<Authorisation> {
  authorisation: Authorisation;
  proof: Hex;
}

/** What the controller of one kind needs besides its routes. */
export interface OrderHttp<
  Authorisation extends SignedTermsDto,
  ListQuery extends OrderListQuery,
  View extends OrderStateView,
> {
  readonly kind: OrderKind;
  /** Path without a leading slash. */
  readonly route: string;
  readonly dto: {
    readonly submit: Type<Submission<Authorisation>>;
    readonly query: Type<ListQuery>;
    readonly view: Type<View>;
    readonly page: Type<Page<View>>;
  };
  readonly texts: {
    /** What submitting does. */
    readonly submit: string;
    readonly explanation: string;
    readonly list: string;
  };
  /** EIP-712 digest of the authorisation. */
  readonly digest: (domain: SigningDomain, authorisation: Authorisation) => Hex;
  readonly sidesOf: (
    authorisation: Authorisation,
  ) => Pick<UnverifiedOrder, 'holder' | 'other' | 'payment' | 'series' | 'amount'>;
  /** Whose orders a list asks for. */
  readonly filterBy: (query: ListQuery) => Sides;
  readonly viewOf: (record: OrderRecord) => View;
}

/**
 * The routes that all kinds of orders have: submit, list, state. A kind's controller extends it and says its path and
 * tag.
 */
export function orderController<
  Authorisation extends SignedTermsDto,
  ListQuery extends OrderListQuery,
  View extends OrderStateView,
>(http: OrderHttp<Authorisation, ListQuery, View>) {
  const { kind, dto, texts, viewOf } = http;

  // Without a decorator the compiler would not write down what the constructor wants injected.
  @Injectable()
  class OrderController {
    constructor(
      protected readonly orders: OrdersService,
      protected readonly events: OrderEvents,
    ) {}

    @Post()
    @ApiOperation({ summary: texts.submit, description: texts.explanation })
    @ApiAcceptedResponse({ type: dto.view })
    @ApiOkResponse({ type: dto.view, description: 'Known and decided.' })
    @ApiUnprocessableEntityResponse({ description: 'Problem document with the code of the refusal.' })
    async submit(
      @Body() { authorisation, proof }: Submission<Authorisation>,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<View> {
      const { nonce, deadline, order: reference } = authorisation;
      const id = http.digest(this.orders.domain, authorisation);
      const order = { id, ...http.sidesOf(authorisation), nonce, deadline, reference };
      const record = await this.orders.submit(kind, order, proof);
      sendOrder(reply, record, `/${http.route}`);
      return viewOf(record);
    }

    @Get()
    @ApiOperation({ summary: texts.list })
    @ApiOkResponse({ type: dto.page })
    async list(@Query() query: ListQuery): Promise<Page<View>> {
      const filter = filterOf(query, http.filterBy(query));
      const limit = limitOf(query);
      const after = cursorOf(query, KEY_FORMS[filter.state]);
      const rows = await this.orders.list(kind, filter, limit + 1, after);
      return pageOf(
        rows,
        limit,
        ({ key }) => key,
        ({ record }) => viewOf(record),
      );
    }

    @Get(':id')
    @ApiOperation({ summary: `State of a ${kind.name}` })
    @ApiOkResponse({ type: dto.view })
    async get(@Param() { id }: OrderParams): Promise<View> {
      return viewOf(await this.orders.get(kind, id));
    }
  }

  // The compiler writes Object for a type parameter; validation and OpenAPI read the real classes.
  typeParameters(OrderController, 'submit', [dto.submit, Object]);
  typeParameters(OrderController, 'list', [dto.query]);
  return OrderController;
}

/** A server-sent event, as OpenAPI has each of a stream. */
const EVENT = {
  type: 'object',
  properties: { event: { type: 'string', enum: ['state'] }, data: { type: 'string' } },
  required: ['event', 'data'],
};

/** The same with a stream of states. */
export function watchedOrderController<
  Authorisation extends SignedTermsDto,
  ListQuery extends OrderListQuery,
  View extends OrderStateView,
>(http: OrderHttp<Authorisation, ListQuery, View>) {
  const { kind, dto, viewOf } = http;

  class WatchedOrderController extends orderController(http) {
    @Get(':id/events')
    @ApiOperation({
      summary: `State of a ${kind.name} now and at each change, as server-sent events, until it is decided`,
    })
    @ApiProduces('text/event-stream')
    @ApiOkResponse({ description: `Each event's data is a ${dto.view.name} as JSON.`, schema: EVENT })
    async watch(@Param() { id }: OrderParams, @Res() reply: FastifyReply): Promise<void> {
      streamOrder(reply, kind, await this.orders.get(kind, id), viewOf, this.events);
    }
  }
  return WatchedOrderController;
}

function typeParameters(controller: Type, method: string, types: readonly unknown[]): void {
  Reflect.defineMetadata('design:paramtypes', types, controller.prototype as object, method);
}
