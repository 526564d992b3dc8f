"""Which module answers on which road. To add a module to the HTTP side, name it here and nowhere else."""

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from clientela.billing.api import COST_ROUTES
from clientela.consent.api import CONSENT_ROUTES
from clientela.contacts.api import CONTACT_ROUTES
from clientela.conversations.api import CONVERSATION_ROUTES
from clientela.conversations.media_api import MEDIA_ROUTES
from clientela.conversations.upload_api import UPLOAD_ROUTES
from clientela.graph import GRAPH_ROUTES
from clientela.identity.api import IDENTITY_ROUTES
from clientela.live import LIVE_ROUTES, hub_of, live_lifespan
from clientela.roles.parts import Parts
from clientela.roles.web import Lifespan, create_web_app
from clientela.templates.api import TEMPLATE_ROUTES
from clientela.tenants.api import TENANT_ROUTES
from clientela.whatsapp.api import NUMBER_ROUTES
from clientela.whatsapp.notice_api import NOTICE_ROUTES
from clientela.whatsapp.profile_api import PROFILE_ROUTES

WEB_ROUTES: list[ControllerRouterHandler] = [
    *IDENTITY_ROUTES,
    *TENANT_ROUTES,
    *NUMBER_ROUTES,
    *NOTICE_ROUTES,
    *PROFILE_ROUTES,
    *CONTACT_ROUTES,
    *CONSENT_ROUTES,
    *CONVERSATION_ROUTES,
    *MEDIA_ROUTES,
    *UPLOAD_ROUTES,
    *TEMPLATE_ROUTES,
    *COST_ROUTES,
    *LIVE_ROUTES,
    *GRAPH_ROUTES,
]


def web_application(parts: Parts, *, with_ingest: bool = False) -> Litestar:
    """The web role's application, with Meta's webhook beside it when one process is both roles."""
    beside: list[ControllerRouterHandler] = []
    lifespan: list[Lifespan] = [live_lifespan]
    if with_ingest:
        from clientela.roles.ingest import WEBHOOK_ROUTES, ingest_lifespan

        beside, lifespan = WEBHOOK_ROUTES, [*lifespan, ingest_lifespan(parts)]
    app = create_web_app(parts, WEB_ROUTES, beside=beside, lifespan=lifespan)

    async def tell_sockets_to_come_back() -> None:
        hub_of(app).close()

    app.state.drain = tell_sockets_to_come_back
    return app
