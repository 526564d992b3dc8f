"""What Meta refuses in the answer to a send: one module per family of message types.

Each check reads a body alone, without the world; what depends on the world (a media id, a template, a limit) is
in `gate`. Codes follow sections 3.1 and 6.5 of the Cloud API reference.
"""
