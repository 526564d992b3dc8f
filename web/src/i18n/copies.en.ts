import type { CopyWords } from "./copies.pt-BR";

export const copiesEn: CopyWords = {
  call: {
    ringing: "Call ringing",
    missed: "Missed call",
    answered: "Call answered",
    rejected: "Call rejected",
    failed: "Call failed",
  },
  callOut: {
    ringing: "Calling the customer",
    missed: "The customer did not answer",
    answered: "Call answered by the customer",
    rejected: "The customer rejected the call",
    failed: "Call failed",
  },
  callHint: "Calls are not taken here; answer with a message.",
  notOurs: "Another app has this conversation now. WhatsApp refuses what is sent from here.",
  notOursBy: (who) => `This conversation is with ${who} now. WhatsApp refuses what is sent from here.`,
  roles: {
    ai_agent: "the automatic assistant",
    ctwa: "the ads app",
    escalation: "the escalation team",
    marketing: "the marketing app",
    utility: "the notifications app",
  },
};
