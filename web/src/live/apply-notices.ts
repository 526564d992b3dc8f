/** What a notice of Meta's changes in the cache. */
import type { QueryClient } from "@tanstack/react-query";
import { keys } from "@/api/queries";
import type { Notice, Page } from "@/api/types";

/** The newest first, one for each thing; of two copies the newer one stays. */
export function applyNotice(client: QueryClient, notice: Notice): void {
  client.setQueryData<Page<Notice>>(keys.notices, (page) => {
    if (!page) return page;
    const known = page.items.find((item) => item.id === notice.id);
    if (known && known.version >= notice.version) return page;
    const items = [notice, ...page.items.filter((item) => item.id !== notice.id)];
    return { ...page, items: items.sort((a, b) => b.at.localeCompare(a.at)) };
  });
}
