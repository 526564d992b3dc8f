/** The way around: a rail of 56 px (200 px when widened), a bar at the bottom of a phone. */
import { Link } from "@tanstack/react-router";
import {
  FileText,
  Inbox,
  Keyboard,
  type LucideIcon,
  PanelLeftClose,
  PanelLeftOpen,
  ReceiptText,
  Settings,
} from "lucide-react";
import { useLanguage } from "@/i18n";
import { Badge, cx, Icon, IconButton, Tooltip } from "@/ui";
import { AccountMenu } from "./account-menu";
import { useShell } from "./shell-context";
import { UserMenu } from "./user-menu";

interface NavProps {
  unread: number;
  wide: boolean;
  onWide: (wide: boolean) => void;
  onHelp: () => void;
}

export function NavRail({ unread, wide, onWide, onHelp }: NavProps) {
  const { t } = useLanguage();
  const seesCosts = useShell().session.permissions.includes("spend.read");
  return (
    <nav
      aria-label={t.mainNavigation}
      className={cx(
        "hidden shrink-0 flex-col gap-0.5 border-r border-line bg-bg-sunken px-2 py-2 two:flex",
        wide ? "w-50" : "w-14 items-center",
      )}
    >
      <AccountMenu wide={wide} />
      <div className="h-2" />
      <NavLink to="/inbox" icon={Inbox} label={t.inbox} keys="g i" wide={wide} unread={unread} />
      <NavLink to="/templates" icon={FileText} label={t.templates.title} keys="g t" wide={wide} />
      {seesCosts && <NavLink to="/costs" icon={ReceiptText} label={t.costs.title} keys="g c" wide={wide} />}
      <NavLink to="/settings" icon={Settings} label={t.settings} keys="g s" wide={wide} />
      <div className="flex-1" />
      <RailButton icon={Keyboard} label={t.keyboardTitle} keys="?" wide={wide} onClick={onHelp} />
      <RailButton
        icon={wide ? PanelLeftClose : PanelLeftOpen}
        label={wide ? t.narrowNavigation : t.widenNavigation}
        wide={wide}
        onClick={() => onWide(!wide)}
      />
      <UserMenu wide={wide} />
    </nav>
  );
}

const linkClass =
  "relative flex h-9 items-center gap-2.5 rounded-control text-text-muted hover:bg-bg-hover hover:text-text " +
  "aria-[current=page]:bg-bg-selected aria-[current=page]:text-text";

function NavLink({
  to,
  icon,
  label,
  keys,
  wide,
  unread = 0,
}: {
  to: "/inbox" | "/templates" | "/costs" | "/settings";
  icon: LucideIcon;
  label: string;
  keys: string;
  wide: boolean;
  unread?: number;
}) {
  const { t } = useLanguage();
  const link = (
    <Link
      to={to}
      activeProps={{ "aria-current": "page" }}
      activeOptions={{ includeSearch: false }}
      className={cx(linkClass, wide ? "w-full px-2.5" : "w-10 justify-center")}
    >
      <Icon of={icon} size={18} />
      <span className={wide ? "flex-1" : "sr-only"}>{label}</span>
      {unread > 0 && (
        <span className={wide ? undefined : "absolute -top-1 -right-1.5 rounded-full ring-2 ring-bg-sunken"}>
          <Badge count={unread} label={t.unreadConversations(unread)} />
        </span>
      )}
    </Link>
  );
  return wide ? (
    link
  ) : (
    <Tooltip text={label} keys={keys} side="right">
      {link}
    </Tooltip>
  );
}

function RailButton({
  icon,
  label,
  keys,
  wide,
  onClick,
}: {
  icon: LucideIcon;
  label: string;
  keys?: string;
  wide: boolean;
  onClick: () => void;
}) {
  if (!wide) {
    return (
      <IconButton
        icon={icon}
        label={label}
        keys={keys}
        side="right"
        onClick={onClick}
        className="size-10 text-text-muted"
      />
    );
  }
  return (
    <button type="button" onClick={onClick} className={cx(linkClass, "w-full px-2.5")}>
      <Icon of={icon} size={18} />
      {label}
    </button>
  );
}

/** On a phone the rail lies down, and leaves when a conversation fills the screen. */
export function NavBar({ unread }: { unread: number }) {
  const { t } = useLanguage();
  const seesCosts = useShell().session.permissions.includes("spend.read");
  const item =
    "flex h-13 flex-1 flex-col items-center justify-center gap-0.5 text-meta text-text-muted aria-[current=page]:text-accent aria-[current=page]:font-medium";
  return (
    <nav
      aria-label={t.mainNavigation}
      className="flex shrink-0 border-t border-line bg-bg pb-[env(safe-area-inset-bottom)] two:hidden"
    >
      <Link
        to="/inbox"
        activeProps={{ "aria-current": "page" }}
        activeOptions={{ includeSearch: false }}
        className={item}
      >
        <span className="relative">
          <Icon of={Inbox} size={20} />
          <span className="absolute -top-1.5 left-3">
            <Badge count={unread} label={t.unreadConversations(unread)} />
          </span>
        </span>
        {t.inbox}
      </Link>
      <Link
        to="/templates"
        activeProps={{ "aria-current": "page" }}
        activeOptions={{ includeSearch: false }}
        className={item}
      >
        <Icon of={FileText} size={20} />
        {t.templates.title}
      </Link>
      {seesCosts && (
        <Link
          to="/costs"
          activeProps={{ "aria-current": "page" }}
          activeOptions={{ includeSearch: false }}
          className={item}
        >
          <Icon of={ReceiptText} size={20} />
          {t.costs.title}
        </Link>
      )}
      <Link to="/settings" activeProps={{ "aria-current": "page" }} className={item}>
        <Icon of={Settings} size={20} />
        {t.settings}
      </Link>
      <UserMenu bar />
    </nav>
  );
}
