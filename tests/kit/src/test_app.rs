//! The whole system for one test: embedded database, vault, sandbox over HTTP, local model.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use adapters::gong::{GongApp, GongOAuthConfig};
use builtin::BuiltInEngine;
use dashboard::EngineWords;
use domain::{
    connection::History,
    gong::{CALLBACK_PATH, base_url::BaseUrlRule},
    ids::{OrgId, UserId},
    moment::{Span, Timestamp},
    ports::{
        analysis::{Analyst, Embedder},
        feedback::VectorIndex,
        system::{Clock, Ids},
    },
    principal::{Principal, Role},
    secret::Secret,
    usage::Prices,
};
use gong_sandbox::{Company, Options, Sandbox, SandboxCall};
use local::{database::LocalDatabase, exact_index::ExactIndex, keys, vault::FileVault};
use local_runner::{
    app::{App, Parts},
    try_run,
};
use minilm::embedder::LocalEmbedder;
use tokio::sync::OnceCell;

use crate::{
    browser::{Browser, ORIGIN},
    system::{BEGIN, TestClock, TestIds},
};

/// Where the local model's weights are cached.
#[must_use]
pub fn model_cache() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.cache/models")
}

/// The local model, loaded once a process.
///
/// # Panics
/// When its weights cannot be had.
pub async fn local_model() -> Arc<LocalEmbedder> {
    static MODEL: OnceCell<Arc<LocalEmbedder>> = OnceCell::const_new();
    let load = || async {
        let folder = tokio::task::spawn_blocking(|| {
            minilm::ensure_weights(&model_cache(), |step| eprintln!("{step}"))
        });
        let folder = folder.await.expect("the download ends").expect("weights");
        Arc::new(LocalEmbedder::load(folder).await.expect("the model loads"))
    };
    Arc::clone(MODEL.get_or_init(load).await)
}

/// The built-in engine with the local model.
pub async fn built_in() -> BuiltInEngine {
    BuiltInEngine {
        embedder: local_model().await,
    }
}

/// What differs from one test to another.
pub struct TestOptions {
    /// The calls that the sandbox serves.
    pub calls: Vec<SandboxCall>,
    /// The engine; the built-in engine when none.
    pub analyst: Option<Arc<dyn Analyst>>,
    /// The embedding model; the local one when none.
    pub embedder: Option<(Arc<dyn Embedder>, usize)>,
    /// The vector index; the exact search in memory when none.
    pub index: Option<Arc<dyn VectorIndex>>,
    /// What the models cost.
    pub prices: Prices,
    /// Whether a default board is made at sign-in.
    pub default_board: bool,
    /// Whether the right to read workspaces is asked for.
    pub with_workspaces: bool,
    /// A data folder to go on with; a new one, with the database in memory, when none.
    pub data: Option<Data>,
}

/// A data folder as `serve` keeps one, and when and with which ids it goes on.
pub struct Data {
    pub folder: tempfile::TempDir,
    /// The time at which it is opened.
    pub now: Timestamp,
    /// Ids count up from here.
    pub ids_from: u64,
}

impl Default for TestOptions {
    fn default() -> Self {
        Self {
            calls: Vec::new(),
            analyst: None,
            embedder: None,
            index: None,
            prices: Prices::default(),
            default_board: true,
            with_workspaces: false,
            data: None,
        }
    }
}

/// One test's system.
pub struct TestApp {
    pub app: Arc<App>,
    pub sandbox: Sandbox,
    /// The time, of the system and of the sandbox.
    pub clock: Arc<TestClock>,
    /// The vault's folder and the keys.
    pub folder: tempfile::TempDir,
    pub database: LocalDatabase,
    parts: Parts,
}

impl TestApp {
    /// A system whose sandbox serves these calls.
    pub async fn with_calls(calls: Vec<SandboxCall>) -> Self {
        Self::start(TestOptions {
            calls,
            ..TestOptions::default()
        })
        .await
    }

