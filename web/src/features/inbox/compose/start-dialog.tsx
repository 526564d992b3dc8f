/** A conversation that we begin: with whom, from which of our numbers, and the template that goes first. */
import { useQuery } from "@tanstack/react-query";
import { Pencil, Phone } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { type CostOf, listContacts, startConversation } from "@/api/calls";
import { ProblemError, Unreachable } from "@/api/client";
import { numbersQuery } from "@/api/queries";
import type { Message, PhoneNumber } from "@/api/types";
import { useLanguage } from "@/i18n";
import { formatPhone } from "@/i18n/phone";
import { problemText } from "@/i18n/problems";
import { Avatar, Banner, Button, cx, Dialog, Field, Icon, IconButton, Input, Select, Skeleton } from "@/ui";
import { newClientId } from "../outbox";
import { toE164 } from "./phone-entry";
import { type ChooserProps, TemplateChooser } from "./template-chooser";
import { useSettled } from "./use-settled";

export interface StartWith {
  id: string | null;
  name: string;
  phone: string | null;
}

interface Props {
  /** From the panel of a contact; null from the list. */
  contact: StartWith | null;
  onStarted: (message: Message) => void;
  onClose: () => void;
}

export default function StartDialog({ contact, onStarted, onClose }: Props) {
  const { t } = useLanguage();
  const words = t.sending.start;
  const [who, setWho] = useState<StartWith | null>(contact);
  const [name, setName] = useState("");
  const [numberId, setNumberId] = useState<string | null>(null);
  const [choosing, setChoosing] = useState(contact !== null);
  const numbers = useQuery(numbersQuery);
  const usable = (numbers.data?.items ?? []).filter(({ status }) => status === "connected");
  const number = usable.find(({ id }) => id === numberId) ?? usable[0];
  const send = useStart(who, name.trim(), number?.id, onStarted);

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={who && choosing ? `${words.title}: ${name.trim() || who.name}` : words.title}
      wide
      {...(!choosing && { description: words.text })}
    >
      {numbers.isPending && <Skeleton className="h-8" />}
      {numbers.isError && (
        <Banner
          tone="danger"
          className="rounded-control"
          action={<Button onClick={() => void numbers.refetch()}>{t.tryAgain}</Button>}
        >
          {problemText(t, numbers.error)}
        </Banner>
      )}
      {numbers.isSuccess && !number && (
        <Banner tone="warn" className="rounded-control">
          {words.noNumber}
        </Banner>
      )}
      {!who && <WhoField ours={number?.display_phone_number ?? ""} onChoose={setWho} />}
      {number && who && !choosing && (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            setChoosing(true);
          }}
        >
          <Chosen who={who} onChange={() => setWho(null)} />
          {who.id === null && (
            <Field label={`${words.name} (${t.sending.optional})`}>
              {(ids) => (
                <Input
                  {...ids}
                  autoFocus
                  value={name}
                  maxLength={200}
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
          )}
          <FromField numbers={usable} value={number.id} onValue={setNumberId} />
          <Button type="submit" kind="primary" autoFocus={who.id !== null} className="self-end">
            {words.next}
          </Button>
        </form>
      )}
      {number && who && choosing && (
        <div className="flex flex-col gap-4">
          {usable.length > 1 && <FromField numbers={usable} value={number.id} onValue={setNumberId} />}
          <TemplateChooser
            key={number.id}
            numberId={number.id}
            contact={{ id: who.id, name: name.trim() || (who.id ? who.name : "") }}
            costOf={costOf(number.id, who)}
            onSend={send}
            onSent={onClose}
          />
        </div>
      )}
    </Dialog>
  );
}

function costOf(number_id: string, { id, phone }: StartWith): CostOf | null {
  if (id) return { number_id, contact_id: id };
  return phone ? { number_id, phone } : null;
}

