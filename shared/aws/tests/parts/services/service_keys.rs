//! The keys of other services in two secrets.

use adapters::keys::{KeyName, KeySource};
use aws::stored_keys::{ServiceSecret, StoredServiceKeys, put};
use domain::moment::Span;

use crate::services::servers::{Local, test_clock};

async fn local() -> Local {
    let local = Local::ministack();
    for name in ["gong", "providers"] {
        let request = local.aws.secrets_manager().create_secret();
        request.name(name).send().await.unwrap();
    }
    local
}

const SETTINGS: [(&str, &str); 2] = [
    ("GONG_APP_SECRET", "gong"),
    ("PROVIDER_KEYS_SECRET", "providers"),
];

#[tokio::test]
async fn a_key_is_fetched_when_it_is_there_and_a_changed_one_after_a_while() {
    let local = local().await;
    let settings = local.settings(&SETTINGS);
    let client = local.aws.secrets_manager();
    let clock = test_clock();
    let keys = StoredServiceKeys::new(client.clone(), settings.clone(), clock.clone());
    assert_eq!(
        keys.key(KeyName::Voyage).await.unwrap(),
        None,
        "nothing was put in"
    );

    let providers = r#"{"voyage_api_key": "first", "qdrant_api_key": " "}"#;
    put(&client, &settings, ServiceSecret::ProviderKeys, providers)
        .await
        .unwrap();
    let voyage = async || keys.key(KeyName::Voyage).await.unwrap().unwrap();
    assert_eq!(voyage().await.expose(), "first");
    assert_eq!(
        keys.key(KeyName::Qdrant).await.unwrap(),
        None,
        "a blank one is none"
    );
    assert_eq!(
        keys.key(KeyName::GongClient).await.unwrap(),
        None,
        "another secret"
    );

    let providers = r#"{"voyage_api_key": "second"}"#;
    put(&client, &settings, ServiceSecret::ProviderKeys, providers)
        .await
        .unwrap();
    assert_eq!(voyage().await.expose(), "first");
    clock.advance(Span::minutes(15));
    assert_eq!(voyage().await.expose(), "second");
    let providers = r#"{"voyage_api_key": "third"}"#;
    put(&client, &settings, ServiceSecret::ProviderKeys, providers)
        .await
        .unwrap();
    keys.forget(KeyName::Voyage).await;
    assert_eq!(voyage().await.expose(), "third", "the second was refused");
}

#[tokio::test]
async fn one_key_changes_and_the_others_stay() {
    let local = local().await;
    let settings = local.settings(&SETTINGS);
    let client = local.aws.secrets_manager();
    let text = async |text| {
        let done = put(&client, &settings, ServiceSecret::ProviderKeys, text).await;
        done.map(|()| StoredServiceKeys::new(client.clone(), settings.clone(), test_clock()))
    };
    text(r#"{"voyage_api_key": "v", "llm_api_key": "l"}"#)
        .await
        .unwrap();
    let keys = text(r#"{"llm_api_key": "", "qdrant_api_key": "q"}"#)
        .await
        .unwrap();
    let key = async |name| {
        keys.key(name)
            .await
            .unwrap()
            .map(|key| key.expose().to_owned())
    };
    assert_eq!(key(KeyName::Voyage).await.as_deref(), Some("v"));
    assert_eq!(key(KeyName::Qdrant).await.as_deref(), Some("q"));
    assert_eq!(key(KeyName::Llm).await, None, "an empty text removes it");
    let refused = text(r#"{"voyage_api_key": "", "qdrant_api_key": ""}"#).await;
    assert!(refused.is_err(), "nothing would be left");
}

#[tokio::test]
async fn known_keys_are_used_while_the_secret_cannot_be_read() {
    let local = local().await;
    let settings = local.settings(&SETTINGS);
    let client = local.aws.secrets_manager();
    let text = r#"{"client_secret": "known"}"#;
    let done = put(&client, &settings, ServiceSecret::GongApp, text).await;
    done.unwrap();
    let clock = test_clock();
    let keys = StoredServiceKeys::new(client.clone(), settings, clock.clone());
    let key = async || keys.key(KeyName::GongClient).await.unwrap().unwrap();
    assert_eq!(key().await.expose(), "known");
    let request = client.put_secret_value().secret_id("gong");
    request.secret_string("spoilt").send().await.unwrap();
    clock.advance(Span::minutes(15));
    assert_eq!(key().await.expose(), "known");
}

#[tokio::test]
async fn what_is_no_secret_of_ours_is_refused_without_showing_it() {
    let local = local().await;
    let settings = local.settings(&SETTINGS);
    let client = local.aws.secrets_manager();
    for text in [
        "hush",
        "[\"hush\"]",
        r#"{"client_secret": 7, "x": "hush"}"#,
        r#"{"secret": "hush"}"#,
        r#"{"client_secret": " "}"#,
        "{}",
        "",
    ] {
        let refused = put(&client, &settings, ServiceSecret::GongApp, text).await;
        let words = refused.unwrap_err().to_string();
        assert!(
            !words.contains("hush") && words.starts_with("nothing was put in"),
            "{words}"
        );
    }
}

#[tokio::test]
async fn a_secret_that_was_spoilt_by_hand_is_told_without_showing_it() {
    let local = local().await;
    let request = local.aws.secrets_manager().put_secret_value();
    request
        .secret_id("gong")
        .secret_string("hush")
        .send()
        .await
        .unwrap();
    let settings = local.settings(&SETTINGS);
    let keys = StoredServiceKeys::new(local.aws.secrets_manager(), settings, test_clock());
    let error = keys.key(KeyName::GongClient).await.unwrap_err().to_string();
    assert!(
        error.contains("GONG_APP_SECRET") && !error.contains("hush"),
        "{error}"
    );
}
