//! Which addresses a provider may have.

use domain::service_url::{self, is_loopback_address};
use openidconnect::IssuerUrl;
use url::Url;

/// Why sign-in cannot be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIssuer {
    /// Not a URL.
    #[error("the issuer is not a URL such as https://sign-in.example.com")]
    NotAUrl,
    /// Whoever is between could answer for it.
    #[error("the issuer must begin with https://; http is for a loopback address alone")]
    NotHttps,
    /// An issuer identifier is a plain address.
    #[error("the issuer must have no user, no query and no fragment")]
    Extra,
    /// There would be no way back.
    #[error("the pages' own address is not a URL such as https://feedback.example.com")]
    PublicUrl,
}

/// Reads an issuer identifier. Its text is kept as it is, because it is compared as text.
pub fn issuer(text: &str) -> Result<IssuerUrl, InvalidIssuer> {
    let issuer = IssuerUrl::new(text.to_owned()).map_err(|_| InvalidIssuer::NotAUrl)?;
    let url = issuer.url();
    if !is_private(url) {
        return Err(InvalidIssuer::NotHttps);
    }
    let user = !url.username().is_empty() || url.password().is_some();
    if user || url.query().is_some() || url.fragment().is_some() {
        return Err(InvalidIssuer::Extra);
    }
    Ok(issuer)
}

/// Whether an endpoint may be used beside this issuer: https, or loopback where the issuer is.
pub fn may_follow(issuer: &Url, endpoint: &Url) -> bool {
    endpoint.scheme() == "https" || (issuer.scheme() == "http" && is_private(endpoint))
}

/// As everywhere, except that this machine is known by its address alone.
fn is_private(url: &Url) -> bool {
    service_url::is_private(url) && (url.scheme() == "https" || is_loopback_address(url))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_https_or_on_this_machine() {
        for good in [
            "https://acme.eu.example.com/",
            "https://login.example.com/tenant/v2.0",
            "http://127.0.0.1:4010",
            "http://[::1]:4010",
        ] {
            assert_eq!(issuer(good).unwrap().as_str(), good);
        }
        for (bad, why) in [
            ("acme", InvalidIssuer::NotAUrl),
            ("http://acme.example.com", InvalidIssuer::NotHttps),
            ("http://localhost:4010", InvalidIssuer::NotHttps),
            ("http://127.0.0.1.evil.example", InvalidIssuer::NotHttps),
            ("file:///etc/passwd", InvalidIssuer::NotHttps),
            ("https://a@acme.example.com", InvalidIssuer::Extra),
            ("https://acme.example.com?x=1", InvalidIssuer::Extra),
        ] {
            assert_eq!(issuer(bad).unwrap_err(), why, "{bad}");
        }
    }

    #[test]
    fn endpoints_are_no_less_private_than_their_issuer() {
        let may = |issuer: &str, endpoint: &str| {
            may_follow(&issuer.parse().unwrap(), &endpoint.parse().unwrap())
        };
        assert!(may("https://a.example", "https://keys.example/jwks"));
        assert!(may("http://127.0.0.1:1", "http://127.0.0.1:2/token"));
        assert!(!may("https://a.example", "http://a.example/token"));
        assert!(!may("https://a.example", "http://127.0.0.1:2/token"));
        assert!(!may("http://127.0.0.1:1", "http://10.0.0.1/token"));
    }
}
