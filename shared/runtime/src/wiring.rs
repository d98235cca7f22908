//! The use cases put together from their ports: one home for the functions' entry points and for
//! the one-machine process. Each method asks for no more than its use case needs.

use std::sync::Arc;

use domain::{
    gong::base_url::BaseUrlRule,
    moment::Span,
    ports::{
        analysis::{Analyst, Embedder},
        connections::{BudgetStore, ConnectionDue, ConnectionStore, SyncStore, TokenStore},
        feedback::{DedupeStore, FeedbackStore, UsageStore, VectorIndex},
        gong::{GongApi, GongOAuth},
        ledger::Ledger,
        queues::{CallQueue, WindowQueue},
        secrets::{Keyring, SecretStore},
        system::{Clock, Ids},
    },
    usage::Prices,
};
use feedback::{
    boards::BoardService,
    curation::{Curate, withdraw::Withdraw},
    matching::index::PostEmbedder,
    posts::PostService,
    product::ProductService,
    reindex::Reindex,
    settings::SettingsService,
};
use ingest::{
    connect::{BeginConnect, CompleteConnect, Disconnect},
    gong::{gate::GongGate, source::GongSource, tokens::TokenKeeper, turn::Turns},
    maintenance::Maintenance,
    pipeline::{
        analysis::{Analysis, CommitLocks},
        batch::Pipeline,
        permits::Permits,
        retry::RetryCall,
    },
    sync::{listing::Lister, poll::Polls},
};

/// The three tables, time and ids: what every use case stands on.
#[derive(Clone)]
pub struct Base {
    /// Connections, claims and states.
    pub connections: Arc<dyn ConnectionStore>,
    pub tokens: Arc<dyn TokenStore>,
    pub budget: Arc<dyn BudgetStore>,
    /// Polls and windows.
    pub sync: Arc<dyn SyncStore>,
    /// What of the connections has become due.
    pub due: Arc<dyn ConnectionDue>,
    pub ledger: Arc<dyn Ledger>,
    /// Posts, boards, tags, settings.
    pub feedback: Arc<dyn FeedbackStore>,
    /// Epochs, vectors, commits.
    pub dedupe: Arc<dyn DedupeStore>,
    /// What the analysis used, by month.
    pub usage: Arc<dyn UsageStore>,
    pub clock: Arc<dyn Clock>,
    /// Ids and randomness.
    pub ids: Arc<dyn Ids>,
    /// The time from one poll to the next.
    pub poll_every: Span,
}

/// Gong and the credentials for it.
#[derive(Clone)]
pub struct GongSide {
    pub api: Arc<dyn GongApi>,
    pub oauth: Arc<dyn GongOAuth>,
    /// Where credentials lie.
    pub secrets: Arc<dyn SecretStore>,
    /// The keys of the seal over them.
    pub keys: Arc<dyn Keyring>,
    /// Which base URLs may be called.
    pub base_urls: BaseUrlRule,
}

/// The search by similarity.
#[derive(Clone)]
pub struct Search {
    pub index: Arc<dyn VectorIndex>,
    pub embedder: Arc<dyn Embedder>,
    /// What the models cost.
    pub prices: Prices,
}

/// What reads conversations.
#[derive(Clone)]
pub struct Engine {
    pub analyst: Arc<dyn Analyst>,
    /// How many calls it reads at once.
    pub concurrency: usize,
}

