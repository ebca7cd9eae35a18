"""A whole customer over HTTP."""

from typing import Any

from chassis.web import Blueprint, locale, permits
from gateway.whole_customer.schemas import WholeCustomerSchema, whole
from gateway.whole_customer.views import whole_customer

blueprint = Blueprint("whole_customer", __name__)


@blueprint.get("/api/v1/whole-customers/<customer_id>")
@permits("customers.see")
@blueprint.response(200, WholeCustomerSchema)
def show_whole_customer(customer_id: str) -> dict[str, Any]:
    """What all services know of a customer; a part that cannot be reached or is not theirs to see says so."""
    return whole(customer_id, whole_customer(customer_id, locale()))
