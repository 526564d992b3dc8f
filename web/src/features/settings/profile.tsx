import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { changeMe, changePassword } from "@/api/calls";
import { ProblemError } from "@/api/client";
import { keys } from "@/api/queries";
import type { Locale, Session } from "@/api/types";
import { LOCALES, useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, Field, Input, Select, toast } from "@/ui";
import { setTheme, type Theme, useTheme } from "@/ui/theme";
import { PageHead } from "./layout";

/** The shortest password the server takes (identity/rules.py). */
export const MIN_PASSWORD = 8;

export function Profile({ session }: { session: Session }) {
  const { t } = useLanguage();
  return (
    <>
      <PageHead title={t.profile} text={t.profileText} />
      <div className="flex max-w-100 flex-col gap-8">
        <NameForm session={session} />
        <Looks session={session} />
        <PasswordForm />
      </div>
    </>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3 border-t border-line pt-4">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  );
}

function useKeepUser() {
  const client = useQueryClient();
  return (user: Session["user"]) =>
    client.setQueryData<Session>(keys.session, (session) => session && { ...session, user });
}

function NameForm({ session }: { session: Session }) {
  const { t } = useLanguage();
  const keepUser = useKeepUser();
  const save = useMutation({
    mutationFn: (name: string) => changeMe({ name }),
    onSuccess: (user) => {
      keepUser(user);
      toast({ text: t.saved });
    },
  });
  return (
    <Group title={t.you}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(String(new FormData(event.currentTarget).get("name")).trim());
        }}
      >
        <Field label={t.name} hint={t.nameHint} error={save.isError ? problemText(t, save.error) : undefined}>
          {(ids) => (
            <Input
              {...ids}
              name="name"
              autoComplete="name"
              required
              maxLength={200}
              defaultValue={session.user.name}
            />
          )}
        </Field>
        <Field label={t.email}>
          {(ids) => <Input {...ids} value={session.user.email} readOnly className="bg-bg-sunken" />}
        </Field>
        <Button type="submit" kind="primary" busy={save.isPending} className="self-start">
          {t.save}
        </Button>
      </form>
    </Group>
  );
}

function Looks({ session }: { session: Session }) {
  const { t, locale, setLocale } = useLanguage();
  const theme = useTheme();
  const keepUser = useKeepUser();
  const save = useMutation({ mutationFn: (next: Locale) => changeMe({ locale: next }), onSuccess: keepUser });
  return (
    <Group title={t.looks}>
      <Field label={t.language} error={save.isError ? problemText(t, save.error) : undefined}>
        {(ids) => (
          <Select
            {...ids}
            value={locale}
            data-saved={session.user.locale}
            onChange={(event) => {
              const next = event.target.value as Locale;
              void setLocale(next);
              save.mutate(next);
            }}
          >
            {LOCALES.map((item) => (
              <option key={item.id} value={item.id}>
                {item.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t.theme} hint={t.themeHint}>
        {(ids) => (
          <Select {...ids} value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
            {(["system", "light", "dark"] as const).map((id) => (
              <option key={id} value={id}>
                {t.themes[id]}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </Group>
  );
}

function PasswordForm() {
  const { t } = useLanguage();
  const [mismatch, setMismatch] = useState(false);
  const save = useMutation({
    mutationFn: (form: FormData) => changePassword(String(form.get("current")), String(form.get("next"))),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const differs = data.get("next") !== data.get("again");
    setMismatch(differs);
    if (differs) return;
    save.mutate(data, {
      onSuccess: () => {
        form.reset();
        toast({ text: t.passwordChanged });
      },
    });
  };
  const wrongCurrent = save.error instanceof ProblemError && save.error.code === "invalid_credentials";
  return (
    <Group title={t.password}>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <Field label={t.currentPassword} error={wrongCurrent ? t.wrongPassword : undefined}>
          {(ids) => (
            <Input {...ids} name="current" type="password" autoComplete="current-password" required />
          )}
        </Field>
        <Field label={t.newPassword} hint={t.passwordHint(MIN_PASSWORD)}>
          {(ids) => (
            <Input
              {...ids}
              name="next"
              type="password"
              autoComplete="new-password"
              minLength={MIN_PASSWORD}
              required
            />
          )}
        </Field>
        <Field label={t.repeatPassword} error={mismatch ? t.passwordsDiffer : undefined}>
          {(ids) => <Input {...ids} name="again" type="password" autoComplete="new-password" required />}
        </Field>
        {save.isError && !wrongCurrent && (
          <div role="alert">
            <Banner tone="danger" className="rounded-control">
              {problemText(t, save.error)}
            </Banner>
          </div>
        )}
        <Button type="submit" busy={save.isPending} className="self-start">
          {t.changePassword}
        </Button>
      </form>
    </Group>
  );
}
