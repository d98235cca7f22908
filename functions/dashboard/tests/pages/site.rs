//! The pages with everything they stand on, and a browser to look at them.

use std::sync::{Arc, Mutex};

use adapters::{dynamodb::Dynamo, fernet::FernetSeal};
use dashboard::{ApiAccess, Dashboard, EngineWords, SignIn, handle, router};
use domain::{
    ids::{OrgId, UserId},
    moment::Timestamp,
    ports::system::Clock,
    principal::{Principal, Role},
};
use futures::FutureExt;
use http::{HeaderMap, Method, StatusCode, header};
use kit::{outbox::Outbox, parts::TestParts, secrets::MemorySecrets, system::TestClock};
use lambda_http::{Body, Request};
use runtime::cookies::CookieStyle;

use crate::parts::{Broken, Consent};

pub const ORIGIN: &str = "http://127.0.0.1:8080";
/// 2026-11-20 14:03 UTC.
pub const START: Timestamp = Timestamp(1_795_183_380_000);

pub struct Site {
    pub dashboard: Dashboard,
    pub router: axum::Router,
    pub keys: Arc<FernetSeal>,
    pub store: Arc<Dynamo>,
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

impl Site {
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
            dashboard.product.feedback = Arc::new(Broken);
        })
        .await
    }

    pub async fn with(change: impl FnOnce(&mut Dashboard)) -> Self {
        let parts = TestParts::at(START).await;
        let TestParts {
            base,
            search,
            store,
            clock,
            outbox,
            secrets,
            keys,
        } = parts;
        let signed_in = Arc::new(Mutex::new(Vec::new()));
        let hook = signed_in.clone();
        let mut dashboard = Dashboard {
            connections: store.clone(),
            sync: store.clone(),
            budget: store.clone(),
            ledger: store.clone(),
            feedback: store.clone(),
            usage: store.clone(),
            begin_connect: base.begin_connect(Arc::new(Consent)),
            disconnect: base.disconnect(secrets.clone(), outbox.clone()),
            polls: base.polls(outbox.clone()),
            retry: base.retry(outbox.clone()),
            boards: base.boards(),
            settings: base.settings(),
            product: base.product(),
            posts: base.posts(&search),
            curate: base.curate(&search),
            keys: keys.clone(),
            clock: clock.clone(),
            cookies: CookieStyle { secure: false },
            engine: EngineWords {
                llm: "the built-in engine".into(),
                embeddings: "the local model MiniLM".into(),
                gong: "the sandbox on this machine".into(),
                offers: Vec::new(),
            },
            judges: false,
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
