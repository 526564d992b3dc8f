import type { UseQueryResult } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { ProblemError } from "@/api/client";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, EmptyState, Skeleton } from "@/ui";

/** The states every table of the settings shares; `children` is drawn when there is something to show. */
export function Listing<T>({
  query,
  items,
  empty,
  children,
}: {
  query: UseQueryResult<T>;
  items: readonly unknown[] | undefined;
  empty: ReactNode;
  children: ReactNode;
}) {
  const { t } = useLanguage();
  if (query.isPending) {
    return (
      <div role="status" className="flex flex-col gap-4 border-t border-line pt-4">
        <span className="sr-only">{t.loading}</span>
        <Skeleton className="h-4 w-3/4" />
        <Skeleton className="h-4 w-2/3" />
        <Skeleton className="h-4 w-4/5" />
      </div>
    );
  }
  if (query.error instanceof ProblemError && query.error.code === "permission_denied")
    return <NoPermission />;
  if (query.isError) {
    return (
      <div role="alert">
        <Banner tone="danger" className="rounded-control">
          {problemText(t, query.error)}
        </Banner>
        <Button onClick={() => void query.refetch()} className="mt-3">
          {t.tryAgain}
        </Button>
      </div>
    );
  }
  return items?.length ? children : empty;
}

export function NoPermission() {
  const { t } = useLanguage();
  return (
    <EmptyState icon={Lock} title={t.noPermissionTitle}>
      {t.noPermissionText}
    </EmptyState>
  );
}
