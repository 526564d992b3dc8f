/** What did not go through here: calls, other apps' threads, the phone's past. The other languages follow. */
export const copiesPtBR = {
  call: {
    ringing: "Ligação tocando",
    missed: "Ligação perdida",
    answered: "Ligação atendida",
    rejected: "Ligação recusada",
    failed: "Ligação não completada",
  },
  callOut: {
    ringing: "Ligando para o cliente",
    missed: "O cliente não atendeu",
    answered: "Ligação atendida pelo cliente",
    rejected: "O cliente recusou a ligação",
    failed: "Ligação não completada",
  },
  callHint: "Por aqui não se atende; responda por mensagem.",
  notOurs: "Outro aplicativo cuida desta conversa agora. O WhatsApp recusa o que for enviado daqui.",
  notOursBy: (who: string) =>
    `Esta conversa está com ${who} agora. O WhatsApp recusa o que for enviado daqui.`,
  roles: {
    ai_agent: "o assistente automático",
    ctwa: "o aplicativo de anúncios",
    escalation: "a equipe de suporte de nível superior",
    marketing: "o aplicativo de marketing",
    utility: "o aplicativo de avisos",
  } as Record<string, string>,
};

export type CopyWords = typeof copiesPtBR;
