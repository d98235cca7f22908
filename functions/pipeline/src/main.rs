//! The pipeline function in the cloud.

use aws::cloud::{Cloud, ConfigError};
use ingest::pipeline::batch::Pipeline;
use lambda_runtime::{Error, run, service_fn};
use runtime::{config, wiring::Engine};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let pipeline = Cloud::ready(parts);
    run(service_fn(|event| pipeline::handle(&pipeline, event))).await
}

fn parts(cloud: &Cloud) -> Result<Pipeline, ConfigError> {
    let base = cloud.base(&cloud.store()?)?;
    let gate = base.gate(cloud.gong()?);
    let engine = Engine {
        analyst: cloud.analyst()?,
        concurrency: config::concurrency(cloud.environment())?,
    };
    Ok(base.pipeline(&gate, &cloud.search()?, engine, cloud.calls()?))
}
