import { useLanguage } from "@/i18n";
import { Dialog, Kbd } from "@/ui";
import { type Section, useCurrentCommands } from "./registry";

const sections: Section[] = ["conversation", "list", "go", "general"];

/** Every key that works on this page, by what it is for. */
export function HelpOverlay({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useLanguage();
  const commands = useCurrentCommands().filter((command) => command.keys);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t.keyboardTitle} wide>
      <div className="grid gap-x-8 pt-2 gap-y-4 two:grid-cols-2">
        {sections.map((section) => {
          const here = commands.filter((command) => command.section === section);
          if (here.length === 0) return null;
          return (
            <section key={section}>
              <h3 className="mb-1 text-meta font-medium text-text-muted">{t.commandSections[section]}</h3>
              <ul>
                {here.map((command) => (
                  <li
                    key={command.id}
                    className="flex h-8 items-center justify-between gap-3 border-b border-line"
                  >
                    <span className="truncate">{command.label}</span>
                    <Kbd keys={command.keys ?? ""} className="text-text-muted" />
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
