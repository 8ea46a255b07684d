/** Signing in, and joining the class with an invitation. */

import { refusal, request } from "./api";
import { byId, type Child, entitle, fill, h } from "./dom";
import type { SessionReply } from "./generated/api";
import type { Words } from "./language";
import { WORDS } from "./page_texts";

interface Field {
  readonly name: string;
  readonly words: Words;
  readonly type?: string;
  readonly autocomplete: string;
  readonly value?: string;
  readonly about?: Words;
}

export function signInPage(_data: { session: SessionReply }): void {
  form(
    WORDS.signIn,
    [
      { name: "name", words: WORDS.name, autocomplete: "username" },
      {
        name: "password",
        words: WORDS.password,
        type: "password",
        autocomplete: "current-password",
      },
    ],
    async (values) => {
      await request("POST", "/api/session", { name: values.name, password: values.password });
      location.assign(wayOn());
    },
    [h("p", {}, WORDS.signInLead), h("p", {}, h("a", { href: "/join" }, WORDS.haveCode))],
  );
}

export function joinPage({ invitation }: { session: SessionReply; invitation: string }): void {
  form(
    WORDS.join,
    [
      { name: "code", words: WORDS.code_, autocomplete: "off", value: invitation },
      { name: "name", words: WORDS.name, autocomplete: "username" },
      {
        name: "password",
        words: WORDS.password,
        type: "password",
        autocomplete: "new-password",
        about: WORDS.passwordRule,
      },
      { name: "again", words: WORDS.passwordAgain, type: "password", autocomplete: "new-password" },
    ],
    async (values) => {
      if (values.password !== values.again) return WORDS.passwordsDiffer;
      const { code, name, password } = values;
      await request("POST", "/api/learners", { code, name, password });
      location.assign("/");
      return null;
    },
    h("p", {}, h("a", { href: "/sign-in" }, WORDS.haveName)),
  );
}

/** Where to go after signing in: a page of this site, never another's. */
export function wayOn(search = location.search): string {
  const next = new URLSearchParams(search).get("next") ?? "/";
  return /^\/(?![/\\])/.test(next) ? next : "/";
}

function form(
  title: Words,
  fields: readonly Field[],
  // biome-ignore lint/suspicious/noConfusingVoidType: a form that leads on says nothing
  send: (values: Record<string, string>) => Promise<Words | null | void>,
  below: Child,
): void {
  entitle(title);
  const problem = h("p", { class: "refused", role: "alert", hidden: true });
  const button = h("button", { type: "submit", class: "primary large" }, title);
  const element = h("form", { class: "card form" }, fields.map(input), problem, button);
  const complain = (words: Words) => {
    fill(problem, words);
    problem.hidden = false;
  };
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    button.disabled = true;
    const values = Object.fromEntries(
      [...new FormData(element)].map(([field, value]) => [field, String(value)]),
    );
    try {
      const problem = await send(values);
      if (problem) complain(problem);
    } catch (error) {
      complain(refusal(error));
    } finally {
      button.disabled = false;
    }
  });
  fill(
    byId("main"),
    h(
      "div",
      { class: "narrow" },
      h("h1", {}, title),
      element,
      h("div", { class: "below faint" }, below),
    ),
  );
  const first = fields.find((field) => !field.value);
  if (first) element.querySelector<HTMLInputElement>(`[name="${first.name}"]`)?.focus();
  document.documentElement.dataset.ready = "";
}

function input(field: Field): HTMLElement {
  const about = field.about ? `about-${field.name}` : null;
  return h(
    "div",
    { class: "field" },
    h("label", { for: `field-${field.name}` }, field.words),
    h("input", {
      id: `field-${field.name}`,
      name: field.name,
      type: field.type ?? "text",
      autocomplete: field.autocomplete,
      required: true,
      value: field.value ?? null,
      spellcheck: "false",
      autocapitalize: "none",
      "aria-describedby": about,
    }),
    field.about && h("p", { class: "faint", id: about ?? "" }, field.about),
  );
}
