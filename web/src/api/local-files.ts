/**
 * Files that were just sent, still in this page's memory: their bubble goes on showing them from here, so that
 * nothing flickers or is fetched back when the server's own copy takes their place.
 */
import type { Media, Message } from "./types";

const files = new Map<string, Media>();
const urls = new Map<string, string>();

/** Stands in for the server's file until the message has one. */
export function keepLocalFile(clientId: string, url: string, media: Omit<Media, "id">): void {
  const id = `local:${clientId}`;
  files.set(clientId, { id, ...media });
  urls.set(id, url);
}

export const localFile = (clientId: string): Media | null => files.get(clientId) ?? null;

/** The server's id of the file now leads to the same bytes. */
export function settleLocalFile(message: Message): void {
  const url = message.client_id ? urls.get(`local:${message.client_id}`) : undefined;
  if (url && message.media) urls.set(message.media.id, url);
}

export const localUrl = (mediaId: string): string | undefined => urls.get(mediaId);