    /// A system.
    ///
    /// # Panics
    /// When a part cannot be started.
    pub async fn start(options: TestOptions) -> Self {
        let kept = options.data.is_some();
        let data = options.data.unwrap_or_else(|| Data {
            folder: tempfile::tempdir().expect("a temporary folder"),
            now: BEGIN,
            ids_from: 0,
        });
        let folder = data.folder;
        let clock = Arc::new(TestClock::at(data.now));
        let ids: Arc<dyn Ids> = Arc::new(TestIds::from(data.ids_from));
        let ticking = Arc::clone(&clock);
        let mut sandbox = Options::new(Arc::new(move || ticking.now().0));
        sandbox.company = Company::default().with_users_from(&options.calls);
        sandbox.calls = options.calls;
        sandbox.state_file = kept.then(|| folder.path().join("sandbox.json"));
        let (client_id, client_secret) = (sandbox.client_id.clone(), sandbox.client_secret.clone());
        let sandbox = Sandbox::start(sandbox).await.expect("the sandbox starts");
        let file = kept.then(|| folder.path().join("productbridge.db"));
        let database = LocalDatabase::start(file.as_deref()).await;
        let database = database.expect("the database starts");
        let (embedder, dimension) = match options.embedder {
            Some(given) => given,
            None => (local_model().await as Arc<dyn Embedder>, minilm::DIMENSION),
        };
        let vault = FileVault::open(&folder.path().join("vault")).expect("a vault");
        let key = |name: &str| keys::load_or_create(&folder.path().join(name)).expect("a key");
        let analyst = match options.analyst {
            Some(given) => given,
            None => Arc::new(built_in().await) as Arc<dyn Analyst>,
        };
        let index = options.index;
        let index = index.unwrap_or_else(|| Arc::new(ExactIndex::new(dimension)));
        let parts = Parts {
            clock: clock.clone(),
            ids,
            database: database.client(),
            secrets: Arc::new(vault),
            keys: Arc::new(key("credentials.key")),
            session_keys: Arc::new(key("sessions.key")),
            index,
            embedder,
            analyst,
            oauth: GongOAuthConfig {
                app: GongApp {
                    oauth_base: sandbox.origin(),
                    client_id,
                    client_secret: Secret::new(client_secret).into(),
                    with_workspaces: options.with_workspaces,
                },
                redirect_uri: format!("{ORIGIN}{}", CALLBACK_PATH),
                timeout: std::time::Duration::from_secs(20),
            },
            base_urls: BaseUrlRule::with_sandbox(&sandbox.origin()).expect("a loopback origin"),
            public_origins: vec![ORIGIN.into()],
            poll_every: Span::hours(3),
            concurrency: 4,
            prices: options.prices,
            words: EngineWords {
                llm: "the engine of this test".into(),
                embeddings: "the model of this test".into(),
                gong: "the sandbox".into(),
                offers: Vec::new(),
            },
            default_board: options.default_board,
        };
        let app = built(parts.clone()).await;
        Self {
            app,
            sandbox,
            clock,
            folder,
            database,
            parts,
        }
    }

    /// Stops everything and gives the data folder back.
    pub async fn closed(self) -> tempfile::TempDir {
        drop(self.app);
        self.sandbox.stop().await;
        self.database.stop().await;
        self.folder
    }

    /// Another process over the same database, vault and Gong: an app with queues, locks and
    /// caches of its own, after `change` to its parts. Its index is filled from the database.
    ///
    /// # Panics
    /// When it cannot be built.
    pub async fn another_process(&self, change: impl FnOnce(&mut Parts)) -> Arc<App> {
        let mut parts = self.parts.clone();
        change(&mut parts);
        self.clock.share();
        built(parts).await
    }

    /// A browser in which this person has signed in.
    pub async fn browser(&self, principal: &Principal) -> Browser {
        let mut browser = Browser::new(Arc::clone(&self.app));
        browser.sign_in(principal).await;
        browser
    }

    /// Signs in as the admin, connects with the given history, and works until nothing moves.
    ///
    /// # Panics
    /// When the connect is refused.
    pub async fn connected(&self, history: History) -> Browser {
        let browser = self.browser(&admin()).await;
        try_run::connect(&self.app, &self.sandbox, &admin(), history)
            .await
            .expect("connected");
        self.app.drain().await;
        browser
    }

    /// Lets time pass and the Scheduler tick, then works until nothing moves.
    ///
    /// # Panics
    /// When the tick fails.
    pub async fn later(&self, by: Span) {
        self.clock.advance(by);
        self.app.tick().await.expect("a tick");
        self.app.drain().await;
    }

    /// What the sandbox's strict eye saw, in words; must be empty.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.sandbox
            .violations()
            .iter()
            .map(ToString::to_string)
            .collect()
    }
}

async fn built(parts: Parts) -> Arc<App> {
    let app = App::build(parts).await.expect("the app is built");
    let indexed = app.reindex.run(false).await;
    indexed.expect("the index is filled from the database");
    Arc::new(app)
}

/// A person of an organization.
///
/// # Panics
/// When an id is not valid.
#[must_use]
pub fn person(org: &str, name: &str, role: Role) -> Principal {
    Principal {
        org_id: OrgId::parse(org).expect("a valid id"),
        user_id: UserId::parse(name).expect("a valid id"),
        role,
    }
}

/// Ada, the admin of the organization `demo`.
#[must_use]
pub fn admin() -> Principal {
    person("demo", "ada", Role::Admin)
}

#[must_use]
pub fn member() -> Principal {
    person("demo", "max", Role::Member)
}

#[must_use]
pub fn viewer() -> Principal {
    person("demo", "vera", Role::Viewer)
}
