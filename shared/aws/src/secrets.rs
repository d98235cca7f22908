//! The credentials in Secrets Manager: one secret a connection attempt, one version a renewal.

use async_trait::async_trait;
use aws_sdk_secretsmanager::{
    Client,
    error::{DisplayErrorContext, SdkError},
    operation::{
        create_secret::CreateSecretError, delete_secret::DeleteSecretError,
        get_secret_value::GetSecretValueError, put_secret_value::PutSecretValueError,
    },
    primitives::Blob,
};
use domain::ports::secrets::{SecretError, SecretStore};
use uuid::Uuid;

/// Secrets of one stack in Secrets Manager, all under one prefix.
#[derive(Debug, Clone)]
pub struct SecretsManager {
    client: Client,
    prefix: String,
    kms_key: Option<String>,
}

impl SecretsManager {
    /// Secrets whose names begin with `prefix`; new ones are encrypted with `kms_key`, or with the
    /// account's own key when none is given. Nothing is sent.
    #[must_use]
    pub const fn new(client: Client, prefix: String, kms_key: Option<String>) -> Self {
        Self {
            client,
            prefix,
            kms_key,
        }
    }

    fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Makes the secret, without a value. Whoever else made it meanwhile is as good.
    async fn create(&self, name: &str) -> Result<(), SecretError> {
        let request = self
            .client
            .create_secret()
            .name(self.name(name))
            .description("Credentials of one Gong connection; managed by the functions")
            .set_kms_key_id(self.kms_key.clone());
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(CreateSecretError::ResourceExistsException(_)) => Ok(()),
                _ => Err(unavailable(&error)),
            },
        }
    }

    async fn add(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), PutFailure> {
        let request = self
            .client
            .put_secret_value()
            .secret_id(self.name(name))
            .client_request_token(version.to_string())
            .secret_binary(Blob::new(bytes));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(match error.as_service_error() {
                Some(PutSecretValueError::ResourceNotFoundException(_)) => PutFailure::Missing,
                Some(PutSecretValueError::ResourceExistsException(_)) => {
                    PutFailure::Other(SecretError::OtherContent)
                }
                _ => PutFailure::Other(unavailable(&error)),
            }),
        }
    }

    async fn get(&self, name: &str, version: Option<Uuid>) -> Result<Vec<u8>, SecretError> {
        let request = self
            .client
            .get_secret_value()
            .secret_id(self.name(name))
            .set_version_id(version.map(|version| version.to_string()));
        let answer = request
            .send()
            .await
            .map_err(|error| match error.as_service_error() {
                Some(GetSecretValueError::ResourceNotFoundException(_)) => SecretError::NotFound,
                _ => unavailable(&error),
            })?;
        answer
            .secret_binary
            .map(Blob::into_inner)
            .ok_or_else(|| SecretError::Unavailable("a secret holds no bytes of ours".to_owned()))
    }
}

enum PutFailure {
    Missing,
    Other(SecretError),
}

impl From<PutFailure> for SecretError {
    fn from(failure: PutFailure) -> Self {
        match failure {
            PutFailure::Other(error) => error,
            PutFailure::Missing => Self::NotFound,
        }
    }
}

#[async_trait]
impl SecretStore for SecretsManager {
    async fn renew(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        Ok(self.add(name, version, bytes).await?)
    }

    /// The value comes by the same request as every later one, under our own version.
    async fn put(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        self.create(name).await?;
        Ok(self.add(name, version, bytes).await?)
    }

    async fn current(&self, name: &str) -> Result<Vec<u8>, SecretError> {
        self.get(name, None).await
    }

    async fn version(&self, name: &str, version: Uuid) -> Result<Vec<u8>, SecretError> {
        self.get(name, Some(version)).await
    }

    async fn delete(&self, name: &str) -> Result<(), SecretError> {
        let request = self
            .client
            .delete_secret()
            .secret_id(self.name(name))
            .force_delete_without_recovery(true);
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(DeleteSecretError::ResourceNotFoundException(_)) => Ok(()),
                _ => Err(unavailable(&error)),
            },
        }
    }
}

fn unavailable<E, R>(error: &SdkError<E, R>) -> SecretError
where
    SdkError<E, R>: std::error::Error + 'static,
{
    SecretError::Unavailable(DisplayErrorContext(error).to_string())
}
