/* Generated from api.schema.json by `npm run generate`: do not edit. */

/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "NestedValue".
 */
export type NestedValue = number | string | boolean | NestedValue[] | null;

export interface Api {}
/**
 * An answer, with its verdicts once it is judged.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "AnswerReply".
 */
export interface AnswerReply {
  answer: number;
  level: string;
  state: "waiting" | "judging" | "judged";
  submitted_at: string;
  source: string;
  verdicts: Verdict[];
}
/**
 * The verdict of one class of one answer. Field for field the JSON object users read.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Verdict".
 */
export interface Verdict {
  /**
   * The answer's file name
   */
  file: string;
  /**
   * The level
   */
  level: string;
  /**
   * Changes with anything in the level that a verdict depends on
   */
  level_revision: string;
  /**
   * The class judged
   */
  class: string;
  /**
   * The verdict, as above
   */
  verdict: "judge-error" | "forbidden" | "time-limit" | "memory-limit" | "output-limit" | "error" | "wrong" | "pass";
  /**
   * The kind of an `error`, as above
   */
  kind:
    | (
        | "syntax-error"
        | "encoding-error"
        | "missing-class"
        | "missing-method"
        | "bad-signature"
        | "import-error"
        | "exception"
        | "exited"
        | "unanswered"
      )
    | null;
  /**
   * The line to look at, from 1
   */
  line: number | null;
  /**
   * Its column, from 1
   */
  column: number | null;
  /**
   * The known mistakes that explain the wrong arrays; empty when none does
   */
  mistakes: NamedMistake[];
  /**
   * For an array that no known mistake explains: the shortest NumPy expression over the level's arrays that gives it in every case, where one was found
   */
  computed: {
    [k: string]: string;
  };
  /**
   * The smallest case that fails in the same way
   */
  counterexample: CounterexampleFields | null;
  /**
   * Where the answer first differs from the right one
   */
  first_difference: FirstDifference | null;
  /**
   * The warnings, as above
   */
  warnings: (
    | "dout-changed"
    | "output-changed"
    | "second-backward-differs"
    | "not-finite-at-extremes"
    | "overflow-warning"
    | "slow"
    | "numerical"
  )[];
  cases: CaseCounts;
  /**
   * The seed that repeats this verdict
   */
  seed: number;
  /**
   * On a pass: which mistakes these cases exclude
   */
  excludes: Exclusions | null;
  /**
   * What the code printed
   */
  printed: string;
  /**
   * How long judging took
   */
  milliseconds: number;
  /**
   * The [isolation level](isolation.md): 1, 2 or 3; 0 when no process could be started
   */
  isolation: number;
  /**
   * The version of handgrad
   */
  handgrad: string;
  message: Text;
  /**
   * The text of `line`
   */
  source_line: string | null;
  /**
   * Every case that was run
   */
  case_list: CaseOutcome[];
  /**
   * How far each entry of a wrong array is off, in the first case in which it is wrong
   */
  error_maps: ErrorMap[];
}
/**
 * A known mistake that explains an array: proved, or one of several that look the same here.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "NamedMistake".
 */
export interface NamedMistake {
  /**
   * Its name in the [list of mistakes](mistakes.md)
   */
  mistake: string;
  /**
   * The array; null when it is not about one
   */
  array: string | null;
  /**
   * `proved`, or `one-of` when these inputs cannot tell several mistakes apart
   */
  certainty: "proved" | "one-of";
  /**
   * Those other mistakes
   */
  or: string[];
  /**
   * A fitted constant, where the mistake has one
   */
  factor: number | null;
}
/**
 * The smallest case that fails in the same way, with numbers for pencil and paper.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CounterexampleFields".
 */
export interface CounterexampleFields {
  /**
   * The batch size and the other dimensions
   */
  sizes: {
    [k: string]: number;
  };
  /**
   * The inputs
   */
  inputs: {
    [k: string]: NestedValue;
  };
  /**
   * Inputs that are not contiguous row by row in memory, and how they lie
   */
  layouts: {
    [k: string]: string;
  };
  /**
   * The wrong arrays, as your code gives them
   */
  received: {
    [k: string]: NestedValue;
  };
  /**
   * The right values of these arrays; left out with `--graded`
   */
  expected?: {
    [k: string]: NestedValue;
  };
  /**
   * Arrays of an unsuitable dtype, and that dtype
   */
  dtypes: {
    [k: string]: string;
  };
  /**
   * Inputs and parameters that were changed, as they are afterwards
   */
  changed: {
    [k: string]: NestedValue;
  };
  /**
   * The lines that were run, in order
   */
  steps: string[];
  /**
   * The exception, where the code raised
   */
  raised: string | null;
  /**
   * One entry of each array, worked out
   */
  by_hand: string[];
  /**
   * A program that reproduces it with NumPy alone: `python script.py answer.py` (`handgrad judge … --counterexample script.py` writes it)
   */
  script: string;
}
/**
 * Where the answer first differs from the reference: array, case, position, size of error.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "FirstDifference".
 */
