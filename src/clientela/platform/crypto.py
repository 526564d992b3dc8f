"""Keys derived from the installation's secret, and sealing of what must not lie in the clear.

The secret key is not in the database: a stolen dump holds no usable token.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_SCRAM_ITERATIONS = 4096  # PostgreSQL's own default, scram-common.h


class Vault:
    """Seals and opens small secrets with keys derived from `CLIENTELA_SECRET_KEY`."""

    def __init__(self, secret_key: str) -> None:
        self._root = secret_key.encode()

    def derive(self, purpose: str) -> bytes:
        """32 bytes that belong to `purpose` alone."""
        return hmac.digest(self._root, b"clientela/" + purpose.encode(), "sha256")

    def password_for(self, name: str) -> str:
        """A stable password for a database role that we create ourselves."""
        return base64.urlsafe_b64encode(self.derive(f"database/{name}")).decode().rstrip("=")

    def seal(self, plain: str, context: str) -> bytes:
        """AES-256-GCM; `context` is bound in, so a value cannot be moved to another row."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self.derive("seal")).encrypt(nonce, plain.encode(), context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        """The plain text; raises `cryptography.exceptions.InvalidTag` if key or context differ."""
        nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        return AESGCM(self.derive("seal")).decrypt(nonce, body, context.encode()).decode()


def scram_verifier(password: str) -> str:
    """What PostgreSQL stores for a SCRAM-SHA-256 password (RFC 5803).

    Sent instead of the password, so that no server log can ever hold the password itself.
    """
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _SCRAM_ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    b64 = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${_SCRAM_ITERATIONS}:{b64[0]}${b64[1]}:{b64[2]}"


def token_hash(token: str) -> bytes:
    """What is stored of a session or API key. The token is 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).digest()
