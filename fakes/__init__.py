"""Stand-ins for services we do not own, faithful enough to develop, demonstrate and test against.

Nothing here is imported by the product: a fake is reached over HTTP like the service it stands for.
"""
