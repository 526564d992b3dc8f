import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from "lucide-react";
import { useState } from "react";
import { dismissNotice } from "@/api/calls";
import { noticesQuery } from "@/api/queries";
import type { Notice } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { applyNotice } from "@/live/apply-notices";
import { Button, Chip, IconButton, toast } from "@/ui";

const looks = {
  info: { tone: "neutral", icon: Info },
  warning: { tone: "warn", icon: TriangleAlert },
  critical: { tone: "danger", icon: CircleAlert },
} as const;

/** What Meta told of the account and its numbers: what happened, since when, what to do. */
export function Notices({ mayDismiss }: { mayDismiss: boolean }) {
  const { t } = useLanguage();
  const query = useQuery(noticesQuery);
  const [all, setAll] = useState(false);
  const items = query.data?.items ?? [];
  const away = items.filter((notice) => notice.dismissed_at !== null);
  const shown = all ? items : items.filter((notice) => notice.dismissed_at === null);
  if (items.length === 0 && !query.isError) return null;
  return (
    <section aria-label={t.metaNotices.title} className="mt-6">
      <h2 className="mb-2 font-semibold">{t.metaNotices.title}</h2>
      {query.isError && (
        <p role="alert" className="text-small text-danger">
          {problemText(t, query.error)}
        </p>
      )}
      {shown.length === 0 && query.isSuccess && (
        <p className="text-small text-text-muted">{t.metaNotices.none}</p>
      )}
      <ul className="flex flex-col divide-y divide-line">
        {shown.map((notice) => (
          <Line key={notice.id} notice={notice} mayDismiss={mayDismiss} />
        ))}
      </ul>
      {away.length > 0 && !all && (
        <Button kind="quiet" onClick={() => setAll(true)}>
          {t.metaNotices.showAll(away.length)}
        </Button>
      )}
    </section>
  );
}

function Line({ notice, mayDismiss }: { notice: Notice; mayDismiss: boolean }) {
  const { t, f } = useLanguage();
  const client = useQueryClient();
  const away = useMutation({
    mutationFn: () => dismissNotice(notice.id),
    onSuccess: (changed) => {
      applyNotice(client, changed);
      toast({ text: t.metaNotices.dismissed });
    },
    onError: (error) => toast({ tone: "danger", text: problemText(t, error) }),
  });
  const look = notice.over ? ({ tone: "ok", icon: CircleCheck } as const) : looks[notice.severity];
  const words = Object.values(notice.details).join(" · ");
  const todo = notice.over ? undefined : t.metaNotices.todo[notice.kind];
  return (
    <li className="flex items-start gap-3 py-2">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Chip tone={look.tone} icon={look.icon}>
            {notice.over ? t.metaNotices.over : t.metaNotices.severity[notice.severity]}
          </Chip>
          <span className="font-medium">{t.metaNotices.what[notice.kind] ?? t.metaNotices.other}</span>
        </p>
        <p className="text-meta text-text-muted tabular">
          {notice.display_phone_number ?? t.metaNotices.wholeAccount}
          {" · "}
          {f.date(notice.at)}
          {notice.until && ` · ${t.metaNotices.until(f.date(notice.until))}`}
        </p>
        {todo && <p className="text-small">{todo}</p>}
        {words && <p className="text-small wrap-anywhere text-text-muted">{words}</p>}
      </div>
      {mayDismiss && notice.dismissed_at === null && (
        <IconButton icon={X} label={t.metaNotices.dismiss} onClick={() => away.mutate()} />
      )}
    </li>
  );
}
