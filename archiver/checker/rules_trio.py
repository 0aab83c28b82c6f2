"""What the permalink trio answered. Pure."""

from collections.abc import Sequence

from archiver.domain.observation import Answer, Observation


def trio_agrees(look: Observation) -> bool | None:
    """None when the trio was not asked or was unclear; False whenever the target is served."""
    if look.trio is None:
        return None
    if look.trio.target is Answer.SERVED:
        return False
    return look.trio.agrees


def newest_trio(stretches: Sequence[Sequence[Observation]]) -> bool | None:
    """The newest clear answer in stretches of looks, all oldest first; None when there is none."""
    looks = (look for stretch in reversed(stretches) for look in reversed(stretch))
    answers = (trio_agrees(look) for look in looks)
    return next((agrees for agrees in answers if agrees is not None), None)
