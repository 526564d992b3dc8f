/** A contact somebody sent, as the file every phone and mail program takes. */
import type { ContactCard } from "@/api/types";

/** RFC 2426: backslashes, commas, semicolons and line ends mean something else in a card. */
const escaped = (text: string) => text.replace(/[\\,;]/g, "\\$&").replace(/\r?\n/g, "\\n");

export function vcard(contact: ContactCard): string {
  const lines = [
    "BEGIN:VCARD",
    "VERSION:3.0",
    `N:;${escaped(contact.name)};;;`,
    `FN:${escaped(contact.name)}`,
    ...(contact.organization ? [`ORG:${escaped(contact.organization)}`] : []),
    ...contact.phones.map(({ phone }) => `TEL;TYPE=CELL:${escaped(phone)}`),
    ...contact.emails.map((email) => `EMAIL:${escaped(email)}`),
    "END:VCARD",
  ];
  return `${lines.join("\r\n")}\r\n`;
}

export function saveVcard(contact: ContactCard): void {
  const url = URL.createObjectURL(new Blob([vcard(contact)], { type: "text/vcard" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${contact.name.replace(/[\\/:*?"<>|]/g, "").trim() || "contato"}.vcf`;
  link.click();
  // The download has its own hold on the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