export interface FirstDifference {
  /**
   * The array
   */
  array: string;
  /**
   * The number of the case, from 1
   */
  case: number;
  /**
   * The position of the first wrong entry, from 0
   */
  index: number[] | null;
  /**
   * The shape it should have
   */
  expected_shape: number[] | null;
  /**
   * The shape it has
   */
  received_shape: number[] | null;
  /**
   * The largest error; null where there is none to state
   */
  error: number | null;
}
/**
 * How many cases were run, and in how many something is wrong.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CaseCounts".
 */
export interface CaseCounts {
  /**
   * How many cases were run
   */
  run: number;
  /**
   * How many of them fail
   */
  failed: number;
}
/**
 * The known mistakes that a pass excludes.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Exclusions".
 */
export interface Exclusions {
  /**
   * How many mistakes are known
   */
  known: number;
  /**
   * How many of them these cases would expose
   */
  exposed: number;
  /**
   * The names of those they would not
   */
  not_exposed: string[];
}
/**
 * One message in both languages.
 *
 * >>> greeting = Text(zh="你好，{name}", en="Hello, {name}")
 * >>> greeting.format(name="Ada")["en"]
 * 'Hello, Ada'
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Text".
 */
export interface Text {
  zh: string;
  en: string;
}
/**
 * One case of a class: what it tests, and whether it holds.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CaseOutcome".
 */
export interface CaseOutcome {
  /**
   * Its number, from 1
   */
  case: number;
  shows: Text;
  /**
   * Whether everything is right
   */
  holds: boolean;
  /**
   * The arrays that are wrong
   */
  wrong: string[];
  /**
   * Whether the code raised
   */
  raised: boolean;
}
/**
 * How far each entry of a wrong array is off, in the first case in which it is wrong.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ErrorMap".
 */
export interface ErrorMap {
  /**
   * The array
   */
  array: string;
  /**
   * The number of the case, from 1
   */
  case: number;
  /**
   * The shape it should have
   */
  expected_shape: number[];
  /**
   * The shape it has; null when it is no array
   */
  received_shape: number[] | null;
  /**
   * The largest error; null where there is none to state
   */
  error: number | null;
  /**
   * Rows of the whole array as a matrix: its first axis; 1 where it has one axis only
   */
  rows: number;
  /**
   * Columns of the whole array as a matrix: all other axes side by side
   */
  columns: number;
  /**
   * The error of each entry, at most 16 by 16; of a larger array, the largest error of each block. Null where an entry is not finite, empty when the shapes differ. With `--graded` only 1 for wrong and 0 for right
   */
  map: (number | null)[][];
}
/**
 * A learner on the teacher's page.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ClassMemberReply".
 */
export interface ClassMemberReply {
  name: string;
  teacher: boolean;
  joined_at: string;
  seen_at: string | null;
  passed: string[];
  answers: number;
}
/**
 * The class.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ClassReply".
 */
export interface ClassReply {
  learners: ClassMemberReply[];
  invitations: InvitationReply[];
}
/**
 * An invitation that can still be used.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "InvitationReply".
 */
export interface InvitationReply {
  code: string;
  address: string;
  left: number | null;
  expires_at: string;
}
/**
 * The course map.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CourseMapReply".
 */
export interface CourseMapReply {
  levels: LevelSummaryReply[];
}
/**
 * A level as the map shows it.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "LevelSummaryReply".
 */
export interface LevelSummaryReply {
  level: string;
  title: Text;
  summary: Text;
  classes: string[];
  /**
   * The levels that come before it.
   */
  needs: string[];
  /**
   * Whether all it needs is passed; advice, not a lock.
   */
  open: boolean;
  passed: boolean;
  passed_classes: string[];
  revision: string;
  answers: number;
}
/**
 * A draft as it was saved.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DraftReply".
 */
export interface DraftReply {
  source: string;
  revision: number;
}
/**
 * A draft, and the revision it is based on.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DraftRequest".
 */
export interface DraftRequest {
  /**
   * Python source; at most 128 KiB as UTF-8.
   */
  source: string;
  /**
   * The revision it is based on; null when there was no draft.
   */
  base?: number | null;
}
/**
 * The revision that a draft now has.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DraftRevisionReply".
 */
