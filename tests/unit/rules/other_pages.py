"""Rows of the decision table: what other pages of the site said, beside three absences."""

OTHER_PAGES = [
    (
        "a late look whose trio agrees",
        "P@0m A@1h A@90m A@2h A+@26h",
        "removed/confirmed silent unknown (0m,1h] w1",
    ),
    (
        "a late look whose trio does not",
        "P@0m A@1h A@90m A@2h A-@26h",
        "removed/likely silent unknown (0m,1h] w1",
    ),
    (
        "an early trio that disagreed blocks nothing later",
        "P@0m A-@1h A@90m A@2h A+@26h",
        "removed/confirmed silent unknown (0m,1h] w1",
    ),
    (
        "the newest late answer counts",
        "P@0m A@1h A@90m A@2h A-@26h A+@50h",
        "removed/confirmed silent unknown (0m,1h] w1",
    ),
    (
        "a later served permalink takes `confirmed` back",
        "P@0m A@1h A@90m A@2h A+@26h A-@50h",
        "removed/likely silent unknown (0m,1h] w1",
    ),
    (
        "a trio that cannot be asked later does not",
        "P@0m A@1h A@90m A@2h A-@26h A@50h",
        "removed/likely silent unknown (0m,1h] w1",
    ),
    (
        "the author's posts are missing from other walls too: perhaps the author left",
        "P@0m A@1h A@90m A@2h A?@26h",
        "removed/likely silent unknown (0m,1h] w1",
    ),
    (
        "they were, but the author's own page was there",
        "P@0m A@1h A@90m A!@2h A?@26h",
        "removed/confirmed silent unknown (0m,1h] w1",
    ),
    (
        "they are not missing any more",
        "P@0m A@1h A@90m A?@2h A@26h",
        "removed/confirmed silent unknown (0m,1h] w1",
    ),
]
