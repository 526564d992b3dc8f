import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, UserRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { type CostOf, estimateCost, getTemplate } from "@/api/calls";
import { ProblemError, Unreachable } from "@/api/client";
import { keys } from "@/api/queries";
import type { NewTemplate, Template, TemplateParameter } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, DialogActions, Field, Input, TemplatePreview } from "@/ui";
import type { Offered } from "../use-conversation-actions";
import { CategoryChip } from "./category-chip";
import { HeaderFileField, useHeaderFile } from "./header-file";
import { cleaned, filledBody, isFilled, languageName, type Values, whyNot } from "./template-words";

/** Why it did not go: the server's reason, or that there was no answer. */
export type Refused = ProblemError | Unreachable;

interface Props {
  template: Template;
  contactName: string;
  costOf: CostOf | null;
  optedOut: boolean;
  initial: Values;
  onValues: (values: Values) => void;
  onBack: () => void;
  onSend: (body: NewTemplate, more: Offered) => Promise<Refused | null>;
  onSent: () => void;
}

export function TemplateFill(props: Props) {
  const { contactName, costOf, optedOut, initial, onValues, onBack, onSend, onSent } = props;
  const { t, f, locale } = useLanguage();
  const words = t.sending.template;
  const client = useQueryClient();
  const [template, setTemplate] = useState(props.template);
  const [values, setValues] = useState(initial);
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [changed, setChanged] = useState(false);
  const [problem, setProblem] = useState<Refused | null>(null);
  const { file, choose } = useHeaderFile(template.needs_file ?? undefined);
  const why = whyNot(template, optedOut, t, f.full);
  const ready = !why && isFilled(template, values) && (!template.needs_file || file?.state === "ready");

  const set = (key: string, value: string) => {
    const next = { ...values, [key]: value };
    setValues(next);
    onValues(next);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setProblem(null);
    const body: NewTemplate = {
      type: "template",
      template_id: template.id,
      version: template.version,
      parameters: cleaned(pick(template, values)),
      ...(template.needs_file && file?.upload && { upload_id: file.upload.id }),
    };
    const refused = await onSend(body, { words: filledBody(template, values), ...(file && { file }) });
    if (!refused) return onSent();
    if (codeOf(refused) === "template_changed") await reload();
    else setProblem(refused);
    setBusy(false);
  };
  /** What left would not be what was seen: the new text is shown, and what was typed stays where it fits. */
  const reload = async () => {
    try {
      const next = await getTemplate(template.id);
      client.setQueryData(keys.template(next.id), next);
      void client.invalidateQueries({ queryKey: keys.templateLists });
      setTemplate(next);
      setChanged(true);
    } catch (error) {
      if (error instanceof ProblemError || error instanceof Unreachable) setProblem(error);
      else throw error;
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <div className="mb-3 flex items-center gap-2">
        <Button kind="quiet" icon={ArrowLeft} onClick={onBack} className="-ml-2 px-2">
          {words.back}
        </Button>
        <span className="min-w-0 flex-1 truncate text-right text-small text-text-muted">
          {template.name} · {languageName(template.language, t, locale)}
        </span>
        <CategoryChip template={template} />
      </div>
      <div className="grid gap-x-6 gap-y-4 two:grid-cols-[1fr_18.5rem]">
        <TemplatePreview
          template={template}
          values={values}
          file={file && { url: file.url, name: file.name }}
          activeKey={activeKey}
          className="self-start two:order-2"
        />
        <div className="flex min-w-0 flex-col gap-3">
          {changed && (
            <Banner tone="warn" live className="rounded-control">
              {words.changed}
            </Banner>
          )}
          {why && (
            <Banner tone="warn" className="rounded-control">
              {optedOut && template.sendable ? words.optedOut : why}
            </Banner>
          )}
          {template.needs_file && (
            <HeaderFileField
              label={words.file[template.needs_file]}
              only={template.needs_file}
              file={file}
              onFile={choose}
            />
          )}
          {template.parameters.map((parameter) => (
            <Blank
              key={parameter.key}
              parameter={parameter}
              template={template}
              value={values[parameter.key] ?? ""}
              contactName={
                Object.values(values).includes(firstName(contactName)) ? "" : firstName(contactName)
              }
              onValue={(value) => set(parameter.key, value)}
              onActive={(on) => setActiveKey(on ? parameter.key : null)}
              problem={problem}
            />
          ))}
          {template.parameters.length === 0 && !template.needs_file && (
            <p className="text-small text-text-muted">{words.nothingToFill}</p>
          )}
        </div>
      </div>
      {problem && (
        <Banner tone="danger" live className="mt-3 rounded-control">
          {codeOf(problem) === "marketing_opted_out" ? words.optedOut : problemText(t, problem)}
        </Banner>
      )}
      <DialogActions>
        {costOf && <Estimate of={costOf} category={template.category} />}
        <Button type="submit" kind="primary" busy={busy} aria-disabled={!ready}>
          {t.sending.send}
        </Button>
      </DialogActions>
    </form>
  );
}

const codeOf = (refused: Refused): string | null => (refused instanceof ProblemError ? refused.code : null);

const firstName = (name: string): string => name.trim().split(/\s+/)[0] ?? "";

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What this one will cost, where a price is known. Nobody waits for it. */
function Estimate({ of, category }: { of: CostOf; category: string }) {
  const { t, f } = useLanguage();
  const query = useQuery({
    queryKey: ["cost-estimate", of, category],
    queryFn: ({ signal }) => estimateCost(of, category, signal),
    staleTime: 60_000,
    retry: false,
  });
  const words = t.sending.template;
  const micros = query.data?.amount_micros ?? null;
  return (
    <span className="flex min-h-8 flex-1 items-center text-small text-text-muted tabular">
      {query.data &&
        micros !== null &&
        (micros === 0 ? words.free : words.estimate(f.price(micros, query.data.currency)))}
    </span>
  );
}

/** Blanks that the template no longer has are left behind. */
const pick = (template: Template, values: Values): Values =>
  Object.fromEntries(template.parameters.map(({ key }) => [key, values[key] ?? ""]));

interface BlankProps {
  parameter: TemplateParameter;
  template: Template;
  value: string;
  /** Offered where it may belong; empty when it stands somewhere already. */
  contactName: string;
  onValue: (value: string) => void;
  onActive: (active: boolean) => void;
  problem: Refused | null;
}

function Blank({ parameter, template, value, contactName, onValue, onActive, problem }: BlankProps) {
  const { t } = useLanguage();
  const words = t.sending.template;
  const { key, place, name, example } = parameter;
  const several = template.parameters.filter((other) => other.place === place).length > 1;
  const named = !/^\d+$/.test(name) && place !== "button";
  const button = place === "button" ? template.buttons[Number(key.split(".")[1])]?.text : undefined;
  const label = named
    ? capital(name.replaceAll("_", " "))
    : button
      ? `${words.placeOf.button}: ${button}`
      : several
        ? `${words.placeOf[place]} ${name}`
        : words.placeOf[place];
  const wrong = problem instanceof ProblemError && problem.problem.errors?.some(({ field }) => field === key);
  const offersName = place === "body" && value === "" && /\p{L}/u.test(contactName);
  return (
    <Field
      label={label}
      hint={example ? words.example(example) : undefined}
      error={wrong ? t.fieldInvalid : undefined}
    >
      {(ids) => (
        <span className="flex gap-1.5">
          <Input
            {...ids}
            value={value}
            onChange={(event) => onValue(event.target.value)}
            onFocus={() => onActive(true)}
            onBlur={() => onActive(false)}
            autoComplete="off"
            dir="auto"
          />
          {offersName && (
            <Button onClick={() => onValue(contactName)} icon={UserRound} className="max-w-40 shrink-0">
              <span className="truncate">{words.fillWith(contactName)}</span>
            </Button>
          )}
        </span>
      )}
    </Field>
  );
}
