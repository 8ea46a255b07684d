/** Hands an answer in and waits for its verdicts. */

import { request } from "../api";
import type { AnswerReply, Verdict } from "../generated/api";

/** How long one request waits on the server, and how often an answer that took longer is asked for. */
const WAIT_SECONDS = 10;
const POLL = 500;

interface Accepted {
  readonly answer: number | string;
  readonly address: string;
}

export async function judged(
  level: string,
  source: string,
  onWaiting: () => void,
): Promise<readonly Verdict[]> {
  const result = await request<readonly Verdict[] | Accepted>(
    "POST",
    `/api/levels/${level}/answers?wait=${WAIT_SECONDS}`,
    { source },
  );
  if (Array.isArray(result)) return result as readonly Verdict[];
  onWaiting();
  const { address } = result as Accepted;
  for (;;) {
    await new Promise((resolve) => window.setTimeout(resolve, POLL));
    const answer = await request<AnswerReply>("GET", address);
    if (answer.state === "judged") return answer.verdicts;
  }
}
