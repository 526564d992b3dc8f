"""What every module stands on: transactions, tenancy, facts, jobs, timers, settings, logs.

Nothing here knows a business word: no contact, no conversation, no WhatsApp. If a file in this
package needs one, it is in the wrong room.
"""
