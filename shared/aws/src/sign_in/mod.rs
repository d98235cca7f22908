//! Signing in with an OpenID Connect provider: the code flow with PKCE and a nonce.
//!
//! Nothing is fetched before the first sign-in. The ID token's signature, issuer, audience, time
//! and nonce are checked before a claim of it is read.

mod address;
mod description;
mod failure;
mod http;
mod id_token;

use std::sync::Arc;

use adapters::keys::Key;
use async_trait::async_trait;
use domain::{
    hash::hash,
    ports::{
        sign_in::{Departure, IdentityProvider, Remembered, SignInError},
        system::{Clock, Ids},
    },
    principal::Principal,
    secret::Secret,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl,
    core::{CoreAuthenticationFlow, CoreClientAuthMethod, CoreProviderMetadata},
};

pub use address::InvalidIssuer;

use self::{
    description::Description,
    failure::token_request,
    http::Http,
    id_token::{Client, IdToken, id_token},
};

/// The path that is registered with the provider, under the pages' origin.
pub const CALLBACK_PATH: &str = "/sign-in/callback";

/// The application as the provider knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIdSettings {
    /// The provider's issuer identifier, exactly as its discovery document has it.
    pub issuer: String,
    /// Our client id.
    pub client_id: String,
    /// The origin that browsers reach the pages by.
    pub public_url: String,
}

/// An OpenID Connect provider.
pub struct OpenIdSignIn {
    client_id: ClientId,
    redirect: RedirectUrl,
    description: Description,
    /// None for a public client.
    secret: Option<Key>,
    http: Http,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl OpenIdSignIn {
    /// Makes it without asking anyone; `http` has to follow no redirects. A public client has no
    /// `secret`.
    ///
    /// # Errors
    /// [`InvalidIssuer`] when the issuer or the pages' origin cannot be used.
    pub fn new(
        settings: &OpenIdSettings,
        secret: Option<Key>,
        http: reqwest::Client,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, InvalidIssuer> {
        let issuer = address::issuer(&settings.issuer)?;
        let http = Http {
            client: http,
            issuer: issuer.url().clone(),
        };
        let redirect = format!("{}{CALLBACK_PATH}", settings.public_url);
        Ok(Self {
            client_id: ClientId::new(settings.client_id.clone()),
            redirect: RedirectUrl::new(redirect).map_err(|_| InvalidIssuer::PublicUrl)?,
            description: Description::new(issuer, http.clone(), Arc::clone(&clock)),
            secret,
            http,
            clock,
            ids,
        })
    }

    fn client(&self, metadata: &CoreProviderMetadata, secret: Option<Secret>) -> Client {
        let secret = secret.map(|secret| ClientSecret::new(secret.expose().to_owned()));
        Client::from_provider_metadata(metadata.clone(), self.client_id.clone(), secret)
            .set_redirect_uri(self.redirect.clone())
            .set_auth_type(auth_type(metadata))
    }

    async fn exchange(
        &self,
        client: &Client,
        code: &Secret,
        verifier: &Secret,
    ) -> Result<IdToken, SignInError> {
        let code = AuthorizationCode::new(code.expose().to_owned());
        let request = client
            .exchange_code(code)
            .map_err(|_| SignInError::Unusable("it names no token endpoint".into()))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()));
        let answer = request.request_async(&self.http).await;
        id_token(&answer.map_err(token_request)?)
    }
}

/// How our secret is shown: in a header unless the provider takes it in the form alone.
fn auth_type(metadata: &CoreProviderMetadata) -> AuthType {
    let takes = |method| {
        let methods = metadata.token_endpoint_auth_methods_supported();
        methods.is_none_or(|methods| methods.contains(&method))
    };
    if takes(CoreClientAuthMethod::ClientSecretBasic)
        || !takes(CoreClientAuthMethod::ClientSecretPost)
    {
        AuthType::BasicAuth
    } else {
        AuthType::RequestBody
    }
}

#[async_trait]
impl IdentityProvider for OpenIdSignIn {
    async fn begin(&self) -> Result<Departure, SignInError> {
        let metadata = self.description.get().await?;
        let remembered = Remembered {
            state: self.ids.secret(),
            nonce: self.ids.secret(),
            // A hash has the length and the letters that PKCE asks for, whatever the ids look like.
            verifier: Secret::new(hash(&self.ids.secret())),
        };
        let verifier = PkceCodeVerifier::new(remembered.verifier.expose().to_owned());
        let state = CsrfToken::new(remembered.state.expose().to_owned());
        let nonce = Nonce::new(remembered.nonce.expose().to_owned());
        let (address, ..) = self
            .client(&metadata, None)
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || state,
                move || nonce,
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(Departure {
            address: Secret::new(address),
            remembered,
        })
    }

    async fn finish(
        &self,
        code: &Secret,
        remembered: &Remembered,
    ) -> Result<Principal, SignInError> {
        let secret = match &self.secret {
            Some(key) => key.secret().await,
            None => Ok(None),
        };
        let secret = secret.map_err(|why| SignInError::SecretUnreadable(why.to_string()))?;
        let metadata = self.description.get().await?;
        let client = self.client(&metadata, secret);
        let token = self.exchange(&client, code, &remembered.verifier).await?;
        let now = self.clock.now();
        if token.is_signed_by_an_unknown_key(&client, &remembered.nonce, now) {
            let renewed = self.description.renewed(&metadata).await?;
            let client = self.client(&renewed, None);
            return token.principal(&client, &remembered.nonce, now);
        }
        token.principal(&client, &remembered.nonce, now)
    }
}
