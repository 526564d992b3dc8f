/** One function per endpoint the app uses. Paths and bodies live here and nowhere else. */
import { call, sendFile, setCsrfToken } from "./client";
import type {
  Account,
  ApiKey,
  Contact,
  Conversation,
  CostEstimate,
  CreatedApiKey,
  Locale,
  Member,
  Message,
  NewMessage,
  NewTemplate,
  Notice,
  NumberCheck,
  NumberProfile,
  Page,
  Permission,
  PhoneNumber,
  PriceList,
  Role,
  Session,
  SignupOffer,
  Spend,
  SpentMessage,
  Template,
  TemplateAccount,
  Upload,
  UploadAs,
  User,
} from "./types";

const id = encodeURIComponent;

export interface ConversationFilter {
  status: "open" | "closed" | "all";
  assignee?: string;
  unread?: boolean;
  contact_id?: string;
  q?: string;
  sort: "last_activity" | "longest_waiting" | "window_closing";
}

/** Which templates; those Meta has deleted come for `status: "deleted"` alone. */
export interface TemplateFilter {
  number_id?: string;
  status?: string;
  category?: Template["category"];
  language?: string;
  q?: string;
}

/** Every unsafe request must carry the token of the session it belongs to. */
function remember(session: Session): Session {
  setCsrfToken(session.csrf_token);
  return session;
}

export const logIn = (email: string, password: string) =>
  call<Session>("POST", "/v1/session", { body: { email, password } }).then(remember);
export const getSession = () => call<Session>("GET", "/v1/session", { mayBeLoggedOut: true }).then(remember);
export const logOut = () => call<void>("DELETE", "/v1/session");
export const switchAccount = (account_id: string) =>
  call<Session>("POST", "/v1/session/account", { body: { account_id } }).then(remember);
export const changeMe = (change: { name?: string; locale?: Locale }) =>
  call<User>("PATCH", "/v1/me", { body: change });
export const changePassword = (current_password: string, new_password: string) =>
  call<void>("POST", "/v1/me/password", { body: { current_password, new_password } });

export const listMembers = (cursor?: string | null) =>
  call<Page<Member>>("GET", "/v1/users", { query: { limit: 200, cursor } });
export const addMember = (
  body: { name: string; email: string; password: string; role: Role },
  idempotencyKey: string,
) => call<Member>("POST", "/v1/users", { body, idempotencyKey });
export const changeMember = (userId: string, body: { role?: Role; name?: string }) =>
  call<Member>("PATCH", `/v1/users/${id(userId)}`, { body });
export const removeMember = (userId: string) => call<void>("DELETE", `/v1/users/${id(userId)}`);

export const listApiKeys = () => call<Page<ApiKey>>("GET", "/v1/api-keys", { query: { limit: 200 } });
export const createApiKey = (body: { name: string; scopes: Permission[] }, idempotencyKey: string) =>
  call<CreatedApiKey>("POST", "/v1/api-keys", { body, idempotencyKey });
export const revokeApiKey = (keyId: string) => call<void>("DELETE", `/v1/api-keys/${id(keyId)}`);

export interface NewNumber {
  waba_id: string;
  phone_number_id: string;
  display_phone_number: string;
  access_token: string;
  app_secret?: string;
  pin?: string;
}
export interface Signup {
  code?: string;
  ticket?: string;
  waba_id?: string;
  phone_number_id?: string;
  coexistence?: boolean;
}
export const listNumbers = () => call<Page<PhoneNumber>>("GET", "/v1/numbers", { query: { limit: 200 } });
export const connectNumber = (body: NewNumber, idempotencyKey: string) =>
  call<PhoneNumber>("POST", "/v1/numbers", { body, idempotencyKey });
export const getNumber = (numberId: string) => call<PhoneNumber>("GET", `/v1/numbers/${id(numberId)}`);
export type NumberValues = Omit<NewNumber, "display_phone_number" | "pin">;
/** Asks Meta what a number lacks; nothing is stored. */
export const checkNewNumber = (body: NumberValues) =>
  call<NumberCheck>("POST", "/v1/numbers/check", { body });
