import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";

/** Rows of 36 px between hairlines. On a narrow screen a cell's `label` stands before its value. */
export function Table({ label, head, children }: { label: string; head: ReactNode; children: ReactNode }) {
  return (
    <table aria-label={label} className="w-full border-collapse text-body max-two:block">
      <thead className="max-two:sr-only">
        <tr className="border-b border-line text-left text-meta text-text-muted">{head}</tr>
      </thead>
      <tbody className="max-two:block">{children}</tbody>
    </table>
  );
}

export function Th({ className, ...rest }: ComponentProps<"th">) {
  return <th scope="col" {...rest} className={cx("h-8 pr-3 font-medium whitespace-nowrap", className)} />;
}

export function Tr({ className, ...rest }: ComponentProps<"tr">) {
  return (
    <tr
      {...rest}
      className={cx(
        "border-b border-line last:border-0 hover:bg-bg-hover/60 max-two:relative max-two:block max-two:py-2",
        className,
      )}
    />
  );
}

export function Td({ label, className, children, ...rest }: ComponentProps<"td"> & { label?: string }) {
  return (
    <td
      {...rest}
      className={cx("h-9 pr-3 max-two:flex max-two:h-auto max-two:min-h-7 max-two:gap-2", className)}
    >
      {label && (
        <span className="w-28 shrink-0 font-sans text-meta leading-5 font-normal text-text-muted two:hidden">
          {label}
        </span>
      )}
      {children}
    </td>
  );
}

/** The last cell: what can be done with the row. On a narrow screen it stands in the row's corner. */
export function ActionTd({ children }: { children: ReactNode }) {
  return <td className="h-9 w-8 max-two:absolute max-two:top-1 max-two:right-0">{children}</td>;
}
