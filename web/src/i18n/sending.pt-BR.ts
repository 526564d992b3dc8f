/** What is said while something is being written and sent. The other languages follow its shape. */
export const sendingPtBR = {
  previewName: "Como o cliente vai ver",
  buttonsName: "Botões",
};

export type SendingWords = typeof sendingPtBR;
