/**
 * Pure changes to what the cache holds: a newer conversation takes its place in a list, a message in its
 * thread. Repeating a change or applying an old one alters nothing, because versions decide.
 */
import type { ConversationFilter, TemplateFilter } from "./calls";
import type { Pages } from "./queries";
import type { Conversation, Message, Template } from "./types";

export function newest<T extends { version: number }>(known: T | undefined, next: T): T {
  return known && known.version >= next.version ? known : next;
}

/** Ticks of the last message move without touching the conversation, so between equals that message decides. */
export function newestConversation(known: Conversation | undefined, next: Conversation): Conversation {
  if (known?.version !== next.version) return newest(known, next);
  return (known.last_message?.version ?? 0) >= (next.last_message?.version ?? 0) ? known : next;
}

/** Whether a conversation belongs in a list; undefined when only the server can tell (a text search). */
export function belongs(
  conversation: Conversation,
  filter: ConversationFilter,
  userId: string,
): boolean | undefined {
  if (filter.status !== "all" && conversation.status !== filter.status) return false;
  if (filter.contact_id && conversation.contact.id !== filter.contact_id) return false;
  if (filter.unread && conversation.unread_count === 0) return false;
  const assignee = conversation.assignee?.id ?? null;
  if (filter.assignee === "me" && assignee !== userId) return false;
  if (filter.assignee === "none" && assignee !== null) return false;
  const named = filter.assignee && filter.assignee !== "me" && filter.assignee !== "none";
  if (named && assignee !== filter.assignee) return false;
  return filter.q ? undefined : true;
}

const LAST = "~";

/** A text that sorts as the list does; smaller comes first, and the id settles ties. */
function order(conversation: Conversation, sort: ConversationFilter["sort"], now: string): [string, string] {
  if (sort === "longest_waiting") return [conversation.waiting_since ?? LAST, ""];
  if (sort === "window_closing") {
    const end = conversation.service_window_ends_at;
    return [end && end > now ? end : LAST, ""];
  }
  return ["", ""];
}

export function compareConversations(
  sort: ConversationFilter["sort"],
  now: string,
): (a: Conversation, b: Conversation) => number {
  return (a, b) => {
    const [first] = order(a, sort, now);
    const [second] = order(b, sort, now);
    if (first !== second) return first < second ? -1 : 1;
    if (a.last_message_at !== b.last_message_at) return a.last_message_at > b.last_message_at ? -1 : 1;
    return a.id > b.id ? -1 : a.id < b.id ? 1 : 0;
  };
}

export interface Viewer {
  userId: string;
  now: string;
}

/** Puts a conversation where it belongs in one cached list: updated, moved, added or taken out. */
export function placeConversation(
  pages: Pages<Conversation>,
  conversation: Conversation,
  filter: ConversationFilter,
  viewer: Viewer,
): Pages<Conversation> {
  const all = pages.pages.flatMap((page) => page.items);
  const index = all.findIndex((item) => item.id === conversation.id);
  const known = all[index];
  const current = newestConversation(known, conversation);
  if (known && current === known) return pages;
  const fits = belongs(current, filter, viewer.userId);

  if (fits === undefined) {
    if (!known) return pages;
    all[index] = current;
    return rechunk(pages, all);
  }
  if (known) all.splice(index, 1);
  else if (!fits) return pages;
  if (fits) {
    const compare = compareConversations(filter.sort, viewer.now);
    const at = all.findIndex((item) => compare(current, item) < 0);
    const complete = pages.pages.at(-1)?.next_cursor == null;
    if (at >= 0) all.splice(at, 0, current);
    // Past the last loaded row it would leave a hole; the next page brings it in its place.
    else if (complete || known) all.push(current);
    else return pages;
  }
  return rechunk(pages, all);
}

