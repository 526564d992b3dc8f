import { Tabs as Primitive } from "radix-ui";
import { cx } from "./cx";

/** Chooses one of a few views of the same thing; the caller renders what is chosen. */
export function Tabs<T extends string>({
  label,
  value,
  onChange,
  tabs,
  panelId,
  className,
}: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  tabs: { id: T; label: string }[];
  /** The element the tabs switch. */
  panelId: string;
  className?: string;
}) {
  return (
    <Primitive.Root value={value} onValueChange={(next) => onChange(next as T)} activationMode="automatic">
      <Primitive.List aria-label={label} className={cx("flex gap-4", className)}>
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.id}
            value={tab.id}
            aria-controls={panelId}
            className={
              "-mb-px h-9 touch:h-11 touch:min-w-11 border-b-2 border-transparent text-small font-medium whitespace-nowrap text-text-muted " +
              "hover:text-text data-[state=active]:border-accent data-[state=active]:text-text"
            }
          >
            {tab.label}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
    </Primitive.Root>
  );
}
