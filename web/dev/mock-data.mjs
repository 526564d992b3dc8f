// Ten thousand believable conversations for `npm run dev:mock`: same seed, same shop. Never part of the build.
import { everyKind, lastPart } from "./mock-kinds.mjs";

export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
export const pick = (rng, list) => list[Math.floor(rng() * list.length)];

const hex = (rng, n) => Array.from({ length: n }, () => Math.floor(rng() * 16).toString(16)).join("");
export function uuid(at, rng) {
  const time = Math.floor(at).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(rng, 3)}-8${hex(rng, 3)}-${hex(rng, 12)}`;
}
export const iso = (ms) => new Date(ms).toISOString();

const first =
  "Maria Ana João Pedro Lucas Juliana Camila Rafael Fernanda Beatriz Thiago Larissa Gustavo Carla Débora Vinícius Patrícia Rodrigo Simone Márcia Valentina Sofía Mateo Diego Lucía Joaquín Renata Aparecida Wellington Érica".split(
    " ",
  );
const last =
  "Silva Souza Oliveira Santos Pereira Ferreira Rodríguez García Almeida Costa Gomes Ribeiro Martins Carvalho Rocha Barbosa Dias Nogueira Prado Monteiro".split(
    " ",
  );
const lines = [
  "Oi, boa tarde! Vocês ainda têm o vestido azul no tamanho M?",
  "Qual o valor do frete pra Campinas?",
  "bom dia, meu pedido ainda não chegou, podem ver pra mim?",
  "Aceita pix?",
  "Quero trocar, ficou pequeno 😅",
  "Obrigada!! Amei o atendimento",
  "Hola, ¿hacen envíos a Montevideo?",
  "Dá pra separar até sexta? Passo aí no fim da tarde com a minha irmã, ela também quer ver as bolsas novas que vocês postaram ontem.",
  "Vocês abrem domingo?",
  "esse aqui tem em outra cor? https://loja-aurora.example/produto/vestido-midi-azul",
  "ok",
  "👍",
  "Perfeito, vou fazer o pix agora e já mando o comprovante",
  "E o prazo? Preciso pra um casamento dia 12, não pode atrasar de jeito nenhum…",
];
const ours = [
  "Oi! Temos sim, no M e no G. Quer que eu separe?",
  "Para Campinas o frete fica R$ 18,90 e chega em até 3 dias úteis.",
  "Já vi aqui: saiu para entrega hoje cedo. Qualquer coisa me chama!",
  "Aceitamos pix, cartão em até 6x sem juros e boleto.",
  "Claro! Pode trocar em até 30 dias, é só trazer com a etiqueta.",
  "Separado 💛 Fica guardado até sexta às 18h.",
];
export const textIn = (rng) => pick(rng, lines);
export const textOut = (rng) => pick(rng, ours);

export const members = [
  ["Ana Prado", "owner", "ana@aurora.example"],
  ["Bruno Teles", "manager", "bruno@aurora.example"],
  ["Carla Nogueira", "agent", "carla@aurora.example"],
  ["Davi Monteiro", "agent", "davi@aurora.example"],
  ["Elisa Campos do Amaral Vasconcelos", "compliance", "elisa@aurora.example"],
].map(([name, role, email], i) => ({
  id: `018f0000-0000-7000-8000-00000000000${i + 1}`,
  name,
  email,
  role,
  created_at: iso(Date.UTC(2026, 2 + i, 3, 12)),
}));
/** What is known of a number that works and was looked at. */
export const healthy = {
  username: null,
  status: "connected",
  own_app: false,
  quality_rating: "green",
  messaging_limit_tier: "tier_2k",
  throughput_level: "standard",
  name_status: "approved",
  meta_status: "connected",
  account_mode: "live",
  can_send: "available",
  restrictions: [],
  coexistence: false,
  paused_until: null,
  pause_reason: null,
  token_kind: "system_user",
  token_expires_at: null,
  token_checked_at: iso(Date.UTC(2026, 10, 25, 6)),
  token_scopes: ["whatsapp_business_management", "whatsapp_business_messaging"],
  last_problem: null,
  checked_at: iso(Date.UTC(2026, 10, 25, 6)),
  last_webhook_at: iso(Date.UTC(2026, 10, 25, 11)),
  onboarded_at: null,
  contacts_status: null,
  history_status: null,
  history_progress: null,
  version: 1,
};
export const numberProfile = {
  about: "Moda com carinho",
  address: "",
  description: "",
  email: "",
  websites: [],
  vertical: "APPAREL",
  profile_picture_url: null,
};
export const numberCheck = {
  ready: false,
  needs_registration: false,
  coexistence: false,
  display_phone_number: "+55 11 4002-8922",
  verified_name: "Loja Aurora",
  checked_at: iso(Date.UTC(2026, 10, 25, 11)),
  lines: [
    { key: "token", result: "ok", reason: "never_ends" },
    { key: "scopes", result: "ok", reason: "all" },
    { key: "number", result: "ok", reason: "in_account", detail: "+55 11 4002-8922" },
    { key: "display_name", result: "warn", reason: "pending", detail: "Loja Aurora" },
    { key: "payment", result: "missing", reason: "none" },
  ],
};
export const numbers = [
  {
    id: "018f0000-0000-7000-8000-0000000000a1",
    waba_id: "102290129340398",
    phone_number_id: "106540352242922",
    display_phone_number: "+55 11 4002-8922",
    verified_name: "Loja Aurora",
    ...healthy,
    created_at: iso(Date.UTC(2026, 4, 2, 14)),
  },
];

/** The special ones come first, so that every state stands near the top of the list. */
const special = [
  { name: "Juliana Ferreira", ago: 40e3, unread: 2, wait: 3 * 60e3, left: 23.9 },
  { name: "Thiago Almeida Rocha", ago: 90e3, unread: 1, wait: 22 * 60e3, left: 3.2, assignee: 0 },
  { name: "Sofía Rodríguez", ago: 150e3, last: "read", left: 22, assignee: 2 },
  { name: "Wellington Souza", ago: 240e3, last: "failed", left: 18, assignee: 0 },
  { name: "Patrícia Gomes", ago: 300e3, last: "uncertain", left: 12, assignee: 0 },
  { name: "محمد الحسن", ago: 380e3, unread: 1, wait: 74 * 60e3, left: 0.6, rtl: true },
  {
    name: "Maria Aparecida de Oliveira Cavalcanti Albuquerque",
    ago: 500e3,
    last: "delivered",
    left: 2.1,
    assignee: 3,
  },
  { name: "🌻 Deise", ago: 620e3, unread: 12, wait: 2.5 * 3600e3, left: 7, hidden: true },
  { name: "Rodrigo Dias", ago: 900e3, last: "sent", left: 23, assignee: 1, reacted: "❤️" },
  { name: "Camila Ribeiro", ago: 1200e3, part: "photo", unread: 1, wait: 20 * 60e3, left: 23.6 },
  { name: "Simone Barbosa", ago: 26 * 3600e3, part: "order", wait: 20 * 3600e3, left: -2, assignee: 0 },
  { name: "Todos os Tipos", ago: 20e3, unread: 1, wait: 60e3, left: 23.9, kinds: true },
  { name: "Long History", ago: 1900e3, last: "read", left: 20, assignee: 0, messages: 5000 },
];

export function makeConversations(total, now) {
  const rng = random(7);
  return Array.from({ length: total }, (_, i) => {
    const s = special[i] ?? {};
    const ago = s.ago ?? 1800e3 + i * 95e3 + rng() * 60e3;
    const at = now - ago;
    const name = s.name ?? `${pick(rng, first)} ${pick(rng, last)}`;
    const waiting = s.wait ?? (i >= special.length && rng() < 0.2 ? ago : 0);
    const inbound = Boolean(waiting) || s.unread > 0;
    const digits = `${11 + Math.floor(rng() * 80)}9${String(Math.floor(rng() * 1e8)).padStart(8, "0")}`;
    const left = s.left ?? 24 - ago / 3600e3 - rng();
    return {
      id: uuid(at - 86400e3 * 3, rng),
      version: 1,
      status: i >= special.length && i % 6 === 0 ? "closed" : "open",
      contact: {
        id: uuid(at - 86400e3 * 40, rng),
        name,
        phone: s.hidden ? null : `+55${digits}`,
        username: s.hidden ? "deise.flores" : null,
      },
      number: {
        id: numbers[0].id,
        display_phone_number: numbers[0].display_phone_number,
        verified_name: "Loja Aurora",
      },
      assignee:
        s.assignee === undefined
          ? rng() < 0.4 && !s.name
            ? short(pick(rng, members))
            : null
          : short(members[s.assignee]),
      unread_count: s.unread ?? (waiting && rng() < 0.5 ? 1 + Math.floor(rng() * 3) : 0),
      last_message: null,
      last_reaction: null,
      last_message_at: iso(at),
      waiting_since: waiting ? iso(now - waiting) : null,
      owned: true,
      owner_role: null,
      service_window_ends_at: iso(now + left * 3600e3),
      created_at: iso(at - 86400e3 * 3),
      closed_at: null,
      _seed: i + 1,
      _special: s,
      _inbound: inbound,
      _count: s.messages ?? 6 + Math.floor(rng() * 40),
    };
  });
}
export const short = (member) => ({ id: member.id, name: member.name });

export function makeMessages(conversation) {
  const rng = random(conversation._seed * 101);
  const s = conversation._special;
  if (s.kinds) return everyKind(conversation, makeMessage);
  const end = Date.parse(conversation.last_message_at);
  const messages = [];
  let at = end;
  for (let i = 0; i < conversation._count; i++) {
    const inbound = i === 0 ? conversation._inbound : i < (s.unread ?? 0) ? true : rng() < 0.55;
    messages.unshift(makeMessage(conversation, rng, at, inbound, i === 0 ? s : {}));
    at -= rng() < 0.7 ? 20e3 + rng() * 240e3 : 3600e3 + rng() * 30 * 3600e3;
  }
  if (s.messages) {
    // A quote whose target is several pages up.
    const [target, latest] = [messages.at(-170), messages.at(-1)];
    latest.reply_to = { id: target.id, wamid: target.wamid, preview: target.text };
  }
  return messages;
}

export function makeMessage(conversation, rng, at, inbound, s = {}) {
  const status = inbound ? "received" : (s.last ?? "read");
  const failed = status === "failed";
  const author = conversation.assignee ?? short(members[2]);
  return {
    id: uuid(at, rng),
    version: 1,
    conversation_id: conversation.id,
    direction: inbound ? "in" : "out",
    type: s.unsupported ? "unsupported" : "text",
    text: s.unsupported
      ? null
      : s.rtl
        ? "مرحبا، هل لديكم فستان أزرق مقاس M؟ أريده قبل يوم الجمعة 🙏"
        : inbound
          ? textIn(rng)
          : textOut(rng),
    status,
    wamid: `wamid.${hex(rng, 24)}`,
    client_id: null,
    sent_at: iso(at),
    status_at: inbound ? null : iso(at + 9e3),
    author: inbound ? { kind: "contact" } : rng() < 0.08 ? { kind: "phone" } : { kind: "user", ...author },
    reply_to: null,
    error: failed
      ? { code: 131026, reason: "not_on_whatsapp", title: "The customer cannot receive it", retryable: true }
      : status === "uncertain"
        ? { code: null, reason: "uncertain", title: "Meta did not confirm", retryable: true }
        : null,
    unsupported_type: s.unsupported ?? null,
    media: null,
    content: null,
    reactions: [],
    edited_at: null,
    revoked_at: null,
    forwarded: false,
    referral: null,
    ...(s.part && { text: null, ...lastPart(s.part) }),
  };
}

export const lastOf = (message) => ({
  id: message.id,
  direction: message.direction,
  type: message.type,
  preview: (message.text ?? message.content?.title ?? message.media?.filename ?? "").slice(0, 120),
  revoked: Boolean(message.revoked_at),
  version: message.version,
  status: message.status,
  sent_at: message.sent_at,
});
