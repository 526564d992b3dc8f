import { ChevronsUpDown } from "lucide-react";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Avatar, cx, Icon, Menu, MenuChoice, MenuLabel, toast } from "@/ui";
import { useShell } from "./shell-context";

/** Which shop this is, and the others this person works for. */
export function AccountMenu({ wide }: { wide: boolean }) {
  const { t } = useLanguage();
  const { session, switchAccount } = useShell();
  const choose = (accountId: string) => {
    if (accountId === session.account.id) return;
    switchAccount(accountId).catch((error: unknown) =>
      toast({ tone: "danger", text: problemText(t, error) }),
    );
  };
  return (
    <Menu
      align="start"
      side="bottom"
      label={t.accounts}
      trigger={
        <button
          type="button"
          aria-label={`${t.account}: ${session.account.name}`}
          title={session.account.name}
          className={cx(
            "flex h-10 items-center gap-2 rounded-control hover:bg-bg-hover data-[state=open]:bg-bg-hover",
            wide ? "w-full px-1" : "w-10 justify-center",
          )}
        >
          <Avatar name={session.account.name} size={32} square />
          {wide && (
            <>
              <span className="min-w-0 flex-1 truncate text-left font-semibold">{session.account.name}</span>
              <Icon of={ChevronsUpDown} className="text-text-muted" size={14} />
            </>
          )}
        </button>
      }
    >
      <MenuLabel>{t.accounts}</MenuLabel>
      {session.accounts.map((account) => (
        <MenuChoice
          key={account.id}
          checked={account.id === session.account.id}
          onSelect={() => choose(account.id)}
        >
          <Avatar name={account.name} size={20} square />
          <span className="min-w-0 flex-1 truncate">{account.name}</span>
          <span className="text-meta text-text-muted">{t.roles[account.role]}</span>
        </MenuChoice>
      ))}
    </Menu>
  );
}
