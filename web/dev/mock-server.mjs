// A stand-in for the product's server while the front end is worked on: every state, live traffic, nothing kept.
// POST /__mock/{deliver,drop,logout,traffic} steers it. Never part of the build.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import {
  healthy,
  iso,
  lastOf,
  makeConversations,
  makeMessage,
  makeMessages,
  members,
  numberCheck,
  numberProfile,
  numbers,
  random,
  short,
  textIn,
  uuid,
} from "./mock-data.mjs";
import { mediaFile } from "./mock-kinds.mjs";
import { changeTemplate, keepUpload, sentParts, templates, uploadedFile } from "./mock-sending.mjs";

const port = Number(process.env.PORT ?? 8000);
const total = Number(process.env.MOCK_CONVERSATIONS ?? 10_000);
const rng = random(99);
const conversations = makeConversations(total, Date.now());
const byId = new Map(conversations.map((c) => [c.id, c]));
const threads = new Map();
const accounts = [
  { id: "018f0000-0000-7000-8000-0000000000c1", name: "Loja Aurora", role: "owner" },
  { id: "018f0000-0000-7000-8000-0000000000c2", name: "Casa Boreal", role: "agent" },
];
const permissions =
  "conversations.read conversations.manage messages.send contacts.read contacts.write users.read users.manage api_keys.manage numbers.read numbers.manage account.manage".split(
    " ",
  );
let locale = "pt-BR";
let name = members[0].name;
let loggedIn = process.env.MOCK_LOGGED_IN !== "0";
let traffic = process.env.MOCK_TRAFFIC !== "0";
let delay = Number(process.env.MOCK_DELAY ?? 40);
const apiKeys = [
  {
    id: uuid(Date.now(), rng),
    name: "Loja virtual",
    scopes: ["conversations.read", "messages.send"],
    prefix: "clk_9fQ2",
    created_at: iso(Date.now() - 9e9),
    last_used_at: iso(Date.now() - 4e6),
    created_by: "Ana Prado",
  },
  {
    id: uuid(Date.now(), rng),
    name: "Planilha do financeiro",
    scopes: ["conversations.read", "contacts.read"],
    prefix: "clk_77aK",
    created_at: iso(Date.now() - 3e9),
    last_used_at: null,
    created_by: "Ana Prado",
  },
];

const thread = (c) => {
  if (!threads.has(c.id)) threads.set(c.id, makeMessages(c));
  return threads.get(c.id);
};
for (const c of conversations) {
  const s = c._special;
  const latest = makeMessage(c, random(c._seed * 101), Date.parse(c.last_message_at), c._inbound, s);
  c.last_message = lastOf(latest);
}
for (const c of conversations.slice(0, 30)) {
  const latest = thread(c).at(-1);
  c.last_message = lastOf(latest);
  const emoji = c._special.reacted;
  if (!emoji) continue;
  const at = iso(Date.parse(latest.sent_at) + 20e3);
  latest.reactions = [{ emoji, by: "contact", at }];
  c.last_reaction = { message_id: latest.id, emoji, at, type: latest.type, preview: c.last_message.preview };
}

const wire = ({ _seed, _special, _inbound, _count, ...c }) => c;
const session = () => ({
  user: { id: members[0].id, name, email: members[0].email, locale },
  account: { id: accounts[0].id, name: accounts[0].name },
  role: "owner",
  permissions,
  accounts,
  csrf_token: "mock-csrf",
});

