"""The feed on the wire: events as CloudEvents 1.0 in structured JSON."""

import marshmallow as ma
from marshmallow import fields, validate


class FeedArguments(ma.Schema):
    after = fields.String(load_default=None, metadata={"description": "next_after of the page before"})
    types = fields.String(load_default="", metadata={"description": "Event types, separated by commas; empty: all"})
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class StreamArguments(ma.Schema):
    about = fields.String(
        load_default=None,
        validate=validate.Length(1, 36),
        metadata={"description": "An id: only events that name it, as those of a hall; without it all in reach"},
    )


class EventSchema(ma.Schema):
    specversion = fields.String(required=True, validate=validate.Equal("1.0"))
    id = fields.String(required=True)
    source = fields.String(required=True)
    type = fields.String(required=True)
    subject = fields.String(required=True)
    sequence = fields.Integer(required=True)
    time = fields.String(required=True, metadata={"format": "date-time"})
    branch = fields.String()
    traceparent = fields.String()
    personaldigest = fields.String()
    datacontenttype = fields.String(required=True)
    data = fields.Dict(required=True)


class EventsSchema(ma.Schema):
    items = fields.List(fields.Nested(EventSchema), required=True)
    next_after = fields.String(required=True, metadata={"description": "Also given after an empty page"})
