//! The poller function in the cloud.

use aws::cloud::{Cloud, ConfigError};
use lambda_runtime::{Error, run, service_fn};
use poller::Poller;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let poller = Cloud::ready(parts);
    run(service_fn(|event| poller::handle(&poller, event))).await
}

fn parts(cloud: &Cloud) -> Result<Poller, ConfigError> {
    let base = cloud.base(&cloud.store()?)?;
    let gate = base.gate(cloud.gong()?);
    let search = cloud.search()?;
    let (windows, calls) = (cloud.windows()?, cloud.calls()?);
    Ok(Poller {
        maintenance: base.maintenance(&gate, &search, windows.clone(), calls.clone()),
        lister: base.lister(&gate, &search, windows, calls),
    })
}
