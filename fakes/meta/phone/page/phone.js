// The phones: who there is, one chat, and what can be done in it. Everything is done through the control API.
import { drawMeta } from "/_phone/meta.js";

const $ = (id) => document.getElementById(id);
const at = { number: "", customer: "", quote: null };
const drawn = {};
let people = [];

export function make(tag, more = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(more)) {
    if (value === undefined || value === null) continue;
    if (key === "on") for (const [name, act] of Object.entries(value)) node.addEventListener(name, act);
    else if (key in node && typeof value !== "string") node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw new Error(told.error ?? `${method} ${path}: ${answer.status}`);
  }
  return answer.status === 204 ? null : answer.json();
}

let silence;
export function say(text) {
  $("said").textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => ($("said").textContent = ""), 4000);
}

/** Does something, says what went wrong, and looks again at once. */
export async function act(method, path, body) {
  try {
    await ask(method, `/_control/${path}`, body);
  } catch (error) {
    say(error.message);
  }
  await look();
}
const mine = (what, body) => act("POST", `customers/${at.customer}/${what}`, body);
const write = (body) => {
  const reply_to = at.quote?.id;
  quote(null);
  return mine("messages", { phone_number_id: at.number, ...(reply_to ? { reply_to } : {}), ...body });
};

/** True once for each new state: nothing is drawn again that has not changed. */
function isNew(part, value) {
  const text = JSON.stringify(value);
  if (drawn[part] === text) return false;
  drawn[part] = text;
  return true;
}

const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

function pane(name) {
  document.body.dataset.pane = name;
  for (const button of $("panes").children) button.setAttribute("aria-current", button.dataset.to === name);
}

// People.

function drawPeople(shown) {
  if (isNew("numbers", shown.numbers)) {
    $("number").replaceChildren(
      ...shown.numbers.map((one) => make("option", { value: one.id }, `${one.name} · +${one.digits}`)),
    );
    $("number").value = shown.number;
  }
  if (!isNew("people", [shown.people, at.customer])) return;
  $("list").replaceChildren(
    ...shown.people.map((one) =>
      make("li", {}, make(
        "button",
        { type: "button", "aria-current": String(one.id === at.customer), on: { click: () => choose(one.id) } },
        make("span", { class: "face", "aria-hidden": "true" }, [...one.name][0] ?? "?"),
        make("span", { class: "name" }, one.name),
        make("span", { class: "when" }, one.last ? clock(one.last.at) : ""),
        make("span", { class: "last" }, one.last?.text ?? (one.phone ? `+${one.phone}` : `@${one.username ?? "no phone"}`)),
        one.unread > 0 && make("span", { class: "count" }, String(one.unread)),
      )),
    ),
  );
}

async function choose(id) {
  at.customer = id;
  quote(null);
  pane("chat");
  const one = people.find((person) => person.id === id);
  // Opening a chat is reading it, and who reads again is online again.
  if (one?.online && one.unread > 0) await mine("read", { phone_number_id: at.number });
  await look();
  $("say").elements.text.focus();
}

// The chat.

function drawHead(one) {
  if (!isNew("head", one ?? null)) return;
  $("who").textContent = one?.name ?? "Choose a customer";
  const known = one && (one.hidden_phone || !one.phone ? `@${one.username ?? "hidden"}, number hidden` : `+${one.phone}`);
  $("state").textContent = one ? [known, one.stopped && "no marketing"].filter(Boolean).join(" · ") : "";
  const toggle = (text, pressed, change) =>
    make("button", { type: "button", "aria-pressed": String(pressed), on: { click: change } }, text);
  const change = (body) => act("PATCH", `customers/${one.id}`, body);
  $("switches").replaceChildren(
    ...(one
      ? [
          toggle("Online", one.online, () => change({ online: !one.online })),
          toggle("Read receipts", one.reads, () => change({ reads: !one.reads })),
          toggle("Blocked shop", one.blocked, () => change({ blocked: !one.blocked })),
        ]
      : []),
  );
}

function drawThread(bubbles) {
  if (!isNew("thread", [at.customer, bubbles])) return;
  const box = $("thread");
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  box.replaceChildren(...bubbles.map(drawBubble));
  if (atEnd || box.dataset.of !== at.customer) box.scrollTop = box.scrollHeight;
  box.dataset.of = at.customer;
}

