//! The whole system of one run: functions in several processes, queues between them, a scheduler.

use std::{sync::Arc, time::Duration};

use adapters::{
    dynamodb::{Dynamo, Tables, create_tables},
    fernet::{FernetSeal, generate_key},
    gong::{GongApp, GongClient, GongOAuthClient, GongOAuthConfig},
};
use domain::{
    call::CallMessage,
    connection::WindowMessage,
    feedback::Board,
    gong::base_url::BaseUrlRule,
    ids::{BoardId, OrgId, UserId},
    moment::Span,
    ports::{
        feedback::{FeedbackStore, VectorIndex},
        gong::GongOAuth,
        secrets::Keyring,
        system::{Clock, Ids},
    },
    principal::{Principal, Role},
    secret::Secret,
    usage::Prices,
    verdict::{Deadline, FUNCTION_TIMEOUT, Verdict},
};
use gong_sandbox::{Options, Sandbox};
use ingest::{
    connect::{BeginConnect, CompleteConnect, Disconnect},
    maintenance::Maintenance,
    pipeline::batch::Pipeline,
    sync::{listing::Lister, poll::Polls},
};
use local::exact_index::ExactIndex;
use runtime::wiring::{Base, Engine, GongSide, Search};

use crate::{
    database::{self, Peek},
    engine::{SimEngine, TOPICS},
    faults::{Chaos, invocation},
    gong::Wire,
    plan::Plan,
    queue::SimQueue,
    secrets::SimSecrets,
    time::{BEGIN, SimClock, SimIds, duration},
};

/// Where the sandbox would listen.
pub const GONG: &str = "http://127.0.0.1:4000";
/// Our callback, as it is registered with the sandbox.
pub const CALLBACK: &str = "http://127.0.0.1:9999/oauth/callback";
/// What the tables' names begin with.
pub const TABLES: &str = "sim-";
/// A run ends this long before the function is stopped.
const RESERVE: Span = Span::seconds(5);

/// What all processes share.
pub struct World {
    pub plan: Plan,
    /// What goes wrong.
    pub chaos: Arc<Chaos>,
    pub clock: SimClock,
    pub sandbox: Arc<Sandbox>,
    pub wire: Arc<Wire>,
    pub store: Arc<Dynamo>,
    /// A look into them.
    pub peek: Peek,
    pub secrets: Arc<SimSecrets>,
    pub index: Arc<ExactIndex>,
    /// Sync windows on their way.
    pub windows: Arc<SimQueue<WindowMessage>>,
    /// Calls on their way.
    pub calls: Arc<SimQueue<CallMessage>>,
    keys: Arc<dyn Keyring>,
    ids: Arc<dyn Ids>,
}

/// The functions as one process has them, with caches and locks of its own.
pub struct Process {
    pub lister: Lister,
    pub maintenance: Maintenance,
    pub pipeline: Pipeline,
    /// The first half of a connect.
    pub begin: BeginConnect,
    pub complete: CompleteConnect,
    pub disconnect: Disconnect,
    pub polls: Polls,
}

/// The admin of this organization.
///
/// # Panics
/// When the name is no id.
#[must_use]
pub fn admin(org: &str) -> Principal {
    Principal {
        org_id: OrgId::parse(org).expect("an id"),
        user_id: UserId::parse("ada").expect("an id"),
        role: Role::Admin,
    }
}

impl World {
    /// Makes the tables, the index and the boards; nothing has gone wrong yet.
    ///
    /// # Panics
    /// When a part cannot be made.
    pub async fn build(plan: Plan) -> Arc<Self> {
        let clock = SimClock::start();
        let chaos = Arc::new(Chaos::new(plan.seed, plan.latency));
        let (client, peek) = database::start(Arc::clone(&chaos));
        let tables = Tables::with_prefix(TABLES);
        create_tables(&client, &tables).await.expect("tables");
        let store = Arc::new(Dynamo::new(client, tables));
        let index = Arc::new(ExactIndex::new(TOPICS));
        index.prepare().await.expect("an index");
        index.publish().await.expect("an index");
        let sandbox = Arc::new(sandbox(&plan, clock));
        let wire = wire(&plan, &sandbox, &chaos, clock, peek.clone());
        let seal = FernetSeal::from_keys(&[generate_key()]).expect("a key");
        let world = Self {
            secrets: Arc::new(SimSecrets::new(Arc::clone(&chaos))),
            windows: Arc::new(SimQueue::new(Arc::clone(&chaos))),
            calls: Arc::new(SimQueue::new(Arc::clone(&chaos))),
            ids: Arc::new(SimIds(Arc::clone(&chaos))),
            keys: Arc::new(seal),
            wire: Arc::new(wire),
            plan,
            chaos,
            clock,
            sandbox,
            store,
            peek,
            index,
        };
        for org in ["one", "two"] {
            let board = board(admin(org).org_id);
            world.store.put_board(&board).await.expect("a board");
        }
        Arc::new(world)
    }

