//! The whole client against the sandbox Gong, which counts every breach of the contract.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use adapters::{
    gong::{GongApp, GongOAuthClient, GongOAuthConfig},
    http,
};
use domain::gong::scopes;
use domain::{
    gong::{base_url::BaseUrlRule, shapes::CallsFilter},
    ids::CallId,
    moment::{Span, Timestamp},
    ports::gong::{Access, GongApi, GongError, GongOAuth, Grant, OAuthError},
    secret::Secret,
};
use gong_sandbox::{Faults, InjectedStatus, Limits, Options, Sandbox, SandboxCall};
use serde_json::json;
use url::Url;

use crate::gong::server::{client, now};

const REDIRECT: &str = "http://127.0.0.1:9/oauth/callback";
const CALLS: u32 = 230;

fn call(number: u32) -> SandboxCall {
    let started = now() - Span::minutes(i64::from(CALLS - number));
    let call = json!({
        "metaData": {"id": (90_000_000_000_000_000_000_u128 + u128::from(number)).to_string(), "title": format!("Call {number}"),
                     "started": started.to_rfc3339(), "isPrivate": number.is_multiple_of(50), "language": "eng"},
        "context": [{"objects": [{"objectType": "Account", "fields": [{"name": "Name", "value": "Acme"}]}]}],
        "parties": [{"affiliation": "External", "speakerId": "1", "emailAddress": "bo@acme.example"}],
    });
    let transcript =
        json!([{"speakerId": "1", "sentences": [{"start": 1, "end": 2, "text": "Hello."}]}]);
    SandboxCall::new(call, Some(transcript))
}

async fn sandbox() -> Sandbox {
    let mut options = Options::new(Arc::new(|| now().0));
    options.calls = (0..CALLS).map(call).collect();
    options.limits = Limits {
        per_second: 1_000,
        per_day: 10_000,
    };
    options.seed = 7;
    Sandbox::start(options).await.unwrap()
}

fn oauth(sandbox: &Sandbox) -> GongOAuthClient {
    let config = GongOAuthConfig {
        app: GongApp {
            oauth_base: sandbox.origin(),
            client_id: "gong-sandbox-client".into(),
            client_secret: Secret::new("gong-sandbox-secret").into(),
            with_workspaces: true,
        },
        redirect_uri: REDIRECT.into(),
        timeout: Duration::from_secs(30),
    };
    GongOAuthClient::new(http::client(Duration::from_secs(30)), config).unwrap()
}

/// The code that an approving administrator's browser brings back.
async fn approved(oauth: &GongOAuthClient) -> Secret {
    let page = Url::parse(&oauth.authorize_url(&Secret::new("state"))).unwrap();
    let mut decision = page.clone();
    decision.set_query(None);
    let form = format!("{}&decision=approve", page.query().unwrap());
    let answer = http::client(Duration::from_secs(30))
        .post(decision)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .unwrap();
    let back = answer.headers()["location"].to_str().unwrap();
    let back = Url::parse(back).unwrap();
    let (_, code) = back.query_pairs().find(|(name, _)| name == "code").unwrap();
    Secret::new(code)
}

fn access(grant: &Grant) -> Access {
    let rule = BaseUrlRule::with_sandbox(&grant.api_base_url).unwrap();
    Access {
        base_url: rule.check(&grant.api_base_url).unwrap(),
        token: grant.access_token.clone(),
    }
}

fn all() -> CallsFilter {
    CallsFilter::Range {
        from: Timestamp(0),
        to: now(),
    }
}

#[tokio::test]
async fn connecting_listing_and_reading_keep_to_the_contract() {
    let sandbox = sandbox().await;
    let oauth = oauth(&sandbox);
    let first = oauth.exchange(&approved(&oauth).await).await.unwrap();
    let granted = first.scope.clone().unwrap();
    assert!(scopes::missing(&granted).is_empty() && scopes::reads_workspaces(&granted));
    let grant = oauth.refresh(&first.refresh_token).await.unwrap();
    assert_eq!(
        oauth.refresh(&first.refresh_token).await,
        Err(OAuthError::InvalidGrant)
    );

    let (gong, access) = (client(), access(&grant));
    let (mut ids, mut cursor, mut pages) = (BTreeSet::new(), None::<String>, 0);
    loop {
        let page = gong
            .calls(&access, &all(), cursor.as_deref())
            .await
            .unwrap();
        pages += 1;
        assert_eq!(page.total, Some(u64::from(CALLS)));
        for call in page.calls {
            assert_eq!(call.account.as_deref(), Some("Acme"));
            assert_eq!(call.parties.len(), 1);
            if call.is_public() {
                ids.extend(call.id);
            }
        }
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!((pages, ids.len()), (3, 225));

    let ids: Vec<CallId> = ids.into_iter().take(100).collect();
    let transcripts = gong.transcripts(&access, &ids, None).await.unwrap();
    assert_eq!(transcripts.transcripts.len(), 100);
    let again = gong
        .calls(&access, &CallsFilter::Ids(ids[..2].to_vec()), None)
        .await
        .unwrap();
    assert_eq!(again.calls.len(), 2);

    let users = gong.users(&access, None).await.unwrap();
    assert!(!users.users.is_empty());
    assert_eq!(users.company_slugs.len(), 1);
    assert!(!gong.workspaces(&access).await.unwrap().is_empty());
    assert_eq!(sandbox.violations(), []);
    sandbox.stop().await;
}

#[tokio::test]
async fn the_sandboxs_refusals_have_their_meaning() {
    let sandbox = sandbox().await;
    let oauth = oauth(&sandbox);
    let grant = oauth.exchange(&approved(&oauth).await).await.unwrap();
    let (gong, access) = (client(), access(&grant));
    let nothing = CallsFilter::Range {
        from: Timestamp(0),
        to: Timestamp(1_000),
    };
    assert_eq!(
        gong.calls(&access, &nothing, None).await,
        Err(GongError::NoneFound)
    );
    assert_eq!(
        gong.calls(&access, &all(), Some("not.a.cursor")).await,
        Err(GongError::CursorExpired)
    );
    sandbox.set_faults(Faults {
        next_statuses: [(429, Some(9)), (503, None), (403, None)]
            .map(|(status, retry_after_seconds)| InjectedStatus {
                status,
                retry_after_seconds,
                ..InjectedStatus::default()
            })
            .into(),
        drop_token_response: 1,
        ..Faults::default()
    });
    let mut errors = Vec::new();
    for _ in 0..3 {
        errors.push(gong.workspaces(&access).await.unwrap_err());
    }
    assert_eq!(
        errors,
        [
            GongError::RateLimited {
                retry_after: Span::seconds(9)
            },
            GongError::Unavailable("status 503".into()),
            GongError::Forbidden,
        ]
    );
    assert_eq!(
        oauth.refresh(&grant.refresh_token).await,
        Err(OAuthError::UnknownOutcome("status 500".into()))
    );
    sandbox.expire_access_tokens();
    assert_eq!(gong.workspaces(&access).await, Err(GongError::Unauthorized));
    assert_eq!(sandbox.violations(), []);
    sandbox.stop().await;
}
