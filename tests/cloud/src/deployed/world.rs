//! Everything around the stack: Gong, the models, Qdrant and the sign-in provider, all on loopback.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use adapters::{
    dynamodb::{Dynamo, Tables},
    system::SystemClock,
};
use domain::{
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::{connections::SyncStore, system::Clock},
};
use gong_sandbox::{Company, Options, Sandbox, SandboxCall};
use openid_sandbox::{AccessToken, Client, OpenId};
use serde_json::{Value, json};
use test_tools::Server;

use super::{
    local_cloud::LocalCloud,
    providers::{LLM_KEY, Providers, VOYAGE_KEY},
    tools,
    web::{PUBLIC_ORIGIN, Web},
};

const AUDIENCE: &str = "productbridge";
pub const QDRANT_KEY: &str = "qdrant-key-of-the-local-cloud";
/// The scope that API tokens need.
pub const SCOPE: &str = "productbridge/api";
pub const ORG: &str = "acme";
/// How long something may take to come about before a test gives up.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is looked.
const LOOK: Duration = Duration::from_millis(250);

/// The stack and its surroundings.
pub struct World {
    /// The local AWS with the stack in it.
    pub cloud: LocalCloud,
    pub gong: Sandbox,
    /// The language model and Voyage.
    pub providers: Providers,
    pub openid: OpenId,
    calls: Mutex<Vec<SandboxCall>>,
    _qdrant: Server,
    _points: tempfile::TempDir,
}

impl World {
    /// Starts everything and deploys the stack as the platform team does: `./deploy`, the two
    /// secrets, `./deploy` again. `operator` is the operator's command as it was built.
    ///
    /// # Panics
    /// When a part cannot be started or a command fails.
    pub async fn start(operator: &Path) -> Self {
        let gong = gong().await;
        let providers = Providers::start().await;
        let openid = OpenId::start(Client {
            id: "productbridge-pages".into(),
            secret: Some("sign-in-secret-of-the-local-cloud".into()),
            redirect_uri: format!("{PUBLIC_ORIGIN}/sign-in/callback"),
        })
        .await;
        let points = tempfile::tempdir().expect("a temporary folder");
        let qdrant = Server::qdrant(points.path(), Some(QDRANT_KEY));
        let mut cloud = LocalCloud::start("deployed").with_operator(operator);
        let parameters = [
            ("PublicUrl", PUBLIC_ORIGIN.to_owned()),
            ("TickRate", "rate(1 minute)".into()),
            ("CallsBatchWindow", "1".into()),
            ("JwtIssuer", openid.issuer().to_owned()),
            ("JwtAudience", AUDIENCE.into()),
            ("JwtScope", SCOPE.into()),
            ("SignInIssuer", openid.issuer().to_owned()),
            ("SignInClientId", "productbridge-pages".into()),
            ("GongClientId", "gong-sandbox-client".into()),
            ("GongOauthUrl", gong.origin()),
            ("GongSandboxOrigin", gong.origin()),
            ("LlmModel", "scripted-model".into()),
            ("LlmBaseUrl", providers.origin.clone()),
            ("VoyageBaseUrl", providers.origin.clone()),
            ("QdrantUrl", qdrant.origin()),
        ];
        tools::build_binaries();
        let (done, printed) = cloud.deploy(&parameters);
        assert!(!done, "Qdrant's key is not there yet: {printed}");
        for words in [
            "credentials key: made",
            "/oauth/gong/callback",
            "put the provider keys in",
        ] {
            assert!(printed.contains(words), "{words}: {printed}");
        }
        cloud.put_secret("gong-app", &json!({"client_secret": "gong-sandbox-secret"}));
        cloud.put_secret(
            "provider-keys",
            &json!({
                "llm_api_key": LLM_KEY, "voyage_api_key": VOYAGE_KEY, "qdrant_api_key": QDRANT_KEY,
                "sign_in_client_secret": "sign-in-secret-of-the-local-cloud",
            }),
        );
        let (done, printed) = cloud.deploy(&parameters);
        assert!(done, "{printed}");
        assert!(printed.contains("vector index: made"), "{printed}");
        let world = Self {
            cloud,
            gong,
            providers,
            openid,
            calls: Mutex::default(),
            _qdrant: qdrant,
            _points: points,
        };
        world.mend_deliveries().await;
        world
    }

