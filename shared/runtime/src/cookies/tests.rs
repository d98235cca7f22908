use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    ids::{OrgId, UserId},
    ports::{secrets::CannotOpen, sign_in::Remembered},
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

fn remembered() -> Remembered {
    Remembered {
        state: Secret::new("state"),
        nonce: Secret::new("nonce"),
        verifier: Secret::new("verifier"),
    }
}

#[tokio::test]
async fn a_sign_in_is_remembered_for_ten_minutes() {
    let seal = Prefix("k");
    let start = Timestamp(1_000_000);
    for style in [HTTPS, LOOPBACK] {
        let headers = sent(&style.set_sign_in(&seal, &remembered(), start));
        let at = |now| style.sign_in(&headers, &seal, now);
        assert_eq!(at(start).await, Ok(Some(remembered())));
        let last = start + SIGN_IN_LIFE - Span(1);
        assert_eq!(at(last).await, Ok(Some(remembered())));
        assert_eq!(at(start + SIGN_IN_LIFE).await, Ok(None));
    }
    let line = HTTPS.set_sign_in(&seal, &remembered(), start);
    assert!(line.starts_with("__Host-pb_signin=k"));
    assert!(line.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"));
    let emptied = sent(&HTTPS.clear_sign_in());
    assert_eq!(HTTPS.sign_in(&emptied, &Away, start).await, Ok(None));
}

#[tokio::test]
async fn a_sign_in_and_a_session_never_pass_for_each_other() {
    let (seal, now) = (Prefix("k"), Timestamp(0));
    let sign_in = LOOPBACK.set_sign_in(&seal, &remembered(), now);
    let headers = sent(&sign_in.replace("pb_signin", "pb_session"));
    assert_eq!(LOOPBACK.session(&headers, &seal, now).await, Ok(None));
    let session = LOOPBACK.set_session(&seal, &ada(), now);
    let headers = sent(&session.replace("pb_session", "pb_signin"));
    assert_eq!(LOOPBACK.sign_in(&headers, &seal, now).await, Ok(None));
}
