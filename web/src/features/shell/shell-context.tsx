/** What the frame needs from the session, handed in by the route: features do not import each other. */
import { createContext, useContext } from "react";
import type { Locale, Session } from "@/api/types";

export interface Shell {
  session: Session;
  switchAccount: (accountId: string) => Promise<void>;
  logOut: () => Promise<void>;
  keepLocale: (locale: Locale) => void;
}

const ShellContext = createContext<Shell | null>(null);
export const ShellProvider = ShellContext.Provider;

export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (!shell) throw new Error("useShell needs a ShellProvider above it");
  return shell;
}