function FromField({
  numbers,
  value,
  onValue,
}: {
  numbers: PhoneNumber[];
  value: string;
  onValue: (id: string) => void;
}) {
  const { t } = useLanguage();
  return (
    <Field label={t.sending.start.from}>
      {(ids) => (
        <Select {...ids} value={value} onChange={(event) => onValue(event.target.value)}>
          {numbers.map((one) => (
            <option key={one.id} value={one.id}>
              {[one.display_phone_number, one.verified_name].filter(Boolean).join(" · ")}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** One key for one attempt: pressed again after no answer came, it cannot start twice. */
function useStart(
  who: StartWith | null,
  name: string,
  numberId: string | undefined,
  onStarted: Props["onStarted"],
): ChooserProps["onSend"] {
  const key = useRef(newClientId());
  return async (message) => {
    if (!who || !numberId) return null;
    const to = who.id ? { contact_id: who.id } : { phone: who.phone ?? "", ...(name && { name }) };
    try {
      onStarted(await startConversation({ number_id: numberId, message, ...to }, key.current));
      return null;
    } catch (error) {
      if (error instanceof ProblemError) {
        key.current = newClientId();
        return error;
      }
      if (error instanceof Unreachable) return error;
      throw error;
    }
  };
}

function Chosen({ who, onChange }: { who: StartWith; onChange: () => void }) {
  const { t } = useLanguage();
  return (
    <div className="flex items-center gap-3 rounded-control bg-bg-sunken p-2">
      <Avatar name={who.name} size={36} />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{who.id ? who.name : t.sending.start.newNumber}</span>
        <span className="block truncate text-small text-text-muted tabular">
          {who.phone ? formatPhone(who.phone) : t.noPhone}
        </span>
      </span>
      <IconButton icon={Pencil} label={t.sending.start.change} onClick={onChange} />
    </div>
  );
}

interface Choice {
  key: string;
  who: StartWith;
  content: ReactNode;
}

/** Finds a contact, or takes what is a phone number as one. */
function WhoField({ ours, onChoose }: { ours: string; onChoose: (who: StartWith) => void }) {
  const { t } = useLanguage();
  const words = t.sending.start;
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const listId = useId();
  const q = useSettled(text.trim());
  const found = useQuery({
    queryKey: ["contact-search", q],
    queryFn: ({ signal }) => listContacts(q, signal),
    enabled: q.length >= 2,
    placeholderData: (before) => before,
    gcTime: 30_000,
  });
  const phone = toE164(text, ours);
  const choices: Choice[] = q.length < 2 ? [] : (found.data?.items ?? []).map(contactChoice(t.noPhone));
  if (phone && !choices.some(({ who }) => who.phone === phone)) {
    const shown = words.writeTo(formatPhone(phone));
    choices.push({
      key: phone,
      who: { id: null, name: formatPhone(phone), phone },
      content: <New words={shown} />,
    });
  }
  const at = Math.min(active, choices.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const chosen = choices[at];
    if (step) setActive(Math.max(0, Math.min(choices.length - 1, at + step)));
    else if (event.key === "Enter" && chosen) onChoose(chosen.who);
    else return;
    event.preventDefault();
  };
  return (
    <div>
      <Field label={words.who} hint={words.whoHint}>
        {(ids) => (
          <Input
            {...ids}
            role="combobox"
            autoFocus
            aria-expanded={choices.length > 0}
            aria-controls={listId}
            aria-activedescendant={choices[at] ? `${listId}-${at}` : undefined}
            autoComplete="off"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
          />
        )}
      </Field>
      <div
        id={listId}
        role="listbox"
        aria-label={words.found}
        className="mt-2 min-h-36 max-h-[40dvh] overflow-y-auto"
      >
        {choices.map(({ key, who, content }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles the keys
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox
          <div
            key={key}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerMove={() => setActive(index)}
            onClick={() => onChoose(who)}
            className={cx(
              "flex h-10 items-center gap-2.5 rounded-control px-2 touch:h-11",
              index === at && "bg-bg-hover",
            )}
          >
            {content}
          </div>
        ))}
        {q.length >= 2 && found.isSuccess && choices.length === 0 && (
          <p className="px-2 py-3 text-small text-text-muted">{words.nobody}</p>
        )}
      </div>
    </div>
  );
}

const contactChoice =
  (noPhone: string) =>
  ({ id, name, phone }: { id: string; name: string; phone: string | null }): Choice => ({
    key: id,
    who: { id, name, phone },
    content: (
      <>
        <Avatar name={name} size={24} />
        <span className="min-w-0 flex-1 truncate">{name}</span>
        <span className="text-small text-text-muted tabular">{phone ? formatPhone(phone) : noPhone}</span>
      </>
    ),
  });

function New({ words }: { words: string }) {
  return (
    <>
      <span className="flex size-6 items-center justify-center rounded-full bg-accent-soft text-accent">
        <Icon of={Phone} size={14} />
      </span>
      <span className="font-medium tabular">{words}</span>
    </>
  );
}
