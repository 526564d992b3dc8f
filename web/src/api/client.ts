/**
 * One way to the server: JSON in, JSON or a problem out. Holds the CSRF token of the session and tells
 * whoever listens that the login ended. Knows no endpoint; those are in calls.ts.
 */
import type { Problem } from "./types";

/** The server answered and refused; `problem.code` says why. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.title);
    this.name = "ProblemError";
    this.problem = problem;
  }
  get code(): string {
    return this.problem.code;
  }
}

/** No answer arrived: offline, server away, or the connection broke on the way. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super("The server could not be reached", { cause });
    this.name = "Unreachable";
  }
}

let csrfToken: string | null = null;
const sessionEndedListeners = new Set<() => void>();

export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Calls back when a request is refused because nobody is logged in any more. */
export function onSessionEnded(listener: () => void): () => void {
  sessionEndedListeners.add(listener);
  return () => sessionEndedListeners.delete(listener);
}

export function announceSessionEnded(): void {
  for (const listener of sessionEndedListeners) listener();
}

type Query = Record<string, string | number | boolean | null | undefined>;

interface CallOptions {
  query?: Query;
  body?: unknown;
  idempotencyKey?: string;
  /** Being logged out is an answer here, not the end of a session somebody is working in. */
  mayBeLoggedOut?: boolean;
  signal?: AbortSignal | undefined;
}

export async function call<T>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  options: CallOptions = {},
): Promise<T> {
  const response = await send(method, path, options);
  if (response.status === 204) return undefined as T;
  if (response.ok) return (await response.json()) as T;
  const problem = await readProblem(response);
  if (problem.code === "not_authenticated" && !options.mayBeLoggedOut) announceSessionEnded();
  throw new ProblemError(problem);
}

async function send(method: string, path: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
  if (method !== "GET" && csrfToken) headers["X-CSRF-Token"] = csrfToken;
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.signal) init.signal = options.signal;
  try {
    return await fetch(path + encodeQuery(options.query), init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Unreachable(error);
  }
}

async function readProblem(response: Response): Promise<Problem> {
  const fallback = {
    type: "about:blank",
    title: response.statusText,
    status: response.status,
    code: "internal_error",
  };
  // A gateway between us and the server answers for a server that is away.
  if (response.status >= 502 && response.status <= 504) throw new Unreachable();
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}

function encodeQuery(query: Query | undefined): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}
