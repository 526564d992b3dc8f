"""Clientela: one shared WhatsApp inbox, contacts, deals and campaigns for many shops."""
