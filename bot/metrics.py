"""What is counted, for Prometheus. Labels have few values; nobody's name or text is among them."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """One bot's figures, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = new = CollectorRegistry()
        self.deliveries = Counter(
            "kumpel_deliveries",
            "Requests handled, by platform, kind and result.",
            ["platform", "kind", "result"],
            registry=new,
        )
        self.handler_seconds = Histogram(
            "kumpel_handler_seconds",
            "From a request's arrival to its commit.",
            ["kind"],
            buckets=_SECONDS,
            registry=new,
        )
        self.sends = Counter(
            "kumpel_sends", "Messages sent, by platform and result.", ["platform", "result"], registry=new
        )
        self.retries = Counter("kumpel_retries", "Sends tried again, by platform.", ["platform"], registry=new)
        self.parked = Gauge(
            "kumpel_parked", "What failed too often and waits for a person, by kind.", ["kind"], registry=new
        )
        self.outbox_depth = Gauge("kumpel_outbox_depth", "Messages waiting, by lane.", ["lane"], registry=new)
        self.outbox_age = Gauge(
            "kumpel_outbox_age_seconds", "Age of the oldest message waiting, by lane.", ["lane"], registry=new
        )
        self.connected = Gauge(
            "kumpel_connected", "Is traffic flowing in, by platform?", ["platform"], registry=new
        )
