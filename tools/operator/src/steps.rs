//! The deploy step and the index.

use std::io::Read as _;

use anyhow::{Context as _, Result};
use aws::{
    cloud::Cloud,
    stored_keys::{self, ServiceSecret},
    wrapped_keys::Purpose,
};
use domain::{
    ids::{OrgId, UserId},
    moment::Timestamp,
    ports::feedback::IndexError,
    principal::{Principal, Role},
};

/// What a first deploy lacks most often.
const PUT_SECRETS: &str = "the vector index cannot be reached; if this is the first deploy, put the \
                           provider keys in (docs/operations.md, “Deploy to AWS”) and run `./deploy` again";

/// Keys where they are missing, what is left to do by hand, and the collection.
pub async fn prepare(cloud: &Cloud) -> Result<()> {
    for purpose in [Purpose::Credentials, Purpose::Sessions] {
        let wrapped = cloud.wrapped_keys(purpose)?;
        let made = wrapped
            .ensure(&cloud.kms_key()?, cloud.clock().now())
            .await?;
        let word = if made { "made" } else { "there already" };
        println!("{} key: {word}", purpose.as_str());
    }
    let origin = cloud.public_origin()?;
    println!("redirect URI to register at Gong: {origin}/oauth/gong/callback");
    println!("redirect URI to register at your sign-in provider: {origin}/sign-in/callback");
    match cloud.index()?.ready().await {
        Ok(()) => println!("vector index: there already"),
        Err(IndexError::Missing) => {
            let search = cloud.search()?;
            let reindex = cloud.base(&cloud.store()?)?.reindex(&search);
            let report = reindex.run(false).await?;
            println!("vector index: made, with {} posts in it", report.indexed);
        }
        Err(error) => return Err(error).context(PUT_SECRETS),
    }
    Ok(())
}

/// One of the two secrets, from standard input.
pub async fn put_secret(cloud: &Cloud, which: ServiceSecret) -> Result<()> {
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.context("the secret is read from standard input")?;
    let client = cloud.aws().secrets_manager();
    stored_keys::put(&client, cloud.environment(), which, &text).await?;
    println!("put in; the functions take it over within a quarter of an hour");
    Ok(())
}

/// The index from the database.
pub async fn reindex(cloud: &Cloud, re_embed: bool) -> Result<()> {
    let search = cloud.search()?;
    let reindex = cloud.base(&cloud.store()?)?.reindex(&search);
    let report = reindex.run(re_embed).await?;
    println!(
        "{} vectors put in as they were stored, {} embedded anew",
        report.indexed, report.re_embedded
    );
    Ok(())
}

/// Failed calls once more, part by part; each part says how far it got.
pub async fn retry_failed(cloud: &Cloud, org_id: OrgId, since: Timestamp) -> Result<()> {
    let retry = cloud.base(&cloud.store()?)?.retry(cloud.calls()?);
    let principal = Principal {
        org_id,
        user_id: UserId::parse("operator").context("a fixed, valid id")?,
        role: Role::Admin,
    };
    let all = retry.retry_all_failed_since(&principal, since, |part| {
        println!(
            "{} calls queued again, {} changed by someone else meanwhile, {} left",
            part.queued, part.changed, part.left
        );
    });
    Ok(all.await?)
}
