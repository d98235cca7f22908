//! A Gong that answers as told, and what a connect needs around it.

use std::sync::Arc;

use adapters::dynamodb::Dynamo;
use async_trait::async_trait;
use domain::gong::scopes;
use domain::{
    connection::History,
    feedback::Board,
    gong::{
        base_url::BaseUrlRule,
        shapes::{
            CallsFilter, CallsPage, DirectoryUser, GongWorkspace, TranscriptsPage, UsersPage,
        },
    },
    ids::{BoardId, CallId, OrgId, UserId},
    moment::{Span, Timestamp},
    ports::{
        feedback::FeedbackStore,
        gong::{Access, GongApi, GongError, GongOAuth, Grant, OAuthError},
    },
    principal::{Principal, Role},
    secret::Secret,
};
use ingest::connect::BeginConnect;
use kit::parts::TestParts;
use oauth_callback::CallbackDeps;
use runtime::{cookies::CookieStyle, wiring::GongSide};

pub const NOW: Timestamp = Timestamp(1_795_183_380_000);
pub const GOOD_CODE: &str = "code-that-is-good";

/// One user, no calls, and one code that is good.
struct Gong;

#[async_trait]
impl GongOAuth for Gong {
    fn authorize_url(&self, state: &Secret) -> String {
        format!(
            "https://app.gong.io/oauth2/authorize?state={}",
            state.expose()
        )
    }
    async fn exchange(&self, code: &Secret) -> Result<Grant, OAuthError> {
        if code.expose() != GOOD_CODE {
            return Err(OAuthError::InvalidGrant);
        }
        Ok(Grant {
            access_token: Secret::new("access"),
            refresh_token: Secret::new("refresh"),
            expires_in: Span::hours(24),
            scope: Some(scopes::asked(false)),
            api_base_url: "https://us-1.api.gong.io".into(),
        })
    }
    async fn refresh(&self, _: &Secret) -> Result<Grant, OAuthError> {
        Err(OAuthError::InvalidGrant)
    }
}

#[async_trait]
impl GongApi for Gong {
    async fn calls(
        &self,
        _: &Access,
        _: &CallsFilter,
        _: Option<&str>,
    ) -> Result<CallsPage, GongError> {
        Err(GongError::NoneFound)
    }
    async fn transcripts(
        &self,
        _: &Access,
        _: &[CallId],
        _: Option<&str>,
    ) -> Result<TranscriptsPage, GongError> {
        Err(GongError::NoneFound)
    }
    async fn users(&self, _: &Access, _: Option<&str>) -> Result<UsersPage, GongError> {
        Ok(UsersPage {
            users: vec![DirectoryUser {
                id: "234599484848423".into(),
                emails: vec!["kim@fernhill.example".into()],
            }],
            company_slugs: vec!["us-1.join.gong.io/fernhill".into()],
            cursor: None,
        })
    }
    async fn workspaces(&self, _: &Access) -> Result<Vec<GongWorkspace>, GongError> {
        Ok(Vec::new())
    }
}

/// The callback with everything it stands on.
pub struct Callback {
    pub deps: CallbackDeps,
    pub store: Arc<Dynamo>,
    begin: BeginConnect,
}

impl Callback {
    pub async fn new(secure: bool) -> Self {
        let parts = TestParts::at(NOW).await;
        let gate = parts.base.gate(GongSide {
            api: Arc::new(Gong),
            oauth: Arc::new(Gong),
            secrets: parts.secrets,
            keys: parts.keys,
            base_urls: BaseUrlRule::gong_only(),
        });
        let deps = CallbackDeps {
            connect: parts.base.complete_connect(&gate, parts.outbox),
            cookies: CookieStyle { secure },
            clock: parts.clock,
        };
        Self {
            deps,
            store: parts.store,
            begin: parts.base.begin_connect(Arc::new(Gong)),
        }
    }

    /// Begins a connect: the state in the address and the `Cookie` header of the browser.
    pub async fn begin(&self) -> (String, String) {
        let board = Board {
            org_id: org(),
            id: BoardId::parse("product").unwrap(),
            name: "Product".into(),
            description: String::new(),
            is_default: true,
            categories: Vec::new(),
            created: NOW,
        };
        self.store.put_board(&board).await.unwrap();
        let ada = Principal {
            org_id: org(),
            user_id: UserId::parse("ada").unwrap(),
            role: Role::Admin,
        };
        let begun = self.begin.begin(&ada, History::Days(30)).await.unwrap();
        let state = begun.authorize_url.split("state=").nth(1).unwrap();
        let cookie = self.deps.cookies.set_connect(&begun.cookie);
        let pair = cookie.split(';').next().unwrap();
        (state.to_owned(), pair.to_owned())
    }
}

pub fn org() -> OrgId {
    OrgId::parse("demo").unwrap()
}
