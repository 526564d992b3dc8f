import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2, Users as UsersIcon } from "lucide-react";
import { useState } from "react";
import { addMember, changeMember, removeMember } from "@/api/calls";
import { keys, membersQuery } from "@/api/queries";
import type { Member, Role, Session } from "@/api/types";
import { useLanguage } from "@/i18n";
import { fieldProblem, problemText } from "@/i18n/problems";
import {
  ActionTd,
  Avatar,
  Banner,
  Button,
  Dialog,
  DialogActions,
  EmptyState,
  Field,
  IconButton,
  Input,
  Select,
  Table,
  Td,
  Th,
  Tr,
  toast,
} from "@/ui";
import { ConfirmDialog } from "./confirm-dialog";
import { PageHead } from "./layout";
import { Listing } from "./listing";
import { MIN_PASSWORD } from "./profile";

const ROLES: Role[] = ["owner", "manager", "agent", "compliance", "analyst"];

/** What the server will allow (tenants/rules.py): managers never touch owners or other managers. */
function grantable(mine: Role): Role[] {
  return mine === "owner" ? ROLES : ROLES.filter((role) => role !== "owner" && role !== "manager");
}

export function Users({ session }: { session: Session }) {
  const { t, f } = useLanguage();
  const client = useQueryClient();
  const query = useQuery(membersQuery);
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Member | null>(null);
  const manages = session.permissions.includes("users.manage");
  const allowed = grantable(session.role);
  const reload = () => client.invalidateQueries({ queryKey: keys.members });
  const change = useMutation({
    mutationFn: ({ id, role }: { id: string; role: Role }) => changeMember(id, { role }),
    onSuccess: () => toast({ text: t.roleChanged }),
    onError: (error) => toast({ tone: "danger", text: problemText(t, error) }),
    onSettled: reload,
  });

  return (
    <>
      <PageHead
        title={t.settingsPages.users}
        text={t.usersText}
        action={
          manages && (
            <Button kind="primary" icon={Plus} onClick={() => setAdding(true)}>
              {t.addUser}
            </Button>
          )
        }
      />
      <Listing query={query} items={query.data} empty={<EmptyState icon={UsersIcon} title={t.noUsers} />}>
        <Table
          label={t.settingsPages.users}
          head={
            <>
              <Th>{t.name}</Th>
              <Th>{t.email}</Th>
              <Th>{t.role}</Th>
              <Th>{t.since}</Th>
              <Th>
                <span className="sr-only">{t.actions}</span>
              </Th>
            </>
          }
        >
          {query.data?.map((member) => {
            const me = member.id === session.user.id;
            const mayChange = manages && !me && allowed.includes(member.role);
            return (
              <Tr key={member.id}>
                <Td label={t.name}>
                  <span className="flex min-w-0 items-center gap-2">
                    <Avatar name={member.name} size={24} />
                    <span className="truncate font-medium">{me ? t.meNamed(member.name) : member.name}</span>
                  </span>
                </Td>
                <Td label={t.email} className="wrap-anywhere text-text-muted">
                  {member.email}
                </Td>
                <Td label={t.role}>
                  {mayChange ? (
                    <Select
                      aria-label={t.roleOf(member.name)}
                      value={member.role}
                      onChange={(event) => change.mutate({ id: member.id, role: event.target.value as Role })}
                      className="w-auto! -ml-2.5! border-transparent! bg-transparent! hover:bg-bg-hover!"
                    >
                      {allowed.map((role) => (
                        <option key={role} value={role}>
                          {t.roles[role]}
                        </option>
                      ))}
                    </Select>
                  ) : (
                    t.roles[member.role]
                  )}
                </Td>
                <Td label={t.since} className="text-text-muted tabular">
                  {f.date(member.created_at)}
                </Td>
                <ActionTd>
                  {mayChange && (
                    <IconButton
                      icon={Trash2}
                      label={t.removeUser(member.name)}
                      onClick={() => setLeaving(member)}
                    />
                  )}
                </ActionTd>
              </Tr>
            );
          })}
        </Table>
      </Listing>
      <AddUserDialog open={adding} onOpenChange={setAdding} roles={allowed} onAdded={reload} />
      <ConfirmDialog
        open={leaving !== null}
        title={leaving ? t.removeUser(leaving.name) : ""}
        text={t.removeUserText}
        action={t.remove}
        run={() => removeMember(leaving?.id ?? "")}
        onClose={() => setLeaving(null)}
        onDone={() => {
          toast({ text: t.userRemoved });
          void reload();
        }}
      />
    </>
  );
}

function AddUserDialog({
  open,
  onOpenChange,
  roles,
  onAdded,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  roles: Role[];
  onAdded: () => void;
}) {
  const { t } = useLanguage();
  const add = useMutation({
    mutationFn: (form: FormData) =>
      addMember(
        {
          name: String(form.get("name")).trim(),
          email: String(form.get("email")).trim(),
          password: String(form.get("password")),
          role: String(form.get("role")) as Role,
        },
        crypto.randomUUID(),
      ),
    onSuccess: (member) => {
      onOpenChange(false);
      toast({ text: t.userAdded(member.name) });
      onAdded();
    },
  });
  const close = (next: boolean) => {
    add.reset();
    onOpenChange(next);
  };
  return (
    <Dialog open={open} onOpenChange={close} title={t.addUser} description={t.addUserText}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(new FormData(event.currentTarget));
        }}
      >
        <Field label={t.name} error={fieldProblem(t, add.error, "name")}>
          {(ids) => <Input {...ids} name="name" required maxLength={200} autoComplete="off" />}
        </Field>
        <Field label={t.email} error={fieldProblem(t, add.error, "email")}>
          {(ids) => <Input {...ids} name="email" type="email" required autoComplete="off" />}
        </Field>
        <Field
          label={t.firstPassword}
          hint={t.passwordHint(MIN_PASSWORD)}
          error={fieldProblem(t, add.error, "password")}
        >
          {(ids) => (
            <Input
              {...ids}
              name="password"
              type="password"
              minLength={MIN_PASSWORD}
              required
              autoComplete="new-password"
            />
          )}
        </Field>
        <Field label={t.role}>
          {(ids) => (
            <Select {...ids} name="role" defaultValue="agent">
              {roles.map((role) => (
                <option key={role} value={role}>
                  {`${t.roles[role]}: ${t.roleTexts[role]}`}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {add.isError && (
          <div role="alert">
            <Banner tone="danger" className="rounded-control">
              {problemText(t, add.error)}
            </Banner>
          </div>
        )}
        <DialogActions>
          <Button onClick={() => close(false)}>{t.cancel}</Button>
          <Button type="submit" kind="primary" busy={add.isPending}>
            {t.add}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
