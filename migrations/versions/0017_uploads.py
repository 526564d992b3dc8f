"""Uploaded files that wait to be sent, what could be read of a file, and the channel's own ids of files.

A file of the store belongs to every row that names its digest: `media` and `upload`, by the file's own and by its
thumbnail's. The four indexes answer whether anything still does, before the bytes are removed.
"""

from migrations.support import run, tenant_table

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    run(
        """
        alter table media
            add column width integer,
            add column height integer,
            add column duration_ms integer,
            add column waveform smallint[],
            add column thumbnail_sha256 text,
            add column prepare_asked_at timestamptz,
            add column remote_renewed boolean not null default false;

        create index media_file on media (tenant_id, sha256) where sha256 is not null;
        create index media_thumbnail on media (tenant_id, thumbnail_sha256) where thumbnail_sha256 is not null;

        create table upload (
            tenant_id uuid not null references account (id),
            id uuid not null,
            kind text not null check (kind in ('image', 'video', 'audio', 'document', 'sticker')),
            voice boolean not null default false,
            animated boolean not null default false,
            sha256 text not null,
            size bigint not null check (size > 0),
            mime_type text not null,
            sniffed_type text,
            filename text,
            width integer,
            height integer,
            duration_ms integer,
            waveform smallint[],
            thumbnail_sha256 text,
            created_by text not null,
            created_at timestamptz not null,
            expires_at timestamptz not null,
            primary key (tenant_id, id)
        );

        create index upload_file on upload (tenant_id, sha256);
        create index upload_thumbnail on upload (tenant_id, thumbnail_sha256) where thumbnail_sha256 is not null;

        create table media_remote (
            tenant_id uuid not null references account (id),
            channel_id uuid not null,
            sha256 text not null,
            mime_type text not null,
            remote_id text not null,
            uploaded_at timestamptz not null,
            expires_at timestamptz not null,
            primary key (tenant_id, channel_id, sha256, mime_type),
            foreign key (tenant_id, channel_id) references channel (tenant_id, id)
        );
        """
    )
    tenant_table("upload")
    tenant_table("media_remote")
