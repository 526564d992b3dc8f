/** The profile customers see. It is kept at Meta, so it is read from there and written there. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeProfile } from "@/api/calls";
import { keys, numberProfileQuery } from "@/api/queries";
import type { PhoneNumber, NumberProfile as Profile } from "@/api/types";
import { useLanguage } from "@/i18n";
import { fieldProblem, problemText } from "@/i18n/problems";
import { Banner, Button, Field, Input, Select, Skeleton, TextArea, toast } from "@/ui";
import { ProfilePicture } from "./profile-picture";
import { Section } from "./section";

const LIMITS = { about: 139, address: 256, description: 512, email: 128 } as const;
type Text = keyof typeof LIMITS;

export function NumberProfile({ number, manages }: { number: PhoneNumber; manages: boolean }) {
  const { t } = useLanguage();
  const query = useQuery(numberProfileQuery(number.id));
  return (
    <Section title={t.numbers.profile} text={t.numbers.profileText}>
      {query.isPending ? (
        <div role="status" className="flex flex-col gap-3">
          <span className="sr-only">{t.loading}</span>
          <Skeleton className="h-8 w-full" />
          <Skeleton className="h-8 w-full" />
          <Skeleton className="h-16 w-full" />
        </div>
      ) : query.isError ? (
        <div role="alert">
          <Banner tone="danger" className="rounded-control">
            {problemText(t, query.error)}
          </Banner>
          <Button className="mt-3" onClick={() => void query.refetch()}>
            {t.tryAgain}
          </Button>
        </div>
      ) : (
        <div className="flex flex-col gap-5">
          <ProfilePicture number={number} profile={query.data} manages={manages} />
          <ProfileForm key={number.id} number={number} profile={query.data} manages={manages} />
        </div>
      )}
    </Section>
  );
}

function ProfileForm({
  number,
  profile,
  manages,
}: {
  number: PhoneNumber;
  profile: Profile;
  manages: boolean;
}) {
  const { t } = useLanguage();
  const w = t.numbers;
  const client = useQueryClient();
  const [form, setForm] = useState(() => ({
    about: profile.about,
    address: profile.address,
    description: profile.description,
    email: profile.email,
    vertical: profile.vertical,
    site1: profile.websites?.[0] ?? "",
    site2: profile.websites?.[1] ?? "",
  }));
  const change = (field: keyof typeof form) => (value: string) => setForm({ ...form, [field]: value });
  const save = useMutation({
    mutationFn: () => {
      const { site1, site2, vertical, about, ...texts } = form;
      return changeProfile(number.id, {
        ...texts,
        // Meta takes neither an empty about nor an unknown trade.
        ...(about.trim() || profile.about ? { about } : {}),
        ...(vertical && vertical !== "UNDEFINED" ? { vertical } : {}),
        websites: [site1, site2].map((site) => site.trim()).filter(Boolean),
      });
    },
    onSuccess: (saved) => {
      client.setQueryData(keys.numberProfile(number.id), saved);
      toast({ text: w.saved });
    },
  });
  const text = (name: Text, label: string, long = false) => {
    const remaining = LIMITS[name] - form[name].length;
    const shared = {
      value: form[name],
      maxLength: LIMITS[name],
      dir: "auto" as const,
      disabled: !manages,
    };
    return (
      <Field
        label={label}
        hint={remaining < 40 ? w.left(remaining) : undefined}
        error={fieldProblem(t, save.error, name)}
      >
        {(ids) =>
          long ? (
            <TextArea {...ids} {...shared} rows={3} onChange={(event) => change(name)(event.target.value)} />
          ) : (
            <Input
              {...ids}
              {...shared}
              type={name === "email" ? "email" : "text"}
              onChange={(event) => change(name)(event.target.value)}
            />
          )
        }
      </Field>
    );
  };
  const site = (name: "site1" | "site2", n: number) => (
    <Field
      label={w.website(n)}
      hint={n === 1 ? w.websiteHint : undefined}
      error={fieldProblem(t, save.error, "websites")}
    >
      {(ids) => (
        <Input
          {...ids}
          type="url"
          maxLength={256}
          disabled={!manages}
          value={form[name]}
          onChange={(event) => change(name)(event.target.value)}
        />
      )}
    </Field>
  );
  return (
    <form
      className="grid gap-3 two:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {text("about", w.about)}
      <Field label={w.vertical} error={fieldProblem(t, save.error, "vertical")}>
        {(ids) => (
          <Select
            {...ids}
            disabled={!manages}
            value={form.vertical}
            onChange={(event) => change("vertical")(event.target.value)}
          >
            {!(form.vertical in w.verticals) && <option value={form.vertical}>{w.noVertical}</option>}
            {Object.entries(w.verticals).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="two:col-span-2">{text("description", w.description, true)}</div>
      {text("address", w.address)}
      {text("email", w.email)}
      {site("site1", 1)}
      {site("site2", 2)}
      {save.isError && (
        <div role="alert" className="two:col-span-2">
          <Banner tone="danger" className="rounded-control">
            {problemText(t, save.error)}
          </Banner>
        </div>
      )}
      {manages && (
        <div className="two:col-span-2">
          <Button type="submit" kind="primary" busy={save.isPending}>
            {w.save}
          </Button>
        </div>
      )}
    </form>
  );
}
