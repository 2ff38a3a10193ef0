declare module 'virtual:tokens.css';
declare module 'virtual:fonts.css';
/** Addresses of the provinces' maps by their two digits. */
declare module 'virtual:maps' {
  const addresses: Readonly<Record<string, string>>;
  export default addresses;
}
declare module '*.css' {
  const names: Readonly<Record<string, string>>;
  export default names;
}
declare module '*.tsv?raw' {
  const text: string;
  export default text;
}
