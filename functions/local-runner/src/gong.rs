//! Gong: the customer's own app when one is configured, else the sandbox.

use std::{path::PathBuf, sync::Arc};

use adapters::gong::{GongApp, GongOAuthConfig};
use anyhow::Result;
use domain::{
    gong::{CALLBACK_PATH, base_url::BaseUrlRule},
    moment::{Span, Timestamp},
    ports::system::Clock,
    secret::Secret,
};
use gong_sandbox::{Company, Options, Sandbox, SandboxCall, read_state_start, rebase};

use crate::config::Config;

/// What the sandbox serves.
pub struct SandboxPlan {
    pub calls: Vec<SandboxCall>,
    /// Whether they are our samples, which are moved to look recent and to have a page.
    pub samples: bool,
    /// Where tokens outlive the process.
    pub state_file: Option<PathBuf>,
}

/// Gong as this process reaches it.
pub struct Gong {
    /// The OAuth client's configuration.
    pub oauth: GongOAuthConfig,
    /// Which base URLs may be called.
    pub base_urls: BaseUrlRule,
    /// The sandbox, when one runs.
    pub sandbox: Option<Sandbox>,
}

impl Gong {
    /// The configured app, or a sandbox started with the plan.
    ///
    /// # Errors
    /// When the sandbox cannot be started.
    pub async fn start(
        config: &Config,
        plan: SandboxPlan,
        origin: &str,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self> {
        if let Some(app) = &config.gong {
            return Ok(Self {
                oauth: app.clone().at(origin),
                base_urls: BaseUrlRule::gong_only(),
                sandbox: None,
            });
        }
        let redirect_uri = format!("{origin}{CALLBACK_PATH}");
        let sandbox = start_sandbox(plan, &redirect_uri, clock).await?;
        let app = GongApp {
            oauth_base: sandbox.origin(),
            client_id: CLIENT_ID.into(),
            client_secret: Secret::new(CLIENT_SECRET).into(),
            with_workspaces: config.with_workspaces,
        };
        Ok(Self {
            base_urls: BaseUrlRule::with_sandbox(&sandbox.origin())?,
            oauth: app.at(origin),
            sandbox: Some(sandbox),
        })
    }
}

/// The sandbox knows one client, on this machine alone; these guard nothing.
const CLIENT_ID: &str = "gong-sandbox-client";
const CLIENT_SECRET: &str = "gong-sandbox-secret";

async fn start_sandbox(
    mut plan: SandboxPlan,
    redirect_uri: &str,
    clock: &Arc<dyn Clock>,
) -> Result<Sandbox> {
    let now = Arc::clone(clock);
    let mut options = Options::new(Arc::new(move || now.now().0));
    let start = plan.state_file.as_deref().and_then(read_state_start);
    options.company = Company::default()
        .with_users_from(&plan.calls)
        .with_workspaces_from(&plan.calls);
    options.client_id = CLIENT_ID.into();
    options.client_secret = CLIENT_SECRET.into();
    options.redirect_uris = Some(vec![redirect_uri.to_owned()]);
    options.state_file = plan.state_file;
    if !plan.samples {
        options.calls = plan.calls;
        return Ok(Sandbox::start(options).await?);
    }
    let sandbox = Sandbox::start(options).await?;
    let began = start.map_or_else(
        || sandbox.first_started_ms(),
        |start| start.first_started_ms,
    );
    let newest = Timestamp(began) - Span::hours(1);
    rebase(&mut plan.calls, newest.0, &sandbox.origin());
    sandbox.set_calls(plan.calls);
    Ok(sandbox)
}
