/** See the file of the same name. */
export default function globalTeardown(): Promise<void>;
