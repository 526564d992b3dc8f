import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { useLanguage } from "@/i18n";
import { IconButton } from "./button";
import { cx } from "./cx";

const overlay = "fixed inset-0 z-40 bg-scrim animate-fade";

/** Into the first field, else onto the panel itself: a focused button would open its tooltip over the rest. */
function focusInside(event: Event): void {
  event.preventDefault();
  const panel = event.currentTarget as HTMLElement;
  const fields = panel.querySelectorAll<HTMLElement>("input:not([readonly]), select, textarea");
  const empty = [...fields].find((field) => field instanceof HTMLInputElement && field.value === "");
  (empty ?? fields[0] ?? panel).focus();
}

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  /** A dialog that must be answered cannot be dismissed by a slip of the pointer. */
  modalOnly?: boolean;
  wide?: boolean;
  children?: ReactNode;
}

export function Dialog({ open, onOpenChange, title, description, modalOnly, wide, children }: DialogProps) {
  const { t } = useLanguage();
  const stay = (event: Event) => modalOnly && event.preventDefault();
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlay} />
        <Primitive.Content
          onOpenAutoFocus={focusInside}
          onEscapeKeyDown={stay}
          onPointerDownOutside={stay}
          {...(description ? {} : { "aria-describedby": undefined })}
          className={cx(
            "fixed z-40 flex max-h-[85dvh] flex-col overflow-hidden outline-none bg-bg-raised shadow-float animate-enter",
            "inset-x-0 bottom-0 rounded-t-panel pb-[env(safe-area-inset-bottom)]",
            "two:inset-x-auto two:bottom-auto two:top-[12vh] two:left-1/2 two:w-full two:-translate-x-1/2 two:rounded-panel two:pb-0",
            wide ? "two:max-w-2xl" : "two:max-w-md",
          )}
        >
          <Primitive.Title className="px-4 pt-4 pr-14 text-body touch:pb-3.5 font-semibold">
            {title}
          </Primitive.Title>
          <div className="overflow-y-auto px-4 pt-1 pb-4">
            {description && (
              <Primitive.Description className="mb-3 text-small text-text-muted">
                {description}
              </Primitive.Description>
            )}
            {children}
          </div>
          {/* Last in order, so that opening puts the focus on what the dialog is about. */}
          {!modalOnly && (
            <span className="absolute top-2.5 right-2.5">
              <Primitive.Close asChild>
                <IconButton icon={X} label={t.close} keys="Escape" />
              </Primitive.Close>
            </span>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-4 flex flex-wrap justify-end gap-2 touch:[&>button]:flex-1">{children}</div>;
}

/** A panel that slides over the page from the right. */
export function Drawer({
  open,
  onOpenChange,
  title,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
}) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlay} />
        <Primitive.Content
          aria-describedby={undefined}
          onOpenAutoFocus={focusInside}
          className="fixed inset-y-0 right-0 z-40 flex w-full max-w-90 flex-col bg-bg shadow-float animate-enter-right outline-none"
        >
          <Primitive.Title className="sr-only">{title}</Primitive.Title>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
