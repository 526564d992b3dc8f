import { useState } from "react";
import type { NewMessage } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Counted, type DialogProps, filled, SendForm } from "./form";
import { LIMITS } from "./limits";

export function AskLocationDialog(props: DialogProps) {
  const { t } = useLanguage();
  const { askLocationTitle, askLocationText, askLocationDefault } = t.sending;
  return (
    <Ask
      {...props}
      asks="location"
      title={askLocationTitle}
      about={askLocationText}
      offer={askLocationDefault}
    />
  );
}

export function AskContactDialog(props: DialogProps) {
  const { t } = useLanguage();
  const { askContactTitle, askContactText, askContactDefault } = t.sending;
  return (
    <Ask {...props} asks="contact" title={askContactTitle} about={askContactText} offer={askContactDefault} />
  );
}

interface AskProps extends DialogProps {
  asks: "location" | "contact";
  title: string;
  about: string;
  offer: string;
}

function Ask({ asks, title, about, offer, draft, onSend, onClose }: AskProps) {
  const { t } = useLanguage();
  const [text, setText] = useState(draft || offer);
  const body: NewMessage | null = filled(text, LIMITS.body)
    ? { type: "request", asks, text: text.trim() }
    : null;
  return (
    <SendForm title={title} description={about} body={body} onSend={onSend} onClose={onClose}>
      <Counted label={t.sending.question} value={text} onChange={setText} most={LIMITS.body} lines={3} />
    </SendForm>
  );
}
