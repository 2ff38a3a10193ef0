declare module 'virtual:tokens.css';
declare module 'virtual:fonts.css';
declare module '*.css' {
  const names: Readonly<Record<string, string>>;
  export default names;
}
declare module '*.tsv?raw' {
  const text: string;
  export default text;
}
