/** Files that come and go. The other languages follow its shape. */
export const filesPtBR = {
  problems: {
    file_empty: "O arquivo está vazio.",
    file_too_large: "O arquivo é maior do que o WhatsApp aceita. Diminua ou mande como documento.",
    file_type_not_allowed: "O WhatsApp não aceita este arquivo assim. Mande como documento.",
    upload_interrupted: "O envio do arquivo parou no meio. Tente de novo.",
    upload_not_found: "O arquivo não está mais guardado. Anexe de novo.",
  },
};

export type FilesWords = typeof filesPtBR;