// Live facts.
const facts = [];
const sockets = new Set();
function emit(type, data) {
  const fact = {
    type,
    id: uuid(Date.now(), rng),
    at: iso(Date.now()),
    trace: "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01",
    data: structuredClone(data),
  };
  facts.push(fact);
  if (facts.length > 5000) facts.shift();
  for (const socket of sockets) socket.send(JSON.stringify(fact));
}
function touch(c, change, type = "changed") {
  Object.assign(c, change, { version: c.version + 1 });
  if (type !== "changed") emit("conversation.changed", { conversation: wire(c), change: type });
  return c;
}
function receive(c, text) {
  const now = Date.now();
  const message = makeMessage(c, rng, now, true, text === undefined ? {} : {});
  if (text !== undefined) message.text = text;
  thread(c).push(message);
  touch(c, {
    status: "open",
    unread_count: c.unread_count + 1,
    last_message: lastOf(message),
    last_message_at: iso(now),
    waiting_since: c.waiting_since ?? iso(now),
    service_window_ends_at: iso(now + 24 * 3600e3),
  });
  emit("message.received", { message, conversation: wire(c) });
}
function setStatus(c, message, status, error = null) {
  message.wamid ??= `wamid.${message.id}`;
  Object.assign(message, { status, status_at: iso(Date.now()), error, version: message.version + 1 });
  if (c.last_message?.id === message.id) touch(c, { last_message: lastOf(message) });
  emit("message.status_changed", { message, conversation: wire(c) });
}
/** A file that failed is fetched again, and arrives after all. */
function settle(c, message, status) {
  Object.assign(message, {
    media: { ...message.media, status, size: status === "ready" ? 48_213 : null },
    version: message.version + 1,
  });
  emit("message.changed", { message, conversation: wire(c) });
}
function progress(c, message) {
  const text = (message.text ?? "").toLowerCase();
  const after = (ms, f) => setTimeout(f, ms);
  after(250, () => setStatus(c, message, "sent"));
  if (text.includes("falha"))
    return after(900, () =>
      setStatus(c, message, "failed", {
        code: 131026,
        reason: "not_on_whatsapp",
        title: "x",
        retryable: true,
      }),
    );
  if (text.includes("incerto"))
    return after(900, () =>
      setStatus(c, message, "uncertain", { code: null, reason: "uncertain", title: "x", retryable: true }),
    );
  after(800, () => setStatus(c, message, "delivered"));
  after(2400, () => setStatus(c, message, "read"));
}
const seen = new Map();
function send(c, body, parts, clientId) {
  if (seen.has(clientId)) return seen.get(clientId);
  const now = Date.now();
  const quoted = thread(c).find((m) => m.id === body.reply_to);
  const message = {
    ...makeMessage(c, rng, now, false, { last: "queued" }),
    ...parts,
    reply_to: quoted ? { id: quoted.id, wamid: quoted.wamid, preview: quoted.text } : null,
    client_id: clientId,
    author: { kind: "user", ...short(members[0]) },
    wamid: null,
  };
  seen.set(clientId, message);
  thread(c).push(message);
  touch(c, { last_message: lastOf(message), last_message_at: iso(now), waiting_since: null });
  emit("message.queued", { message, conversation: wire(c) });
  progress(c, message);
  return message;
}
function setReaction(c, messageId, emoji) {
  const message = thread(c).find((m) => m.id === messageId);
  const others = message.reactions.filter(({ by }) => by !== "us");
  Object.assign(message, {
    reactions: emoji ? [{ emoji, by: "us", at: iso(Date.now()) }, ...others] : others,
    version: message.version + 1,
  });
  emit("message.changed", { message, conversation: wire(c) });
  return message;
}
function newConversation(phone, contactName) {
  const [c] = makeConversations(1, Date.now());
  const id = uuid(Date.now(), rng);
  Object.assign(c, {
    id,
    contact: { id: uuid(Date.now(), rng), name: contactName ?? phone, phone, username: null },
    service_window_ends_at: null,
    unread_count: 0,
    waiting_since: null,
    assignee: short(members[0]),
    last_message: null,
    last_reaction: null,
    _special: {},
    _seed: conversations.length + 1,
  });
  conversations.unshift(c);
  byId.set(id, c);
  threads.set(id, []);
  return c;
}
setInterval(() => {
  if (traffic) receive(conversations[Math.floor(rng() ** 3 * 400)], textIn(rng));
}, 1700);