    /// A new process, whose clock may be wrong.
    ///
    /// # Panics
    /// When the sandbox's address is refused.
    #[must_use]
    pub fn process(&self) -> Process {
        let skew = self.plan.skew.0;
        let wrong = i64::try_from(self.chaos.below(u64::try_from(2 * skew + 1).unwrap_or(1)));
        let clock: Arc<dyn Clock> = Arc::new(self.clock.wrong_by(Span(wrong.unwrap_or(0) - skew)));
        let base = Base::of(
            &self.store,
            clock.clone(),
            Arc::clone(&self.ids),
            self.plan.poll_every,
        );
        let http = adapters::http::client(Duration::from_secs(30));
        let oauth = GongOAuthClient::new(http.clone(), app()).expect("a loopback address");
        let oauth: Arc<dyn GongOAuth> = Arc::new(oauth.carried_by(self.wire.clone()));
        let gate = base.gate(GongSide {
            api: Arc::new(GongClient::new(http, clock).carried_by(self.wire.clone())),
            oauth: Arc::clone(&oauth),
            secrets: self.secrets.clone(),
            keys: Arc::clone(&self.keys),
            base_urls: BaseUrlRule::with_sandbox(GONG).expect("a loopback origin"),
        });
        let engine = Arc::new(SimEngine(Arc::clone(&self.chaos)));
        let search = Search {
            index: self.index.clone(),
            embedder: engine.clone(),
            prices: Prices::default(),
        };
        let (windows, calls) = (self.windows.clone(), self.calls.clone());
        Process {
            lister: base.lister(&gate, &search, windows.clone(), calls.clone()),
            maintenance: base.maintenance(&gate, &search, windows.clone(), calls.clone()),
            pipeline: base.pipeline(
                &gate,
                &search,
                Engine {
                    analyst: engine,
                    concurrency: 4,
                },
                calls,
            ),
            begin: base.begin_connect(oauth),
            complete: base.complete_connect(&gate, windows.clone()),
            disconnect: base.disconnect(self.secrets.clone(), windows.clone()),
            polls: base.polls(windows),
        }
    }

    /// When an invocation that begins now has to be finished, by the right clock.
    #[must_use]
    pub fn deadline(&self) -> Deadline {
        Deadline(self.clock.now() + FUNCTION_TIMEOUT - RESERVE)
    }

    /// Delivers messages of both queues and ticks, for ever.
    pub async fn work(self: &Arc<Self>) {
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..2 {
            let world = Arc::clone(self);
            workers.spawn(async move { world.deliver_windows().await });
        }
        for _ in 0..self.plan.processes {
            let world = Arc::clone(self);
            workers.spawn(async move { world.deliver_calls().await });
        }
        let world = Arc::clone(self);
        workers.spawn(async move { world.tick().await });
        while let Some(ended) = workers.join_next().await {
            ended.expect("a worker does not end");
        }
    }

    async fn deliver_windows(&self) {
        let mut process = self.process();
        loop {
            let taken = self.windows.take(1).await;
            for (id, message) in taken {
                let run = process.lister.run(&message, self.deadline());
                match self.invoke(run).await {
                    Some(Verdict::Retry) => {}
                    Some(_) => self.windows.done(&[id]),
                    None => process = self.process(),
                }
            }
        }
    }

