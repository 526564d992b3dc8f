/** A template as the customer's phone will show it, with what has been typed so far in its places. */
import {
  ClipboardList,
  Copy,
  ExternalLink,
  FileText,
  Image,
  KeyRound,
  type LucideIcon,
  MapPin,
  Phone,
  Reply,
  ShoppingBag,
  Video,
} from "lucide-react";
import type { ReactNode } from "react";
import { useLanguage } from "@/i18n";
import { cx } from "./cx";
import { Icon } from "./icon";
import { formatted } from "./whatsapp-text";

/** What of a template is seen; any richer shape fits. Places to fill are written `{{1}}` or `{{name}}`. */
export interface TemplateParts {
  header: { format: string; text?: string | null } | null;
  body: string;
  footer: string | null;
  buttons: readonly { kind: string; text: string; url?: string | null; phone?: string | null }[];
  parameters: readonly { key: string; example?: string | null }[];
}

export interface TemplateFile {
  url: string | null;
  name: string;
}

interface Props {
  template: TemplateParts;
  /** By the parameters' keys: "header.1", "body.customer", "button.0". What is missing shows its example. */
  values?: Readonly<Record<string, string>>;
  /** What the header will carry. */
  file?: TemplateFile | null | undefined;
  /** The place being typed into. */
  activeKey?: string | null | undefined;
  className?: string;
}

const buttonIcons: Record<string, LucideIcon> = {
  quick_reply: Reply,
  url: ExternalLink,
  phone_number: Phone,
  copy_code: Copy,
  flow: ClipboardList,
  otp: KeyRound,
  catalog: ShoppingBag,
  mpm: ShoppingBag,
  spm: ShoppingBag,
};

export const templateButtonIcon = (kind: string): LucideIcon => buttonIcons[kind] ?? Reply;

const headerIcons: Record<string, LucideIcon> = {
  image: Image,
  gif: Image,
  video: Video,
  document: FileText,
  location: MapPin,
};

export function TemplatePreview({ template, values = {}, file, activeKey, className }: Props) {
  const { t } = useLanguage();
  const fill = (place: string, text: string) => filled(place, text, template, values, activeKey);
  const { header, footer, buttons } = template;
  return (
    <div
      role="group"
      aria-label={t.sending.previewName}
      className={cx("rounded-panel border border-line bg-bg-sunken p-3", className)}
    >
      <div className="max-w-72 text-body text-bubble-text" dir="auto">
        <div
          className={cx("rounded-bubble bg-bubble-in p-1 shadow-[0_1px_1px_rgb(0_0_0/0.06)] rounded-tl-xs")}
        >
          {header && header.format !== "text" && <HeaderFile format={header.format} file={file} />}
          <div className="px-2 pt-1 pb-1">
            {header?.format === "text" && header.text && (
              <p className="pb-1 font-semibold wrap-anywhere">{fill("header", header.text)}</p>
            )}
            <p className="whitespace-pre-wrap wrap-anywhere">{fill("body", template.body)}</p>
            {footer && <p className="pt-1 text-small text-bubble-meta wrap-anywhere">{footer}</p>}
          </div>
          {buttons.length > 0 && (
            <ul aria-label={t.sending.buttonsName} className="mt-1">
              {buttons.map((button, index) => (
                <li
                  key={index}
                  className="flex min-h-9 items-center justify-center gap-1.5 border-t border-bubble-meta/20 px-2 py-1 text-center font-medium text-accent"
                >
                  <Icon of={templateButtonIcon(button.kind)} size={14} />
                  <span className="min-w-0 wrap-anywhere">{button.text}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </div>
  );
}

function HeaderFile({ format, file }: { format: string; file: TemplateFile | null | undefined }) {
  const { t } = useLanguage();
  const names: Record<string, string> = t.kinds.names;
  const name = file?.name ?? names[format] ?? format;
  if (format === "image" && file?.url) {
    return <img src={file.url} alt={file.name} className="h-36 w-full rounded-[9px] object-cover" />;
  }
  const low = format === "document";
  return (
    <div
      className={cx(
        "flex items-center justify-center gap-2 rounded-[9px] bg-bg-sunken px-3 text-small text-bubble-meta",
        low ? "h-14" : "h-36 flex-col",
      )}
    >
      <Icon of={headerIcons[format] ?? FileText} size={low ? 18 : 24} />
      <span className="max-w-full truncate">{name}</span>
    </div>
  );
}

/** Signs of the private area stand for the places while the marks of WhatsApp are read around them. */
const FIRST = 0xe000;
const PLACE = /\{\{\s*([^{}\s]+)\s*\}\}/g;
const STANDIN = /([\uE000-\uE0FF])/;

function filled(
  place: string,
  text: string,
  template: TemplateParts,
  values: Readonly<Record<string, string>>,
  activeKey: string | null | undefined,
): ReactNode {
  const keys: string[] = [];
  const marked = text.replace(PLACE, (_, name: string) => {
    keys.push(`${place}.${name}`);
    return String.fromCharCode(FIRST + keys.length - 1);
  });
  const leaf = (plain: string) =>
    plain.split(STANDIN).map((part, index) => {
      if (index % 2 === 0) return part;
      const key = keys[part.charCodeAt(0) - FIRST] ?? "";
      const example = template.parameters.find((parameter) => parameter.key === key)?.example;
      const name = key.slice(place.length + 1);
      return <Place key={index} value={values[key]} example={example ?? name} active={key === activeKey} />;
    });
  return formatted(marked, leaf);
}

function Place({ value, example, active }: { value: string | undefined; example: string; active: boolean }) {
  const given = value?.trim() ? value : null;
  return (
    <span
      data-filled={given !== null}
      className={cx(
        "rounded-xs",
        given === null &&
          "bg-bg-sunken px-1 text-bubble-meta outline-1 -outline-offset-1 outline-dashed outline-bubble-meta/50",
        active && "bg-accent-soft outline-accent",
      )}
    >
      {given ?? example}
    </span>
  );
}
