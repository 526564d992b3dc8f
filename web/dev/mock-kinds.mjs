// One message of every kind, in every state it can stand in, for the conversation "Todos os Tipos"; and the
// small files they point to, drawn and sung here but for one short clip. Never part of the build.
import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { iso, random, uuid } from "./mock-data.mjs";

const scene = (w, h, sky, hill, extra = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}"><defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${sky[0]}"/><stop offset="1" stop-color="${sky[1]}"/></linearGradient></defs><rect width="${w}" height="${h}" fill="url(#s)"/><circle cx="${w * 0.72}" cy="${h * 0.3}" r="${h * 0.09}" fill="#fff4d6"/><path d="M0 ${h * 0.7}Q${w * 0.25} ${h * 0.5} ${w * 0.5} ${h * 0.68}T${w} ${h * 0.6}V${h}H0z" fill="${hill[0]}"/><path d="M0 ${h * 0.85}Q${w * 0.35} ${h * 0.65} ${w * 0.6} ${h * 0.82}T${w} ${h * 0.78}V${h}H0z" fill="${hill[1]}"/>${extra}</svg>`;
const dress =
  '<path d="M560 230h80l18 90-20 60 92 330H470l92-330-20-60z" fill="#2456a6"/><path d="M562 380h76" stroke="#f6e7c1" stroke-width="10"/>';
const receipt = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 1520" width="720" height="1520"><rect width="720" height="1520" fill="#faf9f6"/><g font-family="sans-serif" fill="#222"><text x="60" y="140" font-size="52" font-weight="700">Comprovante Pix</text><text x="60" y="230" font-size="34">23 nov 2026, 09:41</text>${["Valor  R$ 189,90", "Para  Loja Aurora", "De  Camila Ribeiro", "Instituição  Banco Exemplo", "ID  E0000000020261123"].map((line, i) => `<text x="60" y="${380 + i * 110}" font-size="38">${line}</text><path d="M60 ${410 + i * 110}H660" stroke="#ddd" stroke-width="2"/>`).join("")}</g></svg>`;
const sticker =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="512" height="512"><circle cx="256" cy="256" r="230" fill="#ffd75e" stroke="#fff" stroke-width="18"/><circle cx="180" cy="210" r="30"/><circle cx="332" cy="210" r="30"/><path d="M150 300q106 120 212 0" fill="none" stroke="#000" stroke-width="24" stroke-linecap="round"/></svg>';

