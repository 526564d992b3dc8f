// Meta's side: the number's health, its templates, faults, the clock, and what became of the last sends.
import { act, make } from "/_phone/phone.js";

const QUALITIES = ["GREEN", "YELLOW", "RED", "UNKNOWN"];
const EVENTS = ["APPROVED", "REJECTED", "PAUSED", "DISABLED", "FLAGGED", "PENDING_DELETION"];
const ORDERS = ["normal", "reversed", "shuffled"];
const JUMPS = { "1 h": 3600, "24 h": 86400, "7 d": 604800 };

const section = (title, ...parts) => make("section", {}, make("h3", {}, title), ...parts);
const line = (...parts) => make("div", { class: "line" }, ...parts);
const button = (text, run) => make("button", { type: "button", on: { click: run } }, text);
const pick = (label, options, value, run) => {
  const node = make("select", { "aria-label": label, on: { change: () => run(node.value) } },
    ...options.map((one) => make("option", { value: one }, one)));
  node.value = value;
  return node;
};
const field = (label, value, run, type = "number") => {
  const node = make("input", { type, "aria-label": label, min: "0" });
  node.value = value ?? "";
  node.addEventListener("change", () => run(node.value));
  return node;
};

export function drawMeta(box, meta, number, now) {
  if (box.contains(document.activeElement) && ["INPUT", "SELECT"].includes(document.activeElement.tagName)) return;
  const faults = (change) => act("POST", "faults", change);
  const code = make("input", { "aria-label": "Error code", placeholder: "Error code, as 131049", inputmode: "numeric" });
  const fail = (mode) => /^\d+$/.test(code.value) && faults({ fail_next: [{ code: Number(code.value), mode }] });
  box.replaceChildren(
    section("Number",
      line(make("span", {}, "Quality"), pick("Quality", QUALITIES, meta.quality, (quality_rating) => act("PATCH", `numbers/${number}`, { quality_rating }))),
      line(make("span", {}, "Status"), pick("Status", ["CONNECTED", "FLAGGED", "RESTRICTED", "BANNED", "DISCONNECTED"], meta.status, (status) => act("PATCH", `numbers/${number}`, { status }))),
    ),
    section("Clock",
      make("p", { class: "hint" }, new Date(now * 1000).toLocaleString()),
      line(...Object.entries(JUMPS).map(([text, seconds]) => button(`+ ${text}`, () => act("POST", "clock/advance", { seconds })))),
    ),
    section("Faults",
      line(make("span", {}, "Extra copies of webhooks"), field("Extra copies", meta.faults.duplicates, (value) => faults({ duplicates: Number(value) }))),
      line(make("span", {}, "Order of statuses"), pick("Order of statuses", ORDERS, meta.faults.status_order ?? "normal", (status_order) => faults({ status_order }))),
      line(make("span", {}, "Webhooks later by s"), field("Seconds later", meta.faults.webhook_delay_s, (value) => faults({ webhook_delay_s: Number(value) }))),
      line(code),
      line(button("Refuse next", () => fail("sync")), button("Fail next later", () => fail("async"))),
      line(button("Clear all faults", () => act("DELETE", "faults"))),
      make("p", { class: "hint" }, `${meta.pending} webhooks waiting`),
    ),
    section("Templates",
      ...(meta.templates.length ? meta.templates : []).map((one) =>
        line(make("span", { title: `${one.name} ${one.language}` }, `${one.name} · ${one.language}`),
          pick(`Status of ${one.name}`, [one.status, ...EVENTS.filter((event) => event !== one.status)], one.status, (event) => act("POST", `templates/${one.id}/events`, { event })),
          pick(`Quality of ${one.name}`, QUALITIES, one.quality, (score) => act("POST", `templates/${one.id}/quality`, { score })))),
      meta.templates.length ? null : make("p", { class: "hint" }, "None on this account."),
    ),
    section("Last sends of the business",
      ...meta.recent.map((one) =>
        line(make("span", { title: one.id }, `${one.to} · ${one.type}`),
          make("span", { class: `tag ${one.status}` }, one.status),
          make("span", { class: "tag" }, one.pricing ? `${one.pricing.category}, ${one.pricing.type.replaceAll("_", " ")}` : ""))),
      meta.recent.length ? null : make("p", { class: "hint" }, "Nothing yet."),
    ),
  );
}
