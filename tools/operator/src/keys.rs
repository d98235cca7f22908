//! The steps of a key rotation.

use anyhow::Result;
use aws::{cloud::Cloud, wrapped_keys::WrappedKeys};
use uuid::Uuid;

pub async fn list(wrapped: &WrappedKeys) -> Result<()> {
    for (at, key) in wrapped.stored().await?.keys.iter().enumerate() {
        let seals = if at == 0 { "seals and opens" } else { "opens" };
        println!("{}  made {}  {seals}", key.id, key.made);
    }
    Ok(())
}

pub async fn add(cloud: &Cloud, wrapped: &WrappedKeys) -> Result<()> {
    let id = wrapped.add(&cloud.kms_key()?, cloud.clock().now()).await?;
    println!("added the key {id}; promote it in half an hour, when every function knows it");
    Ok(())
}

/// Makes a key the sealing one.
pub async fn promote(cloud: &Cloud, wrapped: &WrappedKeys, key: Uuid) -> Result<()> {
    wrapped.promote(key, cloud.clock().now()).await?;
    println!("the key {key} seals from now on; the earlier ones still open");
    Ok(())
}

/// Removes every key but the sealing one.
pub async fn retire(wrapped: &WrappedKeys) -> Result<()> {
    let removed = wrapped.retire_others().await?;
    println!("removed {removed} keys that sealed before");
    Ok(())
}
