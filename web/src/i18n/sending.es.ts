import type { SendingWords } from "./sending.pt-BR";

export const sendingEs: SendingWords = {
  previewName: "Como lo verá el cliente",
  buttonsName: "Botones",
};
