"""Settings: small structs, one per concern, read from the environment once at start.

Every variable here is documented in `docs/reference/settings.md`; a test holds the two together.
"""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

PREFIX = "CLIENTELA_"


class Storage(msgspec.Struct, frozen=True):
    """Where data lives. A missing URL means: use the embedded server."""

    data_dir: Path
    database_url: str | None = None
    nats_url: str | None = None
    redis_url: str | None = None
    database_pool: int = 12


class Security(msgspec.Struct, frozen=True):
    """The installation's own secret and the address people open."""

    secret_key: str | None = None
    public_url: str = "http://127.0.0.1:8000"
    metrics_token: str | None = None
    trusted_proxies: tuple[str, ...] = ()

    @property
    def secure_cookies(self) -> bool:
        return urlsplit(self.public_url).scheme == "https"


class Meta(msgspec.Struct, frozen=True):
    """How Meta reaches us and we reach Meta. `graph_url` is set only to use a simulator."""

    app_secret: str | None = None
    verify_token: str | None = None
    app_id: str | None = None
    signup_config_id: str | None = None
    graph_url: str = "https://graph.facebook.com"
    graph_version: str = "v25.0"

    @property
    def offers_signup(self) -> bool:
        """Whether people may connect numbers through Meta's own dialog (Embedded Signup)."""
        return bool(self.app_id and self.app_secret and self.signup_config_id)

    @property
    def app_token(self) -> str | None:
        """What the platform's own Meta app identifies itself with (whatsapp-cloud-api 9.1)."""
        return f"{self.app_id}|{self.app_secret}" if self.app_id and self.app_secret else None


class Telemetry(msgspec.Struct, frozen=True):
    """Logs and traces. Without an endpoint, spans are made (so that ids travel) and dropped."""

    log_level: str = "info"
    log_format: str = "auto"
    otlp_endpoint: str | None = None


class S3(msgspec.Struct, frozen=True):
    """A bucket for media and exports. Without keys, those of the machine's own role are asked for."""

    bucket: str
    endpoint: str | None = None
    region: str = "us-east-1"
    access_key_id: str | None = None
    secret_access_key: str | None = None

    def __repr__(self) -> str:
        return f"S3({self.bucket!r})"  # never its keys


class Settings(msgspec.Struct, frozen=True):
    """All settings of one process. Without `s3`, files are in a folder."""

    storage: Storage
    security: Security
    meta: Meta
    telemetry: Telemetry
    s3: S3 | None = None


def default_data_dir(environment: Mapping[str, str]) -> Path:
    """`/var/lib/clientela` for root, whose database must run as another user; else the XDG folder."""
    if os.geteuid() == 0:
        return Path("/var/lib/clientela")
    base = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "clientela"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in `environment` (default: the process's own)."""
    env = os.environ if environment is None else environment

    def value(name: str, default: str | None = None) -> str | None:
        return env.get(PREFIX + name) or default

    bucket = value("S3_BUCKET")
    return Settings(
        s3=S3(
            bucket=bucket,
            endpoint=value("S3_ENDPOINT"),
            region=value("S3_REGION", "us-east-1") or "",
            access_key_id=value("S3_ACCESS_KEY_ID"),
            secret_access_key=value("S3_SECRET_ACCESS_KEY"),
        )
        if bucket
        else None,
        storage=Storage(
            data_dir=Path(value("DATA_DIR") or default_data_dir(env)),
            database_url=value("DATABASE_URL"),
            nats_url=value("NATS_URL"),
            redis_url=value("REDIS_URL"),
            database_pool=int(value("DATABASE_POOL", "12") or 12),
        ),
        security=Security(
            secret_key=value("SECRET_KEY"),
            public_url=value("PUBLIC_URL", "http://127.0.0.1:8000") or "",
            metrics_token=value("METRICS_TOKEN"),
            trusted_proxies=tuple(
                part.strip() for part in (value("TRUSTED_PROXIES") or "").split(",") if part.strip()
            ),
        ),
        meta=Meta(
            app_secret=value("META_APP_SECRET"),
            verify_token=value("META_VERIFY_TOKEN"),
            app_id=value("META_APP_ID"),
            signup_config_id=value("META_SIGNUP_CONFIG_ID"),
            graph_url=(value("GRAPH_URL", "https://graph.facebook.com") or "").rstrip("/"),
            graph_version=value("GRAPH_VERSION", "v25.0") or "",
        ),
        telemetry=Telemetry(
            log_level=value("LOG_LEVEL", "info") or "info",
            log_format=value("LOG_FORMAT", "auto") or "auto",
            otlp_endpoint=value("OTEL_ENDPOINT"),
        ),
    )


def load_or_create_secret(data_dir: Path, name: str) -> str:
    """The secret kept in `data_dir/secrets/name`, made at first use and readable by us alone."""
    folder = data_dir / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    if not path.exists():
        # Written whole under another name and then linked: two processes that start at once must not
        # disagree, and neither may read half a secret.
        draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()
