/** The objects of the lab's JSON interface, as the page calls them. `generated/api.ts` defines them. */

import type {
  AnswerReply,
  CaseOutcome,
  ClassMemberReply,
  ClassReply,
  CounterexampleFields,
  DraftReply,
  HintsReply,
  HistoryEntryReply,
  HistoryReply,
  InvitationReply,
  LevelReply,
  LevelSummaryReply,
  NestedValue,
  SessionReply,
  ShapeLineReply,
  ShapesReply,
  ShapeValueReply,
} from "./generated/api";

export type { ErrorMap, Verdict } from "./generated/api";
export type Session = SessionReply;
export type LevelSummary = LevelSummaryReply;
export type LevelDetail = LevelReply;
export type Hints = HintsReply;
export type Draft = DraftReply;
export type Nested = NestedValue;
export type Counterexample = CounterexampleFields;
export type CaseResult = CaseOutcome;
export type AnswerLine = HistoryEntryReply;
export type History = HistoryReply;
export type Answer = AnswerReply;
export type ShapeValue = ShapeValueReply;
export type ShapeLine = ShapeLineReply;
export type Shapes = ShapesReply;
export type Learner = ClassMemberReply;
export type Invitation = InvitationReply;
export type ClassRoom = ClassReply;
