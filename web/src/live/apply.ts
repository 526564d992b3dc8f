/**
 * One table from a live fact to the change it makes in the query cache. Nothing is refetched to repaint,
 * and a fact that is repeated or late changes nothing: versions decide, in api/cache.ts.
 */
import type { QueryClient } from "@tanstack/react-query";
import {
  changeEverywhere,
  dropMessage,
  newest,
  newestConversation,
  placeConversation,
  placeMessage,
  placeTemplate,
  type Viewer,
} from "@/api/cache";
import type { ConversationFilter, TemplateFilter } from "@/api/calls";
import { settleLocalFile } from "@/api/local-files";
import { keys, type Pages } from "@/api/queries";
import type {
  Contact,
  Conversation,
  LiveFact,
  Message,
  Page,
  PhoneNumber,
  Template,
  TemplateAccount,
} from "@/api/types";
import { applyNotice } from "./apply-notices";

/** The fact of a type, also when the schema lists several types under one shape. */
type FactOf<T extends LiveFact["type"], F = LiveFact> = F extends { type: infer K }
  ? T extends K
    ? F
    : never
  : never;
type Changes = {
  [T in LiveFact["type"]]: (client: QueryClient, data: FactOf<T>["data"], viewer: Viewer) => void;
};

const changes: Changes = {
  "message.received": applyMessage,
  "message.echoed": applyMessage,
  "message.queued": applyMessage,
  "message.status_changed": applyMessage,
  "message.changed": applyMessage,
  "message.removed": (client, data, viewer) => {
    client.setQueryData<Pages<Message>>(
      keys.messages(data.conversation.id),
      (pages) => pages && dropMessage(pages, data.message_id),
    );
    applyConversation(client, data.conversation, viewer);
  },
  "conversation.changed": (client, data, viewer) => {
    applyConversation(client, data.conversation, viewer);
    // The past came in behind what is shown: the thread is asked for anew, once for hundreds of messages.
    if (data.change === "imported")
      void client.invalidateQueries({ queryKey: keys.messages(data.conversation.id) });
  },
  "contact.changed": (client, data) => applyContact(client, data.contact),
  "contact.merged": (client, data) => {
    applyContact(client, data.contact);
    client.setQueryData<Contact>(keys.contact(data.merged_id), (known) => known && data.contact);
  },
  "template.changed": (client, data) => applyTemplate(client, data.template),
  "template.synced": (client, data) => applyTemplateAccount(client, data.account),
  "notice.changed": (client, data) => applyNotice(client, data.notice),
  "number.changed": (client, data) => applyNumber(client, data.number),
};

export function applyFact(client: QueryClient, fact: LiveFact, viewer: Viewer): void {
  // A newer server may speak of things this page does not know yet.
  const change = changes[fact.type] as
    | ((client: QueryClient, data: unknown, viewer: Viewer) => void)
    | undefined;
  change?.(client, fact.data, viewer);
}

function applyMessage(client: QueryClient, data: FactOf<"message.queued">["data"], viewer: Viewer): void {
  applyThreadMessage(client, data.message);
  applyConversation(client, data.conversation, viewer);
}

export function applyThreadMessage(client: QueryClient, message: Message): void {
  settleLocalFile(message);
  client.setQueryData<Pages<Message>>(
    keys.messages(message.conversation_id),
    (pages) => pages && placeMessage(pages, message),
  );
}

export function conversationLists(client: QueryClient): [ConversationFilter, Pages<Conversation>][] {
  return client
    .getQueriesData<Pages<Conversation>>({ queryKey: keys.conversationLists })
    .flatMap(([key, pages]) => (pages ? [[key[1] as ConversationFilter, pages]] : []));
}

export function applyConversation(client: QueryClient, conversation: Conversation, viewer: Viewer): void {
  let current = newestConversation(
    client.getQueryData<Conversation>(keys.conversation(conversation.id)),
    conversation,
  );
  const lists = conversationLists(client);
  for (const [, pages] of lists) {
    const known = pages.pages.flatMap((page) => page.items).find((item) => item.id === conversation.id);
    if (known) current = newestConversation(current, known);
  }
  client.setQueryData<Conversation>(keys.conversation(current.id), current);
  for (const [filter, pages] of lists) {
    const next = placeConversation(pages, current, filter, viewer);
    if (next !== pages) client.setQueryData(keys.conversationList(filter), next);
  }
}

/** A change of ours shown before the server has answered; its answer, being newer, replaces it. */
export function patchConversation(
  client: QueryClient,
  conversationId: string,
  patch: Partial<Conversation>,
): void {
  const change = (item: Conversation) => (item.id === conversationId ? { ...item, ...patch } : item);
  client.setQueryData<Conversation>(keys.conversation(conversationId), (item) => item && change(item));
  for (const [filter, pages] of conversationLists(client)) {
    client.setQueryData(keys.conversationList(filter), changeEverywhere(pages, change));
  }
}

/** A change of ours to one message, shown before the server has answered. */
export function patchMessage(
  client: QueryClient,
  { conversation_id, id }: Message,
  change: (message: Message) => Message,
): void {
  client.setQueryData<Pages<Message>>(
    keys.messages(conversation_id),
    (pages) => pages && changeEverywhere(pages, (item) => (item.id === id ? change(item) : item)),
  );
}

export function applyContact(client: QueryClient, contact: Contact): void {
  client.setQueryData<Contact>(keys.contact(contact.id), (known) =>
    known && known.version <= contact.version ? contact : known,
  );
  const short = {
    id: contact.id,
    name: contact.name,
    phone: contact.phone,
    username: contact.username,
  };
  const rename = (item: Conversation) =>
    item.contact.id === contact.id ? { ...item, contact: { ...item.contact, ...short } } : item;
  for (const [filter, pages] of conversationLists(client)) {
    client.setQueryData(keys.conversationList(filter), changeEverywhere(pages, rename));
  }
  for (const [key] of client.getQueriesData<Conversation>({ queryKey: ["conversation"] })) {
    client.setQueryData<Conversation>(key, (item) => item && rename(item));
  }
}

export function applyTemplate(client: QueryClient, template: Template): void {
  client.setQueryData<Template>(keys.template(template.id), (known) => known && newest(known, template));
  for (const [key, pages] of client.getQueriesData<Pages<Template>>({ queryKey: keys.templateLists })) {
    if (pages) client.setQueryData(key, placeTemplate(pages, template, key[1] as TemplateFilter));
  }
}

function applyTemplateAccount(client: QueryClient, account: TemplateAccount): void {
  client.setQueryData<Page<TemplateAccount>>(
    keys.templateAccounts,
    (page) =>
      page && {
        ...page,
        items: page.items.map((item) => (item.waba_id === account.waba_id ? account : item)),
      },
  );
}

/** A number that was disconnected leaves the list; its own page keeps it, to say so. */
export function applyNumber(client: QueryClient, number: PhoneNumber): void {
  client.setQueryData<PhoneNumber>(keys.number(number.id), (known) => known && newest(known, number));
  client.setQueryData<Page<PhoneNumber>>(keys.numbers, (page) => {
    if (!page) return page;
    const known = page.items.find((item) => item.id === number.id);
    const current = newest(known, number);
    const others = page.items.filter((item) => item.id !== number.id);
    if (current.status === "disconnected") return { ...page, items: others };
    const items = known
      ? page.items.map((item) => (item.id === number.id ? current : item))
      : [...others, current];
    return { ...page, items };
  });
}
