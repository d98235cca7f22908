//! The whole system wired together: the function libraries over whatever parts are given.

use std::sync::Arc;

use adapters::{
    dynamodb::{Dynamo, Tables, create_tables},
    gong::{GongClient, GongOAuthClient, GongOAuthConfig},
    http,
};
use anyhow::{Context as _, Result};
use axum::Router;
use dashboard::{ApiAccess, Dashboard, EngineWords, SignIn, SignInHook};
use domain::{
    call::CallMessage,
    connect::{BeginConnect, CompleteConnect, Disconnect},
    connection::WindowMessage,
    feedback::{desk::Desk, reindex::Reindex},
    gong::{base_url::BaseUrlRule, gate::GongGate, tokens::TokenKeeper},
    moment::Span,
    pipeline::{
        analyse::{Analysis, CommitLocks},
        process::Pipeline,
        retry::RetryCall,
    },
    ports::{
        analysis::{Analyst, Embedder},
        feedback::VectorIndex,
        secrets::{Keyring, SecretStore},
        system::{Clock, Ids},
    },
    sync::{care::Care, listing::Lister, poll::Polls},
};
use oauth_callback::CallbackDeps;
use poller::Poller;
use runtime::cookies::CookieStyle;

use crate::{boards, queue::LocalQueue};

/// How long a request to Gong may take.
const GONG_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(30);

/// The parts that differ from one set-up to another.
#[derive(Clone)]
pub struct Parts {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids and randomness.
    pub ids: Arc<dyn Ids>,
    /// The endpoint of DynamoDB's API.
    pub database: String,
    /// Where credentials lie.
    pub secrets: Arc<dyn SecretStore>,
    /// The keys of the seal over credentials.
    pub keys: Arc<dyn Keyring>,
    /// The keys of the seal over session cookies.
    pub session_keys: Arc<dyn Keyring>,
    /// The vector index.
    pub index: Arc<dyn VectorIndex>,
    /// The embedding model.
    pub embedder: Arc<dyn Embedder>,
    /// The engine.
    pub analyst: Arc<dyn Analyst>,
    /// The Gong app.
    pub oauth: GongOAuthConfig,
    /// Which base URLs may be called.
    pub base_urls: BaseUrlRule,
    /// The origins that browsers reach the pages by; the first is the main one.
    pub public_origins: Vec<String>,
    /// The time from one poll to the next.
    pub poll_every: Span,
    /// Calls of a batch analysed at once.
    pub concurrency: usize,
    /// What the pages say they run on.
    pub words: EngineWords,
    /// Whether organizations get a default board when someone signs in.
    pub default_board: bool,
}

/// The functions and use cases, ready to be called.
pub struct House {
    /// The tables.
    pub store: Arc<Dynamo>,
    /// The pages and the API.
    pub pages: Router,
    /// The callback.
    pub callback: CallbackDeps,
    /// The poller function.
    pub poller: Poller,
    /// The pipeline function.
    pub pipeline: Pipeline,
    /// The first half of a connect.
    pub begin: BeginConnect,
    /// Posts by hand, imports.
    pub desk: Desk,
    /// Retry of a call.
    pub retry: RetryCall,
    /// The index.
    pub reindex: Reindex,
    /// Sync windows on their way.
    pub windows: Arc<LocalQueue<WindowMessage>>,
    /// Calls on their way.
    pub calls: Arc<LocalQueue<CallMessage>>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// How cookies are named.
    pub cookies: CookieStyle,
}

impl House {
    /// Makes the tables where they are missing and wires everything.
    ///
    /// # Errors
    /// When the database or the Gong app's address cannot be used.
    pub async fn build(parts: Parts) -> Result<Self> {
        let client = adapters::dynamodb::client(Some(&parts.database))?;
        let tables = Tables::with_prefix("productbridge-");
        create_tables(&client, &tables)
            .await
            .context("the tables could not be made")?;
        let store = Arc::new(Dynamo::new(client, tables));
        let windows = Arc::new(LocalQueue::<WindowMessage>::default());
        let calls = Arc::new(LocalQueue::<CallMessage>::default());
        let http = http::client(GONG_TIMEOUT);
        let oauth = Arc::new(GongOAuthClient::new(http.clone(), parts.oauth.clone())?);
        let wiring = Wiring {
            gate: GongGate {
                api: Arc::new(GongClient::new(http, Arc::clone(&parts.clock))),
                keeper: TokenKeeper {
                    tokens: store.clone(),
                    connections: store.clone(),
                    secrets: Arc::clone(&parts.secrets),
                    keys: Arc::clone(&parts.keys),
                    oauth: oauth.clone(),
                    clock: Arc::clone(&parts.clock),
                    ids: Arc::clone(&parts.ids),
                    base_urls: parts.base_urls.clone(),
                    cache: Arc::default(),
                },
                budget: store.clone(),
                clock: Arc::clone(&parts.clock),
                ids: Arc::clone(&parts.ids),
            },
            polls: Polls {
                connections: store.clone(),
                sync: store.clone(),
                windows: windows.clone(),
                clock: Arc::clone(&parts.clock),
                ids: Arc::clone(&parts.ids),
                every: parts.poll_every,
            },
            desk: Desk {
                feedback: store.clone(),
                dedupe: store.clone(),
                index: Arc::clone(&parts.index),
                embedder: Arc::clone(&parts.embedder),
                clock: Arc::clone(&parts.clock),
                ids: Arc::clone(&parts.ids),
            },
            retry: RetryCall {
                connections: store.clone(),
                ledger: store.clone(),
                calls: calls.clone(),
                clock: Arc::clone(&parts.clock),
            },
            begin: BeginConnect {
                connections: store.clone(),
                feedback: store.clone(),
                oauth,
                clock: Arc::clone(&parts.clock),
                ids: Arc::clone(&parts.ids),
            },
            cookies: CookieStyle {
                secure: parts
                    .public_origins
                    .first()
                    .is_some_and(|o| o.starts_with("https:")),
            },
            store,
            windows,
            calls,
            parts,
        };
        Ok(wiring.finish())
    }
}

