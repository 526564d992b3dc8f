/** The user's language: its sentences and its formats. Portuguese is always here, the others are fetched. */
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import type { Locale } from "@/api/types";
import { type Format, makeFormat } from "./format";
import { type Messages, ptBR } from "./pt-BR";

export const LOCALES: { id: Locale; name: string }[] = [
  { id: "pt-BR", name: "Português" },
  { id: "es", name: "Español" },
  { id: "en", name: "English" },
];

const STORED = "clientela.locale";
const loaders: Record<Locale, () => Promise<Messages>> = {
  "pt-BR": async () => ptBR,
  es: async () => (await import("./es")).es,
  en: async () => (await import("./en")).en,
};

export interface Language {
  locale: Locale;
  t: Messages;
  f: Format;
}

export function preferredLocale(): Locale {
  const wanted = [readStored(), ...navigator.languages];
  for (const language of wanted) {
    const found = LOCALES.find(({ id }) => language && id.slice(0, 2) === language.slice(0, 2).toLowerCase());
    if (found) return found.id;
  }
  return "pt-BR";
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

export async function loadLanguage(locale: Locale): Promise<Language> {
  const t = await loaders[locale]();
  document.documentElement.lang = locale;
  try {
    localStorage.setItem(STORED, locale);
  } catch {
    // A private window may refuse; the session's own language applies after login.
  }
  return { locale, t, f: makeFormat(locale) };
}

interface Value extends Language {
  setLocale: (locale: Locale) => Promise<void>;
}

const LanguageContext = createContext<Value>({
  locale: "pt-BR",
  t: ptBR,
  f: makeFormat("pt-BR"),
  setLocale: async () => {},
});

export function LanguageProvider({ initial, children }: { initial: Language; children: ReactNode }) {
  const [language, setLanguage] = useState(initial);
  const setLocale = async (locale: Locale) => setLanguage(await loadLanguage(locale));
  return <LanguageContext value={{ ...language, setLocale }}>{children}</LanguageContext>;
}

export function useLanguage(): Value {
  return useContext(LanguageContext);
}

/** Follows the language kept with the user, once it is known. */
export function useFollowLocale(locale: Locale | undefined): void {
  const language = useLanguage();
  const { setLocale } = language;
  const current = language.locale;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a choice made here must not be undone by the older session
  useEffect(() => {
    if (locale && locale !== current) void setLocale(locale);
  }, [locale]);
}
