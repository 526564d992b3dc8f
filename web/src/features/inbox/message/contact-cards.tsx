import { Copy, UserRoundPlus } from "lucide-react";
import type { ContactCard, ContactsContent } from "@/api/types";
import { useLanguage } from "@/i18n";
import { formatPhone } from "@/i18n/phone";
import { Avatar, Icon, IconButton, toast } from "@/ui";
import { saveVcard } from "./vcard";

export function ContactCards({ content }: { content: ContactsContent }) {
  const { t } = useLanguage();
  return (
    <ul
      aria-label={t.kinds.contactsSent(content.contacts.length)}
      className="w-72 max-w-full divide-y divide-bubble-meta/20 px-2"
    >
      {content.contacts.map((contact, index) => (
        <Card key={index} contact={contact} />
      ))}
    </ul>
  );
}

function Card({ contact }: { contact: ContactCard }) {
  const { t } = useLanguage();
  const name = contact.name || t.kinds.contactNameless;
  return (
    <li className="py-2 last:pb-0">
      <div className="flex items-center gap-3">
        <Avatar name={name} size={36} />
        <div className="min-w-0 flex-1" dir="auto">
          <p className="font-medium wrap-anywhere">{name}</p>
          {contact.organization && (
            <p className="truncate text-small text-bubble-meta">{contact.organization}</p>
          )}
        </div>
      </div>
      <ul className="mt-1">
        {contact.phones.map(({ phone }) => (
          <Value key={phone} value={phone} shown={formatPhone(phone)} />
        ))}
        {contact.emails.map((email) => (
          <Value key={email} value={email} shown={email} />
        ))}
      </ul>
      <button
        type="button"
        onClick={() => saveVcard({ ...contact, name })}
        className="mt-1 flex h-7 items-center gap-1.5 text-small font-medium text-accent hover:underline touch:h-11"
      >
        <Icon of={UserRoundPlus} size={14} />
        {t.kinds.saveContact}
        <span className="sr-only">: {name}</span>
      </button>
    </li>
  );
}

function Value({ value, shown }: { value: string; shown: string }) {
  const { t } = useLanguage();
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => toast({ text: t.copied(shown) }),
      () => toast({ tone: "danger", text: t.copyFailed }),
    );
  return (
    <li className="flex min-h-7 items-center gap-2 touch:min-h-11">
      <span className="min-w-0 flex-1 truncate tabular" title={shown}>
        {shown}
      </span>
      <IconButton
        icon={Copy}
        label={t.kinds.copyOf(shown)}
        onClick={() => void copy()}
        className="-mr-1.5 size-7! text-bubble-meta touch:size-11!"
      />
    </li>
  );
}
