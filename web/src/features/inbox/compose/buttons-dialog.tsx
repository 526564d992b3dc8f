import { Plus, X } from "lucide-react";
import { useState } from "react";
import type { NewMessage } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Button, IconButton } from "@/ui";
import { Counted, type DialogProps, filled, fits, SendForm } from "./form";
import { LIMITS } from "./limits";

/** A question the customer answers with a tap. */
export function ButtonsDialog({ draft, onSend, onClose }: DialogProps) {
  const { t } = useLanguage();
  const words = t.sending;
  const [text, setText] = useState(draft);
  const [header, setHeader] = useState("");
  const [footer, setFooter] = useState("");
  const [titles, setTitles] = useState(["", ""]);
  const given = titles.map((title) => title.trim()).filter(Boolean);
  const same = new Set(given).size < given.length;
  const right =
    filled(text, LIMITS.body) &&
    fits(header, LIMITS.header) &&
    fits(footer, LIMITS.footer) &&
    given.length > 0 &&
    !same &&
    given.every((title) => fits(title, LIMITS.buttonTitle));
  const body: NewMessage | null = right
    ? {
        type: "buttons",
        text: text.trim(),
        buttons: given.map((title) => ({ title })),
        ...framed(header, footer),
      }
    : null;
  const change = (index: number, title: string) =>
    setTitles(titles.map((old, at) => (at === index ? title : old)));
  return (
    <SendForm title={words.menu.buttons} body={body} onSend={onSend} onClose={onClose}>
      <Counted
        label={words.question}
        hint={words.questionHint}
        value={text}
        onChange={setText}
        most={LIMITS.body}
        lines={3}
      />
      {titles.map((title, index) => (
        <div key={index} className="flex items-end gap-1">
          <Counted
            label={words.buttonN(index + 1)}
            value={title}
            onChange={(next) => change(index, next)}
            most={LIMITS.buttonTitle}
            error={
              same && given.indexOf(title.trim()) !== given.lastIndexOf(title.trim())
                ? words.sameTitle
                : undefined
            }
            className="flex-1"
          />
          {titles.length > 1 && (
            <IconButton
              icon={X}
              label={words.removeButton(index + 1)}
              onClick={() => setTitles(titles.filter((_, at) => at !== index))}
            />
          )}
        </div>
      ))}
      {titles.length < LIMITS.buttons && (
        <Button kind="quiet" icon={Plus} onClick={() => setTitles([...titles, ""])} className="self-start">
          {words.addButton}
        </Button>
      )}
      <Frame header={header} onHeader={setHeader} footer={footer} onFooter={setFooter} />
    </SendForm>
  );
}

export const framed = (header: string, footer: string) => ({
  ...(header.trim() && { header: header.trim() }),
  ...(footer.trim() && { footer: footer.trim() }),
});

/** Title and footer, which every question may have. */
export function Frame({
  header,
  onHeader,
  footer,
  onFooter,
  headerNeeded,
}: {
  header: string;
  onHeader: (value: string) => void;
  footer: string;
  onFooter: (value: string) => void;
  headerNeeded?: string | undefined;
}) {
  const { t } = useLanguage();
  return (
    <div className="grid gap-3 two:grid-cols-2">
      <Counted
        label={t.sending.header}
        value={header}
        onChange={onHeader}
        most={LIMITS.header}
        optional={!headerNeeded}
        error={headerNeeded && !header.trim() ? headerNeeded : undefined}
      />
      <Counted label={t.sending.footer} value={footer} onChange={onFooter} most={LIMITS.footer} optional />
    </div>
  );
}
