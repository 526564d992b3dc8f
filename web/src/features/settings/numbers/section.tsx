import type { ReactNode } from "react";

export function Section({ title, text, action, children }: SectionProps) {
  return (
    <section className="mt-8 first:mt-0">
      <div className="mb-2 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h3 className="font-semibold">{title}</h3>
          {text && <p className="text-small text-text-muted text-pretty">{text}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}

interface SectionProps {
  title: string;
  text?: string;
  action?: ReactNode;
  children: ReactNode;
}
