import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { keys, sessionQuery } from "@/api/queries";
import { LoginForm } from "@/features/session";
import { LOCALES, useLanguage } from "@/i18n";
import { cx } from "@/ui";

export function LoginPage() {
  const { t, locale, setLocale } = useLanguage();
  const { next } = useSearch({ from: "/login" });
  const client = useQueryClient();
  const router = useRouter();
  const session = useQuery(sessionQuery);
  useEffect(() => {
    document.title = `${t.logIn} · Clientela`;
  }, [t]);
  if (session.data) return <Navigate to={next ?? "/inbox"} replace />;
  return (
    <main className="flex h-full flex-col items-center overflow-y-auto px-4 py-[10vh]">
      <div className="w-full max-w-80">
        <img src="/favicon.svg" alt="" width="40" height="40" className="mb-4" />
        <h1 className="text-title font-semibold">{t.loginTitle}</h1>
        <p className="mb-5 text-text-muted">{t.loginText}</p>
        <LoginForm
          onLoggedIn={(fresh) => {
            client.setQueryData(keys.session, fresh);
            router.history.replace(next ?? "/inbox");
          }}
        />
        <div role="group" aria-label={t.language} className="mt-8 flex gap-4 border-t border-line pt-3">
          {LOCALES.map((item) => (
            <button
              key={item.id}
              type="button"
              lang={item.id}
              aria-pressed={locale === item.id}
              onClick={() => void setLocale(item.id)}
              className={cx(
                "text-small touch:h-11",
                locale === item.id ? "font-medium text-text" : "text-text-muted hover:text-text",
              )}
            >
              {item.name}
            </button>
          ))}
        </div>
      </div>
    </main>
  );
}
