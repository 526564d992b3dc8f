import { useState } from "react";
import type { NewMessage } from "@/api/types";
import { useLanguage } from "@/i18n";
import { isString, useStored } from "@/ui/stored";
import { Frame, framed } from "./buttons-dialog";
import { Counted, type DialogProps, filled, fits, SendForm } from "./form";
import { LIMITS } from "./limits";

const MOST_ID = 100;
const MOST_IDS = 4000;

/** One product, several, or the whole catalogue. The catalogue's id is remembered: it hardly ever changes. */
export function ProductsDialog({ draft, onSend, onClose }: DialogProps) {
  const { t } = useLanguage();
  const words = t.sending;
  const [catalog, setCatalog] = useStored("catalog-id", "", isString);
  const [list, setList] = useState("");
  const [text, setText] = useState(draft);
  const [header, setHeader] = useState("");
  const [footer, setFooter] = useState("");
  const ids = [
    ...new Set(
      list
        .split(/[\n,;]/)
        .map((id) => id.trim())
        .filter(Boolean),
    ),
  ];
  const several = ids.length > 1;
  const catalogMissing = ids.length > 0 && !catalog.trim();
  const right =
    fits(text, LIMITS.body) &&
    (ids.length === 1 || filled(text, LIMITS.body)) &&
    ids.length <= LIMITS.products &&
    (several ? filled(header, LIMITS.header) : fits(header, LIMITS.header)) &&
    fits(footer, LIMITS.footer) &&
    !catalogMissing;
  const body: NewMessage | null = right
    ? {
        type: "products",
        product_ids: ids,
        ...(catalog.trim() && { catalog_id: catalog.trim() }),
        ...(text.trim() && { text: text.trim() }),
        ...framed(several ? header : "", footer),
      }
    : null;
  return (
    <SendForm title={words.productsTitle} body={body} onSend={onSend} onClose={onClose}>
      <Counted
        label={words.productsCatalog}
        hint={words.productsCatalogHint}
        value={catalog}
        onChange={setCatalog}
        most={MOST_ID}
        optional={ids.length === 0}
        error={catalogMissing ? words.productsCatalogNeeded : undefined}
      />
      <Counted
        label={words.productsIds}
        hint={ids.length ? words.productsMany(ids.length, LIMITS.products) : words.productsIdsHint}
        value={list}
        onChange={setList}
        most={MOST_IDS}
        lines={3}
        optional
      />
      <Counted
        label={words.question}
        value={text}
        onChange={setText}
        most={LIMITS.body}
        lines={2}
        optional={ids.length === 1}
      />
      <Frame
        header={header}
        onHeader={setHeader}
        footer={footer}
        onFooter={setFooter}
        headerNeeded={several ? words.productsHeaderNeeded : undefined}
      />
    </SendForm>
  );
}
