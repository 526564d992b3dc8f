import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Phone, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { numbersQuery } from "@/api/queries";
import type { Session } from "@/api/types";
import { useLanguage } from "@/i18n";
import { applyNumber } from "@/live/apply";
import { Button, Chip, EmptyState, Table, Td, Th, Tr } from "@/ui";
import { PageHead } from "./layout";
import { Listing } from "./listing";
import { Notices } from "./notices";
import { statusTone, statusWord, worded } from "./numbers/words";

const ConnectDialog = lazy(() => import("./numbers/connect-dialog"));

export function Numbers({ session }: { session: Session }) {
  const { t } = useLanguage();
  const client = useQueryClient();
  const query = useQuery(numbersQuery);
  const [connecting, setConnecting] = useState(false);
  const manages = session.permissions.includes("numbers.manage");
  const connect = manages && (
    <Button kind="primary" icon={Plus} onClick={() => setConnecting(true)}>
      {t.connectNumber}
    </Button>
  );
  const items = query.data?.items;
  return (
    <>
      <PageHead
        title={t.settingsPages.numbers}
        text={t.numbersText}
        action={items?.length ? connect : undefined}
      />
      <Listing
        query={query}
        items={items}
        empty={
          <EmptyState icon={Phone} title={t.noNumbers} action={connect}>
            {t.noNumbersText}
          </EmptyState>
        }
      >
        <Table
          label={t.settingsPages.numbers}
          head={
            <>
              <Th>{t.number}</Th>
              <Th>{t.verifiedName}</Th>
              <Th>{t.numberStatus}</Th>
              <Th>{t.numbers.quality}</Th>
              <Th>{t.numbers.limit}</Th>
            </>
          }
        >
          {items?.map((number) => (
            <Tr key={number.id}>
              <Td label={t.number} className="font-medium whitespace-nowrap tabular">
                <Link
                  to="/settings/numbers/$numberId"
                  params={{ numberId: number.id }}
                  className="underline decoration-line-strong underline-offset-4 hover:decoration-text"
                >
                  {number.display_phone_number}
                </Link>
              </Td>
              <Td label={t.verifiedName}>{number.verified_name ?? "–"}</Td>
              <Td label={t.numberStatus}>
                <Chip tone={statusTone(number)}>{statusWord(t, number)}</Chip>
                {number.history_status === "running" && (
                  <span className="mt-1 block text-meta text-text-muted tabular">
                    {t.numbers.historyArriving(number.history_progress ?? 0)}
                  </span>
                )}
              </Td>
              <Td label={t.numbers.quality}>{worded(t.numbers.qualities, number.quality_rating) ?? "–"}</Td>
              <Td label={t.numbers.limit} className="text-text-muted whitespace-nowrap tabular">
                {worded(t.numbers.limits, number.messaging_limit_tier) ?? "–"}
              </Td>
            </Tr>
          ))}
        </Table>
      </Listing>
      <Notices mayDismiss={manages} />
      {connecting && (
        <Suspense fallback={null}>
          <ConnectDialog
            onClose={() => setConnecting(false)}
            onConnected={(number) => applyNumber(client, number)}
          />
        </Suspense>
      )}
    </>
  );
}
