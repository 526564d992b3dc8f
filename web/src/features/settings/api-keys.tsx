import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy, KeyRound, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { createApiKey, revokeApiKey } from "@/api/calls";
import { apiKeysQuery, keys } from "@/api/queries";
import type { ApiKey, CreatedApiKey, Permission, Session } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
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
import { Listing, NoPermission } from "./listing";

export function ApiKeys({ session }: { session: Session }) {
  const { t, f } = useLanguage();
  const client = useQueryClient();
  const manages = session.permissions.includes("api_keys.manage");
  const query = useQuery({ ...apiKeysQuery, enabled: manages });
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const reload = () => client.invalidateQueries({ queryKey: keys.apiKeys });
  const create = (
    <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>
      {t.createKey}
    </Button>
  );
  const items = query.data?.items;
  return (
    <>
      <PageHead
        title={t.settingsPages["api-keys"]}
        text={t.apiKeysText}
        action={manages && items?.length ? create : undefined}
      />
      {!manages ? (
        <NoPermission />
      ) : (
        <Listing
          query={query}
          items={items}
          empty={
            <EmptyState icon={KeyRound} title={t.noKeys} action={create}>
              {t.noKeysText}
            </EmptyState>
          }
        >
          <Table
            label={t.settingsPages["api-keys"]}
            head={
              <>
                <Th>{t.name}</Th>
                <Th>{t.keyPrefix}</Th>
                <Th>{t.scopes}</Th>
                <Th>{t.lastUsed}</Th>
                <Th>
                  <span className="sr-only">{t.actions}</span>
                </Th>
              </>
            }
          >
            {items?.map((key) => (
              <Tr key={key.id}>
                <Td label={t.name} className="font-medium wrap-anywhere">
                  {key.name}
                </Td>
                <Td label={t.keyPrefix} className="font-mono text-small text-text-muted">
                  {key.prefix}…
                </Td>
                <Td label={t.scopes} className="py-1.5">
                  <span className="flex flex-wrap gap-1">
                    {key.scopes.map((scope) => (
                      <Chip key={scope}>{scope}</Chip>
                    ))}
                  </span>
                </Td>
                <Td label={t.lastUsed} className="text-text-muted whitespace-nowrap tabular">
                  {key.last_used_at ? f.date(key.last_used_at) : t.never}
                </Td>
                <ActionTd>
                  <IconButton icon={Trash2} label={t.revokeKey(key.name)} onClick={() => setRevoking(key)} />
                </ActionTd>
              </Tr>
            ))}
          </Table>
        </Listing>
      )}
      <CreateKeyDialog
        open={creating}
        onOpenChange={setCreating}
        scopes={session.permissions}
        onCreated={() => void reload()}
      />
      <ConfirmDialog
        open={revoking !== null}
        title={revoking ? t.revokeKey(revoking.name) : ""}
        text={t.revokeKeyText}
        action={t.revoke}
        run={() => revokeApiKey(revoking?.id ?? "")}
        onClose={() => setRevoking(null)}
        onDone={() => {
          toast({ text: t.keyRevoked });
          void reload();
        }}
      />
    </>
  );
}

interface CreateProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  scopes: Permission[];
  onCreated: () => void;
}

function CreateKeyDialog({ open, onOpenChange, scopes, onCreated }: CreateProps) {
  const { t } = useLanguage();
  const create = useMutation({
    mutationFn: (form: FormData) =>
      createApiKey(
        {
          name: String(form.get("name")).trim(),
          scopes: scopes.filter((scope) => form.getAll("scope").includes(scope)),
        },
        crypto.randomUUID(),
      ),
    onSuccess: onCreated,
  });
  const [noScope, setNoScope] = useState(false);
  const close = () => {
    create.reset();
    setNoScope(false);
    onOpenChange(false);
  };
  const made = create.data;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      modalOnly={Boolean(made)}
      title={made ? t.keyCreated : t.createKey}
      description={made ? t.keyShownOnce : t.createKeyText}
    >
      {made ? (
        <ShownOnce made={made} onDone={close} />
      ) : (
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            setNoScope(!form.has("scope"));
            if (form.has("scope")) create.mutate(form);
          }}
        >
          <Field label={t.name}>
            {(ids) => <Input {...ids} name="name" required maxLength={100} autoComplete="off" />}
          </Field>
          <fieldset>
            <legend className="mb-1 text-small font-medium">{t.scopes}</legend>
            <div className="grid gap-x-3 two:grid-cols-2">
              {scopes.map((scope) => (
                <label key={scope} className="flex h-7 items-center gap-2 touch:h-11">
                  <input type="checkbox" name="scope" value={scope} className="size-4 accent-(--accent)" />
                  <span className="font-mono text-small">{scope}</span>
                </label>
              ))}
            </div>
            {noScope && (
              <p role="alert" className="mt-1 text-meta text-danger">
                {t.chooseScope}
              </p>
            )}
          </fieldset>
          {create.isError && (
            <div role="alert">
              <Banner tone="danger" className="rounded-control">
                {problemText(t, create.error)}
              </Banner>
            </div>
          )}
          <DialogActions>
            <Button onClick={close}>{t.cancel}</Button>
            <Button type="submit" kind="primary" busy={create.isPending}>
              {t.create}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}

function ShownOnce({ made, onDone }: { made: CreatedApiKey; onDone: () => void }) {
  const { t } = useLanguage();
  const copy = () =>
    navigator.clipboard.writeText(made.key ?? "").then(
      () => toast({ text: t.copied(t.key) }),
      () => toast({ tone: "danger", text: t.copyFailed }),
    );
  return (
    <>
      <div className="flex items-center gap-2">
        <Input
          readOnly
          aria-label={t.key}
          value={made.key ?? ""}
          onFocus={(event) => event.target.select()}
          className="font-mono text-small!"
        />
        <Button icon={Copy} onClick={() => void copy()}>
          {t.copy}
        </Button>
      </div>
      <DialogActions>
        <Button kind="primary" onClick={onDone}>
          {t.keyKept}
        </Button>
      </DialogActions>
    </>
  );
}
