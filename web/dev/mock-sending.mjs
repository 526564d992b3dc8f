// What the mock server knows of sending: templates, uploads, and from a request to the message it becomes.
import { iso, numbers, random, uuid } from "./mock-data.mjs";

const rng = random(4711);
const uploads = new Map();
const param = (key, example) => {
  const [place, name] = [key.slice(0, key.indexOf(".")), key.slice(key.indexOf(".") + 1)];
  return { key, place, name, example };
};
const template = (name, more) => ({
  id: uuid(Date.now(), rng),
  waba_id: "1",
  meta_id: "2",
  name,
  language: "pt_BR",
  category: "utility",
  status: "approved",
  reason: null,
  advice: null,
  quality: "green",
  parameter_format: "positional",
  header: null,
  body: "",
  footer: null,
  buttons: [],
  parameters: [],
  needs_file: null,
  sendable: true,
  not_sendable_reason: null,
  paused_until: null,
  disables_at: null,
  coming_category: null,
  version: 1,
  updated_at: iso(Date.now()),
  ...more,
});

export const templates = [
  template("pedido_a_caminho", {
    parameter_format: "named",
    header: { format: "text", text: "Pedido {{pedido}}" },
    body: "Olá, *{{cliente}}*! Seu pedido saiu para entrega e chega até as {{hora}}.\n\nQualquer coisa, é só responder aqui. 💛",
    footer: "Loja Aurora",
    buttons: [
      { kind: "url", text: "Acompanhar entrega", url: "https://aurora.example/p/{{1}}", phone: null },
      { kind: "quick_reply", text: "Não estarei em casa", url: null, phone: null },
    ],
    parameters: [
      param("header.pedido", "4711"),
      param("body.cliente", "Maria"),
      param("body.hora", "18h"),
      param("button.0", "4711-BR"),
    ],
  }),
  template("retomar_conversa", {
    body: "Oi, {{1}}! Você perguntou sobre {{2}} e ainda dá tempo. Posso separar para você?",
    buttons: [
      { kind: "quick_reply", text: "Pode sim", url: null, phone: null },
      { kind: "quick_reply", text: "Agora não", url: null, phone: null },
    ],
    parameters: [param("body.1", "Maria"), param("body.2", "o vestido azul")],
  }),
  template("novidades_de_verao", {
    category: "marketing",
    header: { format: "image", text: null },
    needs_file: "image",
    body: "A coleção de verão chegou ☀️ Até domingo, *20% de desconto* em vestidos.",
    footer: "Responda SAIR para não receber",
    buttons: [
      { kind: "url", text: "Ver a coleção", url: "https://aurora.example/verao", phone: null },
      { kind: "phone_number", text: "Ligar para a loja", url: null, phone: "+551140028922" },
      { kind: "copy_code", text: "Copiar cupom", url: null, phone: null },
    ],
    parameters: [param("button.2", "VERAO20")],
  }),
  template("lembrete_de_prova", { body: "Sua prova está marcada para amanhã às 15h. Até lá!" }),
  template("order_on_its_way", {
    language: "en",
    body: "Hello {{1}}, your order is on its way.",
    parameters: [param("body.1", "Maria")],
  }),
  template("codigo_de_acesso", {
    category: "authentication",
    status: "pending",
    sendable: false,
    not_sendable_reason: "pending",
    body: "Seu código é {{1}}.",
    parameters: [param("body.1", "123456")],
  }),
  template("promo_relampago", {
    category: "marketing",
    status: "paused",
    quality: "red",
    sendable: false,
    not_sendable_reason: "paused",
    paused_until: iso(Date.now() + 5 * 3600e3),
    body: "Só hoje: leve 3, pague 2.",
  }),
];

