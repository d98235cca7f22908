"""Between Qdrant's messages and the engine's types; what is not spoken here is refused."""

import grpc
import qdrant_edge as edge
from qdrant_client import grpc as q


class Refused(Exception):
    """A request that ends with this status."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def value_in(value):
    """A payload value from the wire."""
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        return [value_in(item) for item in value.list_value.values]
    if kind == "struct_value":
        return {key: value_in(item) for key, item in value.struct_value.fields.items()}
    return None if kind in (None, "null_value") else getattr(value, kind)


def value_out(value):
    """A payload value to the wire."""
    if isinstance(value, bool):
        return q.Value(bool_value=value)
    if isinstance(value, int):
        return q.Value(integer_value=value)
    if isinstance(value, float):
        return q.Value(double_value=value)
    if isinstance(value, str):
        return q.Value(string_value=value)
    return q.Value(null_value=0)


def id_in(point_id):
    return getattr(point_id, point_id.WhichOneof("point_id_options"))


def id_out(point_id):
    return q.PointId(num=point_id) if isinstance(point_id, int) else q.PointId(uuid=str(point_id))


def vector_in(vector):
    """A dense vector, in the new or the older shape of the wire."""
    if vector.HasField("dense"):
        return list(vector.dense.data)
    return list(vector.data)


def condition_in(condition):
    kind = condition.WhichOneof("condition_one_of")
    if kind == "filter":
        return filter_in(condition.filter)
    if kind == "has_id":
        return edge.HasIdCondition({id_in(point) for point in condition.has_id.has_id})
    if kind != "field":
        raise Refused(grpc.StatusCode.UNIMPLEMENTED, f"condition {kind} is not spoken here")
    field = condition.field
    if field.HasField("match"):
        value = getattr(field.match, field.match.WhichOneof("match_value"))
        return edge.FieldCondition(key=field.key, match=edge.MatchValue(value=value))
    bounds = {name: getattr(field.range, name) for name in ("lt", "gt", "gte", "lte")
              if field.range.HasField(name)}
    return edge.FieldCondition(key=field.key, range=edge.RangeFloat(**bounds))


def filter_in(message):
    """A filter; an empty one lets everything pass."""
    parts = {}
    for name in ("must", "should", "must_not"):
        conditions = [condition_in(condition) for condition in getattr(message, name)]
        if conditions:
            parts[name] = conditions
    return edge.Filter(**parts)


def optional_filter(request, name):
    return filter_in(getattr(request, name)) if request.HasField(name) else None
