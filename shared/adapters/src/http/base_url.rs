//! The addresses of services that the operator names.

use url::Url;

/// Why a text is not a base URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBaseUrl {
    /// Not a URL with a host.
    #[error("it is not a URL such as https://api.example.com")]
    NotAUrl,
    /// Neither http nor https.
    #[error("it must begin with https:// or http://")]
    Scheme,
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
    if !matches!(url.scheme(), "http" | "https") {
        return Err(InvalidBaseUrl::Scheme);
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
