import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Phone, Plus, Unplug } from "lucide-react";
import { useState } from "react";
import { connectNumber, disconnectNumber, type NewNumber } from "@/api/calls";
import { keys, numbersQuery } from "@/api/queries";
import type { PhoneNumber, Session } from "@/api/types";
import { useLanguage } from "@/i18n";
import { fieldProblem, problemText } from "@/i18n/problems";
import {
  ActionTd,
  Banner,
  Button,
  Chip,
  Dialog,
  DialogActions,
  EmptyState,
  Field,
  IconButton,
  Input,
  Table,
  Td,
  Th,
  Tr,
  toast,
} from "@/ui";
import { ConfirmDialog } from "./confirm-dialog";
import { PageHead } from "./layout";
import { Listing } from "./listing";
import { Notices } from "./notices";

export function Numbers({ session }: { session: Session }) {
  const { t, f } = useLanguage();
  const client = useQueryClient();
  const query = useQuery(numbersQuery);
  const [connecting, setConnecting] = useState(false);
  const [leaving, setLeaving] = useState<PhoneNumber | null>(null);
  const manages = session.permissions.includes("numbers.manage");
  const reload = () => client.invalidateQueries({ queryKey: keys.numbers });
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
              <Th>{t.phoneNumberId}</Th>
              <Th>{t.since}</Th>
              <Th>
                <span className="sr-only">{t.actions}</span>
              </Th>
            </>
          }
        >
          {items?.map((number) => (
            <Tr key={number.id}>
              <Td label={t.number} className="font-medium whitespace-nowrap tabular">
                {number.display_phone_number}
              </Td>
              <Td label={t.verifiedName}>{number.verified_name ?? "–"}</Td>
              <Td label={t.numberStatus}>
                <NumberStatus status={number.status} />
              </Td>
              <Td label={t.phoneNumberId} className="font-mono text-small text-text-muted">
                {number.phone_number_id}
              </Td>
              <Td label={t.since} className="text-text-muted whitespace-nowrap tabular">
                {f.date(number.created_at)}
              </Td>
              <ActionTd>
                {manages && (
                  <IconButton
                    icon={Unplug}
                    label={t.disconnectNumber(number.display_phone_number)}
                    onClick={() => setLeaving(number)}
                  />
                )}
              </ActionTd>
            </Tr>
          ))}
        </Table>
      </Listing>
      <Notices mayDismiss={manages} />
      <ConnectDialog open={connecting} onOpenChange={setConnecting} onConnected={() => void reload()} />
      <ConfirmDialog
        open={leaving !== null}
        title={leaving ? t.disconnectNumber(leaving.display_phone_number) : ""}
        text={t.disconnectText}
        action={t.disconnect}
        run={() => disconnectNumber(leaving?.id ?? "")}
        onClose={() => setLeaving(null)}
        onDone={() => {
          toast({ text: t.numberDisconnected });
          void reload();
        }}
      />
    </>
  );
}

function NumberStatus({ status }: { status: string }) {
  const { t } = useLanguage();
  const names: Record<string, string> = t.numberStatuses;
  return <Chip tone={status === "connected" ? "ok" : "warn"}>{names[status] ?? status}</Chip>;
}

interface ConnectProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onConnected: () => void;
}

function ConnectDialog({ open, onOpenChange, onConnected }: ConnectProps) {
  const { t } = useLanguage();
  const connect = useMutation({
    mutationFn: (form: FormData) => connectNumber(readForm(form), crypto.randomUUID()),
    onSuccess: (number) => {
      onOpenChange(false);
      toast({ text: t.numberConnected(number.display_phone_number) });
      onConnected();
    },
  });
  const close = () => {
    connect.reset();
    onOpenChange(false);
  };
  const field = (
    name: keyof NewNumber,
    label: string,
    extra: { hint?: string; placeholder?: string; secret?: boolean; optional?: boolean },
  ) => (
    <Field
      label={label}
      {...(extra.hint ? { hint: extra.hint } : {})}
      error={fieldProblem(t, connect.error, name)}
    >
      {(ids) => (
        <Input
          {...ids}
          name={name}
          required={!extra.optional}
          type={extra.secret ? "password" : "text"}
          placeholder={extra.placeholder}
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </Field>
  );
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t.connectNumber}
      description={t.connectText}
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          connect.mutate(new FormData(event.currentTarget));
        }}
      >
        {field("display_phone_number", t.number, { placeholder: "+55 11 90000-0000" })}
        {field("phone_number_id", t.phoneNumberId, { hint: t.phoneNumberIdHint })}
        {field("waba_id", t.wabaId, { hint: t.wabaIdHint })}
        {field("access_token", t.accessToken, { hint: t.accessTokenHint, secret: true })}
        {field("app_secret", t.appSecret, { hint: t.appSecretHint, secret: true, optional: true })}
        {connect.isError && (
          <div role="alert">
            <Banner tone="danger" className="rounded-control">
              {problemText(t, connect.error)}
            </Banner>
          </div>
        )}
        <DialogActions>
          <Button onClick={close}>{t.cancel}</Button>
          <Button type="submit" kind="primary" busy={connect.isPending}>
            {t.connect}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function readForm(form: FormData): NewNumber {
  const text = (name: keyof NewNumber) => String(form.get(name) ?? "").trim();
  const secret = text("app_secret");
  return {
    waba_id: text("waba_id"),
    phone_number_id: text("phone_number_id"),
    display_phone_number: text("display_phone_number"),
    access_token: text("access_token"),
    ...(secret ? { app_secret: secret } : {}),
  };
}
