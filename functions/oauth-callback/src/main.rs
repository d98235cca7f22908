//! The callback function in the cloud.

use aws::{
    cloud::{Cloud, ConfigError},
    web,
};
use lambda_runtime::Error;
use oauth_callback::CallbackDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let deps = Cloud::ready(deps);
    web::serve(move |request| {
        let deps = deps.clone();
        async move { oauth_callback::handle(&deps, request).await }
    })
    .await
}

fn deps(cloud: &Cloud) -> Result<CallbackDeps, ConfigError> {
    let base = cloud.base(&cloud.store()?)?;
    let gate = base.gate(cloud.gong()?);
    Ok(CallbackDeps {
        connect: base.complete_connect(&gate, cloud.windows()?),
        cookies: cloud.cookies()?,
        clock: cloud.clock(),
    })
}
