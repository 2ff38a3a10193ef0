export { toBytes, toHex } from './bytes.js';
export { Database, type DatabaseOptions, type Queryable } from './database.js';
export { Listener, type ListenerOptions } from './listener.js';
