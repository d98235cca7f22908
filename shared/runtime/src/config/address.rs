//! Addresses: of the pages, and of services that keys and customers' data are sent to.

use domain::service_url::{InvalidServiceUrl, is_loopback, is_private};
use url::Url;

use super::ConfigError;

/// An https URL, or an http one on a loopback address, without a slash at its end.
///
/// # Errors
/// [`ConfigError`] where it is none.
pub fn url(
    get: &impl Fn(&str) -> Option<String>,
    setting: &'static str,
) -> Result<Option<String>, ConfigError> {
    Ok(read(get, setting)?.map(|(text, _)| text))
}

/// Such a URL of scheme, host and port alone.
///
/// # Errors
/// [`ConfigError`] where it is none.
pub fn origin(
    get: &impl Fn(&str) -> Option<String>,
    setting: &'static str,
) -> Result<Option<String>, ConfigError> {
    let Some((text, url)) = read(get, setting)? else {
        return Ok(None);
    };
    if url.origin().ascii_serialization() != text {
        return Err(ConfigError {
            setting,
            problem: "must be an origin such as https://feedback.example.com, without a path"
                .into(),
        });
    }
    Ok(Some(text))
}

/// Such an origin of this machine: of pages whose sign-in asks for no password.
///
/// # Errors
/// [`ConfigError`] where it is none.
pub(super) fn on_this_machine(
    get: &impl Fn(&str) -> Option<String>,
    setting: &'static str,
) -> Result<Option<String>, ConfigError> {
    let given = get(setting).and_then(|text| Url::parse(&text).ok());
    if given.is_some_and(|url| url.has_host() && !is_loopback(&url)) {
        return Err(ConfigError {
            setting,
            problem: "must be an address of this machine, such as http://127.0.0.1:8080: in the \
                      one-machine set-up the sign-in asks for no password, so whoever reaches the \
                      pages is an admin. To use them from another machine, leave it out and open a \
                      tunnel there (ssh -L 8080:127.0.0.1:8080 THIS_MACHINE); for other people, \
                      deploy to AWS (see README.md), where they sign in with your provider"
                .into(),
        });
    }
    origin(get, setting)
}

fn read(
    get: &impl Fn(&str) -> Option<String>,
    setting: &'static str,
) -> Result<Option<(String, Url)>, ConfigError> {
    let Some(text) = get(setting) else {
        return Ok(None);
    };
    let refused = |problem: String| Err(ConfigError { setting, problem });
    match Url::parse(&text) {
        Ok(url) if is_private(&url) => Ok(Some((text.trim_end_matches('/').to_owned(), url))),
        Ok(url) if url.scheme() == "http" => refused(InvalidServiceUrl::InClear.to_string()),
        _ => refused("must be an http or https URL".into()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    fn set(value: &str) -> impl Fn(&str) -> Option<String> {
        let value = value.to_owned();
        move |name| (name == "X").then(|| value.clone())
    }

    #[test]
    fn http_is_for_this_machine_alone() {
        for (text, read) in [
            ("https://a.example/v1/", "https://a.example/v1"),
            ("https://10.0.0.7", "https://10.0.0.7"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.8.9.10/v1", "http://127.8.9.10/v1"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost:11434/v1", "http://localhost:11434/v1"),
        ] {
            assert_eq!(url(&set(text), "X").unwrap().as_deref(), Some(read));
        }
        for (text, words) in [
            ("http://a.example", "must be https"),
            ("http://10.0.0.7:8080", "must be https"),
            ("http://0.0.0.0:8080", "must be https"),
            ("http://[::]:8080", "must be https"),
            ("http://[::ffff:127.0.0.1]", "must be https"),
            ("http://localhost.a.example", "must be https"),
            ("http://127.0.0.1.a.example", "must be https"),
            ("http://127.0.0.1@a.example", "must be https"),
            ("ftp://127.0.0.1", "must be an http or https URL"),
            ("a.example", "must be an http or https URL"),
        ] {
            let get = set(text);
            for read in [url(&get, "X"), origin(&get, "X")] {
                let error = read.unwrap_err();
                assert_eq!(error.setting, "X");
                assert!(error.problem.contains(words), "{text}: {error}");
            }
        }
        assert_eq!(url(&|_: &str| None, "X"), Ok(None));
    }

    #[test]
    fn an_origin_is_nothing_more() {
        for good in [
            "https://a.example",
            "https://a.example:8443",
            "http://[::1]:9",
        ] {
            assert_eq!(origin(&set(good), "X").unwrap().as_deref(), Some(good));
        }
        for bad in [
            "https://a.example/x",
            "https://u@a.example",
            "https://a.example?x",
            "https://A.example",
            "https://a.example:443",
        ] {
            let error = origin(&set(bad), "X").unwrap_err();
            assert!(error.problem.contains("must be an origin"), "{bad}");
        }
    }

    #[test]
    fn pages_without_a_password_stay_on_this_machine() {
        for good in [
            "http://127.0.0.1:9090",
            "https://localhost:8443",
            "http://[::1]",
        ] {
            let read = on_this_machine(&set(good), "X").unwrap();
            assert_eq!(read.as_deref(), Some(good));
        }
        for bad in [
            "https://pb.example.com",
            "https://pb.example.com/x",
            "http://pb.example.com",
            "https://10.0.0.7:8080",
            "https://0.0.0.0:8080",
        ] {
            let error = on_this_machine(&set(bad), "X").unwrap_err().to_string();
            for words in ["no password", "ssh -L", "deploy to AWS", "X: must be"] {
                assert!(error.contains(words), "{bad}: {error}");
            }
        }
        assert!(on_this_machine(&set("http://127.0.0.1/x"), "X").is_err());
        assert!(on_this_machine(&set("feedback"), "X").is_err());
    }
}
