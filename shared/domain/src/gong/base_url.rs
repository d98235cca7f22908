//! Which API base URLs may be called with a customer's token.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::service_url::is_loopback_address;

/// A base URL that passed [`BaseUrlRule::check`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// The origin, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The address that Gong gave is not one that we call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the API address that came with the authorization is not Gong's: {why}")]
pub struct ForeignBaseUrl {
    pub why: &'static str,
}

/// The allow-list: https on `*.gong.io`, and at most one exact loopback origin (the sandbox).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BaseUrlRule {
    sandbox: Option<String>,
}

impl BaseUrlRule {
    #[must_use]
    pub const fn gong_only() -> Self {
        Self { sandbox: None }
    }

    /// Gong, and the sandbox at exactly this loopback origin.
    ///
    /// # Errors
    /// [`ForeignBaseUrl`] when the origin is not plain http on a loopback address with a port.
    pub fn with_sandbox(origin: &str) -> Result<Self, ForeignBaseUrl> {
        let url = Url::parse(origin).map_err(|_| ForeignBaseUrl {
            why: "the sandbox's origin is not a URL",
        })?;
        if !is_loopback_address(&url)
            || url.scheme() != "http"
            || url.origin().ascii_serialization() != origin
        {
            return Err(ForeignBaseUrl {
                why: "the sandbox's origin must be http on a loopback address",
            });
        }
        Ok(Self {
            sandbox: Some(origin.to_owned()),
        })
    }

    /// Checks an `api_base_url_for_customer`.
    ///
    /// # Errors
    /// [`ForeignBaseUrl`] says which rule the text breaks.
    pub fn check(&self, text: &str) -> Result<BaseUrl, ForeignBaseUrl> {
        let bare = text.strip_suffix('/').unwrap_or(text);
        if self.sandbox.as_deref() == Some(bare) {
            return Ok(BaseUrl(bare.to_owned()));
        }
        let refuse = |why| Err(ForeignBaseUrl { why });
        let Ok(url) = Url::parse(bare) else {
            return refuse("it is not a URL");
        };
        if url.scheme() != "https" {
            return refuse("it is not https");
        }
        if !url.username().is_empty() || url.password().is_some() || bare.contains('@') {
            return refuse("it carries a user name");
        }
        let Some(Host::Domain(host)) = url.host() else {
            return refuse("its host is not a name");
        };
        let under_gong = host
            .strip_suffix(".gong.io")
            .is_some_and(|name| !name.is_empty() && name.split('.').all(plain_label));
        if !under_gong {
            return refuse("its host is not under gong.io");
        }
        // What was given must be the bare origin to the letter: no port, path, query, escapes or case.
        if bare != format!("https://{host}") {
            return refuse("it is more than a plain https origin");
        }
        Ok(BaseUrl(bare.to_owned()))
    }
}

fn plain_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with("xn--")
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    #[test]
    fn only_plain_origins_under_gong_pass() {
        let rule = BaseUrlRule::gong_only();
        for good in [
            "https://api.gong.io",
            "https://us-49467.api.gong.io",
            "https://company-17.api.gong.io/",
        ] {
            assert!(rule.check(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.gong.io",
            "https://gong.io",
            "https://gong.io.evil.example",
            "https://evilgong.io",
            "https://api.gong.io.",
            "https://api.gong.io:8443",
            "https://api.gong.io:443",
            "https://user@api.gong.io",
            "https://api.gong.io@evil.example",
            "https://api.gong.io/v2",
            "https://api.gong.io?x=1",
            "https://api.gong.io#x",
            "https://127.0.0.1",
            "https://[::1]",
            "https://2130706433",
            "https://API.gong.io",
            "https://%61pi.gong.io",
            "https://xn--pi-7lb.gong.io",
            "https://а.gong.io",
            "https://api.gong.io\\@evil.example",
            "https:\\\\api.gong.io",
            "https://api.gong.io//",
            " https://api.gong.io",
            "https://.gong.io",
            "http://127.0.0.1:4010",
            "",
        ] {
            assert!(rule.check(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_sandbox_is_one_exact_loopback_origin() {
        let rule = BaseUrlRule::with_sandbox("http://127.0.0.1:4010").unwrap();
        assert!(rule.check("http://127.0.0.1:4010").is_ok());
        assert!(rule.check("http://127.0.0.1:4011").is_err());
        assert!(rule.check("http://localhost:4010").is_err());
        for bad in [
            "http://10.0.0.1:4010",
            "http://localhost:4010",
            "https://127.0.0.1:4010",
            "http://127.0.0.1:4010/x",
        ] {
            assert!(BaseUrlRule::with_sandbox(bad).is_err(), "{bad}");
        }
    }
}
