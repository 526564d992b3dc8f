import { Check, type LucideIcon } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx";
import { Icon } from "./icon";
import { Kbd } from "./kbd";

interface MenuProps {
  trigger: ReactElement;
  align?: "start" | "center" | "end";
  side?: "top" | "right" | "bottom" | "left";
  label?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
}

export function Menu({ trigger, align = "end", side = "bottom", label, children, ...state }: MenuProps) {
  return (
    <Primitive.Root {...state}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 max-w-80 overflow-y-auto rounded-panel bg-bg-raised p-1 shadow-float animate-enter"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

const itemClass =
  "flex h-8 touch:h-11 items-center gap-2 rounded-control px-2 text-body outline-none select-none " +
  "data-highlighted:bg-bg-hover data-disabled:text-text-muted";

interface ItemProps {
  icon?: LucideIcon;
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem({ icon, keys, danger, disabled, onSelect, children }: ItemProps) {
  return (
    <Primitive.Item
      {...(disabled === undefined ? {} : { disabled })}
      onSelect={onSelect}
      className={cx(itemClass, danger && "text-danger")}
    >
      {icon && <Icon of={icon} className={danger ? undefined : "text-text-muted"} />}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {keys && <Kbd keys={keys} className="text-text-muted" />}
    </Primitive.Item>
  );
}

/** One of several; the chosen one carries a tick. */
export function MenuChoice({
  checked,
  onSelect,
  children,
}: {
  checked: boolean;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Primitive.CheckboxItem checked={checked} onSelect={onSelect} className={itemClass}>
      <span className="flex min-w-0 flex-1 items-center gap-2">{children}</span>
      <Primitive.ItemIndicator>
        <Icon of={Check} className="text-accent" />
      </Primitive.ItemIndicator>
    </Primitive.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Primitive.Label className="px-2 pt-2 pb-1 text-meta text-text-muted">{children}</Primitive.Label>;
}

export function MenuLine() {
  return <Primitive.Separator className="mx-1 my-1 h-px bg-line" />;
}
