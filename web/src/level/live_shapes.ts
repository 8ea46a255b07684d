/** Asks for the shapes of a draft at each pause; an answer to an older draft is dropped. */

import { Refused, request } from "../api";
import type { ShapesReply } from "../generated/api";

const PAUSE = 300;
/** The server has no live shapes (yet): nobody is told, nothing is asked again. */
const NOT_THERE = [404, 405, 501];
const OVERTAKEN = 409;
const TOO_FAST = 429;
const LATER = 1500;

export class ShapesAsker {
  private timer: number | undefined;
  private asked: AbortController | null = null;
  private isThere = true;
  private isOn = true;

  constructor(
    private readonly level: string,
    private readonly show: (shapes: ShapesReply) => void,
    private readonly clear: () => void,
  ) {}

  turn(isOn: boolean, source: string): void {
    this.isOn = isOn;
    if (isOn) this.typed(source, 0);
    else {
      this.stop();
      this.clear();
    }
  }

  typed(source: string, pause = PAUSE): void {
    this.stop();
    if (!this.isThere || !this.isOn) return;
    this.timer = window.setTimeout(() => void this.ask(source), pause);
  }

  private stop(): void {
    window.clearTimeout(this.timer);
    this.asked?.abort();
    this.asked = null;
  }

  private async ask(source: string): Promise<void> {
    const asked = new AbortController();
    this.asked = asked;
    try {
      const shapes = await request<ShapesReply>(
        "POST",
        `/api/levels/${this.level}/shapes`,
        { source },
        { signal: asked.signal },
      );
      if (!asked.signal.aborted) this.show(shapes);
    } catch (error) {
      if (asked.signal.aborted) return;
      const status = error instanceof Refused ? error.status : 0;
      if (status === OVERTAKEN) return; // a newer draft, of another tab perhaps, was asked about
      if (status === TOO_FAST) {
        this.typed(source, LATER);
        return;
      }
      if (NOT_THERE.includes(status)) this.isThere = false;
      this.clear();
    }
  }
}
