"""The report of health as Prometheus reads it."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from archiver.services.health import Report

TEXT = "text/plain; version=0.0.4; charset=utf-8"


class _Collector:
    def __init__(self, report: Report) -> None:
        self._report = report

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """One family after the other."""
        report = self._report
        for name, told, value in (
            ("rature_looks_due", "Looks that are due now.", report.due),
            ("rature_oldest_look_overdue_seconds", "Age of the oldest due look.", report.overdue),
            ("rature_posts_watched", "Posts that are still looked at.", report.watched),
            ("rature_leaves_unsealed", "Leaves that wait for a checkpoint.", report.unsealed),
        ):
            yield GaugeMetricFamily(name, told, value=value)
        share = GaugeMetricFamily(
            "rature_valid_look_share", "Valid looks of all looks.", labels=["site", "period"]
        )
        looks = GaugeMetricFamily(
            "rature_looks", "Looks of the last day by outcome.", labels=["site", "outcome"]
        )
        barren = GaugeMetricFamily(
            "rature_barren_visits", "Visits in a row without a valid look.", labels=["site"]
        )
        alarm = GaugeMetricFamily(
            "rature_site_alarm", "1 while the looks at a site resolve nothing.", labels=["site"]
        )
        degraded = GaugeMetricFamily(
            "rature_site_degraded", "1 while a canary of the site is misread.", labels=["site"]
        )
        for site in report.sites:
            for period, of in (("24h", site.day), ("7d", site.week)):
                if of.share is not None:
                    share.add_metric([site.site, period], of.share)
            for outcome, count in sorted(site.outcomes.items()):
                looks.add_metric([site.site, outcome], count)
            barren.add_metric([site.site], site.barren)
            alarm.add_metric([site.site], site.is_alarming)
            degraded.add_metric([site.site], site.degraded)
        yield from (share, looks, barren, alarm, degraded)


def metrics_text(report: Report) -> bytes:
    """All metrics in the text format."""
    registry = CollectorRegistry()
    registry.register(_Collector(report))
    return generate_latest(registry)