    async fn deliver_calls(&self) {
        let mut process = self.process();
        loop {
            let batch = match self.plan.gathered {
                Some(window) => self.calls.gather(100, window).await,
                // What SQS gathers for a batch is not ours to decide.
                None => {
                    let most = [1, 3, 10, 100][usize::try_from(self.chaos.below(4)).unwrap_or(0)];
                    self.calls.take(most).await
                }
            };
            let (ids, messages): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
            let run = process.pipeline.handle(&messages, self.deadline());
            let Some(verdicts) = self.invoke(run).await else {
                process = self.process();
                continue;
            };
            let reconciled = ids.iter().zip(verdicts);
            let done: Vec<_> = reconciled
                .filter(|(_, verdict)| !matches!(verdict, Verdict::Retry))
                .map(|(id, _)| *id)
                .collect();
            self.calls.done(&done);
        }
    }

    /// The Scheduler: every five minutes while things go wrong, with a tick too many or none at
    /// times; every half hour in the calm. A tick that finds nothing due does nothing, so it is
    /// left out.
    async fn tick(self: &Arc<Self>) {
        loop {
            let every = if self.chaos.trouble() { 5 } else { 30 };
            tokio::time::sleep(duration(Span::minutes(every))).await;
            let now = self.clock.now() + self.plan.skew;
            let due = ["connections", "calls", "feedback"]
                .iter()
                .any(|table| self.peek.is_due(&format!("{TABLES}{table}"), now));
            if !due || (self.chaos.trouble() && self.chaos.chance(50.0)) {
                continue;
            }
            let twice = self.chaos.trouble() && self.chaos.chance(150.0);
            for _ in 0..=u8::from(twice) {
                let world = Arc::clone(self);
                tokio::spawn(async move {
                    let process = world.process();
                    world
                        .invoke(process.maintenance.tick(world.deadline()))
                        .await
                });
            }
        }
    }

    /// Runs a function for as long as it may.
    pub async fn invoke<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        invocation(duration(FUNCTION_TIMEOUT), work).await
    }
}

fn sandbox(plan: &Plan, clock: SimClock) -> Sandbox {
    let mut options = Options::new(Arc::new(move || clock.now().0));
    options.port = 4_000;
    options.seed = plan.seed;
    options.access_token_seconds = plan.token_seconds;
    options.cursor_seconds = plan.cursor_seconds;
    options.calls = plan
        .calls
        .iter()
        .map(crate::plan::PlannedCall::build)
        .collect();
    options.company = options.company.with_users_from(&options.calls);
    Sandbox::in_process(options)
}

fn wire(
    plan: &Plan,
    sandbox: &Arc<Sandbox>,
    chaos: &Arc<Chaos>,
    clock: SimClock,
    peek: Peek,
) -> Wire {
    let known_private = move |id: &str, by: domain::moment::Timestamp| {
        let calls = ["one", "two"].map(|org| {
            let pk = format!("ORG#{org}");
            peek.item(&format!("{TABLES}calls"), &pk, &format!("CALL#{id}"))
        });
        let private = |call: &serde_json::Value| {
            let cause = call["skip_cause"]["S"].as_str().unwrap_or_default();
            let at = call["updated"]["N"].as_str().unwrap_or_default();
            let at: i64 = at.parse().unwrap_or(i64::MAX);
            matches!(cause, "private" | "withdrawn") && at <= by.0
        };
        // Who asks is not told; where two organizations know the call, it may be the other one.
        let processed = |call: &serde_json::Value| call["state"]["S"] == "processing";
        calls.iter().any(private) && !calls.iter().any(processed)
    };
    let (sandbox, chaos) = (Arc::clone(sandbox), Arc::clone(chaos));
    Wire::new(sandbox, chaos, clock, plan.moods, Box::new(known_private))
}

fn app() -> GongOAuthConfig {
    let defaults = Options::new(Arc::new(|| 0));
    GongOAuthConfig {
        app: GongApp {
            oauth_base: GONG.to_owned(),
            client_id: defaults.client_id,
            client_secret: Secret::new(defaults.client_secret).into(),
            with_workspaces: false,
        },
        redirect_uri: CALLBACK.to_owned(),
        timeout: Duration::from_secs(20),
    }
}

fn board(org_id: OrgId) -> Board {
    Board {
        org_id,
        id: BoardId::parse("feature-requests").expect("an id"),
        name: "Feature requests".into(),
        description: String::new(),
        is_default: true,
        categories: Vec::new(),
        created: BEGIN,
    }
}