function drawBubble(one) {
  const own = one.from === "me";
  const reacted = Object.values(one.reactions).filter(Boolean);
  const small = (text, label, run) => make("button", { type: "button", title: label, "aria-label": label, on: { click: run } }, text);
  return make(
    "li",
    { class: `bubble ${own ? "me" : "shop"}` },
    one.quoted && make("blockquote", {}, `${one.quoted.from === "me" ? "You" : "Shop"}: ${one.quoted.text}`),
    one.header && make("p", { class: "head" }, one.header),
    one.file && drawFile(one),
    one.place && make("p", {}, `📍 ${one.place.name ?? `${one.place.latitude}, ${one.place.longitude}`}`),
    one.type === "revoked" ? make("p", { class: "foot" }, "🚫 You deleted this message") : one.text && make("p", {}, one.text),
    one.footer && make("p", { class: "foot" }, one.footer),
    drawTaps(one),
    make(
      "p",
      { class: "meta" },
      small("↩", "Reply", () => quote(one)),
      small("🙂", "React", () => react(one)),
      own && one.type === "text" && small("✎", "Edit", () => edit(one)),
      own && small("🗑", "Delete for everyone", () => mine("revokes", { wamid: one.id })),
      !own && one.file?.voice && small("▶", "Mark as played", () => mine("plays", { wamid: one.id })),
      clock(one.at),
      own && make("span", { class: `ticks${one.read ? " read" : ""}`, title: one.read ? "Read" : "Delivered" }, "✓✓"),
    ),
    reacted.length > 0 && make("span", { class: "reactions" }, reacted.join(" ")),
  );
}

function drawFile({ file }) {
  if (!file.id) return make("p", {}, `🔗 ${file.link ?? file.filename ?? file.kind}`);
  const src = `/_phone/files/${encodeURIComponent(file.id)}`;
  if (file.kind === "image" || file.kind === "sticker") return make("img", { src, alt: file.kind, class: file.kind });
  if (file.kind === "video") return make("video", { src, controls: true, preload: "metadata" });
  if (file.kind === "audio") return make("audio", { src, controls: true, preload: "metadata" });
  return make("p", {}, make("a", { href: src, download: file.filename ?? "" }, `📄 ${file.filename ?? "Document"}`));
}

function drawTaps(one) {
  if (!one.taps.length && !one.rows.length) return null;
  const tap = (text) => mine("taps", { wamid: one.id, choice: text });
  const does = {
    tap: (text) => tap(text),
    open: () => mine("clicks", { phone_number_id: at.number }),
    location: () => write({ type: "location", content: PLACE, reply_to: one.id }),
    contact: () => mine("contact-shares", { wamid: one.id }),
    flow: () => mine("flow-answers", { wamid: one.id }),
  };
  return make(
    "div",
    { class: "taps" },
    ...one.taps.map(({ does: what, text }) =>
      make("button", { type: "button", on: { click: () => does[what](text) } }, what === "open" ? `${text} ↗` : text),
    ),
    one.opens && make("p", { class: "foot" }, `☰ ${one.opens}`),
    ...one.rows.map((row) =>
      make("button", { type: "button", class: "row", on: { click: () => tap(row.title) } }, row.title,
        row.description && make("small", {}, row.description)),
    ),
  );
}

function quote(one) {
  at.quote = one;
  $("quote").hidden = !one;
  if (one) {
    $("quote").replaceChildren(`Replying to: ${one.text || `[${one.type}]`} `, make("button", { type: "button", on: { click: () => quote(null) } }, "✕"));
    $("say").elements.text.focus();
  }
}

function edit(one) {
  const text = prompt("Edit", one.text);
  if (text !== null && text.trim()) mine("edits", { wamid: one.id, text });
}

function react(one) {
  const emoji = prompt("Emoji; empty takes it back", one.reactions.me ?? "👍");
  if (emoji === null) return;
  const content = { message_id: one.id, ...(emoji.trim() ? { emoji: emoji.trim() } : {}) };
  mine("messages", { phone_number_id: at.number, type: "reaction", content });
}

// Saying something.

