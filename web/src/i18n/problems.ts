/** What to tell a person when something was refused or did not arrive. */
import { ProblemError, Unreachable } from "@/api/client";
import type { Messages } from "./pt-BR";

export function problemText(t: Messages, error: unknown): string {
  if (error instanceof Unreachable) return t.problems.unreachable;
  if (!(error instanceof ProblemError)) return t.problems.internal_error;
  const { code, retry_after_s } = error.problem;
  if (code === "too_many_attempts") return t.tooManyAttempts(Math.ceil((retry_after_s ?? 60) / 60));
  const known: Record<string, string> = t.problems;
  return known[code] ?? t.problems.internal_error;
}

/** The sentence for one field of a form, when the server named it. */
export function fieldProblem(t: Messages, error: unknown, field: string): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  return error.problem.errors?.some((item) => item.field === field) ? t.fieldInvalid : undefined;
}
