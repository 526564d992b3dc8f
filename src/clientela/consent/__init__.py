"""What contacts agreed to: for now, whether they want marketing on WhatsApp.

Here lives the record of every stop, resume and sign-up, appended and never changed. That no marketing template
leaves for somebody who said stop is held by a trigger on `message` (SQLSTATE `OPTED_OUT`), so that no road leads
around it. Not here: who they are (contacts) and what was sent (conversations).
"""

from clientela.consent.queries import is_opted_out
from clientela.consent.record import copy_preferences, record_preference
from clientela.consent.rules import Choice, Source, opted_out

OPTED_OUT = "CL002"
"""The SQLSTATE by which the database refuses to queue or send marketing to somebody who opted out."""

__all__ = [
    "OPTED_OUT",
    "Choice",
    "Source",
    "copy_preferences",
    "is_opted_out",
    "opted_out",
    "record_preference",
]
