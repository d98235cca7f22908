//! The pages with everything they stand on, and a browser to look at them.

use std::sync::{Arc, Mutex};

use adapters::{
    dynamodb::{Dynamo, Tables, create_tables},
    fernet::{FernetSeal, generate_key},
};
use dashboard::{ApiAccess, Dashboard, EngineWords, SignIn, handle, router};
use domain::{
    ids::{OrgId, UserId},
    moment::{Span, Timestamp},
    ports::{feedback::VectorIndex, system::Clock},
    principal::{Principal, Role},
    usage::Prices,
};
use feedback::{
    boards::BoardService, curation::Curate, matching::index::PostEmbedder, posts::PostService,
    settings::SettingsService,
};
use futures::FutureExt;
use http::{HeaderMap, Method, StatusCode, header};
use ingest::{
    connect::{BeginConnect, Disconnect},
    pipeline::retry::RetryCall,
    sync::poll::Polls,
};
use lambda_http::{Body, Request};
use local::{database::LocalDatabase, exact_index::ExactIndex};
use runtime::cookies::CookieStyle;

use crate::parts::{Broken, Consent, OnePlace};
use kit::{
    outbox::Outbox,
    secrets::MemorySecrets,
    system::{TestClock, TestIds},
};

pub const ORIGIN: &str = "http://127.0.0.1:8080";
/// 2026-11-20 14:03 UTC.
pub const START: Timestamp = Timestamp(1_795_183_380_000);

pub struct TestApp {
    pub dashboard: Dashboard,
    pub router: axum::Router,
    pub keys: Arc<FernetSeal>,
    pub store: Dynamo,
    pub clock: Arc<TestClock>,
    pub outbox: Arc<Outbox>,
    pub secrets: Arc<MemorySecrets>,
    pub signed_in: Arc<Mutex<Vec<Principal>>>,
}

/// What the browser gets.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.header(header::LOCATION.as_str())
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(
            self.body.contains(text),
            "{text:?} is not in\n{}",
            self.body
        );
        self
    }
    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(!self.body.contains(text), "{text:?} is in\n{}", self.body);
        self
    }
}

pub fn org() -> OrgId {
    OrgId::parse("demo").unwrap()
}

pub fn person(role: Role) -> Principal {
    Principal {
        org_id: org(),
        user_id: UserId::parse("ada").unwrap(),
        role,
    }
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The same with reads of feedback that fail.
    pub async fn broken() -> Self {
        Self::with(|dashboard| {
            dashboard.feedback = Arc::new(Broken);
            dashboard.posts.feedback = Arc::new(Broken);
            dashboard.boards.feedback = Arc::new(Broken);
            dashboard.settings.feedback = Arc::new(Broken);
        })
        .await
    }

    pub async fn with(change: impl FnOnce(&mut Dashboard)) -> Self {
        let database = LocalDatabase::start(None).await.unwrap();
        let client = database.client();
        let tables = Tables::with_prefix("");
        create_tables(&client, &tables).await.unwrap();
        let store = Dynamo::new(client, tables);
        let index = ExactIndex::new(2);
        index.prepare().await.unwrap();
        index.publish().await.unwrap();
        let index = Arc::new(index);

        let dynamo = Arc::new(store.clone());
        let clock = Arc::new(TestClock::at(START));
        let ids = Arc::new(TestIds::default());
        let outbox = Arc::new(Outbox::default());
        let secrets = Arc::new(MemorySecrets::default());
        let signed_in = Arc::new(Mutex::new(Vec::new()));
        let keys = Arc::new(FernetSeal::from_keys(&[generate_key()]).unwrap());
        let hook = signed_in.clone();
        let post_embedder = PostEmbedder::new(
            Arc::new(OnePlace),
            dynamo.clone(),
            Prices::default(),
            clock.clone(),
        );
        let mut dashboard = Dashboard {
            connections: dynamo.clone(),
            sync: dynamo.clone(),
            budget: dynamo.clone(),
            ledger: dynamo.clone(),
            feedback: dynamo.clone(),
            usage: dynamo.clone(),
            begin_connect: BeginConnect {
                connections: dynamo.clone(),
                feedback: dynamo.clone(),
                oauth: Arc::new(Consent),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            disconnect: Disconnect {
                connections: dynamo.clone(),
                tokens: dynamo.clone(),
                secrets: secrets.clone(),
                windows: outbox.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            polls: Polls {
                connections: dynamo.clone(),
                sync: dynamo.clone(),
                windows: outbox.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                every: Span::hours(3),
            },
            retry: RetryCall {
                connections: dynamo.clone(),
                ledger: dynamo.clone(),
                calls: outbox.clone(),
                dedupe: dynamo.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            boards: BoardService {
                feedback: dynamo.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            settings: SettingsService {
                feedback: dynamo.clone(),
            },
            posts: PostService {
                feedback: dynamo.clone(),
                dedupe: dynamo.clone(),
                index: index.clone(),
                post_embedder: post_embedder.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            curate: Curate {
                feedback: dynamo.clone(),
                dedupe: dynamo.clone(),
                index,
                post_embedder,
                ledger: dynamo,
                clock: clock.clone(),
                ids,
            },
            keys: keys.clone(),
            clock: clock.clone(),
            cookies: CookieStyle { secure: false },
            engine: EngineWords {
                llm: "the built-in rules".into(),
                embeddings: "the local model MiniLM".into(),
                gong: "the sandbox on this machine".into(),
            },
            sign_in: SignIn::Local,
            api: ApiAccess::Session,
            on_sign_in: Arc::new(move |principal| {
                hook.lock().unwrap().push(principal);
                async { Ok(()) }.boxed()
            }),
            public_origins: vec![ORIGIN.into(), "http://localhost:8080".into()],
        };
        change(&mut dashboard);
        Self {
            router: router(dashboard.clone()),
            dashboard,
            keys,
            store,
            clock,
            outbox,
            secrets,
            signed_in,
        }
    }

    /// The cookie pair of a person of this role.
    pub fn cookie(&self, role: Role) -> String {
        let line = self
            .dashboard
            .cookies
            .set_session(&*self.keys, &person(role), self.clock.now());
        line.split(';').next().unwrap().to_owned()
    }

    pub async fn get(&self, role: impl Into<Option<Role>>, path: &str) -> Answer {
        self.send(Method::GET, path, &self.headers(role.into(), &[]), "")
            .await
    }

    pub async fn post(
        &self,
        role: impl Into<Option<Role>>,
        path: &str,
        form: &[(&str, &str)],
    ) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let headers = self.headers(role.into(), &[("origin", ORIGIN)]);
        self.send(Method::POST, path, &headers, &form).await
    }

    pub fn headers(&self, role: Option<Role>, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut headers: Vec<_> = more
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        if let Some(role) = role {
            headers.push(("cookie".into(), self.cookie(role)));
        }
        headers
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(String, String)],
        form: &str,
    ) -> Answer {
        let mut request = Request::new(Body::from(form));
        *request.method_mut() = method;
        *request.uri_mut() = format!("{ORIGIN}{path}").parse().unwrap();
        let insert = |name: &str, value: &str| (name.parse().unwrap(), value.parse().unwrap());
        *request.headers_mut() = headers
            .iter()
            .map(|(name, value)| insert(name, value))
            .chain([insert("content-type", "application/x-www-form-urlencoded")])
            .collect::<HeaderMap>();
        self.answer(request).await
    }

    /// What a request is answered with, as it comes from the gateway.
    pub async fn answer(&self, request: Request) -> Answer {
        let (parts, body) = handle(&self.router, request).await.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }
}
