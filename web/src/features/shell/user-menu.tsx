import { useNavigate } from "@tanstack/react-router";
import { CircleUserRound, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { LOCALES, useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Avatar, cx, Icon, Menu, MenuChoice, MenuItem, MenuLabel, MenuLine, toast } from "@/ui";
import { setTheme, type Theme, useTheme } from "@/ui/theme";
import { useShell } from "./shell-context";

const themes: { id: Theme; icon: typeof Sun }[] = [
  { id: "system", icon: Monitor },
  { id: "light", icon: Sun },
  { id: "dark", icon: Moon },
];

/** Language, theme and the way out. */
export function UserMenu({ wide, bar }: { wide?: boolean; bar?: boolean }) {
  const { t, locale, setLocale } = useLanguage();
  const { session, logOut, keepLocale } = useShell();
  const theme = useTheme();
  const navigate = useNavigate();
  const leave = () =>
    logOut().catch((error: unknown) => toast({ tone: "danger", text: problemText(t, error) }));

  const trigger = (
    <button
      type="button"
      aria-label={`${t.userMenu}: ${session.user.name}`}
      className={
        bar
          ? "flex h-13 flex-1 flex-col items-center justify-center gap-0.5 text-meta text-text-muted"
          : cx(
              "flex h-10 items-center gap-2 rounded-control hover:bg-bg-hover data-[state=open]:bg-bg-hover",
              wide ? "w-full px-1.5" : "w-10 justify-center",
            )
      }
    >
      <Avatar name={session.user.name} size={bar ? 20 : 24} />
      {bar && <span className="max-w-20 truncate">{session.user.name.split(" ")[0]}</span>}
      {wide && <span className="min-w-0 flex-1 truncate text-left">{session.user.name}</span>}
    </button>
  );

  return (
    <Menu trigger={trigger} side={bar ? "top" : "right"} align="end" label={t.userMenu}>
      <MenuLabel>
        <span className="block truncate text-body font-medium text-text">{session.user.name}</span>
        <span className="block truncate">{session.user.email}</span>
      </MenuLabel>
      <MenuItem icon={CircleUserRound} onSelect={() => void navigate({ to: "/settings/profile" })}>
        {t.profile}
      </MenuItem>
      <MenuLine />
      <MenuLabel>{t.theme}</MenuLabel>
      {themes.map((item) => (
        <MenuChoice key={item.id} checked={theme === item.id} onSelect={() => setTheme(item.id)}>
          <Icon of={item.icon} className="text-text-muted" />
          {t.themes[item.id]}
        </MenuChoice>
      ))}
      <MenuLine />
      <MenuLabel>{t.language}</MenuLabel>
      {LOCALES.map((item) => (
        <MenuChoice
          key={item.id}
          checked={locale === item.id}
          onSelect={() => {
            void setLocale(item.id);
            keepLocale(item.id);
          }}
        >
          <span lang={item.id}>{item.name}</span>
        </MenuChoice>
      ))}
      <MenuLine />
      <MenuItem icon={LogOut} onSelect={() => void leave()}>
        {t.logOut}
      </MenuItem>
    </Menu>
  );
}
