import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { listContacts } from "@/api/calls";
import type { Contact, ContactCard, NewMessage } from "@/api/types";
import { useLanguage } from "@/i18n";
import { formatPhone } from "@/i18n/phone";
import { Avatar, Button, IconButton } from "@/ui";
import { Counted, type DialogProps, filled, fits, SendForm } from "./form";
import { toE164 } from "./phone-entry";
import { useSettled } from "./use-settled";

interface Card {
  name: string;
  phone: string;
  email: string;
  organization: string;
}

const MOST = 200;
const MOST_CARDS = 5;
const emptyCard = (): Card => ({ name: "", phone: "", email: "", organization: "" });

/** Cards of people, from our contacts or typed: a supplier, the courier, the other shop. */
export function ContactsDialog({ conversation, onSend, onClose }: DialogProps) {
  const { t } = useLanguage();
  const words = t.sending;
  const ours = conversation.number.display_phone_number;
  const [cards, setCards] = useState<Card[]>([emptyCard()]);
  const read = cards.map((card) => cardOf(card, ours));
  const contacts = read.filter((card) => card !== null);
  const body: NewMessage | null = contacts.length === cards.length ? { type: "contacts", contacts } : null;
  const change = (at: number, patch: Partial<Card>) =>
    setCards(cards.map((card, index) => (index === at ? { ...card, ...patch } : card)));
  return (
    <SendForm title={words.contactTitle} body={body} onSend={onSend} onClose={onClose}>
      {cards.map((card, at) => (
        <fieldset
          key={at}
          className="flex min-w-0 flex-col gap-2 not-first:border-t not-first:border-line not-first:pt-3"
        >
          <legend className="sr-only">{card.name || words.menu.contacts}</legend>
          <Name
            value={card.name}
            onChange={(name) => change(at, { name })}
            onContact={(contact) => change(at, { name: contact.name, phone: contact.phone ?? "" })}
            onRemove={cards.length > 1 ? () => setCards(cards.filter((_, index) => index !== at)) : null}
          />
          <Counted
            label={words.contactPhone}
            type="tel"
            hint={words.contactPhoneHint}
            value={card.phone}
            onChange={(phone) => change(at, { phone })}
            most={MOST}
          />
          <div className="grid gap-2 two:grid-cols-2">
            <Counted
              label={words.contactCompany}
              value={card.organization}
              onChange={(organization) => change(at, { organization })}
              most={MOST}
              optional
            />
            <Counted
              label={words.contactEmail}
              type="email"
              value={card.email}
              onChange={(email) => change(at, { email })}
              most={MOST}
              optional
            />
          </div>
        </fieldset>
      ))}
      {cards.length < MOST_CARDS && (
        <Button
          kind="quiet"
          icon={Plus}
          onClick={() => setCards([...cards, emptyCard()])}
          className="self-start"
        >
          {words.contactAdd}
        </Button>
      )}
    </SendForm>
  );
}

function cardOf(card: Card, ours: string): ContactCard | null {
  const phone = toE164(card.phone, ours);
  if (!filled(card.name, MOST) || !phone || !fits(card.email, MOST)) return null;
  const email = card.email.trim();
  return {
    name: card.name.trim(),
    phones: [{ phone }],
    emails: email ? [email] : [],
    organization: card.organization.trim() || null,
  };
}

/** The name, and while it is typed the contacts it may mean. */
function Name({
  value,
  onChange,
  onContact,
  onRemove,
}: {
  value: string;
  onChange: (value: string) => void;
  onContact: (contact: Contact) => void;
  onRemove: (() => void) | null;
}) {
  const { t } = useLanguage();
  const [chosen, setChosen] = useState("");
  const q = useSettled(value.trim());
  const searching = q.length >= 2 && value !== chosen;
  const found = useQuery({
    queryKey: ["contact-search", q],
    queryFn: ({ signal }) => listContacts(q, signal),
    enabled: searching,
    gcTime: 30_000,
  });
  const offered = searching ? (found.data?.items ?? []).slice(0, 4) : [];
  return (
    <div>
      <div className="flex items-end gap-1">
        <Counted
          label={t.sending.contactName}
          value={value}
          onChange={onChange}
          most={MOST}
          className="flex-1"
        />
        {onRemove && <IconButton icon={X} label={`${t.remove}: ${value}`} onClick={onRemove} />}
      </div>
      {offered.length > 0 && (
        <ul aria-label={t.sending.contactFind} className="mt-1 rounded-control p-1 ring-1 ring-line">
          {offered.map((contact) => (
            <li key={contact.id}>
              <button
                type="button"
                onClick={() => {
                  setChosen(contact.name);
                  onContact(contact);
                }}
                className="flex h-8 w-full items-center gap-2 rounded-control px-1.5 text-left hover:bg-bg-hover touch:h-11"
              >
                <Avatar name={contact.name} size={20} />
                <span className="min-w-0 flex-1 truncate">{contact.name}</span>
                <span className="text-small text-text-muted tabular">
                  {contact.phone ? formatPhone(contact.phone) : t.noPhone}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
