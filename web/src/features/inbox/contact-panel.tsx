import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Copy, Pencil, SquarePen, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { renameContact } from "@/api/calls";
import { contactQuery, conversationListQuery, historyFilter } from "@/api/queries";
import type { Contact, Conversation } from "@/api/types";
import { useLanguage } from "@/i18n";
import { formatPhone } from "@/i18n/phone";
import { problemText } from "@/i18n/problems";
import { applyContact } from "@/live/apply";
import {
  Avatar,
  Button,
  Chip,
  IconButton,
  Input,
  Skeleton,
  toast,
  useNow,
  WaitingChip,
  WindowChip,
} from "@/ui";
import { useStartConversation } from "./compose/use-start";
import { MarketingPreference } from "./marketing-preference";

interface Props {
  conversation: Conversation;
  mayEdit: boolean;
  maySend: boolean;
  onClose: () => void;
}

/** Who this is: names, how to reach them, how long we may write, what came before. Nothing folded away. */
export function ContactPanel({ conversation, mayEdit, maySend, onClose }: Props) {
  const { t } = useLanguage();
  const query = useQuery(contactQuery(conversation.contact.id));
  return (
    <div className="flex h-full flex-col overflow-y-auto pb-[env(safe-area-inset-bottom)]">
      <div className="flex h-14 shrink-0 items-center justify-between border-b border-line pr-2 pl-4">
        <h2 className="font-semibold">{t.contact}</h2>
        <IconButton icon={X} label={t.hideDetails} keys="i" onClick={onClose} />
      </div>
      <Name conversation={conversation} contact={query.data} mayEdit={mayEdit} />
      <Section title={t.attention}>
        <Row label={t.windowTitle}>
          <WindowChip endsAt={conversation.service_window_ends_at} />
        </Row>
        <Row label={t.waitingTitle}>
          {conversation.waiting_since ? (
            <WaitingChip since={conversation.waiting_since} />
          ) : (
            <span className="text-text-muted">{t.notWaiting}</span>
          )}
        </Row>
        <Row label={t.assignee}>
          {conversation.assignee?.name ?? <span className="text-text-muted">{t.nobody}</span>}
        </Row>
        <Row label={t.throughNumber}>
          <span className="tabular">{conversation.number.display_phone_number}</span>
        </Row>
      </Section>
      {query.isPending ? (
        <div className="flex flex-col gap-3 p-4">
          <Skeleton className="h-4 w-1/2" />
          <Skeleton className="h-4 w-3/4" />
          <Skeleton className="h-4 w-2/3" />
        </div>
      ) : query.isError ? (
        <div role="alert" className="flex flex-col items-start gap-2 p-4 text-small text-danger">
          {problemText(t, query.error)}
          <Button onClick={() => void query.refetch()}>{t.tryAgain}</Button>
        </div>
      ) : (
        <>
          <Identities contact={query.data} />
          <Section title={t.consent.title}>
            <MarketingPreference contact={query.data} mayEdit={mayEdit} />
          </Section>
          <Previous contactId={query.data.id} currentId={conversation.id}>
            {maySend && <StartButton contact={query.data} />}
          </Previous>
        </>
      )}
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-b border-line px-4 py-3 last:border-0">
      <h3 className="mb-1 text-meta font-medium text-text-muted">{title}</h3>
      {children}
    </section>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-h-7 items-center justify-between gap-3">
      <span className="text-small text-text-muted">{label}</span>
      <span className="min-w-0 truncate text-right">{children}</span>
    </div>
  );
}

