//! What lies on this machine: the one place that plain http is allowed to.

use url::{Host, Url};

/// Whether a URL's host is this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether a text is a plain http address of this machine, without a user name.
#[must_use]
pub fn is_loopback_http(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        is_loopback(&url)
            && url.scheme() == "http"
            && url.username().is_empty()
            && url.password().is_none()
    })
}