impl Base {
    /// The tables behind one store.
    pub fn of<S>(store: &Arc<S>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>, poll_every: Span) -> Self
    where
        S: ConnectionStore
            + TokenStore
            + BudgetStore
            + SyncStore
            + ConnectionDue
            + Ledger
            + FeedbackStore
            + DedupeStore
            + UsageStore
            + 'static,
    {
        Self {
            connections: store.clone(),
            tokens: store.clone(),
            budget: store.clone(),
            sync: store.clone(),
            due: store.clone(),
            ledger: store.clone(),
            feedback: store.clone(),
            dedupe: store.clone(),
            usage: store.clone(),
            clock,
            ids,
            poll_every,
        }
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    fn ids(&self) -> Arc<dyn Ids> {
        Arc::clone(&self.ids)
    }

    /// Access to Gong: one refresh, one budget.
    #[must_use]
    pub fn gate(&self, gong: GongSide) -> GongGate {
        GongGate {
            api: gong.api,
            keeper: TokenKeeper {
                tokens: Arc::clone(&self.tokens),
                connections: Arc::clone(&self.connections),
                secrets: gong.secrets,
                keys: gong.keys,
                oauth: gong.oauth,
                clock: self.clock(),
                ids: self.ids(),
                base_urls: gong.base_urls,
                cache: Arc::default(),
            },
            turns: Turns {
                budget: Arc::clone(&self.budget),
                ledger: Arc::clone(&self.ledger),
                clock: self.clock(),
                ids: self.ids(),
                pace: Arc::default(),
            },
        }
    }

    /// The first half of a connect.
    #[must_use]
    pub fn begin_connect(&self, oauth: Arc<dyn GongOAuth>) -> BeginConnect {
        BeginConnect {
            connections: Arc::clone(&self.connections),
            feedback: Arc::clone(&self.feedback),
            oauth,
            clock: self.clock(),
            ids: self.ids(),
        }
    }

    #[must_use]
    pub fn complete_connect(
        &self,
        gate: &GongGate,
        windows: Arc<dyn WindowQueue>,
    ) -> CompleteConnect {
        let keeper = &gate.keeper;
        CompleteConnect {
            connections: Arc::clone(&self.connections),
            sync: Arc::clone(&self.sync),
            secrets: Arc::clone(&keeper.secrets),
            keys: Arc::clone(&keeper.keys),
            oauth: Arc::clone(&keeper.oauth),
            gate: gate.clone(),
            windows,
            clock: self.clock(),
            ids: self.ids(),
            base_urls: keeper.base_urls.clone(),
            poll_every: self.poll_every,
        }
    }

    #[must_use]
    pub fn disconnect(
        &self,
        secrets: Arc<dyn SecretStore>,
        windows: Arc<dyn WindowQueue>,
    ) -> Disconnect {
        Disconnect {
            connections: Arc::clone(&self.connections),
            tokens: Arc::clone(&self.tokens),
            secrets,
            windows,
            clock: self.clock(),
            ids: self.ids(),
        }
    }

    /// Polls, when due and at once.
    #[must_use]
    pub fn polls(&self, windows: Arc<dyn WindowQueue>) -> Polls {
        Polls {
            connections: Arc::clone(&self.connections),
            sync: Arc::clone(&self.sync),
            windows,
            clock: self.clock(),
            ids: self.ids(),
            every: self.poll_every,
        }
    }

    #[must_use]
    pub fn lister(
        &self,
        gate: &GongGate,
        search: &Search,
        windows: Arc<dyn WindowQueue>,
        calls: Arc<dyn CallQueue>,
    ) -> Lister {
        Lister {
            gate: gate.clone(),
            connections: Arc::clone(&self.connections),
            sync: Arc::clone(&self.sync),
            ledger: Arc::clone(&self.ledger),
            withdraw: Withdraw {
                feedback: Arc::clone(&self.feedback),
                dedupe: Arc::clone(&self.dedupe),
                index: Arc::clone(&search.index),
                ledger: Arc::clone(&self.ledger),
            },
            calls,
            windows,
            clock: self.clock(),
            ids: self.ids(),
        }
    }

    #[must_use]
    pub fn maintenance(
        &self,
        gate: &GongGate,
        search: &Search,
        windows: Arc<dyn WindowQueue>,
        calls: Arc<dyn CallQueue>,
    ) -> Maintenance {
        Maintenance {
            due: Arc::clone(&self.due),
            connections: Arc::clone(&self.connections),
            sync: Arc::clone(&self.sync),
            polls: self.polls(Arc::clone(&windows)),
            keeper: gate.keeper.clone(),
            secrets: Arc::clone(&gate.keeper.secrets),
            ledger: Arc::clone(&self.ledger),
            dedupe: Arc::clone(&self.dedupe),
            index: Arc::clone(&search.index),
            embedder: search.embedder.name(),
            calls,
            windows,
            clock: self.clock(),
        }
    }

    fn post_embedder(&self, search: &Search) -> PostEmbedder {
        PostEmbedder::new(
            Arc::clone(&search.embedder),
            Arc::clone(&self.usage),
            search.prices.clone(),
            self.clock(),
        )
    }

    /// Boards and tags.
    #[must_use]
    pub fn boards(&self) -> BoardService {
        BoardService {
            feedback: Arc::clone(&self.feedback),
            clock: self.clock(),
            ids: self.ids(),
        }
    }

    #[must_use]
    pub fn settings(&self) -> SettingsService {
        SettingsService {
            feedback: Arc::clone(&self.feedback),
        }
    }

    #[must_use]
    pub fn product(&self) -> ProductService {
        ProductService {
            feedback: Arc::clone(&self.feedback),
            clock: self.clock(),
            ids: self.ids(),
        }
    }

    /// Posts by hand.
    #[must_use]
    pub fn posts(&self, search: &Search) -> PostService {
        PostService {
            feedback: Arc::clone(&self.feedback),
            dedupe: Arc::clone(&self.dedupe),
            index: Arc::clone(&search.index),
            post_embedder: self.post_embedder(search),
            clock: self.clock(),
            ids: self.ids(),
        }
    }

    /// What people decide about posts.
    #[must_use]
    pub fn curate(&self, search: &Search) -> Curate {
        Curate {
            feedback: Arc::clone(&self.feedback),
            dedupe: Arc::clone(&self.dedupe),
            index: Arc::clone(&search.index),
            post_embedder: self.post_embedder(search),
            ledger: Arc::clone(&self.ledger),
            clock: self.clock(),
            ids: self.ids(),
        }
    }

    /// A failed call once more.
    #[must_use]
    pub fn retry(&self, calls: Arc<dyn CallQueue>) -> RetryCall {
        RetryCall {
            connections: Arc::clone(&self.connections),
            ledger: Arc::clone(&self.ledger),
            calls,
            dedupe: Arc::clone(&self.dedupe),
            clock: self.clock(),
            ids: self.ids(),
        }
    }

    /// The index from the database.
    #[must_use]
    pub fn reindex(&self, search: &Search) -> Reindex {
        Reindex {
            dedupe: Arc::clone(&self.dedupe),
            feedback: Arc::clone(&self.feedback),
            index: Arc::clone(&search.index),
            post_embedder: self.post_embedder(search),
        }
    }

    /// From a call to its outcomes.
    #[must_use]
    pub fn pipeline(
        &self,
        gate: &GongGate,
        search: &Search,
        engine: Engine,
        calls: Arc<dyn CallQueue>,
    ) -> Pipeline {
        Pipeline {
            sources: vec![Arc::new(GongSource {
                gate: gate.clone(),
                connections: Arc::clone(&self.connections),
            })],
            ledger: Arc::clone(&self.ledger),
            analysis: Analysis {
                feedback: Arc::clone(&self.feedback),
                dedupe: Arc::clone(&self.dedupe),
                index: Arc::clone(&search.index),
                embedder: Arc::clone(&search.embedder),
                analyst: engine.analyst,
                prices: search.prices.clone(),
                ledger: Arc::clone(&self.ledger),
                clock: self.clock(),
                ids: self.ids(),
                locks: Arc::new(CommitLocks::default()),
                judging: Arc::default(),
            },
            usage: Arc::clone(&self.usage),
            calls,
            clock: self.clock(),
            ids: self.ids(),
            permits: Arc::new(Permits::new(engine.concurrency)),
        }
    }
}