// HTTP.
const problem = (status, code, more = {}) => ({
  status,
  body: { type: "about:blank", title: code, status, code, ...more },
});
const paged = (items, query, fallback = 50) => {
  const limit = Math.min(200, Number(query.get("limit") ?? fallback));
  const start = Number(query.get("cursor") ?? 0);
  const next = start + limit < items.length ? String(start + limit) : null;
  return { status: 200, body: { items: items.slice(start, start + limit), next_cursor: next } };
};
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function listConversations(query) {
  const status = query.get("status") ?? "open";
  const assignee = query.get("assignee");
  const q = query.get("q");
  const now = iso(Date.now());
  const found = conversations.filter(
    (c) =>
      (status === "all" || c.status === status) &&
      (!assignee ||
        (assignee === "none"
          ? !c.assignee
          : c.assignee?.id === (assignee === "me" ? members[0].id : assignee))) &&
      (!query.get("contact_id") || c.contact.id === query.get("contact_id")) &&
      (query.get("unread") !== "true" || c.unread_count > 0) &&
      (!q || plain(`${c.contact.name} ${c.contact.phone} ${c.last_message?.preview}`).includes(plain(q))),
  );
  const key = {
    longest_waiting: (c) => c.waiting_since ?? "~",
    window_closing: (c) => (c.service_window_ends_at > now ? c.service_window_ends_at : "~"),
  }[query.get("sort")];
  found.sort((a, b) =>
    key && key(a) !== key(b) ? (key(a) < key(b) ? -1 : 1) : a.last_message_at < b.last_message_at ? 1 : -1,
  );
  return paged(found.map(wire), query);
}

function contactOf(c) {
  return {
    ...c.contact,
    custom_name: c.contact._custom ?? null,
    profile_name: c.contact.name,
    book_name: null,
    marketing_opted_out_at: null,
    marketing_opted_out_by: null,
    wa_id: c.contact.phone?.slice(1) ?? null,
    bsuid: `BR.${c._seed}${"0931847562"}`,
    version: c.contact._version ?? 1,
    created_at: c.created_at,
  };
}

