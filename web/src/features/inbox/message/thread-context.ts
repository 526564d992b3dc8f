/** What a bubble may ask of the thread it stands in: the messages around it, a jump, the viewer. */
import { createContext, useContext } from "react";
import type { Message } from "@/api/types";

export interface ThreadContextValue {
  contactName: string;
  /** A message of the loaded part. */
  find: (messageId: string) => Message | undefined;
  /** Shows a message and marks it briefly; loads older ones until it is there. */
  jump: (messageId: string) => void;
  /** The message a jump is still looking for. */
  lookingFor: string | null;
  /** Whether one may change things here, not only read. */
  manages: boolean;
  /** Opens a photo over everything. */
  view: (messageId: string) => void;
}

export const ThreadContext = createContext<ThreadContextValue>({
  contactName: "",
  find: () => undefined,
  jump: () => {},
  lookingFor: null,
  manages: false,
  view: () => {},
});

export const useThread = (): ThreadContextValue => useContext(ThreadContext);
