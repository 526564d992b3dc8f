import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, CircleCheck, FileQuestion } from "lucide-react";
import type { ReactNode } from "react";
import { ProblemError } from "@/api/client";
import { keys, numbersQuery, type Pages, templateAccountsQuery, templateQuery } from "@/api/queries";
import type { Template } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, Chip, EmptyState, IconButton, Skeleton, TemplatePreview, type Tone } from "@/ui";
import { blankName, languageName, metaReason, statusName, statusTone, whyNot } from "./words";

/** One template: as the customer's phone shows it, whether it may be sent, and what is known of it. */
export function TemplateDetail({ templateId, onBack }: { templateId: string; onBack?: () => void }) {
  const { t } = useLanguage();
  const client = useQueryClient();
  const query = useQuery({
    ...templateQuery(templateId),
    // What the list has already is shown at once.
    placeholderData: () =>
      client
        .getQueriesData<Pages<Template>>({ queryKey: keys.templateLists })
        .flatMap(([, pages]) => pages?.pages.flatMap((page) => page.items) ?? [])
        .find((template) => template.id === templateId),
  });
  const template = query.data;
  return (
    <section aria-label={template?.name ?? t.templates.facts} className="flex min-w-0 flex-1 flex-col bg-bg">
      <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line px-4">
        {onBack && (
          <IconButton icon={ArrowLeft} label={t.templates.back} onClick={onBack} className="-ml-2" />
        )}
        {template ? (
          <>
            <h2 className="min-w-0 truncate font-semibold">{template.name}</h2>
            <Chip>{languageName(t, template.language)}</Chip>
          </>
        ) : (
          <Skeleton className="h-4 w-40" />
        )}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {template ? (
          <Body template={template} />
        ) : query.isError ? (
          <Trouble error={query.error} retry={() => void query.refetch()} />
        ) : (
          <div role="status" className="p-4 two:p-6">
            <span className="sr-only">{t.loading}</span>
            <Skeleton className="h-64 w-72 rounded-panel" />
          </div>
        )}
      </div>
    </section>
  );
}

function Trouble({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useLanguage();
  const gone = error instanceof ProblemError && error.code === "not_found";
  return (
    <EmptyState
      icon={FileQuestion}
      title={gone ? t.templates.gone : problemText(t, error)}
      action={!gone && <Button onClick={retry}>{t.tryAgain}</Button>}
      className="h-full"
    />
  );
}

function Body({ template }: { template: Template }) {
  return (
    <div className="flex flex-col gap-6 p-4 two:p-6 three:flex-row three:items-start">
      <div className="w-full max-w-90 shrink-0 three:sticky three:top-0">
        <TemplatePreview template={template} />
      </div>
      <div className="flex min-w-0 max-w-140 flex-1 flex-col gap-5">
        <Verdict template={template} />
        <Facts template={template} />
        <Blanks template={template} />
      </div>
    </div>
  );
}

/** Whether it may be sent; when not, why, what Meta says, and what to do. */
function Verdict({ template }: { template: Template }) {
  const { t, f } = useLanguage();
  const words = t.templates;
  const why = whyNot(t, template);
  const meta = why && metaReason(t, template);
  return (
    <div role="status" className="flex flex-col gap-2">
      {why ? (
        <Banner
          tone={statusTone(template.status) === "danger" ? "danger" : "warn"}
          className="rounded-control"
        >
          <p className="font-medium">{words.notSendable}</p>
          <p>{why.text}</p>
          {meta && <p>{meta}</p>}
          <p>{template.paused_until ? words.pausedUntil(f.full(template.paused_until)) : why.todo}</p>
        </Banner>
      ) : (
        <Banner tone="ok" icon={CircleCheck} className="rounded-control">
          {words.sendable}
        </Banner>
      )}
      {template.disables_at && template.status === "flagged" && (
        <Banner tone="warn" className="rounded-control">
          {words.disablesAt(f.date(template.disables_at))}
        </Banner>
      )}
      {template.coming_category && (
        <Banner tone="warn" className="rounded-control">
          {words.coming(words.categories[template.coming_category])}
        </Banner>
      )}
    </div>
  );
}

const qualityTones: Record<Template["quality"], Tone> = {
  green: "ok",
  yellow: "warn",
  red: "danger",
  unknown: "neutral",
};

function Facts({ template }: { template: Template }) {
  const { t, f } = useLanguage();
  const words = t.templates;
  return (
    <dl aria-label={words.facts} className="flex flex-col">
      <Fact name={words.status}>
        <Chip tone={statusTone(template.status)}>{statusName(t, template.status)}</Chip>
      </Fact>
      <Fact name={words.category} hint={words.categoryTexts[template.category]}>
        <Chip>{words.categories[template.category]}</Chip>
      </Fact>
      <Fact name={words.quality} hint={words.qualityTexts[template.quality]}>
        <Chip tone={qualityTones[template.quality]}>{words.qualities[template.quality]}</Chip>
      </Fact>
      <Numbers wabaId={template.waba_id} />
      <Fact name={words.changed}>
        <time dateTime={template.updated_at} className="tabular">
          {f.full(template.updated_at)}
        </time>
      </Fact>
    </dl>
  );
}

/** Which numbers can send it: those of its account at Meta. */
function Numbers({ wabaId }: { wabaId: string }) {
  const { t } = useLanguage();
  const numbers = useQuery(numbersQuery).data?.items ?? [];
  const account = useQuery(templateAccountsQuery).data?.items.find((one) => one.waba_id === wabaId);
  const own = numbers.filter((number) => account?.number_ids.includes(number.id));
  if (own.length === 0) return null;
  return (
    <Fact name={t.templates.number}>
      <span className="tabular">{own.map((number) => number.display_phone_number).join(", ")}</span>
    </Fact>
  );
}

function Fact({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <div className="flex min-h-9 items-baseline gap-3 border-b border-line py-2 last:border-0">
      <dt className="w-28 shrink-0 text-small text-text-muted">{name}</dt>
      <dd className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2 gap-y-1">
        {children}
        {hint && <span className="text-small text-text-muted text-pretty">{hint}</span>}
      </dd>
    </div>
  );
}

function Blanks({ template }: { template: Template }) {
  const { t } = useLanguage();
  const words = t.templates;
  return (
    <div>
      <h3 className="text-small font-medium">{words.blanks}</h3>
      {template.parameters.length === 0 && !template.needs_file ? (
        <p className="text-small text-text-muted">{words.noBlanks}</p>
      ) : (
        <ul className="mt-1 flex flex-col">
          {template.needs_file && (
            <li className="border-b border-line py-1.5 last:border-0">
              {words.fileBlank[template.needs_file]}
            </li>
          )}
          {template.parameters.map((blank) => (
            <li
              key={blank.key}
              className="flex flex-wrap items-baseline gap-x-3 border-b border-line py-1.5 last:border-0"
            >
              <span>{blankName(t, template, blank)}</span>
              {blank.example && (
                <span className="text-small text-text-muted wrap-anywhere">
                  {words.example(blank.example)}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
