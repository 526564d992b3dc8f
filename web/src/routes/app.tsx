/** The frame around every page of somebody logged in: navigation, keys, live updates, a fresh login when needed. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import {
  Command,
  FileText,
  Inbox,
  Keyboard,
  LogOut,
  Moon,
  ReceiptText,
  Settings,
  SquareUserRound,
  Sun,
} from "lucide-react";
import { useEffect, useState } from "react";
import { changeMe } from "@/api/calls";
import { unreadQuery } from "@/api/queries";
import type { Locale } from "@/api/types";
import { CommandMenu } from "@/commands/command-menu";
import { HelpOverlay } from "@/commands/help-overlay";
import { type Command as Action, useCommands } from "@/commands/registry";
import { useShortcuts } from "@/commands/shortcuts";
import { logOut, SessionEndedDialog, switchAccount, useSession } from "@/features/session";
import { ConnectionBanner, NavBar, NavRail, NumbersBanner, ShellProvider } from "@/features/shell";
import { useFollowLocale, useLanguage } from "@/i18n";
import { LiveProvider } from "@/live/live-provider";
import { isBoolean, useStored } from "@/ui/stored";
import { setTheme, useTheme } from "@/ui/theme";

export function AppPage() {
  const session = useSession();
  useFollowLocale(session.user.locale);
  return (
    <LiveProvider userId={session.user.id} epoch={session.csrf_token}>
      <Frame />
      <SessionEndedDialog />
    </LiveProvider>
  );
}

function useUnreadCount(): number {
  const unread = useInfiniteQuery(unreadQuery);
  return unread.data?.pages.reduce((sum, page) => sum + page.items.length, 0) ?? 0;
}

function useTitle(unread: number): void {
  const { t } = useLanguage();
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread > 99 ? "99+" : unread}) ` : ""}${t.inbox} · Clientela`;
  }, [unread, t]);
}

function Frame() {
  const { t } = useLanguage();
  const session = useSession();
  const { conversationId } = useParams({ strict: false });
  const [menuOpen, setMenuOpen] = useState(false);
  const [helpOpen, setHelpOpen] = useState(false);
  const [wide, setWide] = useStored("nav-wide", false, isBoolean);
  const navigate = useNavigate();
  const unread = useUnreadCount();
  useTitle(unread);
  useShortcuts();
  useCommands(useGeneralCommands({ openMenu: () => setMenuOpen(true), openHelp: () => setHelpOpen(true) }));
  const keepLocale = (locale: Locale) => void changeMe({ locale }).catch(() => {});

  return (
    <ShellProvider value={{ session, switchAccount, logOut, keepLocale }}>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-control focus:bg-accent focus:px-3 focus:py-2 focus:text-accent-text"
      >
        {t.skipToContent}
      </a>
      <div className="flex h-full flex-col">
        <ConnectionBanner />
        {session.permissions.includes("numbers.read") && (
          <NumbersBanner manages={session.permissions.includes("numbers.manage")} />
        )}
        <div className="flex min-h-0 flex-1">
          <NavRail unread={unread} wide={wide} onWide={setWide} onHelp={() => setHelpOpen(true)} />
          <div id="main" tabIndex={-1} className="flex min-w-0 flex-1 outline-none">
            <Outlet />
          </div>
        </div>
        {!conversationId && <NavBar unread={unread} />}
      </div>
      <CommandMenu
        open={menuOpen}
        onOpenChange={setMenuOpen}
        onConversation={(id) =>
          void navigate({ to: "/inbox/$conversationId", params: { conversationId: id } })
        }
      />
      <HelpOverlay open={helpOpen} onOpenChange={setHelpOpen} />
    </ShellProvider>
  );
}

function useGeneralCommands(open: { openMenu: () => void; openHelp: () => void }): Action[] {
  const session = useSession();
  const { t } = useLanguage();
  const navigate = useNavigate();
  const theme = useTheme();
  const dark =
    theme === "dark" || (theme === "system" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  return [
    {
      id: "menu",
      label: t.commandMenu,
      section: "general",
      keys: "mod+k",
      icon: Command,
      keyOnly: true,
      whileTyping: true,
      run: open.openMenu,
    },
    { id: "help", label: t.keyboardTitle, section: "general", keys: "?", icon: Keyboard, run: open.openHelp },
    {
      id: "go-inbox",
      label: t.goToInbox,
      section: "go",
      keys: "g i",
      icon: Inbox,
      run: () => void navigate({ to: "/inbox" }),
    },
    ...(session.permissions.includes("spend.read")
      ? [
          {
            id: "go-costs",
            label: t.costs.goTo,
            section: "go" as const,
            keys: "g c",
            icon: ReceiptText,
            run: () => void navigate({ to: "/costs" }),
          },
        ]
      : []),
    {
      id: "go-templates",
      label: t.templates.go,
      section: "go",
      keys: "g t",
      icon: FileText,
      run: () => void navigate({ to: "/templates" }),
    },
    {
      id: "go-settings",
      label: t.goToSettings,
      section: "go",
      keys: "g s",
      icon: Settings,
      run: () => void navigate({ to: "/settings/profile" }),
    },
    {
      id: "go-profile",
      label: t.profile,
      section: "go",
      icon: SquareUserRound,
      run: () => void navigate({ to: "/settings/profile" }),
    },
    {
      id: "theme",
      label: dark ? t.useLightTheme : t.useDarkTheme,
      section: "general",
      icon: dark ? Sun : Moon,
      run: () => setTheme(dark ? "light" : "dark"),
    },
    { id: "log-out", label: t.logOut, section: "general", icon: LogOut, run: () => void logOut() },
  ];
}
