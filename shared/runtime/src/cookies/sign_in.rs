//! The cookie of a sign-in that is under way: what has to be remembered until the person is back
//! from the identity provider, sealed.

use domain::{
    moment::{Span, Timestamp},
    ports::{
        secrets::{Keyring, KeysUnavailable, Seal},
        sign_in::Remembered,
    },
};
use http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::{CookieStyle, value};

/// A sign-in has to be finished within this time.
pub const SIGN_IN_LIFE: Span = Span::minutes(10);

/// What the sealed text says of itself, so that neither it nor a session passes for the other.
const PURPOSE: &str = "dashboard sign-in";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnderWay {
    purpose: String,
    remembered: Remembered,
    expires_at: Timestamp,
}

impl CookieStyle {
    /// The sign-in cookie's name.
    #[must_use]
    pub const fn sign_in_name(self) -> &'static str {
        if self.secure {
            "__Host-pb_signin"
        } else {
            "pb_signin"
        }
    }

    /// `Set-Cookie` that remembers a sign-in for as long as it may take.
    #[must_use]
    pub fn set_sign_in(self, seal: &dyn Seal, remembered: &Remembered, now: Timestamp) -> String {
        let under_way = UnderWay {
            purpose: PURPOSE.to_owned(),
            remembered: remembered.clone(),
            expires_at: now + SIGN_IN_LIFE,
        };
        let plain = serde_json::to_vec(&under_way).expect("texts and numbers are always JSON");
        self.line(self.sign_in_name(), &seal.seal(&plain), SIGN_IN_LIFE)
    }

    /// `Set-Cookie` that forgets the sign-in.
    #[must_use]
    pub fn clear_sign_in(self) -> String {
        self.line(self.sign_in_name(), "", Span(0))
    }

    /// The sign-in that this browser began; none when it is missing, expired at `now`, changed or
    /// sealed with another key.
    ///
    /// # Errors
    /// [`KeysUnavailable`]: then it is not known what the cookie holds.
    pub async fn sign_in(
        self,
        headers: &HeaderMap,
        keys: &dyn Keyring,
        now: Timestamp,
    ) -> Result<Option<Remembered>, KeysUnavailable> {
        let Some(sealed) = value(headers, self.sign_in_name()) else {
            return Ok(None);
        };
        let opened = keys.unlock().await?.open(sealed).ok();
        let under_way = opened.and_then(|plain| serde_json::from_slice::<UnderWay>(&plain).ok());
        Ok(under_way
            .filter(|under_way| under_way.purpose == PURPOSE && now < under_way.expires_at)
            .map(|under_way| under_way.remembered))
    }
}
