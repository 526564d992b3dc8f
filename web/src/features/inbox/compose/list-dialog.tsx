import { Plus, X } from "lucide-react";
import { useState } from "react";
import type { NewMessage } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Button, IconButton } from "@/ui";
import { Frame, framed } from "./buttons-dialog";
import { Counted, type DialogProps, filled, fits, SendForm } from "./form";
import { LIMITS } from "./limits";

interface Row {
  title: string;
  description: string;
}
interface Section {
  title: string;
  rows: Row[];
}

const emptyRow = (): Row => ({ title: "", description: "" });

/** A question whose answers open in a list: up to ten, in groups when there are many. */
export function ListDialog({ draft, onSend, onClose }: DialogProps) {
  const { t } = useLanguage();
  const words = t.sending;
  const [text, setText] = useState(draft);
  const [button, setButton] = useState<string>(words.listOpensDefault);
  const [header, setHeader] = useState("");
  const [footer, setFooter] = useState("");
  const [sections, setSections] = useState<Section[]>([{ title: "", rows: [emptyRow(), emptyRow()] }]);
  const body = listOf(text, button, sections, header, footer);
  const count = sections.reduce((sum, section) => sum + section.rows.length, 0);
  const grouped = sections.length > 1;
  const changeSection = (at: number, change: (section: Section) => Section) =>
    setSections(sections.map((section, index) => (index === at ? change(section) : section)));
  return (
    <SendForm title={words.menu.list} body={body} onSend={onSend} onClose={onClose}>
      <Counted label={words.question} value={text} onChange={setText} most={LIMITS.listBody} lines={3} />
      <Counted label={words.listOpens} value={button} onChange={setButton} most={LIMITS.listButton} />
      {sections.map((section, at) => (
        <SectionFields
          key={at}
          section={section}
          number={at + 1}
          grouped={grouped}
          before={sections.slice(0, at).reduce((sum, { rows }) => sum + rows.length, 0)}
          full={count >= LIMITS.rows}
          onChange={(change) => changeSection(at, change)}
          onRemove={() => setSections(sections.filter((_, index) => index !== at))}
        />
      ))}
      <div className="flex items-center justify-between">
        <Button
          kind="quiet"
          icon={Plus}
          disabled={count >= LIMITS.rows}
          onClick={() => setSections([...sections, { title: "", rows: [emptyRow()] }])}
        >
          {words.addSection}
        </Button>
        <span className="text-meta text-text-muted tabular">{words.rowsLeft(count, LIMITS.rows)}</span>
      </div>
      <Frame header={header} onHeader={setHeader} footer={footer} onFooter={setFooter} />
    </SendForm>
  );
}

interface SectionFieldsProps {
  section: Section;
  number: number;
  grouped: boolean;
  /** Rows of the sections above: rows are counted through. */
  before: number;
  full: boolean;
  onChange: (change: (section: Section) => Section) => void;
  onRemove: () => void;
}

function SectionFields({ section, number, grouped, before, full, onChange, onRemove }: SectionFieldsProps) {
  const { t } = useLanguage();
  const words = t.sending;
  const changeRow = (at: number, change: Partial<Row>) =>
    onChange((old) => ({
      ...old,
      rows: old.rows.map((row, index) => (index === at ? { ...row, ...change } : row)),
    }));
  return (
    <fieldset className="flex min-w-0 flex-col gap-2 rounded-panel p-3 ring-1 ring-line">
      <legend className="sr-only">{words.section(number)}</legend>
      {grouped && (
        <div className="flex items-end gap-1">
          <Counted
            label={words.sectionTitle}
            value={section.title}
            onChange={(title) => onChange((old) => ({ ...old, title }))}
            most={LIMITS.sectionTitle}
            className="flex-1"
          />
          <IconButton icon={X} label={`${t.remove}: ${words.section(number)}`} onClick={onRemove} />
        </div>
      )}
      {section.rows.map((row, at) => {
        const n = before + at + 1;
        return (
          <div key={at} className="flex items-start gap-1">
            <div className="grid min-w-0 flex-1 gap-1">
              <Counted
                label={words.row(n)}
                value={row.title}
                onChange={(title) => changeRow(at, { title })}
                most={LIMITS.rowTitle}
              />
              <Counted
                label={words.rowDescription(n)}
                value={row.description}
                onChange={(description) => changeRow(at, { description })}
                most={LIMITS.rowDescription}
                placeholder={words.rowDescriptionPlaceholder}
                className="[&>label]:sr-only"
              />
            </div>
            {section.rows.length > 1 && (
              <IconButton
                icon={X}
                label={words.removeRow(n)}
                onClick={() => onChange((old) => ({ ...old, rows: old.rows.filter((_, i) => i !== at) }))}
                className="mt-5.5"
              />
            )}
          </div>
        );
      })}
      <Button
        kind="quiet"
        icon={Plus}
        disabled={full}
        onClick={() => onChange((old) => ({ ...old, rows: [...old.rows, emptyRow()] }))}
        className="self-start"
      >
        {words.addRow}
      </Button>
    </fieldset>
  );
}

function listOf(
  text: string,
  button: string,
  sections: Section[],
  header: string,
  footer: string,
): NewMessage | null {
  const given = sections
    .map(({ title, rows }) => ({ title: title.trim(), rows: rows.filter((row) => row.title.trim()) }))
    .filter(({ rows }) => rows.length > 0);
  const rows = given.flatMap((section) => section.rows);
  const right =
    filled(text, LIMITS.listBody) &&
    filled(button, LIMITS.listButton) &&
    fits(header, LIMITS.header) &&
    fits(footer, LIMITS.footer) &&
    rows.length > 0 &&
    rows.length <= LIMITS.rows &&
    rows.every((row) => fits(row.title, LIMITS.rowTitle) && fits(row.description, LIMITS.rowDescription)) &&
    given.every(({ title }) =>
      given.length > 1 ? filled(title, LIMITS.sectionTitle) : fits(title, LIMITS.sectionTitle),
    );
  if (!right) return null;
  return {
    type: "list",
    text: text.trim(),
    button: button.trim(),
    sections: given.map(({ title, rows: some }) => ({
      ...(title && { title }),
      rows: some.map((row) => ({
        title: row.title.trim(),
        ...(row.description.trim() && { description: row.description.trim() }),
      })),
    })),
    ...framed(header, footer),
  };
}
