"""One figure of a benchmark, beside what it is compared with."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` and `baseline` in `unit`, measured in the same run."""

    name: str
    figure: str
    value: float
    unit: str
    baseline: float

    @property
    def ratio(self) -> float | None:
        """The value as a multiple of the baseline; None where that is 0 and the value is not."""
        if self.baseline == 0:
            return 1.0 if self.value == 0 else None
        return self.value / self.baseline

    def as_json(self) -> str:
        """One JSON object: name, figure, value, unit, baseline, ratio."""
        return json.dumps(
            {
                "name": self.name,
                "figure": self.figure,
                "value": round(self.value, 4),
                "unit": self.unit,
                "baseline": round(self.baseline, 4),
                "ratio": None if self.ratio is None else round(self.ratio, 4),
            }
        )

    def as_text(self) -> str:
        """A line for people."""
        ratio = "-" if self.ratio is None else f"{self.ratio:.3g}"
        return (
            f"{self.name}: {self.figure} {self.value:.4g} {self.unit}"
            f" (baseline {self.baseline:.4g} {self.unit}, ratio {ratio})"
        )
