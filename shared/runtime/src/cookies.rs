//! The cookies of the web functions: the session, the one that binds a connect to the browser it
//! was begun in, and the one of a sign-in that is under way.

mod sign_in;

use domain::{
    connection::STATE_LIFE,
    moment::{Span, Timestamp},
    ports::secrets::{Keyring, KeysUnavailable, Seal},
    principal::Principal,
    secret::Secret,
};
use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};

pub use sign_in::SIGN_IN_LIFE;

/// A session is good for this long.
pub const SESSION_LIFE: Span = Span::hours(12);

/// What a sealed session says of itself, so that no other sealed text passes for one.
const PURPOSE: &str = "dashboard session";

/// How cookies are named and marked.
///
/// Behind https they carry the `__Host-` prefix, which browsers accept only with `Secure`, without
/// a domain and with `Path=/`. On plain-http loopback they have neither prefix nor `Secure`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CookieStyle {
    /// Whether the pages are reached by https.
    pub secure: bool,
}

impl CookieStyle {
    /// The session cookie's name.
    #[must_use]
    pub const fn session_name(self) -> &'static str {
        if self.secure {
            "__Host-pb_session"
        } else {
            "pb_session"
        }
    }

    /// The binding cookie's name.
    #[must_use]
    pub const fn connect_name(self) -> &'static str {
        if self.secure {
            "__Host-pb_connect"
        } else {
            "pb_connect"
        }
    }

    /// `Set-Cookie` of a new session.
    #[must_use]
    pub fn set_session(self, seal: &dyn Seal, principal: &Principal, now: Timestamp) -> String {
        let session = Session {
            purpose: PURPOSE.to_owned(),
            principal: principal.clone(),
            expires_at: now + SESSION_LIFE,
        };
        let plain = serde_json::to_vec(&session).expect("texts and numbers are always JSON");
        self.line(self.session_name(), &seal.seal(&plain), SESSION_LIFE)
    }

    /// `Set-Cookie` that ends the session.
    #[must_use]
    pub fn clear_session(self) -> String {
        self.line(self.session_name(), "", Span(0))
    }

    /// `Set-Cookie` that binds a connect to this browser, for as long as its state lives.
    #[must_use]
    pub fn set_connect(self, value: &Secret) -> String {
        self.line(self.connect_name(), value.expose(), STATE_LIFE)
    }

    /// `Set-Cookie` that removes the binding.
    #[must_use]
    pub fn clear_connect(self) -> String {
        self.line(self.connect_name(), "", Span(0))
    }

    /// Who is signed in. A session that is missing, expired at `now`, changed or sealed with
    /// another key is nobody's. The keys are not asked for where there is no session.
    ///
    /// # Errors
    /// [`KeysUnavailable`]: then it is not known whose the session is.
    pub async fn session(
        self,
        headers: &HeaderMap,
        keys: &dyn Keyring,
        now: Timestamp,
    ) -> Result<Option<Principal>, KeysUnavailable> {
        let Some(sealed) = value(headers, self.session_name()) else {
            return Ok(None);
        };
        let opened = keys.unlock().await?.open(sealed).ok();
        let session = opened.and_then(|plain| serde_json::from_slice::<Session>(&plain).ok());
        Ok(session
            .filter(|session| session.purpose == PURPOSE && now < session.expires_at)
            .map(|session| session.principal))
    }

    /// The binding cookie's value.
    #[must_use]
    pub fn connect(self, headers: &HeaderMap) -> Option<Secret> {
        value(headers, self.connect_name()).map(Secret::new)
    }

    fn line(self, name: &str, value: &str, life: Span) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        let seconds = life.0 / 1_000;
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    purpose: String,
    principal: Principal,
    expires_at: Timestamp,
}

/// The first cookie of this name. `lambda_http` joins the `cookies` of an HTTP API's event into
/// the `Cookie` header, so that this is the one place to look.
fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, value)| *known == name && !value.is_empty())
        .map(|(_, value)| value)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