    /// More calls at Gong.
    pub fn add_calls(&self, more: impl IntoIterator<Item = SandboxCall>) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.extend(more);
        self.gong.set_calls(calls.clone());
    }

    /// No call at Gong any more.
    pub fn no_calls(&self) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.clear();
        self.gong.set_calls(Vec::new());
    }

    /// A browser without cookies.
    #[must_use]
    pub fn web(&self) -> Web {
        let api = self.cloud.output("ApiUrl");
        let api = api.trim_start_matches("https://").split('.').next();
        Web::new(&self.cloud.endpoint(), api.unwrap_or_default())
    }

    /// A bearer token for the API of a member of this organization.
    #[must_use]
    pub fn token(&self, org: &str) -> String {
        let claims = json!({"org_id": org, "role": "member"});
        let token = AccessToken::new("max", AUDIENCE, &[SCOPE], &claims);
        self.openid.access_token(&token)
    }

    /// The posts of the organization, read through the API.
    pub async fn posts(&self) -> Vec<Value> {
        self.items("/api/posts?limit=100").await
    }

    /// A call of the ledger, read through the API.
    pub async fn call(&self, id: &str) -> Option<Value> {
        let calls = self.items("/api/calls?limit=100").await;
        calls.into_iter().find(|call| call["id"] == id)
    }

    async fn items(&self, path: &str) -> Vec<Value> {
        let answer = self.web().api(path, &self.token(ORG)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let json = answer.json();
        json["items"].as_array().cloned().unwrap_or_default()
    }

    /// Waits until a call has this state in the ledger.
    ///
    /// # Panics
    /// When it does not come to that.
    pub async fn until_call_is(&self, id: &str, state: &str) -> Value {
        let mut last = None;
        let became = until(async || {
            last = self.call(id).await;
            last.as_ref().is_some_and(|call| call["state"] == state)
        });
        assert!(became.await, "call {id} did not become {state}: {last:?}");
        last.expect("it is there")
    }

    /// Three hours pass: the organization's poll is due.
    ///
    /// # Panics
    /// When it is not connected.
    pub async fn poll_is_due(&self) {
        let store = self.store();
        let poll = store.poll(&self.org()).await.expect("the store answers");
        let poll = poll.expect("the organization is connected");
        let due = now() - Span::minutes(1);
        store.move_poll_due(&poll, due).await.expect("it is moved");
    }

    /// More calls at Gong, and a poll of them.
    ///
    /// # Panics
    /// When the organization is not connected.
    pub async fn polls(&self, more: impl IntoIterator<Item = SandboxCall>) {
        self.add_calls(more);
        self.poll_is_due().await;
        self.tick().await;
    }

    /// The same while nothing is delivered to the pipeline; then they are queued.
    ///
    /// # Panics
    /// When it does not come to that.
    pub async fn queue(&self, more: impl IntoIterator<Item = SandboxCall>) {
        let more: Vec<_> = more.into_iter().collect();
        let id = |call: &SandboxCall| call.call["metaData"]["id"].as_str().map(str::to_owned);
        let ids: Vec<_> = more.iter().filter_map(id).collect();
        self.polls(more).await;
        for id in ids {
            self.until_call_is(&id, "queued").await;
        }
    }

    /// The tables, through our own adapter.
    #[must_use]
    pub fn store(&self) -> Arc<Dynamo> {
        let tables = Tables {
            connections: self.cloud.output("ConnectionsTable").to_owned(),
            calls: self.cloud.output("CallsTable").to_owned(),
            feedback: self.cloud.output("FeedbackTable").to_owned(),
        };
        Arc::new(Dynamo::new(self.cloud.aws().dynamodb(), tables))
    }

    /// The organization.
    ///
    /// # Panics
    /// Never: its id is valid.
    #[must_use]
    pub fn org(&self) -> OrgId {
        OrgId::parse(ORG).expect("a valid id")
    }
}

/// Waits until something holds; whether it came to that.
pub async fn until(mut holds: impl AsyncFnMut() -> bool) -> bool {
    let end = tokio::time::Instant::now() + PATIENCE;
    while tokio::time::Instant::now() < end {
        if holds().await {
            return true;
        }
        tokio::time::sleep(LOOK).await;
    }
    false
}

/// The time, as the stack has it.
#[must_use]
pub fn now() -> Timestamp {
    SystemClock.now()
}

/// A call of this account in which the customer says this, an hour ago.
#[must_use]
pub fn call(id: &str, account: &str, says: &str) -> SandboxCall {
    kit::calls::call(id)
        .started(now() - Span::hours(1))
        .from(account, "Cleo Customer")
        .internal("Good to see you. How is the team?")
        .customer(says)
        .build()
}

async fn gong() -> Sandbox {
    let mut options = Options::new(Arc::new(|| now().0));
    options.company = Company::default();
    options.redirect_uris = Some(vec![format!("{PUBLIC_ORIGIN}/oauth/gong/callback")]);
    Sandbox::start(options).await.expect("the sandbox starts")
}