/// What several use cases share.
struct Wiring {
    parts: Parts,
    store: Arc<Dynamo>,
    windows: Arc<LocalQueue<WindowMessage>>,
    calls: Arc<LocalQueue<CallMessage>>,
    gate: GongGate,
    polls: Polls,
    desk: Desk,
    retry: RetryCall,
    begin: BeginConnect,
    cookies: CookieStyle,
}

impl Wiring {
    fn finish(self) -> House {
        House {
            pages: dashboard::router(self.dashboard()),
            callback: self.callback(),
            poller: Poller {
                care: self.care(),
                lister: self.lister(),
            },
            pipeline: self.pipeline(),
            reindex: Reindex {
                dedupe: self.store.clone(),
                feedback: self.store.clone(),
                index: Arc::clone(&self.parts.index),
                embedder: Arc::clone(&self.parts.embedder),
            },
            store: self.store,
            begin: self.begin,
            desk: self.desk,
            retry: self.retry,
            windows: self.windows,
            calls: self.calls,
            clock: self.parts.clock,
            cookies: self.cookies,
        }
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.parts.clock)
    }

    fn ids(&self) -> Arc<dyn Ids> {
        Arc::clone(&self.parts.ids)
    }

    fn dashboard(&self) -> Dashboard {
        Dashboard {
            connections: self.store.clone(),
            sync: self.store.clone(),
            budget: self.store.clone(),
            ledger: self.store.clone(),
            feedback: self.store.clone(),
            begin_connect: self.begin.clone(),
            disconnect: Disconnect {
                connections: self.store.clone(),
                tokens: self.store.clone(),
                secrets: Arc::clone(&self.parts.secrets),
                windows: self.windows.clone(),
                clock: self.clock(),
                ids: self.ids(),
            },
            polls: self.polls.clone(),
            retry: self.retry.clone(),
            desk: self.desk.clone(),
            keys: Arc::clone(&self.parts.session_keys),
            clock: self.clock(),
            cookies: self.cookies,
            engine: self.parts.words.clone(),
            sign_in: SignIn::Local,
            api: ApiAccess::Session,
            on_sign_in: self.sign_in_hook(),
            public_origins: self.parts.public_origins.clone(),
        }
    }

    fn sign_in_hook(&self) -> SignInHook {
        let (store, clock) = (self.store.clone(), self.clock());
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

    fn callback(&self) -> CallbackDeps {
        CallbackDeps {
            connect: CompleteConnect {
                connections: self.store.clone(),
                sync: self.store.clone(),
                secrets: Arc::clone(&self.parts.secrets),
                keys: Arc::clone(&self.parts.keys),
                oauth: self.begin.oauth.clone(),
                gate: self.gate.clone(),
                windows: self.windows.clone(),
                clock: self.clock(),
                ids: self.ids(),
                base_urls: self.parts.base_urls.clone(),
                poll_every: self.parts.poll_every,
            },
            cookies: self.cookies,
            clock: self.clock(),
        }
    }

    fn care(&self) -> Care {
        Care {
            due: self.store.clone(),
            connections: self.store.clone(),
            sync: self.store.clone(),
            polls: self.polls.clone(),
            keeper: self.gate.keeper.clone(),
            secrets: Arc::clone(&self.parts.secrets),
            ledger: self.store.clone(),
            dedupe: self.store.clone(),
            index: Arc::clone(&self.parts.index),
            embedder: self.parts.embedder.name(),
            calls: self.calls.clone(),
            windows: self.windows.clone(),
            clock: self.clock(),
        }
    }

    fn lister(&self) -> Lister {
        Lister {
            gate: self.gate.clone(),
            connections: self.store.clone(),
            sync: self.store.clone(),
            ledger: self.store.clone(),
            calls: self.calls.clone(),
            windows: self.windows.clone(),
            clock: self.clock(),
            ids: self.ids(),
        }
    }

    fn pipeline(&self) -> Pipeline {
        Pipeline {
            gate: self.gate.clone(),
            connections: self.store.clone(),
            ledger: self.store.clone(),
            analysis: Analysis {
                feedback: self.store.clone(),
                dedupe: self.store.clone(),
                index: Arc::clone(&self.parts.index),
                embedder: Arc::clone(&self.parts.embedder),
                analyst: Arc::clone(&self.parts.analyst),
                ledger: self.store.clone(),
                clock: self.clock(),
                ids: self.ids(),
                locks: Arc::new(CommitLocks::default()),
            },
            calls: self.calls.clone(),
            clock: self.clock(),
            ids: self.ids(),
            concurrency: self.parts.concurrency,
        }
    }
}
