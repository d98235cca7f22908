//! A running sandbox.

use std::fmt;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use serde_json::Value;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use crate::calls::{SandboxCall, in_listing_order};
use crate::faults::Faults;
use crate::options::Options;
use crate::server::router;
use crate::state::Shared;
use crate::state_file::{self, StateError};
use crate::stats::Stats;
use crate::tokens::IssuedTokens;
use crate::violations::Violation;

/// How long open requests may take to end when the sandbox is stopped.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// Why a sandbox did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The port is not to be had.
    #[error(
        "the sandbox Gong cannot listen on 127.0.0.1:{port} ({source}), so nothing can connect to it; choose another port, or 0 for any free one"
    )]
    Bind {
        /// The TCP port that was asked for.
        port: u16,
        /// What the operating system said.
        source: io::Error,
    },
    /// The state file is not to be used.
    #[error(transparent)]
    State(#[from] StateError),
}

/// A running sandbox; dropping it stops it too, without waiting for open requests.
pub struct Sandbox {
    shared: Arc<Shared>,
    /// None when it is only asked within this process.
    serving: Option<Serving>,
}

struct Serving {
    /// The server runs until this is sent or dropped.
    shutdown: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Starts to listen on 127.0.0.1 and returns as soon as requests are answered.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let earlier = match &options.state_file {
            Some(path) => state_file::read(path)?,
            None => None,
        };
        let listener = bind(options.port, earlier.as_ref().map(|state| state.port)).await?;
        let address = listener.local_addr().map_err(|source| StartError::Bind {
            port: options.port,
            source,
        })?;
        let (first_started_ms, tokens) = match earlier {
            Some(state) => (state.first_started_ms, state.tokens),
            None => ((options.now)(), Default::default()),
        };
        let shared = Arc::new(Shared::new(
            options,
            address.port(),
            first_started_ms,
            tokens,
        ));
        {
            let mut world = shared.world();
            let tokens = world.tokens.clone();
            shared.keep_tokens(&mut world, tokens)?;
        }
        let (shutdown, stopped) = oneshot::channel::<()>();
        let app = router(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            // A dropped sender is as good as a sent message.
            let serve = axum::serve(listener, app)
                .with_graceful_shutdown(async { stopped.await.unwrap_or_default() });
            if let Err(error) = serve.await {
                tracing::error!(%error, "the sandbox Gong stopped listening");
            }
        });
        tracing::debug!(origin = shared.origin, "the sandbox Gong listens");
        Ok(Self {
            shared,
            serving: Some(Serving { shutdown, server }),
        })
    }

    /// A sandbox without a port: only [`answer`](Self::answer) asks it. `port` is what its
    /// addresses name, and the state file is not used.
    pub fn in_process(options: Options) -> Self {
        let options = Options {
            state_file: None,
            ..options
        };
        let (port, started_ms) = (options.port, (options.now)());
        let shared = Shared::new(options, port, started_ms, Default::default());
        Self {
            shared: Arc::new(shared),
            serving: None,
        }
    }

    /// Answers a request as it would over its port.
    pub async fn answer(&self, request: Request) -> Response {
        let answer = router(Arc::clone(&self.shared)).oneshot(request).await;
        answer.unwrap_or_else(|never| match never {})
    }

    /// Scheme, host and port, such as `http://127.0.0.1:4711`.
    pub fn origin(&self) -> String {
        self.shared.origin.clone()
    }

    /// The first start that the state file knows, else this one (ms since epoch).
    pub fn first_started_ms(&self) -> i64 {
        self.shared.first_started_ms
    }

    /// What was counted since this start.
    pub fn stats(&self) -> Stats {
        self.shared.world().stats.clone()
    }

    /// The client's breaches of the contract since this start, in order.
    pub fn violations(&self) -> Vec<Violation> {
        self.shared.world().violations.clone()
    }

    /// The faults that are still to come.
    pub fn faults(&self) -> Faults {
        self.shared.world().faults.clone()
    }

    pub fn set_faults(&self, faults: Faults) {
        self.shared.world().faults = faults;
    }

    pub fn set_calls(&self, calls: Vec<SandboxCall>) {
        self.shared.world().calls = in_listing_order(calls);
    }

    /// Sets `metaData.isPrivate` of a call; `false` if there is no such call.
    pub fn set_private(&self, call_id: &str, private: bool) -> bool {
        let mut world = self.shared.world();
        let meta = world
            .call_mut(call_id)
            .and_then(|call| call.call["metaData"].as_object_mut());
        meta.map(|meta| meta.insert("isPrivate".into(), Value::Bool(private)))
            .is_some()
    }

    /// Replaces a call's transcript, available at once; `false` if there is no such call.
    pub fn set_transcript(&self, call_id: &str, transcript: Option<Value>) -> bool {
        let mut world = self.shared.world();
        let Some(call) = world.call_mut(call_id) else {
            return false;
        };
        call.transcript = transcript;
        call.transcript_available_at_ms = None;
        call.available_after_seconds = None;
        true
    }

    /// Issues tokens without a browser, as if an administrator had approved the scopes.
    pub fn grant(&self, scopes: &[&str]) -> Result<IssuedTokens, StateError> {
        let shared = &self.shared;
        let mut world = shared.world();
        let mut tokens = world.tokens.clone();
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let issued = tokens.issue_pair(
            shared.seed,
            shared.now_ms(),
            shared.access_token_seconds,
            scopes,
        );
        shared.keep_tokens(&mut world, tokens)?;
        Ok(issued)
    }

    /// Issues a code without a browser, as if an administrator had approved the scopes for an app that takes
    /// codes at this address.
    pub fn approve(&self, redirect_uri: &str, scopes: &[&str]) -> Result<String, StateError> {
        let shared = &self.shared;
        let mut world = shared.world();
        let mut tokens = world.tokens.clone();
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let code = tokens.issue_code(shared.seed, shared.now_ms(), redirect_uri, scopes);
        shared.keep_tokens(&mut world, tokens)?;
        Ok(code.expose().to_owned())
    }

    /// Ends every access token now; refresh tokens still work.
    pub fn expire_access_tokens(&self) {
        let now_ms = self.shared.now_ms();
        self.change_tokens(|tokens| tokens.expire_access(now_ms));
    }

    /// Ends every code, access token and refresh token, as if the customer had removed the app.
    pub fn revoke_all_tokens(&self) {
        self.change_tokens(|tokens| tokens.revoke_all());
    }

    /// Stops listening and waits for open requests, for at most five seconds.
    pub async fn stop(self) {
        let Some(Serving {
            shutdown,
            mut server,
        }) = self.serving
        else {
            return;
        };
        drop(shutdown);
        if tokio::time::timeout(STOP_PATIENCE, &mut server)
            .await
            .is_err()
        {
            server.abort();
        }
    }

    fn change_tokens(&self, change: impl FnOnce(&mut crate::tokens::Ledger)) {
        let mut world = self.shared.world();
        let mut tokens = world.tokens.clone();
        change(&mut tokens);
        if let Err(error) = self.shared.keep_tokens(&mut world, tokens.clone()) {
            tracing::error!(%error, "the change of tokens holds until the sandbox stops only");
            world.tokens = tokens;
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("origin", &self.shared.origin)
            .finish_non_exhaustive()
    }
}

async fn bind(port: u16, earlier_port: Option<u16>) -> Result<TcpListener, StartError> {
    if let (0, Some(earlier)) = (port, earlier_port) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, earlier)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => tracing::warn!(
                port = earlier,
                %error,
                "the sandbox Gong's earlier port is taken; it takes another, so an app that is connected has to connect again"
            ),
        }
    }
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|source| StartError::Bind { port, source })
}
