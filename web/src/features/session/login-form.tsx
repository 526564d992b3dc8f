import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import { logIn } from "@/api/calls";
import type { Session } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, Field, Input } from "@/ui";

export function LoginForm({ email, onLoggedIn }: { email?: string; onLoggedIn: (session: Session) => void }) {
  const { t } = useLanguage();
  const formId = useId();
  const login = useMutation({
    mutationFn: (form: FormData) => logIn(String(form.get("email")).trim(), String(form.get("password"))),
    onSuccess: onLoggedIn,
  });
  return (
    <form
      id={formId}
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        login.mutate(new FormData(event.currentTarget));
      }}
    >
      <Field label={t.email}>
        {(ids) => (
          <Input
            {...ids}
            name="email"
            type="email"
            autoComplete="username"
            defaultValue={email}
            required
            autoFocus={!email}
          />
        )}
      </Field>
      <Field label={t.password}>
        {(ids) => (
          <Input
            {...ids}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            autoFocus={Boolean(email)}
          />
        )}
      </Field>
      <div role="alert" className="empty:hidden">
        {login.isError && (
          <Banner tone="danger" className="rounded-control">
            {problemText(t, login.error)}
          </Banner>
        )}
      </div>
      <Button type="submit" kind="primary" busy={login.isPending} className="mt-1">
        {t.logIn}
      </Button>
    </form>
  );
}
