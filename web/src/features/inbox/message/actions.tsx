/** What can be done to a message: a bar beside it for pointer and keyboard, a sheet for fingers. */
import { Copy, Download, Ellipsis, Info, type LucideIcon, Plus, Reply, SmilePlus } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { type KeyboardEvent, type MouseEvent, useRef } from "react";
import type { Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { cx, Dialog, Icon, IconButton, Menu, MenuItem, MenuLine, toast } from "@/ui";
import { copyMessage, mayQuote, ourReaction, QUICK } from "./doing";
import type { OpenMenu } from "./gestures";
import { mediaUrl } from "./media-state";
import { useThread } from "./thread-context";

interface Action {
  id: string;
  icon: LucideIcon;
  label: string;
  keys?: string;
  run: () => void;
}

function useMessageActions(message: Message): { answerable: boolean; actions: Action[] } {
  const { t } = useLanguage();
  const { doing } = useThread();
  const answerable = doing.mayAnswer && mayQuote(message);
  const actions: Action[] = [];
  const words = t.sending;
  if (answerable) {
    const run = () => doing.quote(message);
    actions.push({ id: "reply", icon: Reply, label: words.replyToMessage, keys: "r", run });
  }
  if (message.text) {
    const run = () => void copyMessage(message, t, toast);
    actions.push({ id: "copy", icon: Copy, label: words.copyText, keys: "c", run });
  }
  const { media } = message;
  if (media?.status === "ready") {
    const run = () => saveFile(mediaUrl(media), media.filename);
    actions.push({ id: "download", icon: Download, label: words.download, run });
  }
  const run = () => doing.showDetails(message);
  actions.push({ id: "details", icon: Info, label: words.details, run });
  return { answerable, actions };
}

function saveFile(url: string, name: string | null): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name ?? "";
  link.click();
}

interface BarProps {
  message: Message;
  ours: boolean;
  menu: { open: OpenMenu; onOpen: (menu: OpenMenu) => void };
}

/** Floats beside the bubble, on the side of the free space; takes no room of its own. */
export function MessageBar({ message, ours, menu }: BarProps) {
  const { t } = useLanguage();
  const { doing } = useThread();
  const { answerable, actions } = useMessageActions(message);
  const small = "size-7! touch:size-7!";
  return (
    <span
      dir="ltr"
      className={cx(
        "absolute top-0 z-10 flex rounded-control bg-bg-raised text-text shadow-float",
        ours ? "right-full mr-1.5" : "left-full ml-1.5",
      )}
    >
      {answerable && (
        <span className="hidden @lg:contents">
          <Menu
            open={menu.open === "emoji"}
            onOpenChange={(open) => menu.onOpen(open ? "emoji" : null)}
            label={t.sending.react}
            align={ours ? "end" : "start"}
            trigger={
              <IconButton icon={SmilePlus} label={t.sending.react} keys="1" side="top" className={small} />
            }
          >
            <EmojiItems message={message} />
          </Menu>
          <IconButton
            icon={Reply}
            label={t.sending.replyToMessage}
            keys="r"
            side="top"
            onClick={() => doing.quote(message)}
            className={small}
          />
        </span>
      )}
      <Menu
        open={menu.open === "all"}
        onOpenChange={(open) => menu.onOpen(open ? "all" : null)}
        label={t.sending.messageActions}
        align={ours ? "end" : "start"}
        trigger={
          <IconButton
            icon={Ellipsis}
            label={t.sending.messageActions}
            keys="Enter"
            side="top"
            className={small}
          />
        }
      >
        {answerable && (
          <>
            <EmojiItems message={message} />
            <MenuLine />
          </>
        )}
        {actions.map(({ id, icon, label, keys, run }) => (
          <MenuItem key={id} icon={icon} {...(keys ? { keys } : {})} onSelect={() => setTimeout(run)}>
            {label}
          </MenuItem>
        ))}
      </Menu>
    </span>
  );
}

const emojiClass =
  "flex size-9 items-center justify-center rounded-full text-[1.25rem] leading-none outline-none select-none " +
  "data-highlighted:bg-bg-hover touch:size-11";

function EmojiItems({ message }: { message: Message }) {
  const { t } = useLanguage();
  const { doing } = useThread();
  const own = ourReaction(message);
  // Arrows sideways too: the six stand in a row.
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === "ArrowRight" ? "nextElementSibling" : "previousElementSibling";
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    const next = (event.target as HTMLElement)[step];
    if (next instanceof HTMLElement) next.focus();
    event.preventDefault();
  };
  return (
    <DropdownMenu.Group aria-label={t.sending.react} className="flex" onKeyDown={onKeyDown}>
      {shownEmoji(own).map((emoji) => (
        <DropdownMenu.Item
          key={emoji}
          aria-label={emoji === own ? t.sending.takeBack(emoji) : t.sending.reactWith(emoji)}
          onSelect={() => doing.react(message, emoji)}
          className={cx(emojiClass, emoji === own && "bg-accent-soft")}
        >
          {emoji}
        </DropdownMenu.Item>
      ))}
      <DropdownMenu.Item
        aria-label={t.sending.moreEmoji}
        onSelect={() => setTimeout(() => doing.pickEmoji(message))}
        className={cx(emojiClass, "text-text-muted")}
      >
        <Icon of={Plus} />
      </DropdownMenu.Item>
    </DropdownMenu.Group>
  );
}

/** The six, and ours among them when it is another one: else nobody could take it back. */
const shownEmoji = (own: string | null): string[] => (own && !QUICK.includes(own) ? [own, ...QUICK] : QUICK);

/** The same for fingers, from the lower edge. */
export function MessageSheet({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useLanguage();
  const { doing } = useThread();
  const { answerable, actions } = useMessageActions(message);
  const own = ourReaction(message);
  // The finger that opened it by pressing long still lies on it: its lifting must choose nothing.
  const pressed = useRef(false);
  const then = (run: () => void) => (event: MouseEvent) => {
    if (event.detail > 0 && !pressed.current) return;
    onClose();
    setTimeout(run);
  };
  return (
    <Dialog open onOpenChange={onClose} title={t.sending.messageActions}>
      <div
        onPointerDown={() => {
          pressed.current = true;
        }}
      >
        {answerable && (
          <div role="group" aria-label={t.sending.react} className="-mx-2 mb-2 flex justify-between">
            {shownEmoji(own)
              .slice(0, 6)
              .map((emoji) => (
                <button
                  key={emoji}
                  type="button"
                  aria-pressed={emoji === own}
                  aria-label={emoji === own ? t.sending.takeBack(emoji) : t.sending.reactWith(emoji)}
                  onClick={then(() => doing.react(message, emoji))}
                  className="flex size-11 items-center justify-center rounded-full text-[1.5rem] aria-pressed:bg-accent-soft"
                >
                  {emoji}
                </button>
              ))}
            <IconButton
              icon={Plus}
              label={t.sending.moreEmoji}
              onClick={then(() => doing.pickEmoji(message))}
              className="size-11! rounded-full!"
            />
          </div>
        )}
        <ul>
          {actions.map(({ id, icon, label, run }) => (
            <li key={id}>
              <button
                type="button"
                onClick={then(run)}
                className="flex h-11 w-full items-center gap-3 rounded-control text-touch hover:bg-bg-hover"
              >
                <Icon of={icon} size={18} className="text-text-muted" />
                {label}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
