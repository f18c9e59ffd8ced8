import { useLanguage, useText } from './i18n.js';
import { type Theme, useTheme } from './preferences.js';
import { useConnection } from './use-poll.js';

const NEXT_THEME: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

const THEME_ICONS: Record<Theme, string> = {
  system: 'M12 4a8 8 0 0 0 0 16zM12 4a8 8 0 0 1 0 16',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3 19 19M19 5l-1.7 1.7M6.7 17.3 5 19',
  dark: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
};

/** Shows whether the page is up to date. */
export function ConnectionPill() {
  const t = useText();
  const { problem, ageSeconds, isLoading } = useConnection();
  const state = problem?.kind ?? (isLoading ? 'loading' : ageSeconds > 0 ? 'stale' : 'live');
  const detail = problem?.kind === 'failed' ? problem.status : ageSeconds;
  return (
    <span class={`pill ${state}`} role="status">
      <span class="pulse" aria-hidden="true" />
      {t(`link.${state}`, detail)}
    </span>
  );
}

/** Lets a person choose the theme: that of the system, light or dark. */
export function ThemeChoice() {
  const t = useText();
  const [theme, setTheme] = useTheme();
  const label = `${t('theme.label')}: ${t(`theme.${theme}`)}`;
  return (
    <button
      type="button"
      class="choice"
      title={label}
      aria-label={label}
      onClick={() => setTheme(NEXT_THEME[theme])}
    >
      <svg class={`icon theme-${theme}`} viewBox="0 0 24 24" aria-hidden="true">
        <path d={THEME_ICONS[theme]} />
      </svg>
    </button>
  );
}

/** Lets a person change to the other language. The button names it in that language. */
export function LanguageChoice() {
  const { language, setLanguage } = useLanguage();
  return language === 'en' ? (
    <button type="button" class="choice" lang="zh-CN" onClick={() => setLanguage('zh')}>
      中文
    </button>
  ) : (
    <button type="button" class="choice" lang="en" onClick={() => setLanguage('en')}>
      English
    </button>
  );
}
