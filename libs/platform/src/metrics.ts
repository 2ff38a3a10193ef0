import { Controller, Get, Header, Inject, Injectable, Module } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { MayCall } from './callers.js';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds; from a cached read to a hopeless wait, dense around the 150 ms that acceptance may take. */
const DURATION_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10];

export interface MetricOptions<L extends string> {
  /** snake_case with the unit last: jangteo_payments_accepted_total, jangteo_relay_seconds. */
  readonly name: string;
  readonly help: string;
  /** Few values each; never ids. */
  readonly labelNames?: readonly L[];
}

/** The process's metrics; a registry of its own, so that several can live in one test process. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly httpDuration: Histogram<'method' | 'route' | 'status'>;

  constructor() {
    this.httpDuration = this.histogram({
      name: 'jangteo_http_request_seconds',
      help: 'Time from request to end of response, by route pattern',
      labelNames: ['method', 'route', 'status'],
    });
  }

  /** Memory, event loop and garbage collection of this process; call once at start. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string>(options: MetricOptions<L>): Counter<L> {
    return new Counter({ ...options, registers: [this.registry] });
  }

  gauge<L extends string>(options: MetricOptions<L>): Gauge<L> {
    return new Gauge({ ...options, registers: [this.registry] });
  }

  /** In seconds unless `buckets` say otherwise. */
  histogram<L extends string>(options: MetricOptions<L> & { readonly buckets?: number[] }): Histogram<L> {
    return new Histogram({ buckets: DURATION_BUCKETS, ...options, registers: [this.registry] });
  }

  /** Prometheus text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}

@ApiExcludeController()
@MayCall('operator')
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  read(): Promise<string> {
    return this.metrics.text();
  }
}

/** Metrics without a route, see serveMetrics; inject Metrics to add your own. */
@Module({ providers: [Metrics], exports: [Metrics] })
export class MetricsModule {}

/** Metrics and /metrics, for a process whose port is not the public's. */
@Module({ imports: [MetricsModule], controllers: [MetricsController], exports: [MetricsModule] })
export class MetricsRouteModule {}