function Name({
  conversation,
  contact,
  mayEdit,
}: {
  conversation: Conversation;
  contact: Contact | undefined;
  mayEdit: boolean;
}) {
  const { t, f } = useLanguage();
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const name = contact?.name ?? conversation.contact.name;
  const rename = useMutation({
    mutationFn: (next: string) => renameContact(conversation.contact.id, next),
    onSuccess: (changed) => {
      applyContact(client, changed);
      setEditing(false);
      toast({ text: t.nameSaved });
    },
  });
  return (
    <div className="flex items-start gap-3 border-b border-line px-4 py-4">
      <Avatar name={name} size={56} />
      {editing ? (
        <form
          className="flex min-w-0 flex-1 flex-col gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            const next = String(new FormData(event.currentTarget).get("name")).trim();
            if (next) rename.mutate(next);
          }}
          onKeyDown={(event) => event.key === "Escape" && setEditing(false)}
        >
          <Input
            name="name"
            aria-label={t.contactName}
            defaultValue={name}
            maxLength={200}
            autoFocus
            onFocus={(event) => event.target.select()}
          />
          {rename.isError && (
            <p role="alert" className="text-meta text-danger">
              {problemText(t, rename.error)}
            </p>
          )}
          <div className="flex gap-2">
            <Button type="submit" kind="primary" busy={rename.isPending}>
              {t.save}
            </Button>
            <Button kind="quiet" onClick={() => setEditing(false)}>
              {t.cancel}
            </Button>
          </div>
        </form>
      ) : (
        <div className="min-w-0 flex-1">
          <div className="flex items-start gap-1">
            <p className="min-w-0 flex-1 pt-1 text-body font-semibold wrap-anywhere" dir="auto">
              {name}
            </p>
            {mayEdit && <IconButton icon={Pencil} label={t.editName} onClick={() => setEditing(true)} />}
          </div>
          {contact?.profile_name && contact.profile_name !== name && (
            <p className="text-small text-text-muted">{t.profileName(contact.profile_name)}</p>
          )}
          {contact && (
            <p className="text-meta text-text-muted">{t.contactSince(f.date(contact.created_at))}</p>
          )}
        </div>
      )}
    </div>
  );
}

function Identities({ contact }: { contact: Contact }) {
  const { t } = useLanguage();
  const all: [string, string | null][] = [
    [t.phone, contact.phone && formatPhone(contact.phone)],
    [t.username, contact.username && `@${contact.username}`],
    [t.whatsappId, contact.wa_id],
    [t.businessId, contact.bsuid],
  ];
  return (
    <Section title={t.identities}>
      {!contact.phone && <p className="mb-1 text-small text-text-muted">{t.phoneHidden}</p>}
      {all.map(([label, value]) => value && <Identity key={label} label={label} value={value} />)}
    </Section>
  );
}

function Identity({ label, value }: { label: string; value: string }) {
  const { t } = useLanguage();
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => toast({ text: t.copied(label) }),
      () => toast({ tone: "danger", text: t.copyFailed }),
    );
  return (
    <div className="group flex min-h-7 items-center gap-2">
      <span className="min-w-20 flex-1 shrink-0 text-small text-text-muted">{label}</span>
      <IconButton
        icon={Copy}
        label={t.copyValue(label)}
        onClick={() => void copy()}
        className="size-7! text-text-muted opacity-0 group-hover:opacity-100 focus-visible:opacity-100 touch:opacity-100"
      />
      <span className="min-w-0 truncate text-right tabular" title={value}>
        {value}
      </span>
    </div>
  );
}

/** Another conversation with this person: with a template, from any number of ours. */
function StartButton({ contact }: { contact: Contact }) {
  const { t } = useLanguage();
  const { start, dialog } = useStartConversation();
  return (
    <>
      <Button icon={SquarePen} onClick={() => start(contact)} className="mt-2">
        {t.sending.start.fromPanel}
      </Button>
      {dialog}
    </>
  );
}

function Previous({
  contactId,
  currentId,
  children,
}: {
  contactId: string;
  currentId: string;
  children: ReactNode;
}) {
  const { t, f } = useLanguage();
  const now = useNow();
  const query = useInfiniteQuery(conversationListQuery(historyFilter(contactId), 20));
  const others = (query.data?.pages ?? []).flatMap((page) => page.items).filter(({ id }) => id !== currentId);
  return (
    <Section title={t.previousConversations}>
      {query.isPending && <Skeleton className="h-4 w-2/3" />}
      {query.isSuccess && others.length === 0 && <p className="text-small text-text-muted">{t.noPrevious}</p>}
      <ul>
        {others.map((item) => (
          <li key={item.id}>
            <Link
              to="/inbox/$conversationId"
              params={{ conversationId: item.id }}
              className="-mx-2 flex h-9 items-center justify-between gap-2 rounded-control px-2 hover:bg-bg-hover touch:h-11"
            >
              <span className="truncate">
                {f.day(item.last_message_at, now)}, {f.time(item.last_message_at)}
              </span>
              <Chip tone={item.status === "open" ? "accent" : "neutral"}>
                {t.conversationStatus[item.status]}
              </Chip>
            </Link>
          </li>
        ))}
      </ul>
      {children}
    </Section>
  );
}
