import { useQuery } from "@tanstack/react-query";
import { ChevronDown, UserRoundPlus } from "lucide-react";
import { membersQuery } from "@/api/queries";
import type { Conversation } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Avatar, Icon, Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "@/ui";

interface Props {
  conversation: Conversation;
  userId: string;
  disabled: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onAssign: (person: { id: string; name: string } | null) => void;
}

export function AssignMenu({ conversation, userId, disabled, open, onOpenChange, onAssign }: Props) {
  const { t } = useLanguage();
  const members = useQuery({ ...membersQuery, enabled: !disabled });
  const { assignee } = conversation;
  const people = [...(members.data ?? [])]
    .filter((member) => member.role !== "analyst" && member.role !== "compliance")
    .sort((a, b) => Number(b.id === userId) - Number(a.id === userId) || a.name.localeCompare(b.name));
  return (
    <Menu
      open={open}
      onOpenChange={onOpenChange}
      label={t.assign}
      trigger={
        <button
          type="button"
          disabled={disabled}
          aria-label={assignee ? t.assignedTo(assignee.name) : t.assign}
          title={assignee ? t.assignedTo(assignee.name) : t.assign}
          className="flex h-8 max-w-44 min-w-0 shrink-0 items-center gap-1.5 rounded-control px-2 text-text-muted enabled:hover:bg-bg-hover enabled:hover:text-text data-[state=open]:bg-bg-hover touch:h-11 touch:min-w-11 touch:justify-center"
        >
          {assignee ? <Avatar name={assignee.name} size={20} /> : <Icon of={UserRoundPlus} />}
          <span className="hidden truncate @lg:inline">{assignee ? assignee.name : t.assign}</span>
          <Icon of={ChevronDown} size={14} className="hidden @lg:block" />
        </button>
      }
    >
      <MenuLabel>{t.assign}</MenuLabel>
      {people.map((person) => (
        <MenuChoice
          key={person.id}
          checked={person.id === assignee?.id}
          onSelect={() => onAssign({ id: person.id, name: person.name })}
        >
          <Avatar name={person.name} size={20} />
          <span className="truncate">{person.id === userId ? t.meNamed(person.name) : person.name}</span>
        </MenuChoice>
      ))}
      {assignee && (
        <>
          <MenuLine />
          <MenuItem onSelect={() => onAssign(null)}>{t.unassign}</MenuItem>
        </>
      )}
    </Menu>
  );
}
