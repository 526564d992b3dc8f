/** What customers agreed to. The other languages follow its shape. */
export const consentPtBR = {
  title: "Divulgação",
  allowed: "Pode receber divulgação",
  stoppedHere: (date: string) => `Não quer divulgação desde ${date}: pediu no WhatsApp`,
  stoppedBy: (date: string, who: string) => `Não quer divulgação desde ${date}, anotado por ${who}`,
  stop: "Anotar que não quer",
  resume: "Voltou a aceitar",
  stopTitle: "O cliente não quer mais divulgação",
  stopText: "Modelos de marketing deixam de sair para este contato. As outras mensagens seguem normais.",
  resumeTitle: "O cliente voltou a aceitar divulgação",
  resumeText: "Se ele bloqueou no próprio WhatsApp, só ele pode liberar por lá.",
  note: "O que ele disse, e onde",
  noteHint: "Fica guardado como prova.",
  noteNeeded: "Escreva como e quando ele aceitou.",
  saved: "Preferência anotada",
};

export type ConsentWords = typeof consentPtBR;
