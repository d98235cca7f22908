//! What the provider knows, and how it is told to do wrong.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
};

use serde_json::Value;

use crate::keys::SigningKey;

/// An application that the provider knows.
#[derive(Debug, Clone)]
pub struct Client {
    pub id: String,
    /// Its secret; none for a public client.
    pub secret: Option<String>,
    /// The one address that people are sent back to.
    pub redirect_uri: String,
}

/// A part of the provider that can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// `/.well-known/openid-configuration`
    Discovery,
    /// `/jwks`
    Keys,
    /// `/authorize`
    Authorize,
    /// `/token`
    Token,
}

/// A way in which ID tokens are wrong.
#[derive(Clone)]
pub enum Wrong {
    /// These claims replace the right ones; a null takes one away.
    Claims(Value),
    /// Another key signs.
    Key(SigningKey),
    /// Nothing signs (`alg` is `none`).
    Unsigned,
    /// There is no ID token in the answer.
    Absent,
}

/// What the endpoints and the test share.
pub struct Shared {
    pub issuer: String,
    pub client: Client,
    pub now: Box<dyn Fn() -> i64 + Send + Sync>,
    pub state: Mutex<State>,
}

pub struct State {
    pub key: SigningKey,
    pub person: Value,
    pub declines: Option<String>,
    pub wrong: Option<Wrong>,
    pub broken: BTreeMap<Endpoint, (u16, String)>,
    pub auth_methods: Vec<&'static str>,
    pub codes: BTreeMap<String, Code>,
    pub asked: BTreeMap<Endpoint, usize>,
}

/// What a code was given out for.
pub struct Code {
    pub challenge: String,
    pub nonce: Option<String>,
    pub person: Value,
}

impl Shared {
    /// The time in seconds since 1970.
    pub fn now(&self) -> i64 {
        (self.now)()
    }

    /// What changes, for a moment.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics holding it")
    }
}
