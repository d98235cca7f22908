"""Qdrant's gRPC face over the real Qdrant engine (`qdrant_edge`), for tests.

    python qdrant_server.py FOLDER [--api-key KEY]

Listens on a free port of 127.0.0.1, prints `port N`, and ends when its standard input ends.
Collections and aliases are kept in FOLDER, so that a server that was killed can be started again
on its data.
"""

import argparse
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
import qdrant_edge as edge
from qdrant_client import grpc as q
from qdrant_client.grpc.collections_service_pb2_grpc import (
    CollectionsServicer,
    add_CollectionsServicer_to_server,
)
from qdrant_client.grpc.points_service_pb2_grpc import PointsServicer, add_PointsServicer_to_server
from qdrant_client.grpc.qdrant_pb2_grpc import QdrantServicer, add_QdrantServicer_to_server
from qdrant_store import Store
from qdrant_wire import (
    Refused,
    filter_in,
    id_in,
    id_out,
    optional_filter,
    value_in,
    value_out,
    vector_in,
)

# The version of the server whose calls this speaks.
VERSION = "1.20.0"


ONE_AT_A_TIME = threading.Lock()


def answers(method):
    """Runs one request at a time and turns what goes wrong into its status."""

    def answer(self, request, context):
        try:
            with ONE_AT_A_TIME:
                return method(self, request)
        except Refused as refused:
            context.abort(refused.code, str(refused))
        except Exception as error:  # The engine's own words, such as a vector of another size.
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"Wrong input: {error}")

    return answer


class KeyCheck(grpc.ServerInterceptor):
    """Refuses every call without the API key."""

    def __init__(self, api_key):
        self.api_key = api_key

    def intercept_service(self, continuation, details):
        if dict(details.invocation_metadata).get("api-key") == self.api_key:
            return continuation(details)

        def refuse(_request, context):
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "Invalid API key or JWT")

        return grpc.unary_unary_rpc_method_handler(refuse)


class Face:
    """What the services share."""

    def __init__(self, store):
        self.store = store


class Health(Face, QdrantServicer):
    @answers
    def HealthCheck(self, _request):
        return q.HealthCheckReply(title="qdrant-edge", version=VERSION)


class Collections(Face, CollectionsServicer):
    @answers
    def Create(self, request):
        self.store.create(request)
        return q.CollectionOperationResponse(result=True)

    @answers
    def Delete(self, request):
        return q.CollectionOperationResponse(result=self.store.delete(request.collection_name))

    @answers
    def CollectionExists(self, request):
        known = request.collection_name in {**self.store.shards, **self.store.aliases}
        return q.CollectionExistsResponse(result=q.CollectionExists(exists=known))

    @answers
    def List(self, _request):
        described = [q.CollectionDescription(name=name) for name in sorted(self.store.shards)]
        return q.ListCollectionsResponse(collections=described)

    @answers
    def Get(self, request):
        shard = self.store.shard(request.collection_name)
        points = shard.count(edge.CountRequest(exact=True))
        return q.GetCollectionInfoResponse(
            result=q.CollectionInfo(status=q.CollectionStatus.Green, points_count=points)
        )

    @answers
    def UpdateAliases(self, request):
        self.store.change_aliases(request.actions)
        return q.CollectionOperationResponse(result=True)

    @answers
    def ListAliases(self, _request):
        described = [
            q.AliasDescription(alias_name=alias, collection_name=to)
            for alias, to in sorted(self.store.aliases.items())
        ]
        return q.ListAliasesResponse(aliases=described)


class Points(Face, PointsServicer):
    def done(self):
        return q.PointsOperationResponse(result=q.UpdateResult(status=q.UpdateStatus.Completed))

    @answers
    def CreateFieldIndex(self, request):
        shard = self.store.shard(request.collection_name)
        kind = request.field_index_params.WhichOneof("index_params")
        if kind == "keyword_index_params":
            tenant = request.field_index_params.keyword_index_params.is_tenant
            params = edge.KeywordIndexParams(is_tenant=tenant)
        elif kind == "integer_index_params":
            given = request.field_index_params.integer_index_params
            params = edge.IntegerIndexParams(lookup=given.lookup, range=given.range)
        else:
            raise Refused(grpc.StatusCode.UNIMPLEMENTED, f"an index by {kind} is not spoken here")
        shard.update(edge.UpdateOperation.create_field_index(request.field_name, params))
        return self.done()

    @answers
    def Upsert(self, request):
        shard = self.store.shard(request.collection_name)
        points = [
            edge.Point(
                id=id_in(point.id),
                vector=vector_in(point.vectors.vector),
                payload={key: value_in(value) for key, value in point.payload.items()},
            )
            for point in request.points
        ]
        condition = optional_filter(request, "update_filter")
        shard.update(edge.UpdateOperation.upsert_points(points, condition=condition))
        return self.done()

    @answers
    def Delete(self, request):
        shard = self.store.shard(request.collection_name)
        if request.points.HasField("filter"):
            operation = edge.UpdateOperation.delete_points_by_filter(
                filter_in(request.points.filter)
            )
        else:
            ids = [id_in(point) for point in request.points.points.ids]
            operation = edge.UpdateOperation.delete_points(ids)
        shard.update(operation)
        return self.done()

    @answers
    def Query(self, request):
        shard = self.store.shard(request.collection_name)
        found = shard.query(
            edge.QueryRequest(
                limit=request.limit if request.HasField("limit") else 10,
                query=edge.Query.Nearest(vector_in(request.query.nearest)),
                filter=optional_filter(request, "filter"),
                score_threshold=request.score_threshold
                if request.HasField("score_threshold")
                else None,
                params=edge.SearchParams(exact=request.params.exact),
                with_payload=request.with_payload.enable,
            )
        )
        result = [
            q.ScoredPoint(
                id=id_out(point.id),
                score=point.score,
                payload={key: value_out(value) for key, value in (point.payload or {}).items()},
            )
            for point in found
        ]
        return q.QueryResponse(result=result)

    @answers
    def Count(self, request):
        shard = self.store.shard(request.collection_name)
        condition = optional_filter(request, "filter")
        count = shard.count(edge.CountRequest(filter=condition, exact=True))
        return q.CountResponse(result=q.CountResult(count=count))


def end_with_stdin():
    """Ends this process at once when whoever started it is gone."""
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--api-key")
    given = parser.parse_args()
    store = Store(given.folder)
    checks = [KeyCheck(given.api_key)] if given.api_key else []
    server = grpc.server(ThreadPoolExecutor(max_workers=8), interceptors=checks)
    add_QdrantServicer_to_server(Health(store), server)
    add_CollectionsServicer_to_server(Collections(store), server)
    add_PointsServicer_to_server(Points(store), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"port {port}", flush=True)
    threading.Thread(target=end_with_stdin).start()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
