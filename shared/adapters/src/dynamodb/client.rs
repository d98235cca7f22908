//! The client: its way, its time-outs and its retries.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client, Config,
    config::{
        BehaviorVersion, Builder, Credentials, HttpClient, Region, retry::RetryConfig,
        timeout::TimeoutConfig,
    },
};

use aws_types::SdkConfig;
use domain::service_url::ServiceUrl;

const ATTEMPTS: u32 = 3;

/// How long the database may take.
struct Patience {
    connect: Duration,
    attempt: Duration,
    operation: Duration,
}

const AWS: Patience = Patience {
    connect: Duration::from_secs(1),
    attempt: Duration::from_secs(5),
    operation: Duration::from_secs(15),
};

/// A database on this machine shares its cores with whatever else runs here, the embedding model
/// first of all; that it is slow says nothing of whether it is there.
const THIS_MACHINE: Patience = Patience {
    connect: Duration::from_secs(10),
    attempt: Duration::from_secs(30),
    operation: Duration::from_secs(90),
};

/// Why there is no client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// No endpoint was named.
    #[error(
        "no address of a database was given, so nothing can be stored; name one on this machine, such as http://127.0.0.1:8000"
    )]
    NoEndpoint,
    /// Plain http is only for this machine.
    #[error(
        "“{0}” is not an http address of this machine; the database is reached unencrypted and with made-up credentials only on a loopback address such as http://127.0.0.1:8000"
    )]
    NotLoopback(String),
}

/// A client of the database at a loopback endpoint: plain http, made-up credentials, explicit
/// time-outs (connect 10 s, attempt 30 s, operation 90 s), three attempts.
///
/// # Errors
/// [`ClientError`] when there is no endpoint or it is not a loopback one.
pub fn client(endpoint: Option<&str>) -> Result<Client, ClientError> {
    let endpoint = endpoint.ok_or(ClientError::NoEndpoint)?;
    let url = ServiceUrl::parse(endpoint);
    if !url.is_ok_and(|url| url.as_str().starts_with("http:")) {
        return Err(ClientError::NotLoopback(endpoint.to_owned()));
    }
    let http = aws_smithy_http_client::Builder::new().build_http();
    Ok(on_this_machine(endpoint, http))
}

/// A client of a database in this process, which `database` answers for: no address is asked, and
/// the credentials are made up; the time-outs and attempts are those of [`client`].
#[must_use]
pub fn client_in_process(database: impl HttpClient + 'static) -> Client {
    // The SDK wants an address; nothing is sent to it.
    on_this_machine("http://localhost", database)
}

fn on_this_machine(endpoint: &str, http: impl HttpClient + 'static) -> Client {
    let config = bounded(Config::builder(), &THIS_MACHINE)
        .behavior_version(BehaviorVersion::v2026_01_12())
        .endpoint_url(endpoint)
        .region(Region::from_static("local"))
        .credentials_provider(Credentials::new("local", "local", None, None, "made up"))
        .http_client(http)
        .build();
    Client::from_conf(config)
}

/// A client of AWS's DynamoDB, by the region, credentials and HTTP client of `shared`: connect 1 s,
/// attempt 5 s, operation 15 s, three attempts.
#[must_use]
pub fn client_of(shared: &SdkConfig) -> Client {
    Client::from_conf(bounded(shared.into(), &AWS).build())
}

fn bounded(config: Builder, patience: &Patience) -> Builder {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(patience.connect)
        .operation_attempt_timeout(patience.attempt)
        .operation_timeout(patience.operation)
        .build();
    config
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached_without_encryption() {
        for good in [
            "http://127.0.0.1:8000",
            "http://[::1]:8000/",
            "http://localhost:4566",
        ] {
            assert!(client(Some(good)).is_ok(), "{good}");
        }
        for bad in [
            "https://127.0.0.1:8000",
            "http://10.0.0.7:8000",
            "http://localhost.example.com",
            "http://127.0.0.1@example.com",
            "http://user@127.0.0.1",
            "here",
        ] {
            assert_eq!(
                client(Some(bad)).err(),
                Some(ClientError::NotLoopback(bad.to_owned()))
            );
        }
        assert_eq!(client(None).err(), Some(ClientError::NoEndpoint));
    }
}
