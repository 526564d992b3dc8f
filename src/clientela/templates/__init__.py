"""Message templates: what may be sent outside the service window, and Meta's review of each.

Here they are kept, shown, filled in and judged fit to send. Not here: how they are read from Meta and how they
leave (`whatsapp`), and the messages made of them (`conversations`).
"""

from clientela.templates.choose import Chosen, choose, why_not_now
from clientela.templates.events import TemplateChanged, TemplatesSynced
from clientela.templates.fill import ButtonValue, Filled, TemplateValues, TextValue, fill
from clientela.templates.jobs import SyncTemplates
from clientela.templates.problems import TemplateNotSendable, TemplateOutdated, TemplateParameters
from clientela.templates.queries import TemplateFilters, get_template, list_templates, waba_of_channel
from clientela.templates.review import Named, pause_template, record_category, record_quality, record_status
from clientela.templates.schemas import (
    Category,
    FileKind,
    ParameterFormat,
    Place,
    Quality,
    ReadTemplate,
    Template,
    TemplateAccount,
    TemplateBody,
    TemplateButton,
    TemplateHeader,
    TemplateParameter,
)
from clientela.templates.state import StatusEvent
from clientela.templates.sync import (
    attach_channel,
    detach_channel,
    fail_sync,
    finish_sync,
    may_sync,
    request_sync,
    store_page,
)

__all__ = [
    "ButtonValue",
    "Category",
    "Chosen",
    "FileKind",
    "Filled",
    "Named",
    "ParameterFormat",
    "Place",
    "Quality",
    "ReadTemplate",
    "StatusEvent",
    "SyncTemplates",
    "Template",
    "TemplateAccount",
    "TemplateBody",
    "TemplateButton",
    "TemplateChanged",
    "TemplateFilters",
    "TemplateHeader",
    "TemplateNotSendable",
    "TemplateOutdated",
    "TemplateParameter",
    "TemplateParameters",
    "TemplateValues",
    "TemplatesSynced",
    "TextValue",
    "attach_channel",
    "choose",
    "detach_channel",
    "fail_sync",
    "fill",
    "finish_sync",
    "get_template",
    "list_templates",
    "may_sync",
    "pause_template",
    "record_category",
    "record_quality",
    "record_status",
    "request_sync",
    "store_page",
    "waba_of_channel",
    "why_not_now",
]
