"""Which module answers on which road. To add a module to the HTTP side, name it here and nowhere else."""

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from clientela.contacts.api import CONTACT_ROUTES
from clientela.conversations.api import CONVERSATION_ROUTES
from clientela.identity.api import IDENTITY_ROUTES
from clientela.roles.parts import Parts
from clientela.roles.web import create_web_app
from clientela.tenants.api import TENANT_ROUTES
from clientela.whatsapp.api import NUMBER_ROUTES

WEB_ROUTES: list[ControllerRouterHandler] = [
    *IDENTITY_ROUTES,
    *TENANT_ROUTES,
    *NUMBER_ROUTES,
    *CONTACT_ROUTES,
    *CONVERSATION_ROUTES,
]


def web_application(parts: Parts, *, with_ingest: bool = False) -> Litestar:
    """The web role's application, with Meta's webhook beside it when one process is both roles."""
    if not with_ingest:
        return create_web_app(parts, WEB_ROUTES)
    from clientela.roles.ingest import WEBHOOK_ROUTES, ingest_lifespan

    return create_web_app(parts, WEB_ROUTES, beside=WEBHOOK_ROUTES, lifespan=[ingest_lifespan(parts)])
