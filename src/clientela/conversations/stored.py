"""Which files of the store are still needed, and by whom: rows of `media` and `upload` name them by digest.

Two rows may name one file, and a third may be about to. So a row is written before its bytes are, and both that
and the removal of bytes take the digest's lock: whoever comes second sees what the first one did.
"""

from collections.abc import Iterable
from uuid import UUID

from clientela.platform.files import Files
from clientela.platform.tx import Tx


def media_key(tenant_id: UUID, sha256: str) -> str:
    """Where the store keeps a file: by tenant and content, so that one sent twice is kept once."""
    return f"{tenant_id}/{sha256[:2]}/{sha256}"


async def claim_files(tx: Tx, digests: Iterable[str | None]) -> None:
    """Locks files until the transaction ends: before naming them in a row, and before removing them."""
    for digest in sorted({digest for digest in digests if digest is not None}):
        await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", media_key(tx.tenant_id, digest))


async def remove_unneeded(tx: Tx, files: Files, digests: Iterable[str | None]) -> None:
    """Removes those files that no row names any more. They are claimed.

    The store is called inside the transaction, on purpose: the lock must outlast the removal.
    """
    for digest in {digest for digest in digests if digest is not None}:
        if not await _is_needed(tx, digest):
            await files.delete(media_key(tx.tenant_id, digest))


async def _is_needed(tx: Tx, digest: str) -> bool:
    """Indexes media_file, media_thumbnail, upload_file, upload_thumbnail."""
    return bool(
        await tx.value(
            """
            select exists (select from media where tenant_id = $1 and sha256 = $2)
                or exists (select from media where tenant_id = $1 and thumbnail_sha256 = $2)
                or exists (select from upload where tenant_id = $1 and sha256 = $2)
                or exists (select from upload where tenant_id = $1 and thumbnail_sha256 = $2)
            """,
            tx.tenant_id,
            digest,
        )
    )
