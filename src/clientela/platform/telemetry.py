"""Traces: one from the webhook to the repaint, carried in NATS, job and fact headers.

Spans are always made, so that the ids travel; they are exported only when an OTLP endpoint is set.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("clientela")


def configure_tracing(role: str, otlp_endpoint: str | None) -> None:
    """Installs the process's tracer provider; exports by OTLP over HTTP when an endpoint is given."""
    provider = TracerProvider(resource=Resource.create({"service.name": f"clientela-{role}"}))
    if otlp_endpoint:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(endpoint=otlp_endpoint.rstrip("/") + "/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
    trace.set_tracer_provider(provider)


def flush_traces() -> None:
    """Sends what is still buffered; called when a role stops."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.shutdown()


def traceparent() -> str | None:
    """The W3C header of the current span, or None outside of one."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def context_of(parent: str | None) -> otel_context.Context | None:
    """The context that a `traceparent` header names; None when there is none to continue."""
    return _propagator.extract({"traceparent": parent}) if parent else None


@contextmanager
def span(
    name: str, *, parent: str | None = None, start_ns: int | None = None, **ids: object
) -> Iterator[trace.Span]:
    """A span around a room. `parent` continues a trace from elsewhere; `ids` become attributes."""
    attributes = {key: str(value) for key, value in ids.items() if value is not None}
    with _tracer.start_as_current_span(
        name,
        context=context_of(parent),
        attributes=attributes,
        start_time=start_ns,
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield current
        except BaseException as error:
            # The kind alone: an error's text may quote what a person wrote.
            current.set_status(trace.Status(trace.StatusCode.ERROR, type(error).__name__))
            raise


def record_span(name: str, *, parent: str | None, start_ns: int, end_ns: int, **ids: object) -> None:
    """A span of something that is over, measured elsewhere (the browser's repaint)."""
    attributes = {key: str(value) for key, value in ids.items() if value is not None}
    finished = _tracer.start_span(name, context=context_of(parent), attributes=attributes, start_time=start_ns)
    finished.end(end_ns)
