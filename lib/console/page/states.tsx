import { useText } from './i18n.js';
import { Bar } from './parts.js';
import type { Health, Table } from './tables.js';

const STATES: readonly Health[] = ['unreadable', 'unwritable', 'degraded', 'ok', 'inactive'];

/** Shows how many tables are in which state. */
export function States({ tables }: { tables: readonly Table[] }) {
  const t = useText();
  const counts = STATES.map((state) => ({
    state,
    count: tables.filter(({ health }) => health === state).length,
  }));
  const present = counts.filter(({ count }) => count > 0);
  const label = present
    .map(({ state, count }) => `${count} ${t(`health.${state}`).toLowerCase()}`)
    .join(', ');
  return (
    <>
      <Bar label={label} parts={present.map(({ state, count }) => ({ tone: state, value: count }))} />
      {label}
    </>
  );
}
