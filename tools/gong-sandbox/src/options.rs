//! How a sandbox is started.

use std::fmt;
use std::path::PathBuf;

use crate::calls::SandboxCall;
use crate::clock::Clock;
use crate::company::Company;
use crate::faults::Faults;
use crate::limits::Limits;

/// Everything a sandbox is started with; [`Options::new`] gives sane defaults.
#[derive(Clone)]
pub struct Options {
    /// TCP port on 127.0.0.1; 0 = the port of the state file if it is free, else any free one.
    pub port: u16,
    /// The clock, in ms since epoch.
    pub now: Clock,
    pub calls: Vec<SandboxCall>,
    /// The one OAuth client that is known.
    pub client_id: String,
    pub client_secret: String,
    /// Exact redirect URIs that are allowed; `None` = any http URI on loopback.
    pub redirect_uris: Option<Vec<String>>,
    /// Who gives the consent.
    pub company: Company,
    /// Requests a second and a day.
    pub limits: Limits,
    /// Where tokens, port and first start outlive the process; `None` = in memory only.
    pub state_file: Option<PathBuf>,
    /// What is made to go wrong.
    pub faults: Faults,
    /// Life of an access token, in seconds.
    pub access_token_seconds: u64,
    /// Life of a listing's cursors, in seconds from the listing's first request.
    pub cursor_seconds: u64,
    /// Where codes, tokens and the cursors' key come from: the same seed gives the same ones.
    pub seed: u64,
}

impl Options {
    /// Any port, no calls, the default company, Gong's limits, no faults, a random seed.
    pub fn new(now: Clock) -> Self {
        Self {
            port: 0,
            now,
            calls: Vec::new(),
            client_id: "gong-sandbox-client".into(),
            client_secret: "gong-sandbox-secret".into(),
            redirect_uris: None,
            company: Company::default(),
            limits: Limits::default(),
            state_file: None,
            faults: Faults::default(),
            access_token_seconds: 86_400,
            cursor_seconds: 3_600,
            seed: rand::random(),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("port", &self.port)
            .field("calls", &self.calls.len())
            .field("client_id", &self.client_id)
            .field("client_secret", &"***")
            .field("redirect_uris", &self.redirect_uris)
            .field("company", &self.company.name)
            .field("limits", &self.limits)
            .field("state_file", &self.state_file)
            .field("faults", &self.faults)
            .field("access_token_seconds", &self.access_token_seconds)
            .field("cursor_seconds", &self.cursor_seconds)
            .field("seed", &"***")
            .finish_non_exhaustive()
    }
}
