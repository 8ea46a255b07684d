/** The objects of the lab's JSON interface, as the page uses them. */

import type { Words } from "./language";

export interface Session {
  readonly learner: { readonly name: string; readonly teacher: boolean } | null;
  readonly class: boolean;
  readonly isolation: number;
  readonly judges: boolean;
  readonly notice: Words | null;
  readonly handgrad: string;
  readonly instance: string;
}

export interface LevelSummary {
  readonly level: string;
  readonly title: Words;
  readonly summary: Words;
  readonly classes: readonly string[];
  readonly needs: readonly string[];
  readonly open: boolean;
  readonly passed: boolean;
  readonly passed_classes: readonly string[];
  readonly revision: string;
  readonly answers: number;
}

export interface Hints {
  readonly count: number;
  readonly shown: readonly Words[];
}

export interface Draft {
  readonly source: string;
  readonly revision: number;
}

export interface LevelDetail extends LevelSummary {
  readonly template: string;
  readonly hints: Hints;
  readonly draft: Draft | null;
}

export type Nested = number | string | boolean | null | readonly Nested[];

export interface Mistake {
  readonly mistake: string;
  readonly array: string | null;
  readonly certainty: "proved" | "one-of";
  readonly or: readonly string[];
  readonly factor: number | null;
}

export interface Counterexample {
  readonly sizes: Readonly<Record<string, number>>;
  readonly inputs: Readonly<Record<string, Nested>>;
  readonly layouts: Readonly<Record<string, string>>;
  readonly received: Readonly<Record<string, Nested>>;
  readonly expected?: Readonly<Record<string, Nested>>;
  readonly dtypes: Readonly<Record<string, string>>;
  readonly changed: Readonly<Record<string, Nested>>;
  readonly steps: readonly string[];
  readonly raised: string | null;
  readonly by_hand: readonly string[];
  readonly script: string;
}

export interface CaseResult {
  readonly case: number;
  readonly shows: Words;
  readonly holds: boolean;
  readonly wrong: readonly string[];
}

export interface ErrorMap {
  readonly array: string;
  readonly case: number;
  readonly expected_shape: readonly number[] | null;
  readonly received_shape: readonly number[] | null;
  readonly error: number | null;
  readonly rows: number;
  readonly columns: number;
  readonly map: readonly (readonly (number | null)[])[];
}

export interface Verdict {
  readonly level: string;
  readonly class: string;
  readonly verdict: string;
  readonly kind: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly source_line: string | null;
  readonly mistakes: readonly Mistake[];
  readonly computed: Readonly<Record<string, string>>;
  readonly counterexample: Counterexample | null;
  readonly warnings: readonly string[];
  readonly cases: { readonly run: number; readonly failed: number };
  readonly seed: number;
  readonly excludes: {
    readonly known: number;
    readonly exposed: number;
    readonly not_exposed: readonly string[];
  } | null;
  readonly printed: string;
  readonly milliseconds: number;
  readonly message: Words;
  readonly case_list?: readonly CaseResult[];
  readonly error_maps?: readonly ErrorMap[];
}

export interface AnswerLine {
  readonly answer: number | string;
  readonly submitted_at: string;
  readonly state: "waiting" | "judging" | "judged";
  readonly verdicts: readonly Pick<Verdict, "class" | "verdict" | "kind" | "mistakes">[];
}

export interface Answer extends Omit<AnswerLine, "verdicts"> {
  readonly level: string;
  readonly source: string;
  readonly verdicts: readonly Verdict[];
}

export interface ShapeValue {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: Nested;
  readonly cut: boolean;
}

export interface ShapeLine {
  readonly line: number;
  readonly text: string;
  readonly state: "shape" | "error";
  readonly detail: Words | null;
  readonly advice?: Words | null;
  readonly values: readonly ShapeValue[];
}

export interface Shapes {
  readonly lines: readonly ShapeLine[];
  readonly case: Words;
  readonly stopped: { readonly line: number; readonly message: Words } | null;
  readonly milliseconds: number;
}

export interface Learner {
  readonly name: string;
  readonly teacher: boolean;
  readonly joined_at: string;
  readonly seen_at: string | null;
  readonly passed: readonly string[];
  readonly answers: number;
}

export interface Invitation {
  readonly code: string;
  readonly address: string;
  readonly left: number | null;
  readonly expires_at: string | null;
}

export interface ClassRoom {
  readonly learners: readonly Learner[];
  readonly invitations: readonly Invitation[];
}
