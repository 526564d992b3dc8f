import type { FilesWords } from "./files.pt-BR";

export const filesEs: FilesWords = {
  problems: {
    file_empty: "El archivo está vacío.",
    file_too_large: "El archivo es más grande de lo que WhatsApp acepta. Redúcelo o envíalo como documento.",
    file_type_not_allowed: "WhatsApp no acepta este archivo así. Envíalo como documento.",
    upload_interrupted: "El archivo dejó de subir a la mitad. Inténtalo de nuevo.",
    upload_not_found: "El archivo ya no está guardado. Adjúntalo de nuevo.",
  },
};
