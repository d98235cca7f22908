//! What lies in the tables and the vault, byte for byte: for what must not be there.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    call::CallMessage,
    connection::{Connection, Token, Window, WindowMessage},
    ids::OrgId,
    moment::Timestamp,
    ports::{
        connections::{ConnectionStore, SyncStore, TokenStore},
        queues::{CallQueue, WindowQueue},
        secrets::SecretStore,
        system::Clock,
    },
};
use ingest::gong::credentials::Credentials;
use local::{keys, vault::FileVault};
use local_runner::app::App;
use serde_json::Value;

use crate::test_app::{TestApp, person};

impl TestApp {
    /// Every item of one of the tables `connections`, `calls` and `feedback`: its key as
    /// `pk / sk`, and all of it as text.
    ///
    /// # Panics
    /// When the table cannot be read.
    pub async fn items(&self, table: &str) -> Vec<(String, String)> {
        let items = self.raw_items(table).await.into_iter();
        let mut items: Vec<_> = items
            .map(|item| {
                let of = |name: &str| item[name].as_s().cloned().expect("a key is text");
                let key = format!("{} / {}", of("pk"), of("sk"));
                (key, text(&AttributeValue::M(item)))
            })
            .collect();
        items.sort();
        items
    }

    /// The same as DynamoDB's API gives them, in no order.
    ///
    /// # Panics
    /// When the table cannot be read.
    pub async fn raw_items(&self, table: &str) -> Vec<HashMap<String, AttributeValue>> {
        let scan = self.database.client().scan();
        let scan = scan.table_name(table_name(table));
        let items = scan.into_paginator().items().send();
        let items: Result<Vec<_>, _> = items.collect().await;
        items.expect("the table can be read")
    }

    /// Writes an item as another version or an operator may have written it.
    ///
    /// # Panics
    /// When the database does not take it.
    pub async fn put_raw(&self, table: &str, item: HashMap<String, AttributeValue>) {
        let put = self.database.client().put_item();
        let put = put.table_name(table_name(table));
        let put = put.set_item(Some(item)).send().await;
        put.expect("the table takes it");
    }

    /// The organizations that hold reservations, one entry each.
    pub async fn reservations(&self) -> Vec<String> {
        let items = self.items("connections").await;
        items
            .into_iter()
            .filter(|(key, _)| key.ends_with(" / CLAIM"))
            .map(|(_, item)| item)
            .collect()
    }

    /// The vault's files.
    ///
    /// # Panics
    /// When the folder cannot be read.
    #[must_use]
    pub fn secret_files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join("vault")).expect("the vault's folder");
        entries
            .map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("a text file"))
            .collect()
    }

    /// Asserts that a refused connect left nothing of this organization: no connection, no token,
    /// no poll, no window, no reservation, no directory and no secret; only the count of requests that
    /// were sent, and states that nobody redeemed.
    ///
    /// # Panics
    /// When something is there.
    pub async fn assert_nothing_connected(&self, org: &OrgId) {
        let own = format!("ORG#{org} / ");
        let items = self.items("connections").await.into_iter();
        let left: Vec<_> = items
            .map(|(key, _)| key)
            .filter(|key| key.starts_with(&own) && *key != format!("{own}BUDGET"))
            .collect();
        assert_eq!(left, Vec::<String>::new());
        let reservations = self.reservations().await;
        let ours = reservations
            .iter()
            .filter(|one| one.contains(&format!("\"{org}\"")));
        assert_eq!(ours.count(), 0, "{reservations:#?}");
        let connected = self.app.store.connection(org).await;
        assert_eq!(connected.expect("the database answers"), None);
        let secrets = self.secret_files();
        let named = secrets
            .iter()
            .filter(|file| file.contains(&format!("/{org}/")));
        assert_eq!(named.count(), 0, "a secret of {org} is in the vault");
    }

    /// The connection of the tests' organization.
    ///
    /// # Panics
    /// When there is none.
    pub async fn connection(&self) -> Connection {
        let connection = self.app.store.connection(&self.org()).await;
        connection
            .expect("the database answers")
            .expect("a connection")
    }

    /// Its TOKEN.
    ///
    /// # Panics
    /// When there is none.
    pub async fn token(&self) -> Token {
        let token = self.app.store.token(&self.org()).await;
        token.expect("the database answers").expect("a token")
    }

    /// Its windows.
    ///
    /// # Panics
    /// When they cannot be read.
    pub async fn windows(&self) -> Vec<Window> {
        let windows = self.app.store.windows(&self.org()).await;
        windows.expect("the database answers")
    }

    /// Its stored credentials, opened with the key of the folder.
    ///
    /// # Panics
    /// When they are not there or cannot be opened.
    pub async fn credentials(&self) -> Credentials {
        let vault = FileVault::open(&self.folder.path().join("vault")).expect("the vault");
        let bytes = vault.current(&self.token().await.secret_name).await;
        let bytes = bytes.expect("the secret is there");
        Credentials::open(&self.credentials_key(), &bytes, &self.org()).expect("our document")
    }

    /// The seal over credentials.
    ///
    /// # Panics
    /// When the key's file cannot be read.
    #[must_use]
    pub fn credentials_key(&self) -> adapters::fernet::FernetSeal {
        keys::load_or_create(&self.folder.path().join("credentials.key")).expect("the key")
    }

    #[must_use]
    pub fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }

    /// How often Gong was asked this, such as `POST /v2/calls/extensive`.
    #[must_use]
    pub fn asked(&self, request: &str) -> u64 {
        self.sandbox.stats().count(request)
    }

    /// All requests that Gong got, tokens too.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.sandbox.stats().requests.values().sum()
    }

    /// Delivers a message of the pipeline's queue once more.
    ///
    /// # Panics
    /// Never: the queue in the process takes everything.
    pub async fn send_call(&self, message: CallMessage) {
        let sent = CallQueue::send(&*self.app.calls, &[message]).await;
        sent.expect("the queue takes it");
    }

    /// Delivers a message of the poller's queue once more.
    ///
    /// # Panics
    /// Never: the queue in the process takes everything.
    pub async fn send_window(&self, message: WindowMessage) {
        let sent = WindowQueue::send(&*self.app.windows, &message).await;
        sent.expect("the queue takes it");
    }
}

fn table_name(table: &str) -> String {
    format!("productbridge-{table}")
}

/// The same text for the same value, whatever the order in which a map was read.
fn text(value: &AttributeValue) -> String {
    match value {
        AttributeValue::M(map) => {
            let fields: BTreeMap<_, _> = map.iter().map(|(k, v)| (k, text(v))).collect();
            format!("{fields:?}")
        }
        AttributeValue::L(list) => format!("{:?}", list.iter().map(text).collect::<Vec<_>>()),
        AttributeValue::Ss(set) => format!("{:?}", set.iter().collect::<BTreeSet<_>>()),
        AttributeValue::S(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

/// The JSON of an API address.
///
/// # Panics
/// When the answer is not JSON.
pub async fn api(browser: &mut crate::Browser, path: &str) -> Value {
    let page = browser.get(path).await;
    serde_json::from_str(&page.body).expect("the API answers with JSON")
}

/// The organization that the tests' one competes with.
#[must_use]
pub fn rival() -> domain::principal::Principal {
    person("rival", "rita", domain::principal::Role::Admin)
}

/// Delivers sync windows alone, until none is left.
pub async fn list_all(app: &App) {
    while app.deliver_windows().await > 0 {}
}
