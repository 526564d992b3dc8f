import { CircleAlert } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./cx";
import { Icon } from "./icon";

const control =
  "w-full rounded-control border border-line-strong bg-bg-raised text-text text-body touch:text-touch " +
  "outline-offset-0 aria-invalid:border-danger disabled:bg-bg-sunken disabled:text-text-muted";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input {...rest} className={cx(control, "h-8 px-2.5 touch:h-11", className)} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea {...rest} className={cx(control, "resize-none px-2.5 py-1.5", className)} />;
}

/** The browser's own select: right on every phone, and nothing to download. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select {...rest} className={cx(control, "h-8 px-2 touch:h-11", className)} />;
}

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  children: (ids: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean | undefined;
  }) => ReactNode;
}

/** A labelled control with its hint and its error, wired for screen readers. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <label htmlFor={id} className="text-small font-medium">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": describedBy || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-meta text-text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="flex items-start gap-1 text-meta text-danger">
          <Icon of={CircleAlert} size={14} className="mt-px" />
          {error}
        </p>
      )}
    </div>
  );
}
