//! The addresses of services that the operator names.

use domain::service_url::is_private;
use url::Url;

/// Why a text is not a base URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBaseUrl {
    /// Not a URL with a host.
    #[error("it is not a URL such as https://api.example.com")]
    NotAUrl,
    /// In clear over a network.
    #[error(
        "it must be https; plain http is for a loopback address alone, since keys and customers' data would travel in clear"
    )]
    InClear,
    /// With a user, a query or a fragment.
    #[error("it must have no user, no query and no fragment")]
    Extra,
}

/// Reads a base URL of a service that the operator names; its path ends with a slash.
///
/// # Errors
/// [`InvalidBaseUrl`] says which rule it breaks.
pub fn base_url(text: &str) -> Result<Url, InvalidBaseUrl> {
    let mut url = Url::parse(text.trim()).map_err(|_| InvalidBaseUrl::NotAUrl)?;
    if !is_private(&url) {
        return Err(InvalidBaseUrl::InClear);
    }
    let user = !url.username().is_empty() || url.password().is_some();
    if user || url.query().is_some() || url.fragment().is_some() {
        return Err(InvalidBaseUrl::Extra);
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_stays_private() {
        let read = |text| base_url(text).map(String::from);
        for (good, used) in [
            ("https://api.example/v1", "https://api.example/v1/"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("http://localhost:11434/v1/", "http://localhost:11434/v1/"),
        ] {
            assert_eq!(read(good).as_deref(), Ok(used));
        }
        for (bad, why) in [
            ("api.example", InvalidBaseUrl::NotAUrl),
            ("http://api.example", InvalidBaseUrl::InClear),
            ("http://10.0.0.7:8080", InvalidBaseUrl::InClear),
            ("ftp://127.0.0.1", InvalidBaseUrl::InClear),
            ("https://user@api.example", InvalidBaseUrl::Extra),
            ("https://api.example?x=1", InvalidBaseUrl::Extra),
        ] {
            assert_eq!(read(bad), Err(why), "{bad}");
        }
    }
}
