"""Progress, drafts and hints."""


def decided(answers, learner, level, **verdicts):
    answers.add(learner.number, level, b"x")
    answers.decide(
        answers.lease(1),
        [
            {"class": name, "verdict": verdict, "kind": None, "mistakes": []}
            for name, verdict in verdicts.items()
        ],
    )


def test_progress_counts_passed_classes_and_answers(progress_store, answers, ada, bo):
    decided(answers, ada, "activations", Sigmoid="pass", Relu="wrong")
    decided(answers, ada, "activations", Sigmoid="wrong", Relu="pass")
    decided(answers, bo, "activations", Sigmoid="pass", Relu="pass")
    found = progress_store.progress(ada.number)
    assert found.passed == {"activations": {"Sigmoid", "Relu"}}
    assert found.answers == {"activations": 2}


def test_a_draft_is_kept_byte_for_byte(progress_store, ada, bo):
    typed = "x = '全\0\r\n\t'\n"
    assert progress_store.draft(ada.number, "activations") is None
    assert progress_store.save_draft(ada.number, "activations", typed, None) == 1
    assert progress_store.draft(ada.number, "activations").source == typed
    assert progress_store.draft(ada.number, "fully-connected") is None
    assert progress_store.draft(bo.number, "activations") is None


def test_two_tabs_do_not_overwrite_each_other(progress_store, ada):
    mine = progress_store.save_draft(ada.number, "activations", "a", None)
    mine = progress_store.save_draft(ada.number, "activations", "ab", mine)
    assert mine == 2
    other = progress_store.save_draft(ada.number, "activations", "b", 1)
    assert (other.source, other.revision) == ("ab", 2)
    other = progress_store.save_draft(ada.number, "activations", "c", None)
    assert other.source == "ab"
    assert progress_store.draft(ada.number, "activations").source == "ab"
    assert progress_store.save_draft(ada.number, "activations", "b", other.revision) == 3


def test_saving_the_same_again_is_no_conflict(progress_store, ada):
    """The reply to the first was lost, and the page says it again."""
    first = progress_store.save_draft(ada.number, "activations", "a", None)
    assert progress_store.save_draft(ada.number, "activations", "a", None) == first


def test_hints_are_shown_one_at_a_time_up_to_the_last(progress_store, ada, bo):
    assert progress_store.hints_shown(ada.number, "activations") == 0
    assert [progress_store.show_hint(ada.number, "activations", 2) for _ in range(4)] == [
        1,
        2,
        2,
        2,
    ]
    assert progress_store.hints_shown(ada.number, "activations") == 2
    assert progress_store.hints_shown(bo.number, "activations") == 0
    assert progress_store.show_hint(ada.number, "empty", 0) == 0