export const checkNumber = (numberId: string) =>
  call<NumberCheck>("POST", `/v1/numbers/${id(numberId)}/check`);
export const registerNumber = (numberId: string, pin: string | null) =>
  call<PhoneNumber>("POST", `/v1/numbers/${id(numberId)}/register`, { body: { pin } });
export const reconnectNumber = (numberId: string, body: { access_token: string; app_secret?: string }) =>
  call<PhoneNumber>("POST", `/v1/numbers/${id(numberId)}/reconnect`, { body });
export const resumeNumber = (numberId: string) =>
  call<PhoneNumber>("POST", `/v1/numbers/${id(numberId)}/resume`);
/** Asks for what the phone holds, where that went wrong when the number came. */
export const askPhoneData = (numberId: string, kind: "history" | "contacts") =>
  call<PhoneNumber>("POST", `/v1/numbers/${id(numberId)}/phone-data`, { body: { kind } });
export const getProfile = (numberId: string) =>
  call<NumberProfile>("GET", `/v1/numbers/${id(numberId)}/profile`);
export const changeProfile = (numberId: string, body: Partial<Omit<NumberProfile, "profile_picture_url">>) =>
  call<NumberProfile>("PATCH", `/v1/numbers/${id(numberId)}/profile`, { body });
/** Where we show the picture that Meta has: another address whenever hers is another, so that no old one is seen. */
export function pictureAddress(numberId: string, { profile_picture_url }: NumberProfile): string {
  let mark = 0;
  for (const letter of profile_picture_url ?? "") mark = (mark * 31 + letter.charCodeAt(0)) >>> 0;
  return `/v1/numbers/${id(numberId)}/profile/picture?of=${mark}`;
}
export const changePicture = (numberId: string, uploadId: string) =>
  call<NumberProfile>("PUT", `/v1/numbers/${id(numberId)}/profile/picture`, {
    body: { upload_id: uploadId },
  });
export const getSignupOffer = () => call<SignupOffer>("GET", "/v1/numbers/signup");
export const signUpNumber = (body: Signup) => call<PhoneNumber>("POST", "/v1/numbers/signup", { body });
export const disconnectNumber = (numberId: string) => call<void>("DELETE", `/v1/numbers/${id(numberId)}`);

export const listNotices = () => call<Page<Notice>>("GET", "/v1/notices");
/** Puts a notice away for everybody. */
export const dismissNotice = (noticeId: string) =>
  call<Notice>("POST", `/v1/notices/${id(noticeId)}/dismiss`);

export const listConversations = (
  filter: ConversationFilter,
  cursor: string | null,
  limit: number,
  signal?: AbortSignal,
) => call<Page<Conversation>>("GET", "/v1/conversations", { query: { ...filter, cursor, limit }, signal });
export const getConversation = (conversationId: string, signal?: AbortSignal) =>
  call<Conversation>("GET", `/v1/conversations/${id(conversationId)}`, { signal });
export const changeConversation = (
  conversationId: string,
  body: { status?: "open" | "closed"; assignee_id?: string | null },
) => call<Conversation>("PATCH", `/v1/conversations/${id(conversationId)}`, { body });
export const markRead = (conversationId: string) =>
  call<Conversation>("POST", `/v1/conversations/${id(conversationId)}/read`);

export const listMessages = (conversationId: string, cursor: string | null, signal?: AbortSignal) =>
  call<Page<Message>>("GET", `/v1/conversations/${id(conversationId)}/messages`, {
    query: { cursor, limit: 50 },
    signal,
  });
export const sendMessage = (conversationId: string, body: NewMessage, clientId: string) =>
  call<Message>("POST", `/v1/conversations/${id(conversationId)}/messages`, {
    body,
    idempotencyKey: clientId,
  });
/** Our reaction to a message; null takes it back. */
export const react = (conversationId: string, messageId: string, emoji: string | null) => {
  const path = `/v1/conversations/${id(conversationId)}/messages/${id(messageId)}/reaction`;
  return emoji === null ? call<Message>("DELETE", path) : call<Message>("PUT", path, { body: { emoji } });
};
/** Shows the customer that somebody is writing. */
export const tellTyping = (conversationId: string) =>
  call<void>("POST", `/v1/conversations/${id(conversationId)}/typing`);

