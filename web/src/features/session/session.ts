/** Who is logged in, and what follows from a login, a switch of account or its end. */
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import * as calls from "@/api/calls";
import { onSessionEnded } from "@/api/client";
import { keys, sessionQuery } from "@/api/queries";
import type { Permission, Session } from "@/api/types";

export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission);
}

let ended = false;
const listeners = new Set<() => void>();

function setEnded(next: boolean): void {
  if (ended === next) return;
  ended = next;
  for (const listener of listeners) listener();
}

onSessionEnded(() => setEnded(true));

export function forgetSessionEnded(): void {
  setEnded(false);
}

/** True from the moment the server no longer knows us until somebody has logged in again. */
export function useSessionEnded(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ended,
  );
}

/** Takes a fresh session over in place; another person or account gets a fresh page, never the old one's cache. */
export function useAdoptSession(): (session: Session) => void {
  const client = useQueryClient();
  return (session) => {
    const before = client.getQueryData<Session>(keys.session);
    const same = before?.user.id === session.user.id && before.account.id === session.account.id;
    client.setQueryData(keys.session, session);
    forgetSessionEnded();
    if (before && !same) location.assign("/inbox");
    else if (before) void client.invalidateQueries();
  };
}

export async function switchAccount(accountId: string): Promise<void> {
  await calls.switchAccount(accountId);
  location.assign("/inbox");
}

export async function logOut(): Promise<void> {
  await calls.logOut();
  location.assign("/login");
}
