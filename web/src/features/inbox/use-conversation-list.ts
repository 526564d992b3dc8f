import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useLayoutEffect, useMemo, useRef } from "react";
import type { ConversationFilter } from "@/api/calls";
import { conversationListQuery, keys } from "@/api/queries";
import type { Conversation } from "@/api/types";
import { holdOrder } from "./held-order";

/** The rows to show for a filter, in an order that does not move while `holding`. */
export function useConversationList(filter: ConversationFilter, holding: boolean, selectedId?: string) {
  const client = useQueryClient();
  const query = useInfiniteQuery(conversationListQuery(filter));
  const view = JSON.stringify(filter);
  const last = useRef({ view, ids: [] as string[] });

  const current = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const shown = last.current.view === view ? last.current.ids : [];
  const order = useMemo(
    () => holdOrder(shown, [...new Set(current.map((item) => item.id))], holding, selectedId),
    [shown, current, holding, selectedId],
  );
  useLayoutEffect(() => {
    last.current = { view, ids: order.ids };
  });

  const rows = useMemo(() => {
    const byId = new Map(current.map((item) => [item.id, item]));
    return order.ids.flatMap((id): Conversation[] => {
      // A row that left the list while held is still shown, as it is now.
      const item = byId.get(id) ?? client.getQueryData<Conversation>(keys.conversation(id));
      return item ? [item] : [];
    });
  }, [order, current, client]);

  const newest = current.find((item) => !order.ids.includes(item.id)) ?? current[0];
  return { query, rows, waiting: order.waiting, newest };
}
