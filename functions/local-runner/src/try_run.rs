//! `try DIR`: a folder of exported calls through the whole system once, without a browser.

use std::{collections::BTreeSet, io::IsTerminal, path::PathBuf, sync::Arc, time::Duration};

use adapters::system::SystemIds;
use anyhow::{Context as _, Result, bail};
use dashboard::EngineWords;
use domain::gong::scopes;
use domain::{
    connection::History,
    ids::{OrgId, UserId},
    moment::{Span, Timestamp},
    ports::{
        ledger::Ledger,
        system::{Clock, Ids},
    },
    principal::{Principal, Role},
};
use gong_sandbox::{FileProblem, Sandbox};
use indicatif::{ProgressBar, ProgressStyle};
use lambda_http::http::{StatusCode, header};
use local::{database::LocalDatabase, exact_index::ExactIndex, keys, vault::FileVault};
use url::Url;

use crate::{
    app::{App, Parts},
    boards,
    config::Config,
    engine::Engine,
    gong::{Gong, SandboxPlan},
    report::{self, Report},
    samples,
    try_clock::ShiftedClock,
    waiting,
};

/// The pages are not served; the address only has to be the same throughout.
const ORIGIN: &str = "http://127.0.0.1:9";

/// What a run gave.
pub struct Tried {
    /// Calls, posts, requests, usage.
    pub report: Report,
    /// Files that were left out.
    pub problems: Vec<FileProblem>,
    /// Ids of calls that were given to the sandbox and did not come out of it.
    pub unlisted: BTreeSet<String>,
}

impl Tried {
    /// Whether nothing was left out, failed, or is open for another reason than a missing
    /// transcript.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.complaints().is_empty()
    }

    /// What was left out, failed or is open, and why; a line each.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let left_out = self.problems.iter().map(|p| format!("left out: {p}"));
        let unlisted = self.unlisted.iter();
        let unlisted = unlisted.map(|id| format!("left out: call {id} was not listed"));
        let undecided = self.report.undecided();
        left_out.chain(unlisted).chain(undecided).collect()
    }
}

/// Runs the folder.
///
/// # Errors
/// When a part cannot be started or the sandbox refuses the connect.
pub async fn try_folder(
    config: &Config,
    folder: &PathBuf,
    data: &std::path::Path,
) -> Result<Tried> {
    let (calls, problems) = samples::load(std::slice::from_ref(folder))?;
    let started: Vec<_> = calls
        .iter()
        .filter_map(|call| call.started_at_ms())
        .map(Timestamp)
        .collect();
    let newest = started.iter().max().copied().unwrap_or(Timestamp(0));
    let oldest = started.iter().min().copied();
    let mut unlisted: BTreeSet<String> = calls
        .iter()
        .filter_map(|call| call.id().map(str::to_owned))
        .collect();
    let clock: Arc<dyn Clock> = Arc::new(ShiftedClock::past(newest));
    let ids: Arc<dyn Ids> = Arc::new(SystemIds);
    let engine = Engine::load(config, &samples::model_cache(data), &clock, &ids).await?;
    let plan = SandboxPlan {
        calls,
        samples: false,
        state_file: None,
    };
    // A folder is always served by the sandbox, also where a Gong app is configured.
    let config = Config {
        gong: None,
        ..config.clone()
    };
    let gong = Gong::start(&config, plan, ORIGIN, &clock).await?;
    let sandbox = gong.sandbox.as_ref().context("the sandbox runs")?;
    let keep = tempfile::tempdir()?;
    let database = LocalDatabase::start(None).await?;
    let app = App::build(Parts {
        clock: Arc::clone(&clock),
        ids,
        database: database.client(),
        secrets: Arc::new(FileVault::open(&keep.path().join("vault"))?),
        keys: Arc::new(keys::load_or_create(&keep.path().join("credentials.key"))?),
        session_keys: Arc::new(keys::load_or_create(&keep.path().join("sessions.key"))?),
        index: Arc::new(ExactIndex::new(engine.dimension)),
        embedder: Arc::clone(&engine.embedder),
        analyst: Arc::clone(&engine.analyst),
        oauth: gong.oauth.clone(),
        base_urls: gong.base_urls.clone(),
        public_origins: vec![ORIGIN.into()],
        poll_every: config.poll_every,
        concurrency: config.concurrency,
        prices: config.prices.clone(),
        words: EngineWords {
            llm: engine.llm_words.clone(),
            embeddings: engine.embeddings_words.clone(),
            gong: "the sandbox".into(),
            offers: Vec::new(),
        },
        default_board: true,
    })
    .await?;
    app.reindex.run(false).await?;
    let principal = Principal {
        org_id: OrgId::parse("try")?,
        user_id: UserId::parse("try")?,
        role: Role::Admin,
    };
    boards::ensure_default(&*app.store, &principal.org_id, clock.now()).await?;
    // Every call of the folder may be imported. Those of unknown start are in every listing, which
    // has to have a length.
    let now = clock.now();
    let from = oldest.unwrap_or(now).min(now - Span::hours(1));
    connect(&app, sandbox, &principal, History::Since(from)).await?;
    work(&app, &principal.org_id).await?;
    let report = report::collect(&app, &engine, sandbox, &principal.org_id).await?;
    database.stop().await;
    for call in report.calls() {
        unlisted.remove(call.id.as_str());
    }
    Ok(Tried {
        report,
        problems,
        unlisted,
    })
}

