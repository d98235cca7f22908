//! The steps of a key rotation.

use anyhow::Result;
use aws::{cloud::Cloud, key_chest::KeyChest};
use uuid::Uuid;

/// Names the keys.
pub async fn list(chest: &KeyChest) -> Result<()> {
    for (at, key) in chest.stored().await?.keys.iter().enumerate() {
        let seals = if at == 0 { "seals and opens" } else { "opens" };
        println!("{}  made {}  {seals}", key.id, key.made);
    }
    Ok(())
}

/// Adds a key.
pub async fn add(cloud: &Cloud, chest: &KeyChest) -> Result<()> {
    let id = chest.add(&cloud.kms_key()?, cloud.clock().now()).await?;
    println!("added the key {id}; promote it in half an hour, when every function knows it");
    Ok(())
}

/// Makes a key the sealing one.
pub async fn promote(cloud: &Cloud, chest: &KeyChest, key: Uuid) -> Result<()> {
    chest.promote(key, cloud.clock().now()).await?;
    println!("the key {key} seals from now on; the earlier ones still open");
    Ok(())
}

/// Removes every key but the sealing one.
pub async fn retire(chest: &KeyChest) -> Result<()> {
    let removed = chest.retire_others().await?;
    println!("removed {removed} keys that sealed before");
    Ok(())
}
