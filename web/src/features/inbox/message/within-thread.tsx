/** What bubbles need of their thread, and what they open over it. */
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from "react";
import type { Message } from "@/api/types";
import type { Jump } from "../use-jump";
import { MessageSheet } from "./actions";
import { stop } from "./player";
import { type MessageDoing, ThreadContext } from "./thread-context";

const Lightbox = lazy(() => import("./lightbox"));
const MessageDetails = lazy(() => import("./details"));
const EmojiDialog = lazy(() => import("./emoji-dialog"));

interface Props {
  /** Loaded ones, oldest first. */
  messages: Message[];
  contactName: string;
  manages: boolean;
  jump: Jump;
  /** What this person may do to messages here. */
  answering: Pick<MessageDoing, "mayAnswer" | "react" | "quote">;
  children: ReactNode;
}

export function WithinThread({ messages, contactName, manages, jump, answering, children }: Props) {
  const [viewing, setViewing] = useState<string | null>(null);
  const [over, setOver] = useState<{ what: "sheet" | "emoji" | "details"; id: string } | null>(null);
  // Leaving the conversation ends what plays in it.
  useEffect(() => stop, []);
  const value = useMemo(() => {
    const byId = new Map(messages.map((message) => [message.id, message]));
    return {
      contactName,
      find: (id: string) => byId.get(id),
      jump: jump.to,
      lookingFor: jump.lookingFor,
      manages,
      view: setViewing,
      doing: {
        ...answering,
        openSheet: ({ id }: Message) => setOver({ what: "sheet", id }),
        pickEmoji: ({ id }: Message) => setOver({ what: "emoji", id }),
        showDetails: ({ id }: Message) => setOver({ what: "details", id }),
      },
    };
  }, [messages, contactName, manages, jump.to, jump.lookingFor, answering]);
  const about = over ? value.find(over.id) : undefined;
  const close = () => setOver(null);
  return (
    <ThreadContext value={value}>
      {children}
      {viewing && (
        <Suspense>
          <Lightbox messages={messages} messageId={viewing} onMessage={setViewing} />
        </Suspense>
      )}
      {about && over?.what === "sheet" && <MessageSheet message={about} onClose={close} />}
      <Suspense>
        {about && over?.what === "emoji" && <EmojiDialog message={about} onClose={close} />}
        {about && over?.what === "details" && <MessageDetails message={about} onClose={close} />}
      </Suspense>
    </ThreadContext>
  );
}
