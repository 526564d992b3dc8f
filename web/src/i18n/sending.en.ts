import type { SendingWords } from "./sending.pt-BR";

export const sendingEn: SendingWords = {
  previewName: "How the customer will see it",
  buttonsName: "Buttons",
};
