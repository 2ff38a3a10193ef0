/** What the public port answers: standard calls that read, and sending a signed transaction. */
const PUBLIC_METHODS: ReadonlySet<string> = new Set([
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_createAccessList',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getBlockReceipts',
  'eth_getBlockTransactionCountByHash',
  'eth_getBlockTransactionCountByNumber',
  'eth_getCode',
  'eth_getLogs',
  'eth_getProof',
  'eth_getStorageAt',
  'eth_getTransactionByBlockHashAndIndex',
  'eth_getTransactionByBlockNumberAndIndex',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'eth_sendRawTransaction',
  'eth_syncing',
  'net_version',
  'web3_clientVersion',
]);

export type RpcId = string | number | null;

/** One call of a JSON-RPC body. */
export interface RpcCall {
  readonly id: RpcId;
  readonly method: string;
  readonly params: readonly unknown[];
}

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

export function isPublicMethod(method: string): boolean {
  return PUBLIC_METHODS.has(method);
}

/** @returns the call, or the JSON-RPC error that says what is wrong with it */
export function parseCall(value: unknown): RpcCall | RpcError {
  if (
    typeof value !== 'object' ||
    value === null ||
    !('method' in value) ||
    typeof value.method !== 'string'
  ) {
    return { code: -32600, message: 'invalid request' };
  }
  const id =
    'id' in value && (typeof value.id === 'string' || typeof value.id === 'number') ? value.id : null;
  const params = 'params' in value ? value.params : [];
  if (!Array.isArray(params)) return { code: -32602, message: 'params must be a list' };
  return { id, method: value.method, params };
}

export function isRpcError(value: RpcCall | RpcError): value is RpcError {
  return 'code' in value;
}
