"""Which module answers on which road. To add a module to the HTTP side, name it here and nowhere else."""

from litestar.types import ControllerRouterHandler

from clientela.contacts.api import CONTACT_ROUTES
from clientela.conversations.api import CONVERSATION_ROUTES
from clientela.identity.api import IDENTITY_ROUTES
from clientela.tenants.api import TENANT_ROUTES
from clientela.whatsapp.api import NUMBER_ROUTES

WEB_ROUTES: list[ControllerRouterHandler] = [
    *IDENTITY_ROUTES,
    *TENANT_ROUTES,
    *NUMBER_ROUTES,
    *CONTACT_ROUTES,
    *CONVERSATION_ROUTES,
]
