/** Framework glue that every part shares: configuration, logs, problems, processes. */
export * from './processes/durable-file.js';
export * from './processes/free-port.js';
export * from './processes/process-identity.js';
export * from './processes/supervisor-log.js';
