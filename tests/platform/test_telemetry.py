"""One trace goes on across rooms by its W3C header; spans carry ids and never what was raised or written."""

import time

import pytest
from opentelemetry.trace import StatusCode

from clientela.platform import telemetry
from tests.platform.streams import spans


def test_a_header_continues_the_trace_elsewhere() -> None:
    exported = spans()
    with telemetry.span("webhook") as first:
        header = telemetry.traceparent()
    assert header is not None
    with telemetry.span("worker", parent=header) as second:
        assert telemetry.traceparent() != header
    assert second.get_span_context().trace_id == first.get_span_context().trace_id
    finished = {span.name: span for span in exported.get_finished_spans()}
    assert finished["worker"].parent.span_id == first.get_span_context().span_id


def test_outside_of_a_span_there_is_no_header() -> None:
    assert telemetry.traceparent() is None
    assert telemetry.context_of(None) is None


@pytest.mark.parametrize("header", ["", "nonsense", "00-0-0-00", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_a_broken_header_starts_a_trace_of_its_own(header: str) -> None:
    spans()
    with telemetry.span("room", parent=header) as span:
        assert span.get_span_context().is_valid


def test_a_span_keeps_the_ids_it_is_given_and_no_error_text() -> None:
    exported = spans()

    def fail() -> None:
        with telemetry.span("room", tenant_id=7, conversation_id=None):
            raise ValueError("what a customer wrote")

    with pytest.raises(ValueError):
        fail()
    (span,) = exported.get_finished_spans()
    assert dict(span.attributes or {}) == {"tenant_id": "7"}
    assert list(span.events) == []
    assert "customer" not in (span.status.description or "")
    assert span.status.status_code is StatusCode.ERROR


def test_something_that_is_over_is_recorded_with_its_own_times() -> None:
    exported = spans()
    with telemetry.span("webhook") as first:
        header = telemetry.traceparent()
    start = time.time_ns() - 5_000_000
    telemetry.record_span("repaint", parent=header, start_ns=start, end_ns=start + 1_000_000, fact_id="x")
    span = exported.get_finished_spans()[-1]
    assert (span.start_time, span.end_time) == (start, start + 1_000_000)
    assert span.context.trace_id == first.get_span_context().trace_id
