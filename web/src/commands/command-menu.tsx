/** One field that finds conversations and does everything the page can do. */
import { useQuery } from "@tanstack/react-query";
import { CornerDownLeft, type LucideIcon, Search } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { listConversations } from "@/api/calls";
import type { Conversation } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Avatar, cx, Icon, Kbd, WindowChip } from "@/ui";
import { type Section, useCurrentCommands } from "./registry";

interface Entry {
  id: string;
  group: string;
  run: () => void;
  content: ReactNode;
}

const PAUSE_MS = 140;
const sections: Section[] = ["conversation", "list", "go", "general"];

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function useFoundConversations(text: string): Conversation[] {
  const q = useSettled(text.trim());
  const found = useQuery({
    queryKey: ["command-search", q],
    queryFn: ({ signal }) => listConversations({ status: "all", sort: "last_activity", q }, null, 6, signal),
    enabled: q.length >= 2,
    placeholderData: (previous) => previous,
    gcTime: 30_000,
  });
  return q.length >= 2 ? (found.data?.items ?? []) : [];
}

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onConversation: (conversationId: string) => void;
}

export function CommandMenu({ open, onOpenChange, onConversation }: Props) {
  const { t } = useLanguage();
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-scrim animate-fade" />
        <Primitive.Content
          aria-describedby={undefined}
          className="fixed inset-x-2 top-[8dvh] z-40 mx-auto flex max-h-[70dvh] max-w-xl flex-col overflow-hidden rounded-panel bg-bg-raised shadow-float animate-enter"
        >
          <Primitive.Title className="sr-only">{t.commandMenu}</Primitive.Title>
          <Finder
            onChosen={(run) => {
              onOpenChange(false);
              // The command may open another dialog; it must not fight this one for the focus.
              setTimeout(run);
            }}
            onConversation={onConversation}
          />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Finder({
  onChosen,
  onConversation,
}: {
  onChosen: (run: () => void) => void;
  onConversation: (conversationId: string) => void;
}) {
  const { t } = useLanguage();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const conversations = useFoundConversations(text);
  const entries = [
    ...useCommandEntries(text),
    ...conversations.map((item) => conversationEntry(item, t.conversations, onConversation)),
  ];
  const chosen = Math.min(active, entries.length - 1);

  const move = (step: number) => {
    const next = (chosen + step + entries.length) % Math.max(1, entries.length);
    setActive(next);
    list.current?.querySelector(`[data-index="${next}"]`)?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) move(step);
    else if (event.key === "Enter") {
      const entry = entries[chosen];
      if (entry) onChosen(entry.run);
    } else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Icon of={Search} className="text-text-muted" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={chosen >= 0 ? `${listId}-${chosen}` : undefined}
          aria-label={t.commandMenu}
          placeholder={t.commandPlaceholder}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-12 w-full bg-transparent text-touch outline-none"
        />
      </div>
      <div ref={list} id={listId} role="listbox" aria-label={t.commandMenu} className="overflow-y-auto p-1.5">
        {entries.length === 0 && (
          <p className="px-2 py-6 text-center text-small text-text-muted">{t.nothingFound}</p>
        )}
        {entries.map((entry, index) => (
          <div key={entry.id} role="presentation">
            {entry.group !== entries[index - 1]?.group && (
              <p className="px-2 pt-2 pb-1 text-meta text-text-muted">{entry.group}</p>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles the keys */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox */}
            <div
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === chosen}
              data-index={index}
              onPointerMove={() => setActive(index)}
              onClick={() => onChosen(entry.run)}
              className={cx(
                "flex h-9 touch:h-11 items-center gap-2.5 rounded-control px-2",
                index === chosen && "bg-bg-hover",
              )}
            >
              {entry.content}
            </div>
          </div>
        ))}
      </div>
    </>
  );
}

function useCommandEntries(text: string): Entry[] {
  const { t } = useLanguage();
  const wanted = plain(text.trim()).split(/\s+/).filter(Boolean);
  const commands = useCurrentCommands().filter(
    (command) => !command.keyOnly && wanted.every((word) => plain(command.label).includes(word)),
  );
  return sections.flatMap((section) =>
    commands
      .filter((command) => command.section === section)
      .map((command) => ({
        id: command.id,
        group: t.commandSections[section],
        run: command.run,
        content: <CommandLine icon={command.icon} label={command.label} keys={command.keys} />,
      })),
  );
}

function CommandLine({
  icon,
  label,
  keys,
}: {
  icon?: LucideIcon | undefined;
  label: string;
  keys?: string | undefined;
}) {
  return (
    <>
      <Icon of={icon ?? CornerDownLeft} className="text-text-muted" />
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {keys && <Kbd keys={keys} className="text-text-muted" />}
    </>
  );
}

function conversationEntry(item: Conversation, group: string, open: (conversationId: string) => void): Entry {
  return {
    id: item.id,
    group,
    run: () => open(item.id),
    content: (
      <>
        <Avatar name={item.contact.name} size={20} />
        <span className="shrink-0 truncate font-medium max-w-[45%]">{item.contact.name}</span>
        <span className="min-w-0 flex-1 truncate text-small text-text-muted" dir="auto">
          {item.last_message?.preview}
        </span>
        <WindowChip endsAt={item.service_window_ends_at} bare />
      </>
    ),
  };
}
