"""What templates refuse, and why."""

from clientela.platform.problems import Problem


class TemplateOutdated(Problem):
    """What would leave is not what the writer saw (whatsapp-cloud-api 0, rule 9)."""

    code = "template_changed"
    status = 409
    title = "The template has changed since you chose it"


class TemplateNotSendable(Problem):
    """`reason` is a template's `not_sendable_reason`."""

    code = "template_not_sendable"
    status = 409
    title = "This template cannot be sent now"


class TemplateParameters(Problem):
    """`errors` lists what is wrong as `{"field", "message"}`, `field` being a parameter's key."""

    code = "template_parameters"
    status = 422
    title = "The template's blanks are not filled in rightly"
