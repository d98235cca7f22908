//! The two cookies of the web functions: the session, and the one that binds a connect to the
//! browser it was begun in.

use domain::{
    connection::STATE_LIFE,
    moment::{Span, Timestamp},
    ports::secrets::{Keyring, KeysUnavailable, Seal},
    principal::Principal,
    secret::Secret,
};
use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};

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
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use domain::{
        ids::{OrgId, UserId},
        ports::secrets::CannotOpen,
        principal::Role,
    };
    use http::HeaderValue;

    use super::*;

    const HTTPS: CookieStyle = CookieStyle { secure: true };
    const LOOPBACK: CookieStyle = CookieStyle { secure: false };

    /// Seals with a prefix: another prefix is another key.
    #[derive(Clone, Copy)]
    struct Prefix(&'static str);

    #[async_trait]
    impl Keyring for Prefix {
        async fn unlock(&self) -> Result<Arc<dyn Seal>, KeysUnavailable> {
            Ok(Arc::new(*self))
        }
    }

    /// Keys that cannot be fetched.
    struct Away;

    #[async_trait]
    impl Keyring for Away {
        async fn unlock(&self) -> Result<Arc<dyn Seal>, KeysUnavailable> {
            Err(KeysUnavailable("no connection".into()))
        }
    }

    impl Seal for Prefix {
        fn seal(&self, plain: &[u8]) -> String {
            let hex: String = plain.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{}{hex}", self.0)
        }
        fn open(&self, sealed: &str) -> Result<Vec<u8>, CannotOpen> {
            let hex = sealed.strip_prefix(self.0).ok_or(CannotOpen)?;
            (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).map_err(|_| CannotOpen))
                .collect()
        }
    }

    fn ada() -> Principal {
        Principal {
            org_id: OrgId::parse("demo").unwrap(),
            user_id: UserId::parse("ada").unwrap(),
            role: Role::Admin,
        }
    }

    /// The `Cookie` header a browser sends after this `Set-Cookie`.
    fn sent(set_cookie: &str) -> HeaderMap {
        let pair = set_cookie.split(';').next().unwrap();
        let line = format!("theme=dark; {pair}; other=1");
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&line).unwrap())])
    }

    #[test]
    fn attributes_follow_the_style() {
        let value = Secret::new("abc");
        assert_eq!(
            HTTPS.set_connect(&value),
            "__Host-pb_connect=abc; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            LOOPBACK.set_connect(&value),
            "pb_connect=abc; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"
        );
        let session = HTTPS.set_session(&Prefix("k"), &ada(), Timestamp(0));
        assert!(session.starts_with("__Host-pb_session=k"));
        assert!(session.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure"));
        assert_eq!(
            LOOPBACK.clear_session(),
            "pb_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
    }

    #[tokio::test]
    async fn a_session_ends_after_twelve_hours_of_the_clock() {
        let seal = Prefix("k");
        let start = Timestamp(1_000_000);
        for style in [HTTPS, LOOPBACK] {
            let headers = sent(&style.set_session(&seal, &ada(), start));
            let at = |now| style.session(&headers, &seal, now);
            assert_eq!(at(start).await, Ok(Some(ada())));
            assert_eq!(at(start + SESSION_LIFE - Span(1)).await, Ok(Some(ada())));
            assert_eq!(at(start + SESSION_LIFE).await, Ok(None));
        }
    }

    #[tokio::test]
    async fn keys_are_asked_for_only_where_there_is_a_session() {
        let now = Timestamp(0);
        let headers = sent(&LOOPBACK.set_session(&Prefix("k"), &ada(), now));
        assert!(LOOPBACK.session(&headers, &Away, now).await.is_err());
        let nobody = LOOPBACK.session(&HeaderMap::new(), &Away, now).await;
        assert_eq!(nobody, Ok(None));
    }

    #[tokio::test]
    async fn a_foreign_or_changed_session_is_nobodys() {
        let now = Timestamp(0);
        let headers = sent(&LOOPBACK.set_session(&Prefix("k"), &ada(), now));
        let who = async |style: CookieStyle, headers: &HeaderMap, key| {
            style.session(headers, &Prefix(key), now).await
        };
        assert_eq!(who(LOOPBACK, &headers, "other").await, Ok(None));
        assert_eq!(who(HTTPS, &headers, "k").await, Ok(None));
        assert_eq!(who(LOOPBACK, &HeaderMap::new(), "k").await, Ok(None));
        let other = serde_json::json!({
            "purpose": "something else", "principal": ada(), "expires_at": Timestamp(i64::MAX),
        });
        let sealed = Prefix("k").seal(other.to_string().as_bytes());
        let headers = sent(&format!("pb_session={sealed}; Path=/"));
        assert_eq!(who(LOOPBACK, &headers, "k").await, Ok(None));
    }

    #[test]
    fn the_binding_is_read_back_and_an_emptied_one_is_none() {
        let value = Secret::new("x=y_-");
        let headers = sent(&LOOPBACK.set_connect(&value));
        assert_eq!(LOOPBACK.connect(&headers), Some(value));
        assert_eq!(LOOPBACK.connect(&sent(&LOOPBACK.clear_connect())), None);
    }
}