/** Twelve seconds that rise and fall like somebody talking. */
function song(seconds) {
  const rate = 8000;
  const data = Buffer.alloc(rate * seconds);
  for (let i = 0; i < data.length; i++) {
    const t = i / rate;
    const loud = Math.abs(Math.sin(t * 5)) * (Math.sin(t * 1.3) > -0.6 ? 1 : 0);
    data[i] = 128 + 40 * loud * Math.sin(2 * Math.PI * (180 + 40 * Math.sin(t * 3)) * t);
  }
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

function pdf() {
  const text = deflateSync(Buffer.from("BT /F1 24 Tf 72 720 Td (Nota fiscal 4711) Tj ET"));
  return Buffer.concat([
    Buffer.from(
      `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Contents 4 0 R>>endobj\n4 0 obj<</Length ${text.length}/Filter/FlateDecode>>stream\n`,
    ),
    text,
    Buffer.from("\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"),
  ]);
}

const svg = (text) => ["image/svg+xml", () => Buffer.from(text)];
const files = {
  dress: svg(scene(1200, 900, ["#f3d9c0", "#e9b98f"], ["#b98a6a", "#8f6650"], dress)),
  wide: svg(scene(1600, 700, ["#9fc7e8", "#e8eef2"], ["#7d9f80", "#56785d"])),
  receipt: svg(receipt),
  sticker: svg(sticker),
  voice: ["audio/wav", () => song(12)],
  song: ["audio/wav", () => song(47)],
  pdf: ["application/pdf", pdf],
  clip: ["video/webm", () => readFileSync(new URL("clip.webm", import.meta.url))],
  csv: ["text/csv", () => Buffer.from("produto;quantidade\nvestido azul;2\n")],
};

/** What the mock answers under /v1/media; ids are `<file>-<n>`, unknown files are gone. */
export function mediaFile(id) {
  const [type, bytes] = files[id.split("-")[0]] ?? [];
  return type && { type, bytes: bytes() };
}

let count = 0;
const media = (kind, file, mime_type, more = {}) => {
  count += 1;
  return {
    id: `${file}-${count}`,
    kind,
    mime_type,
    filename: null,
    size: 48_213,
    voice: false,
    animated: false,
    status: "ready",
    ...more,
  };
};
const jpg = (file, more) => ({ type: "image", media: media("image", file, "image/jpeg", more) });
const doc = (filename, mime, file, more) => ({
  type: "document",
  media: media("document", file, mime, { filename, ...more }),
});

/** What a conversation of the list may end in besides words. */
export const lastPart = (kind) =>
  kind === "photo"
    ? jpg("receipt")
    : {
        type: "order",
        content: {
          of: "order",
          catalog_id: "77",
          items: [{ product_retailer_id: "bolsa-couro", quantity: 1, item_price: 320, currency: "BRL" }],
        },
      };

/** Oldest first; `key` names what a later one quotes. */
const script = [
  {
    text: "Oi! Vi o anúncio do vestido, ainda tem?",
    key: "first",
    referral: {
      source_url: "https://fb.me/2kXyz",
      source_type: "ad",
      source_id: "1200",
      headline: "Vestidos de verão com 20 % até domingo",
      body: "Fale com a gente no WhatsApp e receba o catálogo completo da Loja Aurora.",
      media_type: "image",
      ctwa_clid: "ARA-x",
    },
  },
  { out: true, text: "Oi! Temos sim. Qual deles?" },
  { ...jpg("dress"), key: "dress", reactions: [{ emoji: "❤️", by: "us" }] },
  {
    ...jpg("wide"),
    text: "E esse aqui, que aparece no fundo da vitrine? Gostei muito da estampa dele também.",
  },
  { out: true, text: "Os dois! Qual prefere?", quotes: "dress", reactions: [{ emoji: "😍", by: "contact" }] },
  { type: "choice", content: { of: "choice", kind: "button", title: "Quero o azul" } },
  {
    type: "choice",
    content: {
      of: "choice",
      kind: "list",
      title: "Entrega em casa",
      description: "Campinas e região, até 3 dias úteis, R$ 18,90",
    },
  },
  { type: "audio", media: media("audio", "voice", "audio/ogg; codecs=opus", { voice: true }) },
  {
    type: "audio",
    media: media("audio", "song", "audio/mpeg", { filename: "jingle da loja.mp3" }),
    forwarded: true,
  },
  { type: "sticker", media: media("sticker", "sticker", "image/webp") },
  { type: "video", media: media("video", "gone", "video/mp4"), text: "Olha como ficou na minha irmã" },
  { type: "video", media: media("video", "clip", "video/webm") },
  doc("Nota fiscal 4711.pdf", "application/pdf", "pdf", { size: 182_340 }),
  doc("lista de presentes do casamento da Juliana e do Rafael (versão final 2).xlsx", "text/csv", "csv"),
  {
    type: "location",
    content: {
      of: "location",
      latitude: -22.9056,
      longitude: -47.0608,
      name: "Praça Carlos Gomes",
      address: "R. Irmã Serafina, Centro, Campinas",
      url: "https://praca.example/",
    },
  },
  { type: "location", content: { of: "location", latitude: -22.9, longitude: -47.06 } },
  {
    type: "contacts",
    content: {
      of: "contacts",
      contacts: [
        {
          name: "Dona Lúcia Costureira",
          phones: [{ phone: "+5519998765432", wa_id: "5519998765432" }],
          emails: ["lucia@ateliê.example"],
          organization: "Ateliê da Lúcia",
        },
        { name: "Motoboy", phones: [{ phone: "+5519911112222" }], emails: [] },
      ],
    },
  },
  {
    type: "order",
    content: {
      of: "order",
      catalog_id: "77",
      note: "Se puder, embrulha pra presente 🎁",
      items: [
        { product_retailer_id: "vestido-midi-azul-M", quantity: 1, item_price: 189.9, currency: "BRL" },
        { product_retailer_id: "cinto-fino", quantity: 2, item_price: 39.5, currency: "BRL" },
      ],
    },
  },
  {
    type: "flow",
    content: {
      of: "flow",
      name: "Agendar prova",
      answers: {
        flow_token: "x",
        screen_0_Data_da_prova_0: "2026-11-27",
        screen_0_Período_1: "1_Tarde",
        screen_1_Acompanhantes_2: ["0_Irmã", "1_Mãe"],
        aceitaPromoções: true,
      },
    },
  },
  { type: "system", content: { of: "system", kind: "user_changed_number", body: "A changed from 1 to 2" } },
  { text: "Mudei de número, mas sou eu!", edited: true },
  { text: null, revoked: true },
  { out: true, text: null, revoked: true },
  { ...jpg("receipt"), text: "Comprovante" },
  { ...jpg("dress", { status: "pending", size: null }) },
  { ...jpg("dress", { status: "failed", size: null }), key: "failed" },
  { type: "audio", media: media("audio", "voice", "audio/ogg", { voice: true, status: "pending" }) },
  { type: "audio", media: media("audio", "voice", "audio/ogg", { voice: true, status: "failed" }) },
  doc("contrato.docx", "application/msword", "gone", { status: "pending", size: null }),
  doc("contrato.docx", "application/msword", "gone", { status: "failed", size: null }),
  { text: "Esse aqui, lembra?", quotes: "first" },
  { text: "E aquele da semana passada?", quotesElsewhere: true },
  { text: null, type: "unsupported", unsupported_type: "poll" },
  {
    text: "Fechado então, muito obrigada!",
    forwarded: true,
    reactions: [
      { emoji: "👍", by: "us" },
      { emoji: "🙏", by: "contact" },
    ],
  },
];

export function everyKind(conversation, make) {
  const rng = random(31);
  const end = Date.parse(conversation.last_message_at);
  const named = new Map();
  return script.map(({ out, key, quotes, quotesElsewhere, edited, revoked, ...part }, index) => {
    const at = end - (script.length - 1 - index) * 95e3;
    const message = {
      ...make(conversation, rng, at, !out, {}),
      text: null,
      type: "text",
      ...part,
      reactions: (part.reactions ?? []).map((reaction) => ({ ...reaction, at: iso(at + 4e3) })),
      edited_at: edited ? iso(at + 60e3) : null,
      revoked_at: revoked ? iso(at + 60e3) : null,
    };
    if (key) named.set(key, message);
    const target = named.get(quotes);
    if (target) message.reply_to = { id: target.id, wamid: target.wamid, preview: target.text };
    if (quotesElsewhere) {
      message.reply_to = {
        id: uuid(at - 30 * 864e5, rng),
        wamid: "wamid.old",
        preview: "Chegou o vestido verde!",
      };
    }
    return message;
  });
}
