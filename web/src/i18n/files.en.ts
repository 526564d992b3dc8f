import type { FilesWords } from "./files.pt-BR";

export const filesEn: FilesWords = {
  problems: {
    file_empty: "The file is empty.",
    file_too_large: "The file is larger than WhatsApp allows. Make it smaller, or send it as a document.",
    file_type_not_allowed: "WhatsApp does not take this file like this. Send it as a document.",
    upload_interrupted: "The file stopped uploading half way. Try again.",
    upload_not_found: "The file is no longer kept. Attach it again.",
  },
};