const routes = [
  [
    "POST",
    /^\/v1\/session$/,
    ({ body }) => {
      if (body.password === "errada") return problem(401, "invalid_credentials");
      loggedIn = true;
      return { status: 201, body: session() };
    },
  ],
  ["GET", /^\/v1\/session$/, () => ({ status: 200, body: session() })],
  [
    "DELETE",
    /^\/v1\/session$/,
    () => {
      loggedIn = false;
      return { status: 204 };
    },
  ],
  ["POST", /^\/v1\/session\/account$/, () => ({ status: 200, body: session() })],
  [
    "PATCH",
    /^\/v1\/me$/,
    ({ body }) => {
      locale = body.locale ?? locale;
      name = body.name ?? name;
      return { status: 200, body: session().user };
    },
  ],
  [
    "POST",
    /^\/v1\/me\/password$/,
    ({ body }) =>
      body.current_password === "errada" ? problem(401, "invalid_credentials") : { status: 204 },
  ],
  ["GET", /^\/v1\/users$/, ({ query }) => paged(members, query)],
  [
    "POST",
    /^\/v1\/users$/,
    ({ body }) => {
      if (members.some((m) => m.email === body.email)) return problem(409, "email_taken");
      const m = {
        id: uuid(Date.now(), rng),
        name: body.name,
        email: body.email,
        role: body.role,
        created_at: iso(Date.now()),
      };
      members.push(m);
      return { status: 201, body: m };
    },
  ],
  [
    "PATCH",
    /^\/v1\/users\/([^/]+)$/,
    ({ params, body }) => ({
      status: 200,
      body: Object.assign(
        members.find((m) => m.id === params[0]),
        body,
      ),
    }),
  ],
  [
    "DELETE",
    /^\/v1\/users\/([^/]+)$/,
    ({ params }) => {
      members.splice(
        members.findIndex((m) => m.id === params[0]),
        1,
      );
      return { status: 204 };
    },
  ],
  ["GET", /^\/v1\/api-keys$/, ({ query }) => paged(apiKeys, query)],
  [
    "POST",
    /^\/v1\/api-keys$/,
    ({ body }) => {
      const k = {
        id: uuid(Date.now(), rng),
        ...body,
        prefix: "clk_Zp31",
        created_at: iso(Date.now()),
        last_used_at: null,
        created_by: name,
      };
      apiKeys.unshift(k);
      return { status: 201, body: { ...k, key: "clk_Zp31xA8s0QmWv3tLr7nYc5uEd2hGk9Jb" } };
    },
  ],
  [
    "DELETE",
    /^\/v1\/api-keys\/([^/]+)$/,
    ({ params }) => {
      apiKeys.splice(
        apiKeys.findIndex((k) => k.id === params[0]),
        1,
      );
      return { status: 204 };
    },
  ],
  ["GET", /^\/v1\/numbers$/, ({ query }) => paged(numbers, query)],
  ["GET", /^\/v1\/numbers\/signup$/, () => ({ status: 200, body: { offered: false } })],
  [
    "GET",
    /^\/v1\/numbers\/([^/]+)$/,
    ({ params }) => {
      const number = numbers.find((n) => n.id === params[0]);
      return number ? { status: 200, body: number } : problem(404, "not_found");
    },
  ],
  ["GET", /^\/v1\/numbers\/[^/]+\/profile$/, () => ({ status: 200, body: numberProfile })],
  [
    "PATCH",
    /^\/v1\/numbers\/[^/]+\/profile$/,
    ({ body }) => ({ status: 200, body: Object.assign(numberProfile, body) }),
  ],
  ["POST", /^\/v1\/numbers\/(?:[^/]+\/)?check$/, () => ({ status: 200, body: numberCheck })],
  [
    "POST",
    /^\/v1\/numbers$/,
    ({ body }) => {
      if (numbers.some((n) => n.phone_number_id === body.phone_number_id))
        return problem(409, "number_already_connected");
      const n = {
        id: uuid(Date.now(), rng),
        waba_id: body.waba_id,
        phone_number_id: body.phone_number_id,
        display_phone_number: body.display_phone_number,
        verified_name: null,
        ...healthy,
        created_at: iso(Date.now()),
      };
      numbers.push(n);
      return { status: 201, body: n };
    },
  ],
  [
    "DELETE",
    /^\/v1\/numbers\/([^/]+)$/,
    ({ params }) => {
      numbers.splice(
        numbers.findIndex((n) => n.id === params[0]),
        1,
      );
      return { status: 204 };
    },
  ],
  ["GET", /^\/v1\/conversations$/, ({ query }) => listConversations(query)],
  ["GET", /^\/v1\/conversations\/([^/]+)$/, ({ c }) => ({ status: 200, body: wire(c) })],
  [
    "PATCH",
    /^\/v1\/conversations\/([^/]+)$/,
    ({ c, body }) => {
      if (body.status && body.status !== c.status)
        touch(
          c,
          { status: body.status, closed_at: body.status === "closed" ? iso(Date.now()) : null },
          body.status === "closed" ? "closed" : "reopened",
        );
      if ("assignee_id" in body) {
        const m = members.find((x) => x.id === body.assignee_id);
        touch(c, { assignee: m ? short(m) : null }, "assigned");
      }
      return { status: 200, body: wire(c) };
    },
  ],
  [
    "POST",
    /^\/v1\/conversations\/([^/]+)\/read$/,
    ({ c }) => ({ status: 200, body: wire(touch(c, { unread_count: 0 }, "read")) }),
  ],
  [
    "GET",
    /^\/v1\/conversations\/([^/]+)\/messages$/,
    ({ c, query }) => {
      const before = query.get("cursor");
      const list = thread(c)
        .toReversed()
        .filter((m) => !before || m.id < before);
      const items = list.slice(0, 50);
      return { status: 200, body: { items, next_cursor: list.length > 50 ? items.at(-1).id : null } };
    },
  ],
  [
    "POST",
    /^\/v1\/conversations\/([^/]+)\/messages$/,
    ({ c, body, key }) => {
      if (c.status === "closed") return problem(409, "conversation_closed");
      if (body.type !== "template" && c.service_window_ends_at < iso(Date.now()))
        return problem(409, "service_window_closed");
      const { parts, problem: why } = sentParts(body);
      if (why) return problem(...why);
      if (parts.text?.includes("recusa")) return problem(422, "message_invalid");
      return { status: 201, body: send(c, body, parts, key) };
    },
  ],
  [
    "POST",
    /^\/v1\/conversations\/([^/]+)\/messages\/([^/]+)\/retry$/,
    ({ c, params }) => {
      const message = thread(c).find((m) => m.id === params[1]);
      setStatus(c, message, "queued");
      setTimeout(() => setStatus(c, message, "sent"), 500);
      setTimeout(() => setStatus(c, message, "delivered"), 1200);
      return { status: 200, body: message };
    },
  ],
  [
    "PUT",
    /^\/v1\/conversations\/([^/]+)\/messages\/([^/]+)\/reaction$/,
    ({ c, params, body }) => ({ status: 200, body: setReaction(c, params[1], body.emoji) }),
  ],
  [
    "DELETE",
    /^\/v1\/conversations\/([^/]+)\/messages\/([^/]+)\/reaction$/,
    ({ c, params }) => ({ status: 200, body: setReaction(c, params[1], null) }),
  ],
  ["POST", /^\/v1\/conversations\/([^/]+)\/typing$/, () => ({ status: 204 })],
  [
    "POST",
    /^\/v1\/conversations$/,
    ({ body, key }) => {
      const { parts, problem: why } = sentParts(body.message);
      if (why) return problem(...why);
      const c =
        conversations.find((one) => one.contact.id === body.contact_id) ??
        newConversation(body.phone, body.name);
      return { status: 201, body: send(c, body.message, parts, key) };
    },
  ],
  [
    "GET",
    /^\/v1\/templates$/,
    ({ query }) => {
      const q = plain(query.get("q") ?? "");
      return paged(
        templates.filter((one) => plain(`${one.name} ${one.body}`).includes(q)),
        query,
      );
    },
  ],
  [
    "GET",
    /^\/v1\/templates\/([^/]+)$/,
    ({ params }) => ({ status: 200, body: templates.find(({ id }) => id === params[0]) }),
  ],
  ["GET", /^\/v1\/template-accounts$/, () => ({ status: 200, body: { items: [], next_cursor: null } })],
  [
    "GET",
    /^\/v1\/contacts$/,
    ({ query }) => {
      const q = plain(query.get("q") ?? "");
      const found = conversations.filter((c) => plain(`${c.contact.name} ${c.contact.phone}`).includes(q));
      const contacts = new Map(found.slice(0, 40).map((c) => [c.contact.id, contactOf(c)]));
      return paged([...contacts.values()], query);
    },
  ],
  ["POST", /^\/__mock\/template$/, ({ body }) => ({ status: 200, body: changeTemplate(body.name) })],
  [
    "POST",
    /^\/v1\/media\/([^/]+)\/retry$/,
    ({ params }) => {
      for (const c of conversations.slice(0, 30)) {
        const message = thread(c).find((m) => m.media?.id === params[0]);
        if (!message) continue;
        settle(c, message, "pending");
        setTimeout(() => settle(c, message, "ready"), 1500);
        return { status: 200, body: message };
      }
      return problem(404, "not_found");
    },
  ],
  [
    "GET",
    /^\/v1\/contacts\/([^/]+)$/,
    ({ params }) => {
      const c = conversations.find((x) => x.contact.id === params[0]);
      return c ? { status: 200, body: contactOf(c) } : problem(404, "not_found");
    },
  ],
  [
    "PATCH",
    /^\/v1\/contacts\/([^/]+)$/,
    ({ params, body }) => {
      const c = conversations.find((x) => x.contact.id === params[0]);
      c.contact = { ...c.contact, name: body.name, _version: (c.contact._version ?? 1) + 1 };
      emit("contact.changed", { contact: contactOf(c) });
      return { status: 200, body: contactOf(c) };
    },
  ],
  [
    "POST",
    /^\/__mock\/deliver$/,
    ({ body }) => {
      receive(byId.get(body.conversation) ?? conversations[body.index ?? 0], body.text);
      return { status: 204 };
    },
  ],
  [
    "POST",
    /^\/__mock\/drop$/,
    () => {
      for (const s of sockets) s.terminate();
      return { status: 204 };
    },
  ],
  [
    "POST",
    /^\/__mock\/logout$/,
    () => {
      loggedIn = false;
      for (const s of sockets) s.close(4401);
      return { status: 204 };
    },
  ],
  [
    "POST",
    /^\/__mock\/traffic$/,
    ({ body }) => {
      traffic = body.on;
      return { status: 204 };
    },
  ],
  [
    "POST",
    /^\/__mock\/delay$/,
    ({ body }) => {
      delay = body.ms;
      return { status: 204 };
    },
  ],
  [
    "GET",
    /^\/__mock\/conversations$/,
    () => ({
      status: 200,
      body: conversations.slice(0, 30).map((c) => ({ id: c.id, name: c.contact.name, status: c.status })),
    }),
  ],
];

