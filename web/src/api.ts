/** The page's side of the JSON interface: errors in both languages, a lost connection noticed. */

import { isWords, type Words } from "./language";
import { WORDS } from "./page_texts";

/** The server answered, and refused. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly words: Words,
    readonly body: unknown,
  ) {
    super(words.en);
  }
}

/** No answer came: the network, or the server, is away. */
export class Unreachable extends Error {}

/** Why a request did not succeed. */
export function refusal(error: unknown): Words {
  return error instanceof Refused ? error.words : WORDS.offline;
}

type Listener = (isOnline: boolean) => void;
const listeners = new Set<Listener>();
let online = true;
let retry: number | undefined;
const FIRST_RETRY = 1000;
const LONGEST_RETRY = 10_000;

export function isOnline(): boolean {
  return online;
}

export function onConnection(listener: Listener): void {
  listeners.add(listener);
}

function setOnline(now: boolean): void {
  if (now === online) return;
  online = now;
  if (!now) retryIn(FIRST_RETRY);
  else window.clearTimeout(retry);
  for (const listener of listeners) listener(now);
}

function retryIn(milliseconds: number): void {
  window.clearTimeout(retry);
  retry = window.setTimeout(async () => {
    try {
      await request("GET", "/api/session");
    } catch (error) {
      if (error instanceof Unreachable) retryIn(Math.min(2 * milliseconds, LONGEST_RETRY));
    }
  }, milliseconds);
}

window.addEventListener("offline", () => setOnline(false));
window.addEventListener("online", () => retryIn(0));

function token(): HTMLMetaElement | null {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
}

/** After a restart of the server the page's token is stale: the same page brings a new one. */
async function renewToken(): Promise<void> {
  const page = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  const fresh = new DOMParser()
    .parseFromString(await page.text(), "text/html")
    .querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
  const ours = token();
  if (fresh && ours) ours.content = fresh.content;
}

export interface Options {
  readonly signal?: AbortSignal;
  /** Lets the request outlive the page. */
  readonly keepalive?: boolean;
}

/**
 * One request. Its result is what the server sent, `null` when that is nothing.
 *
 * Throws `Refused` with the server's words, or `Unreachable`.
 */
export async function request<T>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  address: string,
  body?: unknown,
  options: Options = {},
): Promise<T> {
  const response = await sent(method, address, body, options);
  if (response.status === 403 && method !== "GET") {
    await renewToken().catch(() => undefined);
    return received<T>(await sent(method, address, body, options));
  }
  return received<T>(response);
}

async function sent(
  method: string,
  address: string,
  body: unknown,
  options: Options,
): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") {
    headers["Content-Type"] = "application/json";
    headers["X-Handgrad"] = "1";
    headers["X-CSRF-Token"] = token()?.content ?? "";
  }
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      body: method === "GET" ? null : JSON.stringify(body ?? {}),
      signal: options.signal ?? null,
      keepalive: options.keepalive ?? false,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    setOnline(false);
    throw new Unreachable(address, { cause: error });
  }
  if (response.status === 502 || response.status === 504) {
    setOnline(false);
    throw new Unreachable(address);
  }
  setOnline(true);
  return response;
}

async function received<T>(response: Response): Promise<T> {
  const text = await response.text();
  let body: unknown = null;
  try {
    body = text === "" ? null : JSON.parse(text);
  } catch {
    throw new Refused(response.status, WORDS.notUnderstood, text);
  }
  if (response.ok) return body as T;
  if (response.status === 401) signedOut();
  const error = (body as { error?: unknown } | null)?.error;
  throw new Refused(response.status, isWords(error) ? error : WORDS.notUnderstood, body);
}

const signOutListeners = new Set<() => void>();

/** Called when the server no longer knows this learner. */
export function onSignedOut(listener: () => void): void {
  signOutListeners.add(listener);
}

function signedOut(): void {
  for (const listener of signOutListeners) listener();
}
