//! Addresses: of the pages, and of services that keys and customers' data are sent to.

use domain::service_url::{InvalidServiceUrl, is_loopback, is_private};
use url::Url;

use super::ConfigError;

/// See [`crate::Environment::url`].
pub(super) fn url(setting: &'static str, text: &str) -> Result<String, ConfigError> {
    read(setting, text).map(|_| without_slash(text))
}

/// See [`crate::Environment::origin`].
pub(super) fn origin(setting: &'static str, text: &str) -> Result<String, ConfigError> {
    let url = read(setting, text)?;
    let text = without_slash(text);
    if url.origin().ascii_serialization() != text {
        let wrong = "must be an origin such as https://feedback.example.com, without a path";
        return Err(ConfigError::new(setting, wrong));
    }
    Ok(text)
}

/// See [`crate::Environment::origin_on_this_machine`].
pub(super) fn on_this_machine(setting: &'static str, text: &str) -> Result<String, ConfigError> {
    let given = Url::parse(text).ok();
    if given.is_some_and(|url| url.has_host() && !is_loopback(&url)) {
        return Err(ConfigError::new(
            setting,
            "must be an address of this machine, such as http://127.0.0.1:8080: in the \
             one-machine set-up the sign-in asks for no password, so whoever reaches the pages is \
             an admin. To use them from another machine, leave it out and open a tunnel there \
             (ssh -L 8080:127.0.0.1:8080 THIS_MACHINE); for other people, deploy to AWS (see \
             docs/operations.md), where they sign in with your provider",
        ));
    }
    origin(setting, text)
}

fn without_slash(text: &str) -> String {
    text.trim_end_matches('/').to_owned()
}

fn read(setting: &'static str, text: &str) -> Result<Url, ConfigError> {
    match Url::parse(text) {
        Ok(url) if is_private(&url) => Ok(url),
        Ok(url) if url.scheme() == "http" => {
            Err(ConfigError::new(setting, InvalidServiceUrl::InClear))
        }
        _ => Err(ConfigError::new(setting, "must be an http or https URL")),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

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
            assert_eq!(url("X", text).as_deref(), Ok(read));
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
            for read in [url("X", text), origin("X", text)] {
                let error = read.unwrap_err();
                assert_eq!(error.setting, "X");
                assert!(error.problem.contains(words), "{text}: {error}");
            }
        }
    }

    #[test]
    fn an_origin_is_nothing_more() {
        for good in [
            "https://a.example",
            "https://a.example:8443",
            "http://[::1]:9",
        ] {
            assert_eq!(origin("X", good).as_deref(), Ok(good));
        }
        for bad in [
            "https://a.example/x",
            "https://u@a.example",
            "https://a.example?x",
            "https://A.example",
            "https://a.example:443",
        ] {
            let error = origin("X", bad).unwrap_err();
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
            assert_eq!(on_this_machine("X", good).as_deref(), Ok(good));
        }
        for bad in [
            "https://pb.example.com",
            "https://pb.example.com/x",
            "http://pb.example.com",
            "https://10.0.0.7:8080",
            "https://0.0.0.0:8080",
        ] {
            let error = on_this_machine("X", bad).unwrap_err().to_string();
            for words in ["no password", "ssh -L", "deploy to AWS", "X: must be"] {
                assert!(error.contains(words), "{bad}: {error}");
            }
        }
        assert!(on_this_machine("X", "http://127.0.0.1/x").is_err());
        assert!(on_this_machine("X", "feedback").is_err());
    }
}
