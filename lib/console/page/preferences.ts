import { useEffect, useState } from 'preact/hooks';

const PREFIX = 'pegasus-console:';

/** Reads a stored preference; `undefined` without one or without storage. */
export function readPreference(name: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Stores a preference. Without storage it lasts until the page is closed. */
export function writePreference(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // Private windows of some browsers have no storage.
  }
}

export type Theme = 'system' | 'light' | 'dark';

/** Returns the theme and the function that changes it. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => (readPreference('theme') as Theme | undefined) ?? 'system');
  function change(next: Theme): void {
    writePreference('theme', next === 'system' ? undefined : next);
    setTheme(next);
    window.dispatchEvent(new CustomEvent('pegasus-theme', { detail: next }));
  }
  return [theme, change];
}

/** Returns a number that changes with the theme, for what is drawn on a canvas. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const changed = () => setVersion((before) => before + 1);
    const system = matchMedia('(prefers-color-scheme: dark)');
    window.addEventListener('pegasus-theme', changed);
    system.addEventListener('change', changed);
    return () => {
      window.removeEventListener('pegasus-theme', changed);
      system.removeEventListener('change', changed);
    };
  }, []);
  return version;
}

/** Returns a colour of the style sheet. */
export function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
