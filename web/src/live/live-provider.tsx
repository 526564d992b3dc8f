/** Keeps the page true while it is open: one connection per login, applied to the query cache. */
import { notifyManager, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { announceSessionEnded } from "@/api/client";
import { keys } from "@/api/queries";
import type { LiveFact } from "@/api/types";
import { serverNow, setServerTime } from "@/ui/now";
import { applyFact } from "./apply";
import { LiveConnection, type LiveState } from "./connection";
import { reportPainted } from "./painted";
import { RecentFacts } from "./recent";

const LiveContext = createContext<LiveState>("connecting");
const factListeners = new Set<(fact: LiveFact) => void>();

/** Hears every fact once it has been applied, for what is not cache: announcements, sounds. */
export function onLiveFact(listener: (fact: LiveFact) => void): () => void {
  factListeners.add(listener);
  return () => factListeners.delete(listener);
}

function liveUrl(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`;
}

export function LiveProvider({
  userId,
  epoch,
  children,
}: {
  userId: string;
  epoch: string;
  children: ReactNode;
}) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new login or account is a new connection
  useEffect(() => {
    const recent = new RecentFacts();
    const apply = (fact: LiveFact) =>
      applyFact(client, fact, { userId, now: new Date(serverNow()).toISOString() });
    const stopReplay = recent.replayOver(client, apply);
    const connection = new LiveConnection(liveUrl(), {
      onFact: (fact) => {
        notifyManager.batch(() => apply(fact));
        recent.add(fact);
        reportPainted(fact, (frame) => connection.send(frame));
        for (const listener of factListeners) listener(fact);
      },
      onReset: () => {
        recent.clear();
        void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] });
      },
      onState: setState,
      onLoginEnded: announceSessionEnded,
      onServerTime: setServerTime,
    });
    const wake = () => document.visibilityState === "visible" && connection.retryNow();
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    connection.start();
    return () => {
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      stopReplay();
      connection.stop();
    };
  }, [client, userId, epoch]);

  return <LiveContext value={state}>{children}</LiveContext>;
}

export function useLiveState(): LiveState {
  return useContext(LiveContext);
}

function watchOnline(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** Whether the machine itself has a network, as far as the browser knows. */
export function useOnline(): boolean {
  return useSyncExternalStore(watchOnline, () => navigator.onLine);
}
