//! The API key: sent, fetched when it is needed, never shown.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use adapters::keys::{Key, KeyName, KeySource, KeyUnavailable};
use async_trait::async_trait;
use domain::{
    ports::feedback::{IndexError, VectorIndex},
    secret::Secret,
};

use crate::qdrant::server::{PLANE, Qdrant, given, index_at};

/// A key that a test changes, given out as it was read until it is forgotten.
struct Drawer {
    key: Mutex<Result<Option<Secret>, KeyUnavailable>>,
    read: Mutex<Option<Secret>>,
    asked: AtomicUsize,
}

impl Drawer {
    fn holding(key: &str) -> Arc<Self> {
        Arc::new(Self {
            key: Mutex::new(Ok(Some(Secret::new(key)))),
            read: Mutex::default(),
            asked: AtomicUsize::new(0),
        })
    }

    fn now(&self, key: Result<Option<Secret>, KeyUnavailable>) {
        *self.key.lock().unwrap() = key;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl KeySource for Drawer {
    async fn key(&self, name: KeyName) -> Result<Option<Secret>, KeyUnavailable> {
        assert_eq!(name, KeyName::Qdrant);
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut read = self.read.lock().unwrap();
        if read.is_none() {
            *read = self.key.lock().unwrap().clone()?;
        }
        Ok(read.clone())
    }

    async fn forget(&self, _: KeyName) {
        *self.read.lock().unwrap() = None;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_sent_and_a_wrong_one_is_refused_in_words_without_it() {
    let server = Qdrant::wanting("hush-right");
    let right = index_at(server.url(), given("hush-right"), PLANE);
    assert_eq!(right.ready().await, Err(IndexError::Missing));
    right.prepare().await.unwrap();
    right.publish().await.unwrap();
    assert_eq!(right.ready().await, Ok(()));
    for (key, says) in [
        (given("hush-wrong"), "refuses the API key"),
        (None, "refuses the API key"),
        (given("hush\nno header"), "the key"),
    ] {
        let index = index_at(server.url(), key, PLANE);
        let error = index.ready().await.unwrap_err();
        assert!(matches!(error, IndexError::Unavailable(_)), "{error:?}");
        let words = format!("{error} {error:?} {index:?}");
        assert!(words.contains(says) && !words.contains("hush"), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_key_is_read_when_it_is_needed_and_again_when_it_is_refused() {
    let server = Qdrant::wanting("new");
    let drawer = Drawer::holding("old");
    let index = index_at(
        server.url(),
        Some(Key::Stored(KeyName::Qdrant, drawer.clone())),
        PLANE,
    );
    assert_eq!(drawer.asked(), 0);
    let error = index.ready().await.unwrap_err();
    assert!(error.to_string().contains("refuses the API key"), "{error}");
    assert_eq!(drawer.asked(), 2);
    drawer.now(Ok(Some(Secret::new("new"))));
    assert_eq!(index.ready().await, Err(IndexError::Missing));
    index.prepare().await.unwrap();
    assert_eq!(drawer.asked(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_read_makes_the_index_unavailable_until_it_can() {
    let server = Qdrant::start();
    let drawer = Drawer::holding("x");
    drawer.now(Err(KeyUnavailable("the vault is locked".into())));
    let index = index_at(
        server.url(),
        Some(Key::Stored(KeyName::Qdrant, drawer.clone())),
        PLANE,
    );
    let error = index.ready().await.unwrap_err();
    assert!(matches!(error, IndexError::Unavailable(_)), "{error:?}");
    assert!(error.to_string().contains("the vault is locked"), "{error}");
    drawer.now(Ok(None));
    assert_eq!(index.ready().await, Err(IndexError::Missing));
}

#[test]
fn nothing_that_is_printed_holds_a_key() {
    let config = adapters::qdrant::QdrantConfig {
        url: domain::service_url::ServiceUrl::parse("https://q.example:6334").unwrap(),
        api_key: given("hush"),
    };
    let printed = format!("{config:?} {:?}", Drawer::holding("hush").key);
    assert!(!printed.contains("hush"), "{printed}");
}
