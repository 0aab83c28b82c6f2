"""Rows of the decision table: what the author told, was told, or took back."""

A4 = "A@60m A@90m A@2h A@26h"
"""Four absences that are enough for `confirmed`."""

AUTHORS_WORDS = [
    ("the site is misread", "P@0m A@1h N:site_degraded@2h", "indeterminate (0m,-] w1"),
    ("withdrawn after the absence", "P@0m A@1h N:withdrawn@2h", "withdrawn author (0m,1h] w1"),
    ("withdrawn before the absence", "P@0m N:withdrawn@30m A@1h", "withdrawn author (0m,1h] w1"),
    ("withdrawn, not looked at since", "P@0m N:withdrawn@30m", "withdrawn author (0m,-] w0"),
    ("still there after the notice", "P@0m N:withdrawn@30m P@1h", "visible (1h,-] w0"),
    (
        "still there after the notice, then gone",
        "P@0m N:withdrawn@30m P@1h A@2h",
        "withdrawn author (1h,2h] w1",
    ),
    (
        "withdrawn although long confirmed",
        f"P@0m {A4} N:withdrawn@3d",
        "withdrawn author (0m,1h] w1",
    ),
    (
        "a withdrawn post that is back is not `restored`",
        f"P@0m {A4} N:withdrawn@3d P@4d",
        "visible (4d,-] w1",
    ),
    (
        "one late sighting (an old cached page) does not spend the notice",
        "P@0m A@1h N:withdrawn@2h P@3d A@6d",
        "withdrawn author (3d,6d] w2",
    ),
    (
        "a post that came back to stay does",
        "P@0m A@1h N:withdrawn@2h P@3d P@5d A@6d",
        "removed/suspected silent unknown (5d,6d] w2",
    ),
    (
        "withdrawn after it was restored",
        f"P@0m {A4} P@2d N:withdrawn@3d",
        "withdrawn author (2d,-] w1",
    ),
    (
        "withdrawn, though a stone stands",
        "P@0m T:moderator@1h N:withdrawn@2h",
        "withdrawn author (0m,1h] w1",
    ),
    (
        "a withdrawal that is taken back accuses as if it had never been told",
        f"P@0m {A4} N:withdrawn@3d N:retracted~3d@4d",
        "removed/confirmed silent unknown (0m,1h] w1",
    ),
    (
        "taken back by a record that came first",
        f"N:retracted~3d@4d P@0m {A4} N:withdrawn@3d",
        "removed/confirmed silent unknown (0m,1h] w1",
    ),
    (
        "what is taken back is that notice alone",
        "P@0m A@1h N:withdrawn@2h N:withdrawn@3h N:retracted~2h@4h",
        "withdrawn author (0m,1h] w1",
    ),
    (
        "told once more after it was taken back",
        "P@0m A@1h N:withdrawn@2h N:retracted~2h@3h N:withdrawn@4h",
        "withdrawn author (0m,1h] w1",
    ),
    (
        "reasons that are taken back: silent again",
        "P@0m A@1h N:reasons_given@2h N:retracted~2h@3h",
        "removed/suspected silent unknown (0m,1h] w1",
    ),
    (
        "what the checker knows of a site cannot be taken back",
        "P@0m A@1h N:site_degraded@2h N:retracted~2h@3h",
        "indeterminate (0m,-] w1",
    ),
    ("a notice without any look", "N:withdrawn@0m", "withdrawn author (-,-] w0"),
    (
        "reasons given: not silent",
        "P@0m A@1h N:reasons_given@2h",
        "removed/suspected unknown (0m,1h] w1",
    ),
    (
        "reasons given beforehand",
        "P@0m N:reasons_given@30m A@1h",
        "removed/suspected unknown (0m,1h] w1",
    ),
    (
        "reasons given for an earlier removal do not speak of this one",
        "P@0m A@1h N:reasons_given@2h P@3d P@4d A@6d",
        "removed/suspected silent unknown (4d,6d] w2",
    ),
    (
        "another notice clears nothing",
        "P@0m A@1h N:other@2h",
        "removed/suspected silent unknown (0m,1h] w1",
    ),
    ("reasons do not make a visible post gone", "P@0m N:reasons_given@1h", "visible (0m,-] w0"),
]