/** Keeps a file for a message that will be sent; Meta's limits are checked here, not when it is sent. */
export const upload = (
  file: Blob,
  query: { filename: string; as: UploadAs },
  options: { onProgress: (part: number) => void; signal: AbortSignal },
) =>
  sendFile<Upload>("/v1/uploads", file, { query, type: file.type || "application/octet-stream", ...options });

export type NewConversation = { number_id: string; message: NewTemplate } & (
  | { contact_id: string }
  | { phone: string; name?: string }
);
/** Opens a conversation, or uses the open one, with a template as its first word. */
export const startConversation = (body: NewConversation, idempotencyKey: string) =>
  call<Message>("POST", "/v1/conversations", { body, idempotencyKey });
/** In a conversation; or a first message from a number of ours, to a contact or a phone number. */
export type CostOf =
  | { conversation_id: string }
  | { number_id: string; contact_id: string }
  | { number_id: string; phone: string };
/** What one more message of a category would cost. */
export const estimateCost = (of: CostOf, category: string, signal?: AbortSignal) =>
  call<CostEstimate>("GET", "/v1/costs/estimate", { query: { ...of, category }, signal });
export const listContacts = (q: string, signal?: AbortSignal) =>
  call<Page<Contact>>("GET", "/v1/contacts", { query: { q, limit: 8 }, signal });

export const retryMessage = (conversationId: string, messageId: string) =>
  call<Message>("POST", `/v1/conversations/${id(conversationId)}/messages/${id(messageId)}/retry`);
/** Fetches a file from WhatsApp again after that failed: now it is pending, `message.changed` tells how it went. */
export const retryMedia = (mediaId: string) => call<Message>("POST", `/v1/media/${id(mediaId)}/retry`);

export const getContact = (contactId: string, signal?: AbortSignal) =>
  call<Contact>("GET", `/v1/contacts/${id(contactId)}`, { signal });
/** What a customer asked for outside of WhatsApp; to write marketing to them again, `note` says how they agreed. */
export const recordMarketing = (contactId: string, choice: "stop" | "resume", note: string) =>
  call<Contact>("POST", `/v1/contacts/${id(contactId)}/marketing`, {
    body: { choice, note: note || null },
  });
export const renameContact = (contactId: string, name: string) =>
  call<Contact>("PATCH", `/v1/contacts/${id(contactId)}`, { body: { name } });

export const listTemplates = (
  filter: TemplateFilter,
  cursor: string | null,
  limit: number,
  signal?: AbortSignal,
) => call<Page<Template>>("GET", "/v1/templates", { query: { ...filter, cursor, limit }, signal });
export const getTemplate = (templateId: string, signal?: AbortSignal) =>
  call<Template>("GET", `/v1/templates/${id(templateId)}`, { signal });
export const syncTemplates = (body: { number_id?: string }) =>
  call<{ queued: number }>("POST", "/v1/templates/sync", { body });
export const listTemplateAccounts = () => call<Page<TemplateAccount>>("GET", "/v1/template-accounts");

export interface SpendFilter {
  from?: string;
  to?: string;
  number?: string;
  category?: string;
}
const spendOf = ({ from, to, number, category }: SpendFilter) => ({
  from: from || undefined,
  to: to || undefined,
  number_id: number || undefined,
  category,
});
export const getSpend = (filter: SpendFilter & { group: Spend["group"] }, signal?: AbortSignal) =>
  call<Spend>("GET", "/v1/spend", { query: { ...spendOf(filter), group: filter.group }, signal });
export const listSpent = (
  filter: SpendFilter & { pricing?: "charged" | "free" | "unpriced" },
  cursor: string | null,
  signal?: AbortSignal,
) =>
  call<Page<SpentMessage>>("GET", "/v1/spend/messages", {
    query: { ...spendOf(filter), pricing: filter.pricing, cursor, limit: 50 },
    signal,
  });
export const getPrices = () => call<PriceList>("GET", "/v1/prices");
export const changeAccount = (body: { time_zone: string }) => call<Account>("PATCH", "/v1/account", { body });
