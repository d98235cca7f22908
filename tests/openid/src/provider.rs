//! The provider as a test holds it.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    endpoints,
    keys::own_key,
    state::{Client, Endpoint, Shared, State, Wrong},
    tokens::AccessToken,
};

/// A running provider; it ends when this is dropped.
pub struct OpenId {
    pub(crate) shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl OpenId {
    /// Starts one on a free loopback port, for one application, by the machine's clock.
    pub async fn start(client: Client) -> Self {
        Self::at(client, || {
            let since = SystemTime::now().duration_since(UNIX_EPOCH);
            since.map_or(0, |since| since.as_secs().cast_signed())
        })
        .await
    }

    /// The same by a clock of the test's own, in seconds since 1970.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn at(client: Client, now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = TcpListener::bind(any).await.expect("a free port");
        let address = listener.local_addr().expect("a bound port has an address");
        let shared = Arc::new(Shared {
            issuer: format!("http://{address}"),
            client,
            now: Box::new(now),
            state: Mutex::new(State {
                key: own_key("first"),
                person: json!({"sub": "ada", "org_id": "demo", "role": "admin"}),
                declines: None,
                wrong: None,
                broken: BTreeMap::new(),
                auth_methods: vec!["client_secret_basic", "client_secret_post", "none"],
                codes: BTreeMap::new(),
                asked: BTreeMap::new(),
            }),
        });
        let router = endpoints::router(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Self { shared, server }
    }

    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.shared.issuer
    }

    /// Who is signed in from now on: a JSON object of claims with `sub`.
    pub fn signs_in(&self, person: Value) {
        self.shared.state().person = person;
    }

    /// The person declines from now on, or a rule does: this error code goes back.
    pub fn declines(&self, error: &str) {
        self.shared.state().declines = Some(error.into());
    }

    /// ID tokens are wrong in this way from now on.
    pub fn issues(&self, wrong: Wrong) {
        self.shared.state().wrong = Some(wrong);
    }

    /// An endpoint answers with this status and body from now on.
    pub fn breaks(&self, endpoint: Endpoint, status: u16, body: impl Into<String>) {
        let mut state = self.shared.state();
        state.broken.insert(endpoint, (status, body.into()));
    }

    /// An endpoint works again.
    pub fn mends(&self, endpoint: Endpoint) {
        self.shared.state().broken.remove(&endpoint);
    }

    /// The ways in which a client may show its secret, as discovery names them, from now on.
    pub fn takes(&self, auth_methods: &[&'static str]) {
        self.shared.state().auth_methods = auth_methods.to_vec();
    }

    /// A key under a new id replaces the one before.
    pub fn rotates(&self, kid: &str) {
        self.shared.state().key = own_key(kid);
    }

    /// How often an endpoint was asked.
    #[must_use]
    pub fn asked(&self, endpoint: Endpoint) -> usize {
        let state = self.shared.state();
        state.asked.get(&endpoint).copied().unwrap_or_default()
    }

    /// Stops answering for good.
    pub async fn stop(&mut self) {
        self.server.abort();
        let _ = (&mut self.server).await;
    }

    /// An access token that this provider's key signs.
    #[must_use]
    pub fn access_token(&self, token: &AccessToken) -> String {
        let claims = token.whole(self.issuer(), self.shared.now());
        self.shared.state().key.sign(&claims)
    }
}

impl Drop for OpenId {
    fn drop(&mut self) {
        self.server.abort();
    }
}
