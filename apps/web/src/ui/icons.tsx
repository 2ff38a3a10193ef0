/** Icons of 24 units, drawn for this product. They are decoration: words stand beside them. */
const PATHS = {
  ok: 'M4 12.5l5 5L20 6.5',
  no: 'M6 6l12 12M18 6L6 18',
  warn: 'M12 3.5L22 20.5H2zM12 10v5M12 17.6v.4',
  info: 'M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18M12 11v6M12 7.4v.4',
  clock: 'M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18M12 7.5V12l3.2 2',
  home: 'M4 11l8-7l8 7v9h-5.5v-6h-5v6H4z',
  pay: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5M20 14v6M14 20h3',
  shop: 'M4 9.5h16L18 4.5H6zM5.5 9.5V20h13V9.5M10 20v-5.5h4V20',
  list: 'M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.6M4 12h.6M4 18h.6',
  help: 'M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18M9.4 9.6a2.7 2.7 0 1 1 3.9 2.4c-.9.5-1.3 1-1.3 2M12 16.8v.4',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M13 4.8v4.4h4V4.8zM7 14.8v4.4h4v-4.4z',
  next: 'M9.5 5.5L16 12l-6.5 6.5',
  delete: 'M9 5h11.5v14H9L2.8 12zM12 9.5l5 5M17 9.5l-5 5',
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13M15.5 15.5L20.5 20.5',
  external: 'M13.5 4H20v6.5M20 4l-9 9M17 13.5V20H4V7h6.5',
  light:
    'M12 8a4 4 0 1 1 0 8a4 4 0 0 1 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5 5l1.4 1.4M17.6 17.6L19 19M19 5l-1.4 1.4M6.4 17.6L5 19',
  offline: 'M3 3l18 18M5 12.5a10 10 0 0 1 4-2.4M14.5 10a10 10 0 0 1 4.5 2.5M8.5 16a5 5 0 0 1 7 0M12 19.4v.2',
  voice: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 24 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      // As large as the text that stands beside it.
      width={`${size / 16}rem`}
      height={`${size / 16}rem`}
      aria-hidden="true"
      focusable="false"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
