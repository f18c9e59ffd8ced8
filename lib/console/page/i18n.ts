import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { en, type Texts } from './text-en.js';
import { zh } from './text-zh.js';

export type Language = 'en' | 'zh';

/** Returns a text with its arguments filled in. */
export type Translate = (key: keyof Texts, ...args: (string | number)[]) => string;

const TEXTS: Record<Language, Texts> = { en, zh };

/** Returns the first language of the browser that the page has. */
export function browserLanguage(): Language {
  for (const language of navigator.languages) {
    if (/^zh\b/i.test(language)) return 'zh';
    if (/^en\b/i.test(language)) return 'en';
  }
  return 'en';
}

/** Creates the function that translates into a language. */
export function translator(language: Language): Translate {
  const texts = TEXTS[language];
  return (key, ...args) => texts[key].replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)]));
}

/** The language of the page and the function that changes it. */
export interface LanguageSetting {
  readonly language: Language;
  readonly t: Translate;
  setLanguage(language: Language): void;
}

export const LanguageContext = createContext<LanguageSetting>({
  language: 'en',
  t: translator('en'),
  setLanguage() {},
});

/** Returns the language of the page and the function that changes it. */
export function useLanguage(): LanguageSetting {
  return useContext(LanguageContext);
}

/** Returns the function that translates into the language of the page. */
export function useText(): Translate {
  return useContext(LanguageContext).t;
}