export function keepUpload(query, bytes, type) {
  const as = query.get("as") ?? "document";
  const limits = { image: 5e6, sticker: 5e5, video: 16e6, audio: 16e6, voice: 16e6, document: 1e8 };
  if (bytes.length === 0) return { problem: [422, "file_empty"] };
  if (bytes.length > limits[as]) return { problem: [422, "file_too_large"] };
  const upload = {
    id: uuid(Date.now(), rng),
    kind: as === "voice" ? "audio" : as,
    voice: as === "voice",
    mime_type: type,
    filename: query.get("filename"),
    size: bytes.length,
    width: null,
    height: null,
    duration_ms: null,
    waveform: null,
    expires_at: iso(Date.now() + 30 * 864e5),
  };
  uploads.set(upload.id, { upload, bytes });
  return { upload };
}

export const uploadedFile = (id) => {
  const kept = uploads.get(id);
  return kept && { type: kept.upload.mime_type, bytes: kept.bytes };
};

const ids = (list) => list.map((item) => ({ ...item, id: item.id ?? uuid(Date.now(), rng) }));

function contentOf(body) {
  const { header = null, footer = null } = body;
  switch (body.type) {
    case "location":
      return {
        of: "location",
        latitude: body.latitude,
        longitude: body.longitude,
        name: body.name,
        address: body.address,
      };
    case "contacts":
      return { of: "contacts", contacts: body.contacts };
    case "buttons":
      return { of: "buttons", buttons: ids(body.buttons), header, footer };
    case "list": {
      const sections = body.sections.map(({ title, rows }) => ({ title, rows: ids(rows) }));
      return { of: "list", button: body.button, sections, header, footer };
    }
    case "link":
      return { of: "link", button: body.button, url: body.url, header, footer };
    case "request":
      return { of: "request", asks: body.asks };
    case "products":
      return {
        of: "products",
        catalog_id: body.catalog_id ?? null,
        product_ids: body.product_ids ?? [],
        header,
        footer,
      };
    default:
      return null;
  }
}

const fill = (place, text, values) =>
  text?.replace(/\{\{\s*([^{}\s]+)\s*\}\}/g, (whole, name) => values[`${place}.${name}`] ?? whole) ?? null;

/** What of a message follows from the request, or the problem with it. */
export function sentParts(body) {
  if (body.type !== "template") {
    const kept = body.upload_id && uploads.get(body.upload_id);
    if (body.upload_id && !kept) return { problem: [422, "upload_not_found"] };
    return {
      parts: {
        type: body.type,
        text: body.text ?? null,
        content: contentOf(body),
        media: kept ? mediaOf(kept) : null,
      },
    };
  }
  const found = templates.find(({ id }) => id === body.template_id);
  if (!found?.sendable) return { problem: [409, "template_not_sendable"] };
  if (found.version !== body.version) return { problem: [409, "template_changed"] };
  const values = body.parameters;
  if (found.parameters.some(({ key }) => !values[key])) return { problem: [422, "template_parameters"] };
  const content = {
    of: "template",
    template_id: found.id,
    name: found.name,
    language: found.language,
    category: found.category,
    header: fill("header", found.header?.text, values),
    footer: found.footer,
    buttons: found.buttons.map((button, index) => ({
      ...button,
      url: button.url?.replace("{{1}}", values[`button.${index}`] ?? "") ?? null,
    })),
  };
  const kept = body.upload_id && uploads.get(body.upload_id);
  return {
    parts: {
      type: "template",
      text: fill("body", found.body, values),
      content,
      media: kept ? mediaOf(kept) : null,
    },
  };
}

const mediaOf = ({ upload: { expires_at: _, ...upload } }) => ({
  ...upload,
  animated: false,
  status: "ready",
  thumbnail: false,
});

/** Meta changes a template while somebody fills it in. */
export function changeTemplate(name) {
  const found = templates.find((one) => one.name === name);
  Object.assign(found, { version: found.version + 1, body: `${found.body} (mudou na Meta)` });
  return found;
}

export const ourNumber = (id) => numbers.find((number) => number.id === id);
