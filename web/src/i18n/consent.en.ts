import type { ConsentWords } from "./consent.pt-BR";

export const consentEn: ConsentWords = {
  title: "Marketing",
  allowed: "May receive marketing",
  stoppedHere: (date) => `Wants no marketing since ${date}: said so in WhatsApp`,
  stoppedBy: (date, who) => `Wants no marketing since ${date}, noted by ${who}`,
  stop: "Note that they do not want it",
  resume: "They agree again",
  stopTitle: "The customer wants no more marketing",
  stopText: "Marketing templates no longer leave for this contact. All other messages do.",
  resumeTitle: "The customer agrees to marketing again",
  resumeText: "If they stopped it in their own WhatsApp, only they can allow it there.",
  note: "What they said, and where",
  noteHint: "Kept as evidence.",
  noteNeeded: "Write how and when they agreed.",
  saved: "Preference noted",
};
