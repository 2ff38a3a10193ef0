import { createServer, type ServerResponse } from 'node:http';

/** Stands before a node and notes which methods it is asked for. */
export interface RecordingProxy {
  readonly url: string;
  /** Names of the methods, sorted. */
  methods(): string[];
  close(): Promise<void>;
}

/** @param target address of the node; http or https */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const methods = new Set<string>();
  const pass = async (body: string, response: ServerResponse): Promise<void> => {
    for (const name of methodsOf(body)) methods.add(name);
    try {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(target, { method: 'POST', headers, body });
      const text = await answer.text();
      response.writeHead(answer.status, headers).end(text);
    } catch {
      // The node is away: for those who asked, so are we.
      response.destroy();
    }
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => void pass(Buffer.concat(parts).toString(), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    methods: () => [...methods].toSorted(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function methodsOf(body: string): string[] {
  const content: unknown = JSON.parse(body);
  const calls: unknown[] = Array.isArray(content) ? content : [content];
  return calls.flatMap((call) =>
    typeof call === 'object' && call !== null && 'method' in call ? [String(call.method)] : [],
  );
}
