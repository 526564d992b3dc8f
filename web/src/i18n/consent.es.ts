import type { ConsentWords } from "./consent.pt-BR";

export const consentEs: ConsentWords = {
  title: "Publicidad",
  allowed: "Puede recibir publicidad",
  stoppedHere: (date) => `No quiere publicidad desde el ${date}: lo pidió en WhatsApp`,
  stoppedBy: (date, who) => `No quiere publicidad desde el ${date}, anotado por ${who}`,
  stop: "Anotar que no quiere",
  resume: "Volvió a aceptar",
  stopTitle: "El cliente ya no quiere publicidad",
  stopText: "Las plantillas de marketing dejan de salir para este contacto. Los demás mensajes siguen igual.",
  resumeTitle: "El cliente volvió a aceptar publicidad",
  resumeText: "Si lo bloqueó en su propio WhatsApp, solo él puede permitirlo allí.",
  note: "Qué dijo, y dónde",
  noteHint: "Queda guardado como prueba.",
  noteNeeded: "Escriba cómo y cuándo aceptó.",
  saved: "Preferencia anotada",
};
