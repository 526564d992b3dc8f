/** Finding a template, filling it in and sending it, with the customer's phone beside it all the while. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { LayoutTemplate, Search } from "lucide-react";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import type { CostOf } from "@/api/calls";
import { contactQuery, templateListQuery } from "@/api/queries";
import type { NewTemplate, Template } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, cx, EmptyState, Icon, Skeleton, TemplatePreview } from "@/ui";
import { unmarked } from "@/ui/whatsapp-text";
import type { Offered } from "../use-conversation-actions";
import { CategoryChip } from "./category-chip";
import { type Refused, TemplateFill } from "./template-fill";
import { filledBody, firstValues, languageName, type Values, whyNot } from "./template-words";
import { useSettled } from "./use-settled";

export interface ChooserProps {
  numberId: string;
  /** Without an id it is somebody new. */
  contact: { id: string | null; name: string };
  /** What its cost is asked of; null where nobody could say. */
  costOf: CostOf | null;
  onSend: (body: NewTemplate, more: Offered) => Promise<Refused | null>;
  onSent: () => void;
}

export function TemplateChooser({ numberId, contact, costOf, onSend, onSent }: ChooserProps) {
  const [chosen, setChosen] = useState<Template | null>(null);
  const [q, setQ] = useState("");
  // What was typed into a template stays while others are looked at.
  const values = useRef(new Map<string, Values>());
  const optedOut = useOptedOut(contact.id);
  if (!chosen) {
    return <Finder numberId={numberId} q={q} onQ={setQ} optedOut={optedOut} onChoose={setChosen} />;
  }
  return (
    <TemplateFill
      key={chosen.id}
      template={chosen}
      contactName={contact.name}
      costOf={costOf}
      optedOut={optedOut}
      initial={values.current.get(chosen.id) ?? firstValues(chosen, contact.name)}
      onValues={(next) => void values.current.set(chosen.id, next)}
      onBack={() => setChosen(null)}
      onSend={onSend}
      onSent={onSent}
    />
  );
}

/** Whether this customer has said no to marketing. */
function useOptedOut(contactId: string | null): boolean {
  const query = useQuery({ ...contactQuery(contactId ?? ""), enabled: contactId !== null });
  return Boolean(query.data?.marketing_opted_out_at);
}

interface FinderProps {
  numberId: string;
  q: string;
  onQ: (q: string) => void;
  optedOut: boolean;
  onChoose: (template: Template) => void;
}

function Finder({ numberId, q, onQ, optedOut, onChoose }: FinderProps) {
  const { t, f } = useLanguage();
  const words = t.sending.template;
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const settled = useSettled(q.trim());
  const filter = { number_id: numberId, ...(settled && { q: settled }) };
  const query = useInfiniteQuery({ ...templateListQuery(filter), placeholderData: (before) => before });
  const found = (query.data?.pages ?? []).flatMap((page) => page.items);
  const why = (template: Template) => whyNot(template, optedOut, t, f.full);
  // What can go comes first; the order within is the server's.
  const templates = [...found.filter((one) => !why(one)), ...found.filter((one) => why(one))];
  const at = Math.min(active, templates.length - 1);
  const shown = templates[at];

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) {
      const next = Math.max(0, Math.min(templates.length - 1, at + step));
      setActive(next);
      list.current?.querySelector(`[data-index="${next}"]`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && shown) onChoose(shown);
    else return;
    event.preventDefault();
  };

  return (
    <div className="grid gap-x-6 gap-y-3 two:h-[min(28rem,60dvh)] two:grid-cols-[1fr_18.5rem]">
      <div className="flex min-h-0 min-w-0 flex-col">
        <div className="relative">
          <Icon
            of={Search}
            className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-text-muted"
          />
          <input
            role="combobox"
            aria-expanded="true"
            aria-controls={listId}
            aria-activedescendant={shown ? `${listId}-${at}` : undefined}
            aria-label={words.find}
            placeholder={words.find}
            value={q}
            onChange={(event) => {
              onQ(event.target.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
            className="h-8 w-full rounded-control bg-bg-sunken pr-2 pl-8 text-body touch:h-11 touch:text-touch"
          />
        </div>
        <div
          ref={list}
          id={listId}
          role="listbox"
          aria-label={words.list}
          className="mt-2 min-h-0 flex-1 overflow-y-auto overscroll-contain max-two:max-h-[55dvh]"
        >
          {templates.map((template, index) => (
            <Found
              key={template.id}
              id={`${listId}-${index}`}
              index={index}
              template={template}
              active={index === at}
              why={why(template)}
              onPoint={() => setActive(index)}
              onChoose={() => onChoose(template)}
            />
          ))}
          {query.hasNextPage && (
            <Button kind="quiet" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t.sending.template.more}
            </Button>
          )}
          {query.isPending && [0, 1, 2].map((one) => <Skeleton key={one} className="mb-2 h-14" />)}
          {query.isError && (
            <Banner
              tone="danger"
              className="rounded-control"
              action={<Button onClick={() => void query.refetch()}>{t.tryAgain}</Button>}
            >
              {problemText(t, query.error)}
            </Banner>
          )}
          {query.isSuccess && templates.length === 0 && (
            <EmptyState icon={LayoutTemplate} title={settled ? t.nothingFound : words.none}>
              {settled ? words.notFound(settled) : words.noneText}
            </EmptyState>
          )}
        </div>
      </div>
      <div className="hidden min-h-0 overflow-y-auto two:block">
        {shown && <TemplatePreview template={shown} />}
      </div>
    </div>
  );
}

interface FoundProps {
  id: string;
  index: number;
  template: Template;
  active: boolean;
  why: string | null;
  onPoint: () => void;
  onChoose: () => void;
}

function Found({ id, index, template, active, why, onPoint, onChoose }: FoundProps) {
  const { t, locale } = useLanguage();
  const examples = Object.fromEntries(template.parameters.map(({ key, example }) => [key, example ?? ""]));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles the keys
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox
    <div
      id={id}
      role="option"
      aria-selected={active}
      data-index={index}
      onPointerMove={onPoint}
      onClick={onChoose}
      className={cx("rounded-control px-2 py-2", active && "bg-bg-hover", why && "text-text-muted")}
    >
      <span className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{template.name}</span>
        <CategoryChip template={template} />
      </span>
      <span className="line-clamp-1 text-small text-text-muted" dir="auto">
        {unmarked(filledBody(template, examples))}
      </span>
      <span className="flex gap-2 text-meta text-text-muted">
        {languageName(template.language, t, locale)}
        {why && <span className="font-medium text-warn">{why}</span>}
      </span>
    </div>
  );
}
