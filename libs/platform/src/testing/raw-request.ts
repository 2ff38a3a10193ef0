import { connect, type Socket } from 'node:net';

/** Sends bytes to a port of loopback, whatever they are, and resolves with everything that came when the server ends it. */
export function rawRequest(
  port: number,
  bytes: string | Buffer,
  goOn?: (socket: Socket) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes);
      goOn?.(socket);
    });
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    // A server that cuts while the client still writes resets the connection.
    socket.on('error', (error) =>
      'code' in error && error.code === 'ECONNRESET' ? undefined : reject(error),
    );
  });
}
