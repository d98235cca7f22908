//! Addresses of services: none is reached in clear over a network.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

const USABLE: [(&str, &str); 20] = [
    ("AWS_ACCESS_KEY_ID", "none"),
    ("AWS_SECRET_ACCESS_KEY", "none"),
    ("AWS_REGION", "eu-central-1"),
    ("AWS_ENDPOINT_URL", "https://aws.example"),
    ("CALLS_QUEUE_URL", "https://sqs.example/1/calls"),
    ("CREDENTIAL_KEYS_SECRET", "credential-keys"),
    ("GONG_APP_SECRET", "gong-app"),
    ("GONG_CLIENT_ID", "client"),
    ("GONG_OAUTH_URL", "https://gong.example"),
    ("LLM_BASE_URL", "https://llm.example/v1"),
    ("LLM_MODEL", "gpt-5-mini"),
    ("PROVIDER_KEYS_SECRET", "provider-keys"),
    ("PUBLIC_URL", "https://feedback.example"),
    ("QDRANT_URL", "https://qdrant.example:6334"),
    ("SECRETS_KMS_KEY", "key"),
    ("SECRETS_PREFIX", "stack/"),
    ("SIGN_IN_CLIENT_ID", "client"),
    ("SIGN_IN_ISSUER", "https://issuer.example"),
    ("VOYAGE_BASE_URL", "https://voyage.example"),
    ("WINDOWS_QUEUE_URL", "https://sqs.example/1/windows"),
];

/// The settings that something complains of when everything is built.
fn complaints(environment: &BTreeMap<&'static str, String>) -> BTreeSet<&'static str> {
    let environment = environment.clone();
    let settings = Environment::new(move |name| environment.get(name).cloned());
    let built = Cloud::new(settings).map(|cloud| {
        [
            cloud.windows().err(),
            cloud.calls().err(),
            cloud.cookies().err(),
            cloud.gong().err(),
            cloud.identity_provider().err(),
            cloud.search().err(),
            cloud.analyst().err(),
        ]
    });
    match built {
        Ok(errors) => errors.into_iter().flatten().map(|e| e.setting).collect(),
        Err(error) => BTreeSet::from([error.setting]),
    }
}

#[test]
fn http_is_for_this_machine_alone() {
    let usable = USABLE.map(|(name, value)| (name, value.to_owned()));
    let usable = BTreeMap::from(usable);
    assert_eq!(complaints(&usable), BTreeSet::new());
    let addresses: Vec<_> = USABLE
        .iter()
        .filter_map(|(name, value)| Some((*name, value.strip_prefix("https://")?)))
        .collect();
    assert_eq!(addresses.len(), 9);
    for (name, rest) in addresses {
        let mut environment = usable.clone();
        environment.insert(name, format!("http://{rest}"));
        assert_eq!(complaints(&environment), BTreeSet::from([name]));
        let path = rest
            .split_once('/')
            .map_or(String::new(), |(_, p)| format!("/{p}"));
        environment.insert(name, format!("http://127.0.0.1:4566{path}"));
        assert_eq!(complaints(&environment), BTreeSet::new(), "{name}");
    }
}