const PLACE = { latitude: -23.5614, longitude: -46.6559, name: "Av. Paulista, 1578", address: "São Paulo" };
const CARD = { name: { formatted_name: "Bruno Lima", first_name: "Bruno" }, phones: [{ phone: "+55 11 98555-0133", type: "CELL" }] };
const ATTACH = {
  Photo: () => write({ type: "image" }),
  Video: () => write({ type: "video" }),
  "Voice message": () => write({ type: "audio", content: { voice: true } }),
  Document: () => write({ type: "document" }),
  Sticker: () => write({ type: "sticker" }),
  "From this computer…": () => $("file").click(),
  Location: () => write({ type: "location", content: PLACE }),
  Contact: () => write({ type: "contacts", content: { contacts: [CARD] } }),
  "From an ad": () => write({ text: "Vi o anúncio de vocês", referral: { source_url: "https://fb.me/1", source_type: "ad", source_id: "120210000000000001", headline: "Coleção nova", body: "Veja as peças", ctwa_clid: "ARAkLkA8rmlFeiCktEJQ" } }),
  "Missed call": () => mine("calls", { phone_number_id: at.number }),
  "Answered call": () => mine("calls", { phone_number_id: at.number, duration_s: 42 }),
  "Stop marketing": () => mine("preferences", { phone_number_id: at.number, choice: "stop" }),
  "Resume marketing": () => mine("preferences", { phone_number_id: at.number, choice: "resume" }),
  "New BSUID": () => mine("identity", {}),
  "New phone number…": () => {
    const phone = prompt("New phone number");
    if (phone) mine("identity", { phone });
  },
};
$("attach").replaceChildren(
  ...Object.entries(ATTACH).map(([name, run]) =>
    make("button", { type: "button", on: { click: () => { open(false); run(); } } }, name),
  ),
);
function open(shown) {
  $("attach").hidden = !shown;
  $("more").setAttribute("aria-expanded", String(shown));
}
$("more").addEventListener("click", () => open($("attach").hidden));

$("file").addEventListener("change", async () => {
  const [file] = $("file").files;
  $("file").value = "";
  if (!file) return;
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let from = 0; from < bytes.length; from += 32768) binary += String.fromCharCode(...bytes.subarray(from, from + 32768));
  const kind = { image: "image", video: "video", audio: "audio" }[file.type.split("/")[0]] ?? "document";
  write({
    type: kind,
    content: kind === "document" ? { filename: file.name } : kind === "audio" ? { voice: false } : {},
    media: { mime_type: file.type || "application/octet-stream", data_base64: btoa(binary) },
  });
});

$("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = $("say").elements.text;
  const text = field.value;
  if (!text.trim() || !at.customer) return;
  field.value = "";
  write({ text });
});

$("new").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = $("new");
  const name = form.elements.name.value.trim();
  const phone = form.elements.phone.value.trim();
  const username = name.normalize("NFD").replace(/[^A-Za-z0-9]+/g, ".").toLowerCase().slice(0, 30) || "customer";
  try {
    const made = await ask("POST", "/_control/customers", phone ? { name, phone } : { name, username, hidden_phone: true });
    form.reset();
    await look();
    await choose(made.id);
  } catch (error) {
    say(error.message);
  }
});

$("number").addEventListener("change", () => {
  at.number = $("number").value;
  look();
});
for (const button of $("panes").children) button.addEventListener("click", () => pane(button.dataset.to));

// Looking again and again: a tool on one machine needs nothing cleverer.

let looking = false;
export async function look() {
  if (looking) return;
  looking = true;
  try {
    const query = at.number ? `?phone_number_id=${at.number}` : "";
    const shown = await ask("GET", `/_phone/show/people${query}`);
    at.number = shown.number;
    people = shown.people;
    drawPeople(shown);
    const one = people.find((person) => person.id === at.customer);
    drawHead(one);
    if (one) drawThread(await ask("GET", `/_phone/show/thread?phone_number_id=${at.number}&customer_id=${one.id}`));
    const meta = at.number ? await ask("GET", `/_phone/show/meta?phone_number_id=${at.number}`) : null;
    if (meta && isNew("meta", [meta, Math.floor(shown.now / 60)])) drawMeta($("inside"), meta, at.number, shown.now);
    document.body.dataset.connected = "true";
  } catch (error) {
    document.body.dataset.connected = "false";
    say(`The simulator does not answer: ${error.message}`);
  } finally {
    looking = false;
  }
}
pane("people");
await look();
setInterval(() => document.hidden || look(), 700);
