//! The whole system wired together: the function libraries over whatever parts are given.

use std::sync::Arc;

use adapters::{
    dynamodb::{self, Dynamo, Tables, create_tables},
    gong::{GongClient, GongOAuthClient, GongOAuthConfig, READ_TIMEOUT},
    http,
};
use anyhow::{Context as _, Result};
use axum::Router;
use dashboard::{ApiAccess, Dashboard, EngineWords, SignIn, SignInHook};
use domain::{
    call::CallMessage,
    connection::WindowMessage,
    gong::base_url::BaseUrlRule,
    moment::Span,
    ports::{
        analysis::{Analyst, Embedder},
        feedback::VectorIndex,
        gong::GongOAuth,
        secrets::{Keyring, SecretStore},
        system::{Clock, Ids},
    },
    usage::Prices,
};
use feedback::{curation::Curate, posts::PostService, reindex::Reindex};
use ingest::{
    connect::BeginConnect,
    gong::gate::GongGate,
    pipeline::{batch::Pipeline, retry::RetryCall},
};
use oauth_callback::CallbackDeps;
use poller::Poller;
use runtime::{
    cookies::CookieStyle,
    wiring::{Base, Engine, GongSide, Search},
};

use crate::{boards, queue::LocalQueue};

/// The parts that differ from one set-up to another.
#[derive(Clone)]
pub struct Parts {
    pub clock: Arc<dyn Clock>,
    /// Ids and randomness.
    pub ids: Arc<dyn Ids>,
    pub database: dynamodb::Client,
    /// Where credentials lie.
    pub secrets: Arc<dyn SecretStore>,
    /// The keys of the seal over credentials.
    pub keys: Arc<dyn Keyring>,
    /// The keys of the seal over session cookies.
    pub session_keys: Arc<dyn Keyring>,
    pub index: Arc<dyn VectorIndex>,
    pub embedder: Arc<dyn Embedder>,
    pub analyst: Arc<dyn Analyst>,
    pub oauth: GongOAuthConfig,
    /// Which base URLs may be called.
    pub base_urls: BaseUrlRule,
    /// The origins that browsers reach the pages by; the first is the main one.
    pub public_origins: Vec<String>,
    /// The time from one poll to the next.
    pub poll_every: Span,
    /// Calls analysed at once.
    pub concurrency: usize,
    /// What the models cost.
    pub prices: Prices,
    /// What the pages say they run on.
    pub words: EngineWords,
    /// Whether organizations get a default board when someone signs in.
    pub default_board: bool,
}

/// The functions and use cases, ready to be called.
pub struct App {
    pub store: Arc<Dynamo>,
    /// The pages and the API.
    pub pages: Router,
    pub callback: CallbackDeps,
    pub poller: Poller,
    pub pipeline: Pipeline,
    /// The first half of a connect.
    pub begin: BeginConnect,
    /// Posts by hand, imports.
    pub posts: PostService,
    /// What people decide about posts.
    pub curate: Curate,
    pub retry: RetryCall,
    pub reindex: Reindex,
    /// Sync windows on their way.
    pub windows: Arc<LocalQueue<WindowMessage>>,
    /// Calls on their way.
    pub calls: Arc<LocalQueue<CallMessage>>,
    pub clock: Arc<dyn Clock>,
    /// How cookies are named.
    pub cookies: CookieStyle,
}

