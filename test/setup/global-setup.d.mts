/** See the file of the same name. */
export default function globalSetup(): Promise<void>;
