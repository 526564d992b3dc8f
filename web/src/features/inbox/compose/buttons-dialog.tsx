import { Plus, X } from "lucide-react";
import { useState } from "react";
import type { NewMessage } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Button, IconButton } from "@/ui";
import { Counted, type DialogProps, filled, fits, SendForm } from "./form";
import { type HeaderFile, HeaderFileField, PickFile, useHeaderFile } from "./header-file";
import { LIMITS } from "./limits";

/** A question the customer answers with a tap. */
export function ButtonsDialog({ draft, onSend, onClose }: DialogProps) {
  const { t } = useLanguage();
  const words = t.sending;
  const [text, setText] = useState(draft);
  const [header, setHeader] = useState("");
  const [footer, setFooter] = useState("");
  const [titles, setTitles] = useState(["", ""]);
  const top = useHeaderFile();
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
        ...framed(header, footer, top),
      }
    : null;
  const change = (index: number, title: string) =>
    setTitles(titles.map((old, at) => (at === index ? title : old)));
  return (
    <SendForm title={words.menu.buttons} body={body} file={top.file} onSend={onSend} onClose={onClose}>
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
      <Frame header={header} onHeader={setHeader} footer={footer} onFooter={setFooter} top={top} />
    </SendForm>
  );
}

/** A file at the top takes the title's place; its id is there when it has arrived, before which nothing is sent. */
export const framed = (header: string, footer: string, top?: HeaderFile) => ({
  ...(top?.file ? { upload_id: top.file.upload?.id ?? "" } : header.trim() && { header: header.trim() }),
  ...(footer.trim() && { footer: footer.trim() }),
});

/** Title and footer, which every question may have; where `top` is given, a file instead of the title. */
export function Frame({
  header,
  onHeader,
  footer,
  onFooter,
  headerNeeded,
  top,
}: {
  header: string;
  onHeader: (value: string) => void;
  footer: string;
  onFooter: (value: string) => void;
  headerNeeded?: string | undefined;
  top?: HeaderFile;
}) {
  const { t } = useLanguage();
  return (
    <div className="grid gap-3 two:grid-cols-2">
      {top?.file ? (
        <HeaderFileField label={t.sending.topFile} file={top.file} onFile={top.choose} onClear={top.clear} />
      ) : (
        <div className="flex min-w-0 flex-col items-start gap-1">
          <Counted
            label={t.sending.header}
            value={header}
            onChange={onHeader}
            most={LIMITS.header}
            optional={!headerNeeded}
            error={headerNeeded && !header.trim() ? headerNeeded : undefined}
            className="w-full"
          />
          {top && !header.trim() && <PickFile label={t.sending.topFileOr} quiet onFile={top.choose} />}
        </div>
      )}
      <Counted label={t.sending.footer} value={footer} onChange={onFooter} most={LIMITS.footer} optional />
    </div>
  );
}