/// Connects as an admin's browser would: consent page, Approve, callback.
///
/// # Errors
/// When the sandbox or the callback refuses.
pub async fn connect(
    app: &App,
    sandbox: &Sandbox,
    principal: &Principal,
    history: History,
) -> Result<()> {
    let begun = app.begin.begin(principal, history).await?;
    adapters::http::install_crypto();
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()?;
    let consent = Url::parse(&begun.authorize_url)?;
    let form: Vec<_> = consent
        .query_pairs()
        .into_owned()
        .chain([("decision".to_owned(), "approve".to_owned())])
        .collect();
    let answer = browser
        .post(format!("{}/oauth2/authorize", sandbox.origin()))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(serde_urlencoded::to_string(&form)?)
        .send()
        .await
        .map_err(reqwest::Error::without_url)?;
    let back = answer
        .headers()
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| Url::parse(text).ok());
    let back = back.with_context(|| {
        format!(
            "the sandbox did not approve the scopes {}",
            scopes::asked(false)
        )
    })?;
    let cookie = format!("{}={}", app.cookies.connect_name(), begun.cookie.expose());
    let request = lambda_http::http::Request::get(back.as_str())
        .header(header::COOKIE, cookie)
        .body(lambda_http::Body::Empty)?;
    let answer = oauth_callback::handle(&app.callback, request).await;
    let location = answer.headers().get(header::LOCATION);
    let location = location.and_then(|value| value.to_str().ok()).unwrap_or("");
    if answer.status() != StatusCode::SEE_OTHER || !location.ends_with("connected=1") {
        bail!("the connect was refused: {location}");
    }
    Ok(())
}

/// Works until nothing moves any more, with a progress bar on a terminal.
async fn work(app: &App, org: &OrgId) -> Result<()> {
    let bar = if std::io::stderr().is_terminal() {
        ProgressBar::new_spinner().with_style(ProgressStyle::with_template(
            "{spinner} {pos} of {len} calls decided",
        )?)
    } else {
        ProgressBar::hidden()
    };
    let working = waiting::work_to_the_end(app, org);
    tokio::pin!(working);
    let mut look = tokio::time::interval(Duration::from_millis(200));
    loop {
        tokio::select! {
            result = &mut working => {
                bar.finish_and_clear();
                return result;
            }
            _ = look.tick(), if !bar.is_hidden() => {
                let counts = app.store.counts(org).await?;
                let (open, all) = report::open_and_all(&counts);
                bar.set_length(all);
                bar.set_position(all - open);
            }
        }
    }
}
