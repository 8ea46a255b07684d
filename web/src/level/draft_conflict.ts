/** Two windows saved different drafts: shows the difference, and asks which is to stay. */

import { openDialog } from "../dialog";
import { h } from "../dom";
import { WORDS } from "../page_texts";
import { differenceView } from "./difference_view";

export function resolveConflict(
  mine: string,
  theirs: string,
  chosen: (isMine: boolean) => void,
): void {
  const choose = (isMine: boolean) => () => {
    dialog.close();
    chosen(isMine);
  };
  const dialog = openDialog(
    WORDS.conflictTitle,
    [
      h("p", {}, WORDS.conflictLead),
      h("p", { class: "faint" }, WORDS.differenceLegend),
      differenceView(theirs, mine),
      h(
        "div",
        { class: "buttons" },
        h(
          "button",
          { type: "button", class: "primary", onclick: choose(true) },
          WORDS.conflictMine,
        ),
        h("button", { type: "button", onclick: choose(false) }, WORDS.conflictTheirs),
      ),
    ],
    { wide: true },
  );
}