/** Keeps the pages and their cursors; only the last page grows or shrinks. */
function rechunk<T>(pages: Pages<T>, items: T[]): Pages<T> {
  let start = 0;
  const last = pages.pages.length - 1;
  return {
    ...pages,
    pages: pages.pages.map((page, index) => {
      const end = index === last ? items.length : start + page.items.length;
      const part = items.slice(start, end);
      start = end;
      return { ...page, items: part };
    }),
  };
}

export function changeEverywhere<T>(pages: Pages<T>, change: (item: T) => T): Pages<T> {
  let changed = false;
  const next = pages.pages.map((page) => {
    const items = page.items.map((item) => {
      const after = change(item);
      changed ||= after !== item;
      return after;
    });
    return { ...page, items };
  });
  return changed ? { ...pages, pages: next } : pages;
}

/** Puts a message into its thread (pages newest first), or brings the known one up to date. */
export function placeMessage(pages: Pages<Message>, message: Message): Pages<Message> {
  const all = pages.pages.flatMap((page) => page.items);
  const index = all.findIndex((item) => item.id === message.id);
  const known = all[index];
  if (known) {
    if (newest(known, message) === known) return pages;
    all[index] = message;
    return rechunkFromFirst(pages, all);
  }
  const complete = pages.pages.at(-1)?.next_cursor == null;
  const at = all.findIndex((item) => item.id < message.id);
  if (at >= 0) all.splice(at, 0, message);
  // Older than what is loaded: scrolling up will fetch it in its place.
  else if (complete) all.push(message);
  else return pages;
  return rechunkFromFirst(pages, all);
}

/** Without one that turned out to be a copy of another. */
export function dropMessage(pages: Pages<Message>, messageId: string): Pages<Message> {
  const has = (page: { items: Message[] }) => page.items.some((item) => item.id === messageId);
  if (!pages.pages.some(has)) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page) =>
      has(page) ? { ...page, items: page.items.filter((item) => item.id !== messageId) } : page,
    ),
  };
}

/** New messages arrive at the front, so the first page takes the difference and cursors stay true. */
function rechunkFromFirst<T>(pages: Pages<T>, items: T[]): Pages<T> {
  const total = pages.pages.reduce((sum, page) => sum + page.items.length, 0);
  const extra = items.length - total;
  let start = 0;
  return {
    ...pages,
    pages: pages.pages.map((page, index) => {
      const size = page.items.length + (index === 0 ? extra : 0);
      const part = items.slice(start, start + size);
      start += size;
      return { ...page, items: part };
    }),
  };
}

/** Whether a template belongs in a list; undefined when only the server can tell (a search, a number's own). */
function templateBelongs(template: Template, filter: TemplateFilter): boolean | undefined {
  if (filter.status ? template.status !== filter.status : template.status === "deleted") return false;
  if (filter.category && template.category !== filter.category) return false;
  if (filter.language && template.language !== filter.language) return false;
  return filter.q || filter.number_id ? undefined : true;
}

const byName = (template: Template) => [template.name, template.language, template.id].join("\u0000");

/** Puts a template where it belongs in one cached list: updated, added or taken out. */
export function placeTemplate(
  pages: Pages<Template>,
  template: Template,
  filter: TemplateFilter,
): Pages<Template> {
  const all = pages.pages.flatMap((page) => page.items);
  const index = all.findIndex((item) => item.id === template.id);
  const known = all[index];
  if (known && newest(known, template) === known) return pages;
  const fits = templateBelongs(template, filter);
  if (known) {
    if (fits === false) all.splice(index, 1);
    else all[index] = template;
    return rechunk(pages, all);
  }
  if (!fits) return pages;
  const at = all.findIndex((item) => byName(template) < byName(item));
  const complete = pages.pages.at(-1)?.next_cursor == null;
  if (at >= 0) all.splice(at, 0, template);
  else if (complete) all.push(template);
  // Past the last loaded row: the next page brings it in its place.
  else return pages;
  return rechunk(pages, all);
}
