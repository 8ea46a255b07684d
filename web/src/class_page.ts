/** The teacher's page: who is in the class, how far they are, invitations, new passwords. */

import { request } from "./api";
import { ask, openDialog } from "./dialog";
import { byId, type Child, entitle, fill, h } from "./dom";
import type {
  ClassMemberReply,
  ClassReply,
  InvitationReply,
  LevelSummaryReply,
} from "./generated/api";
import { icon } from "./icons";
import { filled, same } from "./language";
import { notice, safely } from "./notices";
import { WORDS } from "./page_texts";
import { moment } from "./time";
import { copied } from "./verdict/counterexample";

export async function classPage(): Promise<void> {
  entitle(WORDS.theClass);
  const place = h("div", { class: "class-page" });
  fill(byId("main"), place);
  const { levels } = await request<{ levels: readonly LevelSummaryReply[] }>("GET", "/api/levels");
  const draw = async () => {
    const room = await request<ClassReply>("GET", "/api/class");
    fill(
      place,
      h("h1", {}, WORDS.theClass),
      invitations(room.invitations, draw),
      learners(room.learners, levels, draw),
    );
  };
  await draw();
  document.documentElement.dataset.ready = "";
}

function invitations(all: readonly InvitationReply[], draw: () => Promise<void>): HTMLElement {
  const create = () =>
    safely(async () => {
      await request("POST", "/api/class/invitations");
      await draw();
    });
  return h(
    "section",
    { class: "card" },
    h(
      "div",
      { class: "row between" },
      h("h2", {}, WORDS.invitations),
      h(
        "button",
        { type: "button", class: "primary", onclick: () => void create() },
        WORDS.newInvitation,
      ),
    ),
    all.length === 0
      ? h("p", { class: "faint" }, WORDS.noInvitations)
      : h("ul", { class: "invitations" }, all.map(invitationLine)),
  );
}

function invitationLine(one: InvitationReply): HTMLElement {
  const copy = async () => {
    if (await copied(new URL(one.address, location.href).href))
      notice(WORDS.copied, { kind: "good", lasts: 2000 });
  };
  return h(
    "li",
    {},
    h("code", { class: "code-word" }, one.code),
    h(
      "span",
      { class: "faint" },
      one.left !== null && filled(WORDS.usesLeft, { count: one.left }),
      one.left !== null && one.expires_at !== null && " · ",
      one.expires_at !== null && filled(WORDS.expires, { when: moment(one.expires_at) }),
    ),
    h("span", { class: "spacer" }),
    h(
      "button",
      { type: "button", class: "small", onclick: () => void copy() },
      icon("copy"),
      WORDS.copyLink,
    ),
  );
}

function learners(
  all: readonly ClassMemberReply[],
  levels: readonly LevelSummaryReply[],
  draw: () => Promise<void>,
): HTMLElement {
  return h(
    "section",
    { class: "card" },
    h(
      "h2",
      {},
      WORDS.learners,
      h("span", { class: "faint count" }, filled(WORDS.learnersCount, { count: all.length })),
    ),
    all.length === 0
      ? h("p", { class: "faint" }, WORDS.noLearners)
      : h(
          "div",
          { class: "wide", tabindex: "0", role: "region", "aria-label": WORDS.learners },
          h(
            "table",
            { class: "learners" },
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                h("th", { scope: "col" }, WORDS.name),
                levels.map((level, i) =>
                  h(
                    "th",
                    { scope: "col", title: level.title },
                    filled(WORDS.levelNumber, { number: i + 1 }),
                  ),
                ),
                h("th", { scope: "col" }, WORDS.answers),
                h("th", { scope: "col" }, WORDS.lastSeen),
                h("th", { scope: "col" }, h("span", { class: "unseen" }, WORDS.actions)),
              ),
            ),
            h(
              "tbody",
              {},
              all.map((learner) => learnerRow(learner, levels, draw)),
            ),
          ),
        ),
  );
}

function learnerRow(
  learner: ClassMemberReply,
  levels: readonly LevelSummaryReply[],
  draw: () => Promise<void>,
): HTMLElement {
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      learner.name,
      learner.teacher && h("span", { class: "pill" }, WORDS.teacher),
    ),
    levels.map((level) => h("td", {}, passedMark(learner.passed.includes(level.level)))),
    h("td", { class: "number" }, learner.answers),
    h("td", {}, learner.seen_at === null ? same("–") : moment(learner.seen_at)),
    h(
      "td",
      {},
      h(
        "button",
        {
          type: "button",
          class: "small",
          onclick: () => void safely(() => newPassword(learner.name)),
        },
        WORDS.resetPassword,
      ),
      !learner.teacher && [
        " ",
        h(
          "button",
          {
            type: "button",
            class: "small quiet",
            onclick: () => void safely(() => remove(learner.name, draw)),
          },
          WORDS.remove,
        ),
      ],
    ),
  );
}

function passedMark(isPassed: boolean): Child {
  if (!isPassed) return h("span", { class: "faint", "aria-hidden": "true" }, "·");
  return h(
    "span",
    { class: "tone-good" },
    icon("tick"),
    h("span", { class: "unseen" }, WORDS.passed),
  );
}

async function remove(name: string, draw: () => Promise<void>): Promise<void> {
  if (!(await ask(WORDS.remove, filled(WORDS.removeAsk, { name }), WORDS.remove))) return;
  await request("DELETE", `/api/class/learners/${encodeURIComponent(name)}`);
  await draw();
}

async function newPassword(name: string): Promise<void> {
  const question = filled(WORDS.resetPasswordAsk, { name });
  if (!(await ask(WORDS.resetPassword, question, WORDS.resetPassword))) return;
  const { password } = await request<{ password: string }>(
    "POST",
    `/api/class/learners/${encodeURIComponent(name)}/password`,
  );
  openDialog(WORDS.resetPassword, [
    h("p", { class: "new-password" }, h("code", {}, password)),
    h("p", {}, filled(WORDS.newPassword, { name })),
  ]);
}