function answer(request, body) {
  const url = new URL(request.url, "http://mock");
  const open =
    url.pathname.startsWith("/__mock") || (request.method === "POST" && url.pathname === "/v1/session");
  if (!open && !loggedIn) return problem(401, "not_authenticated");
  if (!open && request.method !== "GET" && request.headers["x-csrf-token"] !== "mock-csrf")
    return problem(403, "csrf_failed");
  for (const [method, path, handle] of routes) {
    const match = request.method === method && path.exec(url.pathname);
    if (!match) continue;
    const params = match.slice(1);
    const c = url.pathname.startsWith("/v1/conversations/") ? byId.get(params[0]) : undefined;
    if (url.pathname.startsWith("/v1/conversations/") && !c) return problem(404, "not_found");
    return handle({ params, body, query: url.searchParams, c, key: request.headers["idempotency-key"] });
  }
  return problem(404, "not_found");
}

/** Bytes with ranges, as players ask for them. */
function sendMedia(request, response, id) {
  const file = loggedIn && (uploadedFile(id) ?? mediaFile(id));
  if (!file) return response.writeHead(404).end();
  const size = file.bytes.length;
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  const from = asked ? Number(asked[1]) : 0;
  const to = asked?.[2] ? Math.min(Number(asked[2]), size - 1) : size - 1;
  response.writeHead(asked ? 206 : 200, {
    "content-type": file.type,
    "content-length": to - from + 1,
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=86400",
    ...(asked && { "content-range": `bytes ${from}-${to}/${size}` }),
  });
  response.end(file.bytes.subarray(from, to + 1));
}

