"""The one place that speaks Meta's Cloud API: webhooks in, sends out, numbers and their keys.

An edge on purpose: it calls `conversations` with what came in and handles the `SendMessages`
command that goes out, so that nothing above needs to know Meta.
"""

from clientela.whatsapp.events import NumberChanged
from clientela.whatsapp.notices import NoticeChanged
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.numbers import connect_number, list_numbers

__all__ = ["NoticeChanged", "NumberChanged", "NumberView", "connect_number", "list_numbers"]
