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
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
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
  return problemOf(response.status, response.statusText, await response.text());
}

function problemOf(status: number, title: string, text: string): Problem {
  // A gateway between us and the server answers for a server that is away.
  if (status >= 502 && status <= 504) throw new Unreachable();
  const fallback = { type: "about:blank", title, status, code: "internal_error" };
  try {
    return { ...fallback, ...(JSON.parse(text) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}

interface SendFileOptions {
  query: Query;
  type: string;
  /** From 0 to 1, as bytes leave. */
  onProgress: (part: number) => void;
  signal: AbortSignal;
}

/** Sends the bytes of a file. `fetch` cannot say how far an upload is, so this one is an XMLHttpRequest. */
export function sendFile<T>(path: string, file: Blob, options: SendFileOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path + encodeQuery(options.query));
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", options.type);
    if (csrfToken) request.setRequestHeader("X-CSRF-Token", csrfToken);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      try {
        if (request.status < 300) return resolve(JSON.parse(request.responseText) as T);
        const problem = problemOf(request.status, request.statusText, request.responseText);
        if (problem.code === "not_authenticated") announceSessionEnded();
        reject(new ProblemError(problem));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = () => reject(new Unreachable());
    request.onabort = () => reject(options.signal.reason);
    options.signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

function encodeQuery(query: Query | undefined): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}
