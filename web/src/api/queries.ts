/** What is cached, under which key, and how it is first fetched. live/apply.ts patches the same keys. */
import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from "@tanstack/react-query";
import type { ConversationFilter, TemplateFilter } from "./calls";
import * as calls from "./calls";
import type { Conversation, Message, Page, Template } from "./types";

export type Pages<T> = InfiniteData<Page<T>, string | null>;

export const keys = {
  session: ["session"] as const,
  conversationLists: ["conversations"] as const,
  conversationList: (filter: ConversationFilter) => ["conversations", filter] as const,
  conversation: (conversationId: string) => ["conversation", conversationId] as const,
  messages: (conversationId: string) => ["messages", conversationId] as const,
  contact: (contactId: string) => ["contact", contactId] as const,
  members: ["members"] as const,
  apiKeys: ["api-keys"] as const,
  numbers: ["numbers"] as const,
  spend: ["spend"] as const,
  notices: ["notices"] as const,
  templateLists: ["templates"] as const,
  templateList: (filter: TemplateFilter) => ["templates", filter] as const,
  template: (templateId: string) => ["template", templateId] as const,
  templateAccounts: ["template-accounts"] as const,
  number: (numberId: string) => ["number", numberId] as const,
  numberProfile: (numberId: string) => ["number-profile", numberId] as const,
  signupOffer: ["signup-offer"] as const,
};

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: calls.getSession,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export const conversationListQuery = (filter: ConversationFilter, limit = 50) =>
  infiniteQueryOptions({
    queryKey: keys.conversationList(filter),
    queryFn: ({ pageParam, signal }): Promise<Page<Conversation>> =>
      calls.listConversations(filter, pageParam, limit, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const conversationQuery = (conversationId: string) =>
  queryOptions({
    queryKey: keys.conversation(conversationId),
    queryFn: ({ signal }) => calls.getConversation(conversationId, signal),
  });

export const messagesQuery = (conversationId: string) =>
  infiniteQueryOptions({
    queryKey: keys.messages(conversationId),
    queryFn: ({ pageParam, signal }): Promise<Page<Message>> =>
      calls.listMessages(conversationId, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const contactQuery = (contactId: string) =>
  queryOptions({
    queryKey: keys.contact(contactId),
    queryFn: ({ signal }) => calls.getContact(contactId, signal),
  });

export const membersQuery = queryOptions({
  queryKey: keys.members,
  queryFn: async () => {
    const members = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof calls.listMembers>> = await calls.listMembers(cursor);
      members.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor);
    return members;
  },
  staleTime: 60_000,
});
export const apiKeysQuery = queryOptions({ queryKey: keys.apiKeys, queryFn: () => calls.listApiKeys() });
export const noticesQuery = queryOptions({ queryKey: keys.notices, queryFn: () => calls.listNotices() });
export const numberQuery = (numberId: string) =>
  queryOptions({ queryKey: keys.number(numberId), queryFn: () => calls.getNumber(numberId) });
export const numberProfileQuery = (numberId: string) =>
  queryOptions({
    queryKey: keys.numberProfile(numberId),
    queryFn: () => calls.getProfile(numberId),
    // Asked of Meta, who says no for a reason; asking her again at once changes nothing.
    retry: false,
    staleTime: 60_000,
  });
export const signupOfferQuery = queryOptions({
  queryKey: keys.signupOffer,
  queryFn: () => calls.getSignupOffer(),
  staleTime: 300_000,
});
export const numbersQuery = queryOptions({ queryKey: keys.numbers, queryFn: () => calls.listNumbers() });

export const templateListQuery = (filter: TemplateFilter, limit = 100) =>
  infiniteQueryOptions({
    queryKey: keys.templateList(filter),
    queryFn: ({ pageParam, signal }): Promise<Page<Template>> =>
      calls.listTemplates(filter, pageParam, limit, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
export const templateQuery = (templateId: string) =>
  queryOptions({
    queryKey: keys.template(templateId),
    queryFn: ({ signal }) => calls.getTemplate(templateId, signal),
  });
export const templateAccountsQuery = queryOptions({
  queryKey: keys.templateAccounts,
  queryFn: () => calls.listTemplateAccounts(),
});

/** Everything ever said with one contact. */
export const historyFilter = (contact_id: string): ConversationFilter => ({
  status: "all",
  contact_id,
  sort: "last_activity",
});

/** Every conversation somebody has not read yet, as far as a badge can count. */
export const unreadFilter: ConversationFilter = { status: "open", unread: true, sort: "last_activity" };
export const unreadQuery = conversationListQuery(unreadFilter, 100);

export const spendQuery = (filter: Parameters<typeof calls.getSpend>[0]) =>
  queryOptions({
    queryKey: [...keys.spend, filter],
    queryFn: ({ signal }) => calls.getSpend(filter, signal),
    placeholderData: keepPreviousData,
  });
export const spentMessagesQuery = (filter: Parameters<typeof calls.listSpent>[0]) =>
  infiniteQueryOptions({
    queryKey: [...keys.spend, "messages", filter],
    queryFn: ({ pageParam, signal }) => calls.listSpent(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
export const pricesQuery = queryOptions({ queryKey: ["prices"], queryFn: () => calls.getPrices() });
