import { type ErrorComponentProps, Link, Outlet } from "@tanstack/react-router";
import { Compass, TriangleAlert } from "lucide-react";
import { Unreachable } from "@/api/client";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Button, EmptyState, Toasts } from "@/ui";

export function Root() {
  return (
    <>
      <Outlet />
      <Toasts />
    </>
  );
}

export function NotFound() {
  const { t } = useLanguage();
  return (
    <main className="flex h-full flex-1 items-center justify-center">
      <EmptyState
        icon={Compass}
        title={t.notFoundTitle}
        action={
          <Link to="/inbox" className="font-medium text-accent underline underline-offset-2">
            {t.backToInbox}
          </Link>
        }
      >
        {t.notFoundText}
      </EmptyState>
    </main>
  );
}

/** The last net under every page: says what happened in plain words and offers a way on. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const { t } = useLanguage();
  return (
    <main role="alert" className="flex h-full flex-1 items-center justify-center">
      <EmptyState
        icon={TriangleAlert}
        title={error instanceof Unreachable ? t.unreachableTitle : t.brokenTitle}
        action={
          <Button
            kind="primary"
            onClick={() => {
              reset();
              location.reload();
            }}
          >
            {t.tryAgain}
          </Button>
        }
      >
        {problemText(t, error)}
      </EmptyState>
    </main>
  );
}