export interface DraftRevisionReply {
  revision: number;
}
/**
 * An empty body.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "EmptyRequest".
 */
export interface EmptyRequest {}
/**
 * What went wrong, and what to do.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ErrorReply".
 */
export interface ErrorReply {
  error: Text;
}
/**
 * How many hints there are, and those that were shown, as HTML.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "HintsReply".
 */
export interface HintsReply {
  count: number;
  shown: Text[];
}
/**
 * One answer in the history.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "HistoryEntryReply".
 */
export interface HistoryEntryReply {
  answer: number;
  submitted_at: string;
  state: "waiting" | "judging" | "judged";
  verdicts: VerdictSummaryReply[];
}
/**
 * A verdict as the history shows it.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "VerdictSummaryReply".
 */
export interface VerdictSummaryReply {
  class: string;
  verdict: "judge-error" | "forbidden" | "time-limit" | "memory-limit" | "output-limit" | "error" | "wrong" | "pass";
  kind:
    | (
        | "syntax-error"
        | "encoding-error"
        | "missing-class"
        | "missing-method"
        | "bad-signature"
        | "import-error"
        | "exception"
        | "exited"
        | "unanswered"
      )
    | null;
  mistakes: string[];
}
/**
 * A learner's answers to a level, newest first, and the address of the next page.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "HistoryReply".
 */
export interface HistoryReply {
  answers: HistoryEntryReply[];
  next: string | null;
}
/**
 * The invitation to make.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "InvitationRequest".
 */
export interface InvitationRequest {
  /**
   * How often it can be used; null for any number of times.
   */
  left?: number | null;
}
/**
 * An invitation's code, and the name and password to join with.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "JoinRequest".
 */
export interface JoinRequest {
  name: string;
  password: string;
  code: string;
}
/**
 * Who is signed in.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "LearnerReply".
 */
export interface LearnerReply {
  name: string;
  teacher: boolean;
}
/**
 * A level with all that its page shows. The statement and the hints are HTML.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "LevelReply".
 */
export interface LevelReply {
  level: string;
  title: Text;
  summary: Text;
  classes: string[];
  /**
   * The levels that come before it.
   */
  needs: string[];
  /**
   * Whether all it needs is passed; advice, not a lock.
   */
  open: boolean;
  passed: boolean;
  passed_classes: string[];
  revision: string;
  answers: number;
  template: string;
  statement: Text;
  hints: HintsReply;
  draft: DraftReply | null;
}
/**
 * A new password to be handed over; it is shown this once.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "NewPasswordReply".
 */
export interface NewPasswordReply {
  password: string;
}
/**
 * Who was removed, with all that was theirs.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "RemovedReply".
 */
export interface RemovedReply {
  removed: string;
}
/**
 * Who is there, and what this lab can do.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SessionReply".
 */
export interface SessionReply {
  learner: LearnerReply | null;
  /**
   * Whether several learners sign in.
   */
  class: boolean;
  isolation: number;
  judges: boolean;
  notice: Text | null;
  handgrad: string;
  /**
   * Changes whenever the server is started.
   */
  instance: string;
}
/**
 * The shapes of one line.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ShapeLineReply".
 */
export interface ShapeLineReply {
  line: number;
  text: string;
  state: "shape" | "error";
  detail: Text | null;
  advice: Text | null;
  values: ShapeValueReply[];
}
/**
 * An array or number of a line, as it was when the line ran last.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ShapeValueReply".
 */
export interface ShapeValueReply {
  name: string;
  shape: number[];
  dtype: string;
  values: NestedValue;
  /**
   * Whether only the first entries of each axis are here.
   */
  cut: boolean;
}
/**
 * The shape of every intermediate of a draft, line by line.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ShapesReply".
 */
export interface ShapesReply {
  lines: ShapeLineReply[];
  case: Text;
  stopped: StoppedReply | null;
  milliseconds: number;
}
/**
 * Why a draft did not run to its end, and in which line.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "StoppedReply".
 */
export interface StoppedReply {
  line: number | null;
  message: Text;
}
/**
 * A name and its password.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SignInRequest".
 */
export interface SignInRequest {
  name: string;
  password: string;
}
/**
 * Who is signed in now.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SignedInReply".
 */
export interface SignedInReply {
  learner: LearnerReply | null;
}
/**
 * A learner's source.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SourceRequest".
 */
export interface SourceRequest {
  /**
   * Python source; at most 128 KiB as UTF-8.
   */
  source: string;
}
/**
 * An answer that waits to be judged.
 *
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SubmissionReply".
 */
export interface SubmissionReply {
  answer: number;
  address: string;
}
