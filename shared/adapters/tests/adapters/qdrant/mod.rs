//! The vector index on the real Qdrant engine, behind its gRPC face.
mod collections;
mod key;
mod outages;
mod server;
mod writes;

use kit::contract::vector_index as contract;
use server::Qdrant;

#[tokio::test(flavor = "multi_thread")]
async fn the_qdrant_index_keeps_the_contract() {
    // Each part of the contract has a server's folder of its own, since one server holds one
    // collection of an embedder.
    let servers = std::sync::Mutex::new(Vec::new());
    contract::all(async || {
        let server = Qdrant::start();
        let index = server.index(contract::EMBEDDER);
        servers.lock().unwrap().push(server);
        index
    })
    .await;
}
