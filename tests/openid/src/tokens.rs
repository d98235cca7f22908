//! Access tokens for an API behind a JWT authorizer.

use serde_json::{Map, Value};

/// What an access token says, beside the issuer.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// `sub`.
    pub subject: String,
    /// `aud`.
    pub audience: String,
    /// `scope`, joined by spaces.
    pub scopes: Vec<String>,
    /// From now to `exp`, in seconds; negative for a token whose time is over.
    pub life: i64,
    /// Further claims, such as `org_id` and `role`. They replace what is said above, `iss` too.
    pub claims: Map<String, Value>,
}

impl AccessToken {
    /// A token of five minutes with these claims.
    ///
    /// # Panics
    /// When `claims` is not a JSON object.
    #[must_use]
    pub fn new(subject: &str, audience: &str, scopes: &[&str], claims: &Value) -> Self {
        Self {
            subject: subject.into(),
            audience: audience.into(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            life: 300,
            claims: claims.as_object().expect("claims are an object").clone(),
        }
    }

    /// The claims as they are signed.
    pub(crate) fn whole(&self, issuer: &str, now: i64) -> Value {
        let mut claims = Map::from_iter([
            ("iss".to_owned(), issuer.into()),
            ("sub".to_owned(), self.subject.clone().into()),
            ("aud".to_owned(), self.audience.clone().into()),
            ("scope".to_owned(), self.scopes.join(" ").into()),
            ("iat".to_owned(), now.into()),
            ("exp".to_owned(), (now + self.life).into()),
        ]);
        claims.extend(self.claims.clone());
        claims.into()
    }
}