const server = createServer(async (request, response) => {
  const file = /^\/v1\/media\/([^/?]+)$/.exec(request.url);
  if (file && request.method === "GET") return setTimeout(() => sendMedia(request, response, file[1]), delay);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (request.url.startsWith("/v1/uploads")) {
    const { searchParams } = new URL(request.url, "http://mock");
    const { upload, problem: why } = keepUpload(searchParams, bytes, request.headers["content-type"]);
    const answered = why ? problem(...why) : { status: 201, body: upload };
    return setTimeout(() => {
      response.writeHead(answered.status, { "content-type": "application/json" });
      response.end(JSON.stringify(answered.body));
    }, delay * 10);
  }
  const text = bytes.toString();
  const { status, body } = answer(request, text ? JSON.parse(text) : {});
  setTimeout(
    () => {
      response.writeHead(status, {
        "content-type": status < 400 ? "application/json" : "application/problem+json",
      });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    },
    request.url.startsWith("/__mock") ? 0 : delay,
  );
});
const live = new WebSocketServer({ noServer: true });
server.on("upgrade", (request, socket, head) =>
  live.handleUpgrade(request, socket, head, (ws) => {
    if (!loggedIn) return ws.close(4401);
    const after = new URL(request.url, "http://mock").searchParams.get("after");
    ws.send(
      JSON.stringify({
        type: "hello",
        position: after ?? facts.at(-1)?.id ?? uuid(Date.now(), rng),
        server_time: iso(Date.now()),
      }),
    );
    if (after) for (const fact of facts) if (fact.id > after) ws.send(JSON.stringify(fact));
    sockets.add(ws);
    const ping = setInterval(() => ws.send(JSON.stringify({ type: "ping" })), 20_000);
    ws.on("message", (data) => process.env.MOCK_LOG && console.log("client:", String(data)));
    ws.on("close", () => {
      clearInterval(ping);
      sockets.delete(ws);
    });
  }),
);
server.listen(port, "127.0.0.1", () => console.log(`mock server on http://127.0.0.1:${port}`));
