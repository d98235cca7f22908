//! The address of a service that keys and customers' data are sent to.

use url::{Host, Url};

/// An origin that is https, or plain http on a loopback address, where nothing leaves the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceUrl(String);

/// Why a text is not such an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidServiceUrl {
    /// Not a URL with a host.
    #[error("must be a URL such as https://service.example.com:6334")]
    NotAUrl,
    /// In clear over a network.
    #[error(
        "must be https; plain http is for a loopback address alone, since keys and customers' data would travel in clear"
    )]
    InClear,
    /// With a user, a path, a query or a fragment.
    #[error("must have no user, path, query or fragment")]
    Extra,
}

impl ServiceUrl {
    /// Reads an origin; a slash at its end is left out.
    ///
    /// # Errors
    /// [`InvalidServiceUrl`] says which rule it breaks.
    pub fn parse(text: &str) -> Result<Self, InvalidServiceUrl> {
        let url = Url::parse(text.trim()).map_err(|_| InvalidServiceUrl::NotAUrl)?;
        match url.scheme() {
            "http" | "https" if is_private(&url) => {}
            "http" => return Err(InvalidServiceUrl::InClear),
            _ => return Err(InvalidServiceUrl::NotAUrl),
        }
        let user = !url.username().is_empty() || url.password().is_some();
        if user || url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidServiceUrl::Extra);
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// The origin, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether nobody between can read or change what is said: https, or http on this machine alone.
#[must_use]
pub fn is_private(url: &Url) -> bool {
    match url.scheme() {
        "https" => url.has_host(),
        "http" => is_loopback(url),
        _ => false,
    }
}

/// Whether a URL's host is this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    url.host() == Some(Host::Domain("localhost")) || is_loopback_address(url)
}

/// Whether a URL's host is an address of this machine; a name could lead elsewhere.
#[must_use]
pub fn is_loopback_address(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(_)) | None => false,
    }
}

/// A URL that is safe to put behind a link: http or https.
#[must_use]
pub fn web_url(text: &str) -> Option<Url> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    #[test]
    fn https_and_loopback_pass() {
        for (text, origin) in [
            ("https://q.example:6334/", "https://q.example:6334"),
            ("https://10.0.0.7", "https://10.0.0.7"),
            ("http://127.0.0.1:6334", "http://127.0.0.1:6334"),
            ("http://[::1]:6334", "http://[::1]:6334"),
            ("http://localhost:6334", "http://localhost:6334"),
        ] {
            assert_eq!(ServiceUrl::parse(text).unwrap().as_str(), origin);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        use InvalidServiceUrl::{Extra, InClear, NotAUrl};
        for (text, why) in [
            ("", NotAUrl),
            ("q.example:6334", NotAUrl),
            ("grpc://q.example", NotAUrl),
            ("http://q.example:6334", InClear),
            ("http://10.0.0.7:6334", InClear),
            ("http://0.0.0.0:6334", InClear),
            ("http://localhost.example", InClear),
            ("http://127.0.0.1.example", InClear),
            ("https://user@q.example", Extra),
            ("https://q.example/path", Extra),
            ("https://q.example?api-key=x", Extra),
            ("https://q.example#x", Extra),
        ] {
            assert_eq!(ServiceUrl::parse(text), Err(why), "{text}");
        }
    }
}