impl App {
    /// Makes the tables where they are missing and wires everything.
    ///
    /// # Errors
    /// When the database or the Gong app's address cannot be used.
    pub async fn build(parts: Parts) -> Result<Self> {
        let tables = Tables::with_prefix("productbridge-");
        create_tables(&parts.database, &tables)
            .await
            .context("the tables could not be made")?;
        let store = Arc::new(Dynamo::new(parts.database.clone(), tables));
        let http = http::client(READ_TIMEOUT);
        let oauth: Arc<dyn GongOAuth> =
            Arc::new(GongOAuthClient::new(http.clone(), parts.oauth.clone())?);
        let (clock, ids) = (Arc::clone(&parts.clock), Arc::clone(&parts.ids));
        let base = Base::of(&store, clock, ids, parts.poll_every);
        let gate = base.gate(GongSide {
            api: Arc::new(GongClient::new(http, Arc::clone(&parts.clock))),
            oauth: Arc::clone(&oauth),
            secrets: Arc::clone(&parts.secrets),
            keys: Arc::clone(&parts.keys),
            base_urls: parts.base_urls.clone(),
        });
        let wiring = Wiring {
            search: Search {
                index: Arc::clone(&parts.index),
                embedder: Arc::clone(&parts.embedder),
                prices: parts.prices.clone(),
            },
            cookies: CookieStyle {
                secure: parts
                    .public_origins
                    .first()
                    .is_some_and(|o| o.starts_with("https:")),
            },
            windows: Arc::default(),
            calls: Arc::default(),
            parts,
            store,
            base,
            gate,
            oauth,
        };
        Ok(wiring.finish())
    }
}

/// What several use cases share.
struct Wiring {
    parts: Parts,
    store: Arc<Dynamo>,
    base: Base,
    gate: GongGate,
    search: Search,
    oauth: Arc<dyn GongOAuth>,
    windows: Arc<LocalQueue<WindowMessage>>,
    calls: Arc<LocalQueue<CallMessage>>,
    cookies: CookieStyle,
}

impl Wiring {
    fn finish(self) -> App {
        let (base, gate, search) = (&self.base, &self.gate, &self.search);
        App {
            pages: dashboard::router(self.dashboard()),
            callback: CallbackDeps {
                connect: base.complete_connect(gate, self.windows.clone()),
                cookies: self.cookies,
                clock: Arc::clone(&base.clock),
            },
            poller: Poller {
                maintenance: base.maintenance(
                    gate,
                    search,
                    self.windows.clone(),
                    self.calls.clone(),
                ),
                lister: base.lister(gate, search, self.windows.clone(), self.calls.clone()),
            },
            pipeline: base.pipeline(
                gate,
                search,
                Engine {
                    analyst: Arc::clone(&self.parts.analyst),
                    concurrency: self.parts.concurrency,
                },
                self.calls.clone(),
            ),
            begin: base.begin_connect(Arc::clone(&self.oauth)),
            posts: base.posts(search),
            curate: base.curate(search),
            retry: base.retry(self.calls.clone()),
            reindex: base.reindex(search),
            store: self.store,
            windows: self.windows,
            calls: self.calls,
            clock: self.parts.clock,
            cookies: self.cookies,
        }
    }

    fn dashboard(&self) -> Dashboard {
        let base = &self.base;
        Dashboard {
            connections: self.store.clone(),
            sync: self.store.clone(),
            budget: self.store.clone(),
            ledger: self.store.clone(),
            feedback: self.store.clone(),
            usage: self.store.clone(),
            begin_connect: base.begin_connect(Arc::clone(&self.oauth)),
            disconnect: base.disconnect(Arc::clone(&self.parts.secrets), self.windows.clone()),
            polls: base.polls(self.windows.clone()),
            retry: base.retry(self.calls.clone()),
            posts: base.posts(&self.search),
            boards: base.boards(),
            settings: base.settings(),
            product: base.product(),
            curate: base.curate(&self.search),
            keys: Arc::clone(&self.parts.session_keys),
            clock: Arc::clone(&base.clock),
            cookies: self.cookies,
            engine: self.parts.words.clone(),
            judges: self.parts.analyst.judges(),
            sign_in: SignIn::Local,
            api: ApiAccess::Session,
            on_sign_in: self.sign_in_hook(),
            public_origins: self.parts.public_origins.clone(),
        }
    }

    fn sign_in_hook(&self) -> SignInHook {
        let (store, clock) = (self.store.clone(), Arc::clone(&self.base.clock));
        let wanted = self.parts.default_board;
        Arc::new(move |principal| {
            let (store, now) = (store.clone(), clock.now());
            Box::pin(async move {
                if wanted {
                    boards::ensure_default(&*store, &principal.org_id, now).await?;
                }
                Ok(())
            })
        })
    }
}
