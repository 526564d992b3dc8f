import type { CopyWords } from "./copies.pt-BR";

export const copiesEs: CopyWords = {
  call: {
    ringing: "Llamada sonando",
    missed: "Llamada perdida",
    answered: "Llamada atendida",
    rejected: "Llamada rechazada",
    failed: "Llamada no completada",
  },
  callOut: {
    ringing: "Llamando al cliente",
    missed: "El cliente no contestó",
    answered: "Llamada atendida por el cliente",
    rejected: "El cliente rechazó la llamada",
    failed: "Llamada no completada",
  },
  callHint: "Desde aquí no se atiende; responda con un mensaje.",
  notOurs: "Otra aplicación atiende esta conversación ahora. WhatsApp rechaza lo que se envíe desde aquí.",
  notOursBy: (who) => `Esta conversación está con ${who} ahora. WhatsApp rechaza lo que se envíe desde aquí.`,
  roles: {
    ai_agent: "el asistente automático",
    ctwa: "la aplicación de anuncios",
    escalation: "el equipo de soporte de nivel superior",
    marketing: "la aplicación de marketing",
    utility: "la aplicación de avisos",
  },
};
