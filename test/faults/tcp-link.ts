import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** closed: connections break and none can be made; silent: nothing arrives any more, and neither end learns of it. */
export const CUTS = ['closed', 'silent'] as const;
export type Cut = (typeof CUTS)[number];

const HOST = '127.0.0.1';

/** A wire between programs on this machine that can be cut, mended, and led elsewhere. */
export class TcpLink {
  private readonly sockets = new Set<Socket>();
  private state: Cut | 'whole' = 'whole';

  private constructor(
    private readonly server: Server,
    private target: number,
  ) {}

  /** @param target port that connections are led to */
  static async open(target: number): Promise<TcpLink> {
    const server = createServer();
    const link = new TcpLink(server, target);
    server.on('connection', (socket) => link.accept(socket));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, HOST, resolve));
    return link;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  cut(how: Cut): void {
    this.state = how;
    if (how === 'closed') this.breakAll();
    else for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** Connections from now on reach the port; those of before are broken. */
  leadTo(target: number): void {
    this.target = target;
    this.breakAll();
    this.state = 'whole';
  }

  async close(): Promise<void> {
    this.breakAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(near: Socket): void {
    this.keep(near);
    if (this.state === 'closed') near.destroy();
    // A silent wire: whoever calls waits for an answer.
    if (this.state !== 'whole') return;
    const far = this.keep(connect(this.target, HOST));
    near.pipe(far).pipe(near);
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    // 'close' follows, and says all that matters here.
    socket.on('error', () => undefined);
    return socket.once('close', () => this.sockets.delete(socket));
  }

  private breakAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
