import type { AddressInfo } from 'node:net';
import { Injectable, Optional } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ServiceConfig } from './config.js';

/** Makes links absolute: a wallet that got a document has no address to resolve a relative one by. */
@Injectable()
export class PublicUrl {
  constructor(
    private readonly host: HttpAdapterHost,
    @Optional() private readonly config?: ServiceConfig,
  ) {}

  /** The address of a path under PUBLIC_URL, or under the address that the process listens on. */
  of(path: string): string {
    return `${this.config?.publicUrl ?? this.listening()}${path}`;
  }

  private listening(): string {
    const server: { address(): AddressInfo | string | null } = this.host.httpAdapter.getHttpServer();
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the process does not listen yet');
    const { address: host, port } = address;
    // Every address of the machine is none that a client can call.
    const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
    return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
  }
}
