"""PostgreSQL and NATS as real servers inside the data folder, for a product on one machine.

They come from wheels, listen on loopback behind passwords made at first start, die with the product, and start
again on whatever a killed one left behind. With external addresses nothing here runs. The rest of the code only
ever sees two URLs and cannot tell the difference.
"""

from .folders import port_is_free
from .problems import EmbeddedServerError
from .process import Process, spawn
from .services import Services, embedded_services, reach_services

__all__ = [
    "EmbeddedServerError",
    "Process",
    "Services",
    "embedded_services",
    "port_is_free",
    "reach_services",
    "spawn",
]
