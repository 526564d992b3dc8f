import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useLanguage } from "@/i18n";

const PAGES = ["profile", "users", "api-keys", "numbers"] as const;

export function SettingsLayout({ children }: { children: ReactNode }) {
  const { t } = useLanguage();
  return (
    <main className="flex min-w-0 flex-1 flex-col two:flex-row">
      <div className="flex shrink-0 flex-col border-line bg-bg max-two:border-b two:w-56 two:border-r">
        <h1 className="px-4 pt-4 pb-2 text-body font-semibold">{t.settings}</h1>
        <nav aria-label={t.settings} className="flex gap-0.5 overflow-x-auto px-2 pb-2 two:flex-col">
          {PAGES.map((page) => (
            <Link
              key={page}
              to={`/settings/${page}`}
              activeProps={{ "aria-current": "page" }}
              className="flex h-8 items-center rounded-control px-2 whitespace-nowrap text-text-muted hover:bg-bg-hover aria-[current=page]:bg-bg-selected aria-[current=page]:text-text touch:h-11 touch:px-3"
            >
              {t.settingsPages[page]}
            </Link>
          ))}
        </nav>
      </div>
      <div className="min-h-0 min-w-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-4xl px-4 py-6 two:px-8">{children}</div>
      </div>
    </main>
  );
}

export function PageHead({ title, text, action }: { title: string; text: string; action?: ReactNode }) {
  return (
    <div className="mb-5 flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-64">
        <h2 className="text-title font-semibold">{title}</h2>
        <p className="max-w-140 text-text-muted text-pretty">{text}</p>
      </div>
      {action}
    </div>
  );
}
