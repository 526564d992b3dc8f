"""Message templates: what may be sent outside the service window, and Meta's review of each.

Here they are kept, shown, filled in and judged fit to send. Not here: how they are read from Meta and how they
leave (`whatsapp`), and the messages made of them (`conversations`).
"""

from clientela.templates.events import TemplateChanged, TemplatesSynced
from clientela.templates.queries import TemplateFilters, get_template, list_templates
from clientela.templates.schemas import (
    Template,
    TemplateAccount,
    TemplateBody,
    TemplateButton,
    TemplateHeader,
    TemplateParameter,
)

__all__ = [
    "Template",
    "TemplateAccount",
    "TemplateBody",
    "TemplateButton",
    "TemplateChanged",
    "TemplateFilters",
    "TemplateHeader",
    "TemplateParameter",
    "TemplatesSynced",
    "get_template",
    "list_templates",
]
