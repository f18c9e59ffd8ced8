const PATHS = {
  clusters: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  cluster: 'M3 12h4l3-8 4 16 3-8h4',
  tables: 'M4 5h16v14H4zM4 10h16M10 10v9',
  nodes: 'M4 4h16v6H4zM4 14h16v6H4zM8 7h.01M8 17h.01',
  counters: 'M4 18a9 9 0 1 1 16 0M12 16l4-6',
  metrics: 'M3 20h18M6 16v-5M11 16V5M16 16v-8',
  profile:
    'M12 3c.5 4 5 5.5 5 10.5a5 5 0 0 1-10 0c0-2 .8-3.2 2-4.5.2 1.8.9 2.7 1.9 3C10.400 9.5 10.5 6 12 3z',
  config: 'M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5v5M8 14.5v5',
  api: 'M8 8l-4 4 4 4M16 8l4 4-4 4M13.5 6l-3 12',
} as const;

/** Names a view, which has an icon. */
export type ViewName = keyof typeof PATHS;

/** Draws the icon of a view. */
export function Icon({ name }: { name: ViewName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** Draws the mark of the console. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="6" />
      <path d="M8 19V5.5h5a4 4 0 0 1 0 8.5H8" />
    </svg>
  );
}
