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
  /** What may be done to a message here. */
  doing: MessageDoing;
}

export interface MessageDoing {
  /** Somebody may write here, and the window is open: quoting and reacting are offered. */
  mayAnswer: boolean;
  react: (message: Message, emoji: string) => void;
  quote: (message: Message) => void;
  /** Opens the sheet with everything that can be done, for fingers. */
  openSheet: (message: Message) => void;
  pickEmoji: (message: Message) => void;
  showDetails: (message: Message) => void;
}

export const ThreadContext = createContext<ThreadContextValue>({
  contactName: "",
  find: () => undefined,
  jump: () => {},
  lookingFor: null,
  manages: false,
  view: () => {},
  doing: {
    mayAnswer: false,
    react: () => {},
    quote: () => {},
    openSheet: () => {},
    pickEmoji: () => {},
    showDetails: () => {},
  },
});

export const useThread = (): ThreadContextValue => useContext(ThreadContext);
