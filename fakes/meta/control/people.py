"""Who the customers are; scripted ones and bursts. What they write and tap is in `acts`."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get, patch, post
from litestar.exceptions import ClientException
from litestar.params import FromPath, JSONBody

from fakes.meta.burst import BurstReport, BurstRequest, Bursts
from fakes.meta.control.shapes import CustomerPatch, NewCustomer, PeopleSwitch, Reading
from fakes.meta.control.shared import Asked, engine_of, find, world_of
from fakes.meta.people.director import Director
from fakes.meta.state import Customer


@get("/customers")
async def list_customers(request: Asked) -> list[Customer]:
    return list(world_of(request).customers.values())


@post("/customers")
async def add_customer(request: Asked, data: JSONBody[NewCustomer]) -> Customer:
    if data.phone is None and data.bsuid is None and data.username is None:
        raise ClientException("a customer needs a phone, a bsuid or a username")
    return engine_of(request).add_customer(**msgspec.structs.asdict(data))


@patch("/customers/{customer_id:str}")
async def change_customer(request: Asked, customer_id: FromPath[str], data: JSONBody[CustomerPatch]) -> Customer:
    customer = find(world_of(request).customers, customer_id, "customer")
    for name, value in msgspec.structs.asdict(data).items():
        if value is not None and name != "online":
            setattr(customer, name, value)
    if data.online is False:
        customer.online = False
    elif data.online is True:
        engine_of(request).customer_comes_online(customer)
    return customer


@post("/customers/{customer_id:str}/read", status_code=200)
async def customer_reads(request: Asked, customer_id: FromPath[str], data: JSONBody[Reading]) -> dict[str, int]:
    customer = find(world_of(request).customers, customer_id, "customer")
    return {"messages": engine_of(request).customer_reads(customer, data.phone_number_id)}


@post("/burst", status_code=200)
async def start_burst(request: Asked, data: JSONBody[BurstRequest]) -> BurstReport:
    find(world_of(request).numbers, data.phone_number_id, "number")
    bursts: Bursts = request.app.state.bursts
    return await bursts.run(data)


@get("/bursts/{burst_id:str}")
async def show_burst(request: Asked, burst_id: FromPath[str]) -> BurstReport:
    bursts: Bursts = request.app.state.bursts
    return find(bursts.reports, burst_id, "burst")


@post("/people", status_code=200)
async def switch_people(request: Asked, data: JSONBody[PeopleSwitch]) -> dict[str, Any]:
    director: Director = request.app.state.director
    await director.stop()
    if data.on:
        numbers = world_of(request).numbers
        number_id = data.phone_number_id or next(iter(numbers), "")
        director.start(find(numbers, number_id, "number"))
    return {"on": director.running}


ROUTES = [
    list_customers,
    add_customer,
    change_customer,
    customer_reads,
    start_burst,
    show_burst,
    switch_people,
]
