/** What customers pick, order and fill in, shown as what they meant by it. */
import { ClipboardList, ListChecks, MousePointerClick, ShoppingBag } from "lucide-react";
import type { ReactNode } from "react";
import type { ChoiceContent, FlowContent, OrderContent } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Icon } from "@/ui";
import { flowAnswers } from "./flow-answers";

function Heading({ icon, children }: { icon: typeof ListChecks; children: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5 text-meta text-bubble-meta">
      <Icon of={icon} size={14} />
      {children}
    </span>
  );
}

export function Choice({ choice }: { choice: ChoiceContent }) {
  const { t } = useLanguage();
  return (
    <div>
      <Heading icon={choice.kind === "list" ? ListChecks : MousePointerClick}>
        {t.kinds.chose[choice.kind]}
      </Heading>
      <p className="font-medium wrap-anywhere" dir="auto">
        {choice.title}
      </p>
      {choice.description && (
        <p className="text-small text-bubble-meta wrap-anywhere" dir="auto">
          {choice.description}
        </p>
      )}
    </div>
  );
}

/** One total for each currency; WhatsApp sends one, but prices are the catalogue's. */
export function orderTotals(order: OrderContent): [currency: string, amount: number][] {
  const totals = new Map<string, number>();
  for (const { currency, quantity, item_price } of order.items) {
    totals.set(currency, (totals.get(currency) ?? 0) + quantity * Number(item_price));
  }
  return [...totals];
}

export function Order({ order }: { order: OrderContent }) {
  const { t, f } = useLanguage();
  const count = order.items.reduce((sum, item) => sum + item.quantity, 0);
  return (
    <div className="w-80 max-w-full">
      <Heading icon={ShoppingBag}>
        {t.kinds.order}, {t.kinds.orderItems(count)}
      </Heading>
      <table aria-label={t.kinds.order} className="mt-1 w-full tabular">
        <thead className="sr-only">
          <tr>
            <th scope="col">{t.kinds.orderItem}</th>
            <th scope="col">{t.kinds.orderPrice}</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-bubble-meta/20">
          {order.items.map((item, index) => (
            <tr key={index}>
              <td className="py-1.5 pr-3 align-top">
                <span className="block wrap-anywhere">{item.product_retailer_id}</span>
                <span className="block text-meta text-bubble-meta">
                  {f.number(item.quantity)} × {f.money(Number(item.item_price), item.currency)}
                </span>
              </td>
              <td className="py-1.5 text-right align-top whitespace-nowrap">
                {f.money(item.quantity * Number(item.item_price), item.currency)}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot className="border-t border-bubble-meta/50">
          {orderTotals(order).map(([currency, amount]) => (
            <tr key={currency} className="font-semibold">
              <th scope="row" className="pt-1.5 text-left">
                {t.kinds.orderTotal}
              </th>
              <td className="pt-1.5 text-right whitespace-nowrap">{f.money(amount, currency)}</td>
            </tr>
          ))}
        </tfoot>
      </table>
      {order.note && (
        <p className="mt-2 whitespace-pre-wrap wrap-anywhere" dir="auto">
          {order.note}
        </p>
      )}
    </div>
  );
}

export function FlowAnswers({ flow }: { flow: FlowContent }) {
  const { t } = useLanguage();
  const answers = flow.answers ? flowAnswers(flow.answers, t.kinds) : null;
  return (
    <div className="w-80 max-w-full">
      <Heading icon={ClipboardList}>{t.kinds.flow}</Heading>
      {flow.name && (
        <p className="font-medium wrap-anywhere" dir="auto">
          {flow.name}
        </p>
      )}
      {answers === null || answers.length === 0 ? (
        <p className="text-small text-bubble-meta">{answers ? t.kinds.flowEmpty : t.kinds.flowUnreadable}</p>
      ) : (
        <dl className="mt-1 divide-y divide-bubble-meta/20">
          {answers.map(({ key, label, value }) => (
            <div key={key} className="py-1.5">
              <dt className="text-meta text-bubble-meta wrap-anywhere">{label}</dt>
              <dd className="whitespace-pre-wrap wrap-anywhere" dir="auto">
                {value}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
