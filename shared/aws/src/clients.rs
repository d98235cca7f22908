//! AWS's clients: one region, one set of credentials, one HTTP and TLS stack for all of them.

use std::time::Duration;

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_dynamodb::config::{
    BehaviorVersion, HttpClient, Region, RuntimeComponents, SharedHttpClient, retry::RetryConfig,
    timeout::TimeoutConfig,
};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpConnector};
use aws_types::SdkConfig;
use domain::service_url::ServiceUrl;
use environment::ConfigError;

use environment::Environment;

const CONNECT: Duration = Duration::from_secs(1);
const ATTEMPT: Duration = Duration::from_secs(5);
const OPERATION: Duration = Duration::from_secs(15);
const ATTEMPTS: u32 = 3;

/// What every client of AWS shares. Building a client sends nothing.
#[derive(Debug, Clone)]
pub struct Aws {
    shared: SdkConfig,
}

impl Aws {
    /// Region, credentials and, for a local cloud, the endpoint, from the variables that Lambda
    /// sets (`AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`,
    /// `AWS_ENDPOINT_URL`).
    ///
    /// # Errors
    /// [`ConfigError`] names what is missing, or an endpoint that would be reached unencrypted.
    pub fn from_env(environment: &Environment) -> Result<Self, ConfigError> {
        let credentials = Credentials::new(
            credential(environment, "AWS_ACCESS_KEY_ID")?,
            credential(environment, "AWS_SECRET_ACCESS_KEY")?,
            environment.optional("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let region = Region::new(environment.required("AWS_REGION")?);
        let endpoint = environment.optional("AWS_ENDPOINT_URL");
        let endpoint = endpoint.as_deref().map(ServiceUrl::parse).transpose();
        let endpoint = endpoint.map_err(|error| ConfigError {
            setting: "AWS_ENDPOINT_URL",
            problem: error.to_string(),
        })?;
        let endpoint = endpoint.map(|url| url.as_str().to_owned());
        let plain = endpoint
            .as_ref()
            .is_some_and(|url| url.starts_with("http:"));
        Ok(Self::new(region, credentials, endpoint, http_client(plain)))
    }

    /// The same from its parts; tests bring a client of their own.
    #[must_use]
    pub fn new(
        region: Region,
        credentials: Credentials,
        endpoint: Option<String>,
        http_client: SharedHttpClient,
    ) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(ATTEMPT)
            .operation_timeout(OPERATION)
            .build();
        let shared = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(region)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(http_client)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS));
        let mut shared = shared;
        shared.set_endpoint_url(endpoint);
        Self {
            shared: shared.build(),
        }
    }

    #[must_use]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        adapters::dynamodb::client_of(&self.shared)
    }

    #[must_use]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.shared)
    }

    #[must_use]
    pub fn secrets_manager(&self) -> aws_sdk_secretsmanager::Client {
        aws_sdk_secretsmanager::Client::new(&self.shared)
    }

    #[must_use]
    pub fn kms(&self) -> aws_sdk_kms::Client {
        aws_sdk_kms::Client::new(&self.shared)
    }
}

fn credential(environment: &Environment, setting: &'static str) -> Result<String, ConfigError> {
    environment.optional(setting).ok_or_else(|| ConfigError {
        setting,
        problem: "is not set; Lambda sets it, and the credentials of a profile are put into the \
                  environment by \
                  `eval \"$(aws configure export-credentials --profile NAME --format env)\"`"
            .into(),
    })
}

/// TLS by rustls with ring, like everything else; plain http for a local cloud.
fn http_client(plain: bool) -> SharedHttpClient {
    if plain {
        return Builder::new().build_http();
    }
    let client = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    SharedHttpClient::new(Late(client))
}

/// Without the check of a client's configuration, which would read the machine's certificate
/// authorities before the first request.
#[derive(Debug)]
struct Late(SharedHttpClient);

impl HttpClient for Late {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.0.http_connector(settings, components)
    }
}
