/** Messages that ask something of the customer: their frame of title, words and footer, and what can be tapped. */
import {
  ChevronDown,
  ExternalLink,
  LayoutTemplate,
  List,
  type LucideIcon,
  MapPin,
  Phone,
  Reply,
  ShoppingBag,
} from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import type { ListContent, Message, TemplateContent } from "@/api/types";
import { useLanguage } from "@/i18n";
import type { Messages } from "@/i18n/pt-BR";
import { cx, formatted, Icon } from "@/ui";
import { templateButtonIcon } from "@/ui/template-preview";
import { pageUrl } from "./place";

type Content = NonNullable<Message["content"]>;
export type AskingContent = Extract<
  Content,
  { of: "buttons" | "list" | "link" | "request" | "products" | "template" }
>;

const ASKING = new Set(["buttons", "list", "link", "request", "products", "template"]);

export function asks(content: Content | null): content is AskingContent {
  return content !== null && ASKING.has(content.of);
}

interface Props {
  content: AskingContent;
  text: string | null;
  /** A header's picture, film or document. */
  file: ReactNode;
  time: ReactNode;
}

/** As the customer has it: title or file, words, footer, and below a line what they can tap. */
export function Asking({ content, text, file, time }: Props) {
  const header = "header" in content ? content.header : null;
  const footer = "footer" in content ? content.footer : null;
  return (
    <div className="w-72 max-w-full">
      {file}
      <div className="px-2 pt-0.5">
        {content.of === "template" && <TemplateMark template={content} />}
        {header && (
          <p className="font-semibold wrap-anywhere" dir="auto">
            {header}
          </p>
        )}
        {text && (
          <p className="whitespace-pre-wrap wrap-anywhere" dir="auto">
            {formatted(text)}
          </p>
        )}
        {footer && (
          <p className="text-small text-bubble-meta wrap-anywhere" dir="auto">
            {footer}
          </p>
        )}
      </div>
      {time}
      <Taps content={content} />
    </div>
  );
}

function TemplateMark({ template }: { template: TemplateContent }) {
  const { t } = useLanguage();
  return (
    <span className="mb-0.5 flex items-center gap-1 text-meta text-bubble-meta" title={template.name}>
      <Icon of={LayoutTemplate} size={14} />
      <span className="truncate">{t.sending.shown.template(template.name)}</span>
    </span>
  );
}

interface Tap {
  icon: LucideIcon;
  words: string;
  url?: string | null;
}

function tapsOf(content: Exclude<AskingContent, { of: "list" }>, t: Messages): Tap[] {
  const { shown } = t.sending;
  switch (content.of) {
    case "buttons":
      return content.buttons.map(({ title }) => ({ icon: Reply, words: title }));
    case "link":
      return [{ icon: ExternalLink, words: content.button, url: content.url }];
    case "request":
      return content.asks === "location"
        ? [{ icon: MapPin, words: shown.asksLocation }]
        : [{ icon: Phone, words: shown.asksContact }];
    case "products": {
      const count = content.product_ids.length;
      const words = count === 0 ? shown.catalog : count === 1 ? shown.product : shown.products(count);
      return [{ icon: ShoppingBag, words }];
    }
    case "template":
      return (content.buttons ?? []).map(({ kind, text, url }) => ({
        icon: templateButtonIcon(kind),
        words: text,
        url: url ?? null,
      }));
  }
}

const row =
  "flex min-h-9 w-full items-center justify-center gap-1.5 border-t border-bubble-meta/20 px-2 py-1.5 text-center " +
  "font-medium text-accent touch:min-h-11";

function Taps({ content }: { content: AskingContent }) {
  const { t } = useLanguage();
  if (content.of === "list") return <Rows list={content} />;
  const taps = tapsOf(content, t);
  if (taps.length === 0) return null;
  return (
    <ul aria-label={t.sending.shown.customerSees} className="-mx-1 mt-1 -mb-1.5">
      {taps.map((tap, index) => (
        <li key={index}>
          <TapRow tap={tap} />
        </li>
      ))}
    </ul>
  );
}

/** A link can be tried out; the rest is the customer's to tap. */
function TapRow({ tap }: { tap: Tap }) {
  const url = pageUrl(tap.url);
  const inside = (
    <>
      <Icon of={tap.icon} size={14} />
      <span className="min-w-0 wrap-anywhere">{tap.words}</span>
    </>
  );
  if (!url) return <span className={row}>{inside}</span>;
  return (
    <a
      href={url}
      title={url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className={cx(row, "rounded-b-bubble hover:underline focus-visible:-outline-offset-2")}
    >
      {inside}
    </a>
  );
}

/** What opens on the customer's phone opens here too. */
function Rows({ list }: { list: ListContent }) {
  const { t } = useLanguage();
  const [open, setOpen] = useState(false);
  const id = useId();
  const count = list.sections.reduce((sum, section) => sum + section.rows.length, 0);
  return (
    <div className="-mx-1 mt-1 -mb-1.5">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        title={open ? t.sending.shown.closeList : t.sending.shown.openList}
        className={cx(row, "rounded-b-bubble focus-visible:-outline-offset-2 hover:underline")}
      >
        <Icon of={List} size={14} />
        <span className="min-w-0 wrap-anywhere">{list.button}</span>
        <span className="font-normal text-bubble-meta tabular">{t.sending.shown.list(count)}</span>
        <Icon of={ChevronDown} size={14} className={cx("text-bubble-meta", open && "rotate-180")} />
      </button>
      <div id={id} hidden={!open} className="border-t border-bubble-meta/20 px-3 py-1.5">
        {list.sections.map((section, index) => (
          <div key={index} className="py-1">
            {section.title && (
              <p className="text-meta font-medium text-bubble-meta wrap-anywhere">{section.title}</p>
            )}
            <ul>
              {section.rows.map(({ id: rowId, title, description }) => (
                <li key={rowId} className="py-1">
                  <span className="block wrap-anywhere">{title}</span>
                  {description && (
                    <span className="block text-small text-bubble-meta wrap-anywhere">{description}</span>
                  )}
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </div>
  );
}
