/** Everything that can be sent besides words, once: for the menu of the composer, its sheet on phones, and the command menu. */
import {
  Contact,
  ExternalLink,
  FileText,
  Image,
  LayoutTemplate,
  ListChecks,
  type LucideIcon,
  MapPin,
  MapPinned,
  Mic,
  MousePointerClick,
  Phone,
  Plus,
  ShoppingBag,
  Sticker,
} from "lucide-react";
import { Fragment } from "react";
import { useLanguage } from "@/i18n";
import { Dialog, Icon, IconButton, Menu, MenuItem, MenuLabel, useNarrow } from "@/ui";

export type ComposeDialog =
  | "location"
  | "contacts"
  | "buttons"
  | "list"
  | "link"
  | "askLocation"
  | "askContact"
  | "products"
  | "template";
export type Pick = "media" | "document" | "sticker";
export type AttachId = ComposeDialog | Pick | "voice";

interface Item {
  id: AttachId;
  icon: LucideIcon;
  keys?: string;
}

export const ATTACH: { group: "files" | "share" | "ask"; items: Item[] }[] = [
  {
    group: "files",
    items: [
      { id: "media", icon: Image },
      { id: "document", icon: FileText },
      { id: "sticker", icon: Sticker },
      { id: "voice", icon: Mic, keys: "v" },
    ],
  },
  {
    group: "share",
    items: [
      { id: "location", icon: MapPin },
      { id: "contacts", icon: Contact },
    ],
  },
  {
    group: "ask",
    items: [
      { id: "template", icon: LayoutTemplate, keys: "t" },
      { id: "buttons", icon: MousePointerClick },
      { id: "list", icon: ListChecks },
      { id: "link", icon: ExternalLink },
      { id: "askLocation", icon: MapPinned },
      { id: "askContact", icon: Phone },
      { id: "products", icon: ShoppingBag },
    ],
  },
];

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChoose: (id: AttachId) => void;
}

export function PlusMenu({ open, onOpenChange, onChoose }: Props) {
  const { t } = useLanguage();
  const narrow = useNarrow();
  const button = (
    <IconButton
      icon={Plus}
      label={t.sending.attach}
      keys="+"
      side="top"
      aria-haspopup={narrow ? "dialog" : "menu"}
      {...(narrow && { onClick: () => onOpenChange(true) })}
      className="mb-0.5 -ml-1 text-text-muted data-[state=open]:text-text"
    />
  );
  // What is chosen may open a dialog or a file picker, which must not fight the menu for the focus.
  const choose = (id: AttachId) => setTimeout(() => onChoose(id));
  if (narrow) {
    return (
      <>
        {button}
        <Sheet open={open} onOpenChange={onOpenChange} onChoose={choose} />
      </>
    );
  }
  return (
    <Menu
      trigger={button}
      open={open}
      onOpenChange={onOpenChange}
      label={t.sending.attach}
      align="start"
      side="top"
    >
      {ATTACH.map(({ group, items }) => (
        <Fragment key={group}>
          <MenuLabel>{t.sending.menuGroups[group]}</MenuLabel>
          {items.map(({ id, icon, keys }) => (
            <MenuItem key={id} icon={icon} {...(keys ? { keys } : {})} onSelect={() => choose(id)}>
              {t.sending.menu[id]}
            </MenuItem>
          ))}
        </Fragment>
      ))}
    </Menu>
  );
}

/** Large squares for thumbs. */
function Sheet({ open, onOpenChange, onChoose }: Props) {
  const { t } = useLanguage();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t.sending.attach}>
      {ATTACH.map(({ group, items }) => (
        <div key={group} role="group" aria-label={t.sending.menuGroups[group]}>
          <p className="pt-3 pb-1.5 text-meta text-text-muted first:pt-0">{t.sending.menuGroups[group]}</p>
          <div className="grid grid-cols-4 gap-1">
            {items.map(({ id, icon }) => (
              <button
                key={id}
                type="button"
                onClick={() => {
                  onOpenChange(false);
                  onChoose(id);
                }}
                className="flex min-h-19 min-w-0 flex-col items-center gap-1.5 rounded-panel px-0.5 py-2 text-center text-meta hover:bg-bg-hover"
              >
                <span className="flex size-10 shrink-0 items-center justify-center rounded-full bg-accent-soft text-accent">
                  <Icon of={icon} size={18} />
                </span>
                <span className="max-w-full text-balance">{t.sending.menu[id]}</span>
              </button>
            ))}
          </div>
        </div>
      ))}
    </Dialog>
  );
}
