/** What bubbles need of their thread, and what they open over it. */
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from "react";
import type { Message } from "@/api/types";
import type { Jump } from "../use-jump";
import { stop } from "./player";
import { ThreadContext } from "./thread-context";

const Lightbox = lazy(() => import("./lightbox"));

interface Props {
  /** Loaded ones, oldest first. */
  messages: Message[];
  contactName: string;
  manages: boolean;
  jump: Jump;
  children: ReactNode;
}

export function WithinThread({ messages, contactName, manages, jump, children }: Props) {
  const [viewing, setViewing] = useState<string | null>(null);
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
    };
  }, [messages, contactName, manages, jump.to, jump.lookingFor]);
  return (
    <ThreadContext value={value}>
      {children}
      {viewing && (
        <Suspense>
          <Lightbox messages={messages} messageId={viewing} onMessage={setViewing} />
        </Suspense>
      )}
    </ThreadContext>
  );
}
