//! The dashboard function in the cloud: pages and API.

use std::sync::Arc;

use aws::{
    cloud::{Cloud, ConfigError},
    web,
};
use dashboard::{ApiAccess, Dashboard, EngineWords, SignIn};
use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let router = dashboard::router(Cloud::ready(parts));
    web::serve(move |request| {
        let router = router.clone();
        async move { dashboard::handle(&router, request).await }
    })
    .await
}

fn parts(cloud: &Cloud) -> Result<Dashboard, ConfigError> {
    let store = cloud.store()?;
    let base = cloud.base(&store)?;
    let (windows, calls) = (cloud.windows()?, cloud.calls()?);
    let search = cloud.search()?;
    Ok(Dashboard {
        connections: store.clone(),
        sync: store.clone(),
        budget: store.clone(),
        ledger: store.clone(),
        feedback: store.clone(),
        usage: store,
        begin_connect: base.begin_connect(cloud.consent()?),
        disconnect: base.disconnect(cloud.secrets()?, windows.clone()),
        polls: base.polls(windows),
        retry: base.retry(calls),
        posts: base.posts(&search),
        boards: base.boards(),
        settings: base.settings(),
        product: base.product(),
        curate: base.curate(&search),
        keys: cloud.session_keys()?,
        clock: cloud.clock(),
        cookies: cloud.cookies()?,
        engine: EngineWords {
            llm: cloud.environment().required("LLM_MODEL")?,
            embeddings: search.embedder.name(),
            gong: "Gong".into(),
            offers: Vec::new(),
        },
        // A stack always has one.
        judges: true,
        sign_in: SignIn::Provider(cloud.identity_provider()?),
        api: ApiAccess::GatewayClaims,
        on_sign_in: Arc::new(|_| Box::pin(async { Ok(()) })),
        public_origins: vec![cloud.public_origin()?],
    })
}
