"""The fire drill against the product: it is started, the scenarios are played, and a scorecard is printed.

`product` stands between a scenario and the product's REST API; scenarios and judging are in `fakes.meta.scenarios`.
"""
