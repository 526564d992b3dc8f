/**
 * Files on their way: chosen, checked, brought into a shape that WhatsApp takes, and uploaded while somebody
 * still writes the caption. They outlive the conversation on the screen, not the page.
 */
import { useSyncExternalStore } from "react";
import { upload } from "@/api/calls";
import { ProblemError } from "@/api/client";
import { keepLocalFile } from "@/api/local-files";
import type { Upload, UploadAs } from "@/api/types";
import { newClientId } from "../outbox";
import { type Fitted, fitFile, type Refusal } from "./fit-file";

export interface Attachment {
  id: string;
  conversationId: string;
  name: string;
  /** As chosen, until it was fitted; then as it leaves. */
  file: File;
  as: UploadAs;
  /** Shows it on this page. */
  url: string;
  state: "fitting" | "refused" | "uploading" | "failed" | "ready";
  /** Of the upload, 0 to 1. */
  progress: number;
  refusal?: Refusal;
  /** The problem's code with which the server refused it; absent when no answer came. */
  problem?: string;
  upload?: Upload;
  durationMs?: number;
  /** Where it waits: in the tray, in a form, or in a message that goes out when the file has arrived. */
  place: "tray" | "form" | "message";
}

let attachments: Attachment[] = [];
const listeners = new Set<() => void>();
const running = new Map<string, AbortController>();

function commit(next: Attachment[]): void {
  attachments = next;
  for (const listener of listeners) listener();
}

function change(id: string, patch: Partial<Attachment>): void {
  commit(attachments.map((item) => (item.id === id ? { ...item, ...patch } : item)));
}

export const attachmentOf = (id: string): Attachment | undefined =>
  attachments.find((item) => item.id === id);

export function useAttachments(): Attachment[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => attachments,
  );
}

interface Add {
  as?: UploadAs;
  durationMs?: number;
  place?: Attachment["place"];
}

/** Takes files in and starts to upload those that may be sent. Returns their ids, in order. */
export function addFiles(conversationId: string, files: Iterable<File>, more: Add = {}): string[] {
  const added = [...files].map(
    (file): Attachment => ({
      id: newClientId(),
      conversationId,
      name: file.name,
      file,
      as: more.as ?? "document",
      url: URL.createObjectURL(file),
      state: "fitting",
      progress: 0,
      place: more.place ?? "tray",
      ...(more.durationMs !== undefined && { durationMs: more.durationMs }),
    }),
  );
  commit([...attachments, ...added]);
  for (const { id, file } of added) void begin(id, file, more.as);
  return added.map(({ id }) => id);
}

async function begin(id: string, file: File, as: UploadAs | undefined): Promise<void> {
  const fitted = await fitFile(file, as);
  const item = attachmentOf(id);
  if (!item) return;
  if ("refusal" in fitted) change(id, { state: "refused", as: fitted.as, refusal: fitted.refusal });
  else {
    take(id, item, fitted);
    const taken = attachmentOf(id);
    if (taken?.place === "form") showInBubble(id, taken); // its form shows what will be sent
    void send(id);
  }
}

function take(id: string, item: Attachment, { file, as }: Fitted): void {
  const same = file === item.file;
  if (!same) URL.revokeObjectURL(item.url);
  change(id, { file, as, name: file.name, ...(!same && { url: URL.createObjectURL(file) }) });
}

async function send(id: string): Promise<void> {
  const item = attachmentOf(id);
  if (!item) return;
  const abort = new AbortController();
  running.set(id, abort);
  const { problem: _, ...clean } = item;
  commit(
    attachments.map((other) => (other.id === id ? { ...clean, state: "uploading", progress: 0 } : other)),
  );
  try {
    const kept = await upload(
      item.file,
      // A recording has no name that would say anything.
      { filename: item.as === "voice" ? "" : item.name, as: item.as },
      { onProgress: (progress) => change(id, { progress }), signal: abort.signal },
    );
    change(id, { state: "ready", progress: 1, upload: kept });
  } catch (error) {
    if (abort.signal.aborted) return;
    change(id, { state: "failed", ...(error instanceof ProblemError && { problem: error.code }) });
  } finally {
    running.delete(id);
  }
}

/** Uploads again what failed, or sends as a document what is no photo. */
export function retryAttachment(id: string, as?: UploadAs): void {
  const item = attachmentOf(id);
  if (!item) return;
  const { refusal: _, problem: __, ...clean } = item;
  commit(attachments.map((other) => (other.id === id ? { ...clean, state: "fitting" } : other)));
  void begin(id, item.file, as ?? item.as);
}

export function removeAttachment(id: string): void {
  running.get(id)?.abort();
  const item = attachmentOf(id);
  if (item && item.place !== "message") URL.revokeObjectURL(item.url);
  commit(attachments.filter((other) => other.id !== id));
}

/** The message that carries it was sent: it leaves the tray, and the bubble shows it from here. */
export function moveToMessage(id: string): void {
  change(id, { place: "message" });
  const file = attachmentOf(id);
  if (file) showInBubble(id, file);
}

/** A message shows it from here: its form, when that closes, leaves the address alone. */
export const keepForMessage = (id: string): void => change(id, { place: "message" });

export function showInBubble(clientId: string, { url, file, name, as, durationMs }: Attachment): void {
  keepLocalFile(clientId, url, {
    kind: as === "voice" ? "audio" : as,
    mime_type: file.type,
    filename: as === "voice" ? null : name,
    size: file.size,
    voice: as === "voice",
    animated: false,
    status: "ready",
    width: null,
    height: null,
    duration_ms: durationMs ?? null,
    waveform: null,
    thumbnail: false,
  });
}

/** Waits until a file is with the server; null when it was refused or did not get there. */
export function uploaded(id: string): Promise<Upload | null> {
  return new Promise((resolve) => {
    const look = () => {
      const item = attachmentOf(id);
      if (item && (item.state === "uploading" || item.state === "fitting")) return;
      listeners.delete(look);
      resolve(item?.state === "ready" ? (item.upload ?? null) : null);
    };
    listeners.add(look);
    look();
  });
}

export const holdsFiles = (): boolean => attachments.length > 0;
