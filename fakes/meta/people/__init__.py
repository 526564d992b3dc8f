"""Scripted customers: invented people whose chats go on by themselves, so that a demo is alive."""
