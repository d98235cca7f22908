"""The collections and aliases of a folder, each collection an engine of its own."""

import json
import shutil
from pathlib import Path

import grpc
import qdrant_edge as edge
from qdrant_client import grpc as q
from qdrant_wire import Refused

DISTANCES = {
    q.Distance.Cosine: edge.Distance.Cosine,
    q.Distance.Euclid: edge.Distance.Euclid,
    q.Distance.Dot: edge.Distance.Dot,
}


class Store:
    """The collections and aliases of a folder."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.collections = self.folder / "collections"
        self.collections.mkdir(parents=True, exist_ok=True)
        self.alias_file = self.folder / "aliases.json"
        self.aliases = {}
        if self.alias_file.exists():
            self.aliases = json.loads(self.alias_file.read_text())
        self.shards = {
            path.name: edge.EdgeShard.load(str(path)) for path in self.collections.iterdir()
        }

    def shard(self, name):
        """The engine of a collection, by its name or an alias."""
        shard = self.shards.get(self.aliases.get(name, name))
        if shard is None:
            raise Refused(
                grpc.StatusCode.NOT_FOUND, f"Not found: Collection `{name}` doesn't exist!"
            )
        return shard

    def create(self, request):
        """Makes a collection with one unnamed vector."""
        name = request.collection_name
        if name in self.shards or name in self.aliases:
            raise Refused(
                grpc.StatusCode.ALREADY_EXISTS, f"Wrong input: Collection `{name}` already exists!"
            )
        params = request.vectors_config.params
        vectors = edge.EdgeVectorParams(size=params.size, distance=DISTANCES[params.distance])
        graph = None
        if request.hnsw_config.HasField("m"):
            graph = edge.HnswIndexConfig(
                m=request.hnsw_config.m, ef_construct=100, full_scan_threshold=10_000
            )
        config = edge.EdgeConfig(vectors=vectors, hnsw_config=graph)
        self.shards[name] = edge.EdgeShard.create(str(self.collections / name), config)

    def delete(self, name):
        """Deletes a collection with its aliases; says whether it was there."""
        shard = self.shards.pop(name, None)
        if shard is None:
            return False
        shard.close()
        shutil.rmtree(self.collections / name)
        self.aliases = {alias: to for alias, to in self.aliases.items() if to != name}
        self.keep_aliases()
        return True

    def create_alias(self, action):
        """Points an alias at a collection, also where it pointed at another one."""
        self.shard(action.collection_name)
        if action.alias_name in self.shards:
            raise Refused(
                grpc.StatusCode.ALREADY_EXISTS,
                f"Wrong input: Collection `{action.alias_name}` already exists!",
            )
        self.aliases[action.alias_name] = action.collection_name

    def change_aliases(self, actions):
        """Applies alias actions in their order."""
        for action in actions:
            which = action.WhichOneof("action")
            if which == "create_alias":
                self.create_alias(action.create_alias)
            elif which == "delete_alias":
                self.aliases.pop(action.delete_alias.alias_name, None)
            else:
                raise Refused(grpc.StatusCode.UNIMPLEMENTED, f"{which} is not spoken here")
        self.keep_aliases()

    def keep_aliases(self):
        """Writes the aliases whole or not at all."""
        beside = self.alias_file.with_suffix(".new")
        beside.write_text(json.dumps(self.aliases))
        beside.replace(self.alias_file)
