"""Clientela: one shared WhatsApp inbox, contacts, deals and campaigns for many shops."""

from importlib.metadata import version

__version__ = version("clientela")
