"""Which addresses are Meta's own: others get no token of ours, and nothing is fetched from them on her word."""

from urllib.parse import SplitResult, urlsplit

_HOSTS = (".facebook.com", ".fbsbx.com", ".fbcdn.net", ".whatsapp.net")


def is_metas(url: str, graph: SplitResult) -> bool:
    """Whether `url` leads to Meta, or to what stands in for her: `graph` is the address of the API."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or "\\" in url:
        return False
    if (parts.scheme, parts.netloc) == (graph.scheme, graph.netloc):
        return True
    return parts.scheme == "https" and port in (None, 443) and host.endswith(_HOSTS)
