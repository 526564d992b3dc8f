import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { pricesQuery } from "@/api/queries";
import { useLanguage } from "@/i18n";
import { Table, Td, Th, Tr } from "@/ui";
import { money } from "./money";

/** The price list, with where each price comes from: unfolded by whoever doubts a figure. */
export function Prices() {
  const { t, f, locale } = useLanguage();
  const words = t.costs;
  const [open, setOpen] = useState(false);
  const list = useQuery({ ...pricesQuery, enabled: open }).data;
  const categories: Record<string, string> = words.categories;
  const countries = new Intl.DisplayNames(locale, { type: "region" });
  return (
    <details className="border-t border-line pt-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer text-small font-medium">{words.prices}</summary>
      {list && (
        <div className="mt-2">
          <p className="mb-2 max-w-140 text-small text-text-muted text-pretty">
            {words.pricesText(list.free_service_messages, list.free_entry_hours)}
          </p>
          <Table
            label={words.prices}
            head={
              <>
                <Th>{words.market}</Th>
                <Th>{words.keys.category}</Th>
                <Th className="text-right">{words.amount}</Th>
                <Th>{words.validFrom}</Th>
                <Th>{words.source}</Th>
              </>
            }
          >
            {list.prices.map((price) => (
              <Tr key={`${price.market} ${price.category}`}>
                <Td label={words.market}>{countries.of(price.market)}</Td>
                <Td label={words.keys.category}>{categories[price.category] ?? price.category}</Td>
                <Td label={words.amount} className="two:text-right tabular">
                  {money(price.amount_micros, price.currency, locale, true)}
                </Td>
                <Td label={words.validFrom} className="whitespace-nowrap tabular">
                  {f.date(`${price.valid_from}T12:00:00`)}
                </Td>
                <Td label={words.source} className="text-text-muted">
                  {words.confidence[price.confidence]}
                </Td>
              </Tr>
            ))}
          </Table>
        </div>
      )}
    </details>
  );
}
