import { useState } from "react";
import type { NewMessage } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Frame, framed } from "./buttons-dialog";
import { Counted, type DialogProps, filled, fits, SendForm } from "./form";
import { useHeaderFile } from "./header-file";
import { LIMITS } from "./limits";

const MOST_URL = 2000;
const isUrl = (text: string) => /^https?:\/\/[^\s.]+\.\S+$/i.test(text);

/** Words with one button that opens an address. */
export function LinkDialog({ draft, onSend, onClose }: DialogProps) {
  const { t } = useLanguage();
  const words = t.sending;
  const [text, setText] = useState(draft);
  const [label, setLabel] = useState<string>(words.linkLabelDefault);
  const [url, setUrl] = useState("");
  const [header, setHeader] = useState("");
  const [footer, setFooter] = useState("");
  const top = useHeaderFile();
  const right =
    filled(text, LIMITS.body) &&
    filled(label, LIMITS.buttonTitle) &&
    isUrl(url.trim()) &&
    fits(url, MOST_URL) &&
    fits(header, LIMITS.header) &&
    fits(footer, LIMITS.footer);
  const body: NewMessage | null = right
    ? {
        type: "link",
        text: text.trim(),
        button: label.trim(),
        url: url.trim(),
        ...framed(header, footer, top),
      }
    : null;
  return (
    <SendForm title={words.menu.link} body={body} file={top.file} onSend={onSend} onClose={onClose}>
      <Counted label={words.question} value={text} onChange={setText} most={LIMITS.body} lines={3} />
      <Counted
        label={words.linkUrl}
        type="url"
        value={url}
        onChange={setUrl}
        most={MOST_URL}
        placeholder="https://"
        error={url.trim().length > 8 && !isUrl(url.trim()) ? words.linkUrlWrong : undefined}
      />
      <Counted label={words.linkLabel} value={label} onChange={setLabel} most={LIMITS.buttonTitle} />
      <Frame header={header} onHeader={setHeader} footer={footer} onFooter={setFooter} top={top} />
    </SendForm>
  );
}
