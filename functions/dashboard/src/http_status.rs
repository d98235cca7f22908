//! Which HTTP status an outcome has, and what a person reads about it. The one place for both.

mod curate;
mod sign_in;

use axum::response::{IntoResponse, Response};
use domain::{
    claims::ClaimFault,
    ports::{StoreError, secrets::KeysUnavailable},
    principal::NotAllowed,
};
use feedback::save::SaveError;
use http::StatusCode;
use ingest::{
    connect::{BeginError, DisconnectError},
    pipeline::retry::RetryError,
    sync::poll::SyncNowError,
};

pub use sign_in::SignInFailure;

use crate::notice::Notice;

/// What is said when a store did not do its part; the details are for the log.
const STORE: &str = "Our database did not respond. Nothing is lost, but your last change may or may \
                     not have been saved. Wait a minute, reload the page, and try again if the \
                     change is missing. If this keeps happening, tell your platform team.";

/// What is said when the session keys could not be fetched.
const KEYS: &str = "Your sign-in could not be checked, because the encryption keys are unavailable. \
                    Nothing was changed. Wait a minute and try again. If this keeps happening, \
                    tell your platform team.";

/// Why a request was not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    SignedOut,
    /// The gateway has checked no access token for this request.
    NoToken,
    /// The access token does not say who asks.
    BadClaims(ClaimFault),
    SignIn(SignInFailure),
    /// The role does not allow it.
    NotAllowed(NotAllowed),
    /// The change does not come from one of our own pages.
    ForeignOrigin,
    /// There is no such thing, named in a word.
    NotFound(&'static str),
    /// The address does not answer this method.
    MethodNotAllowed,
    /// The form or query cannot be read.
    Unreadable,
    /// A part of the query, named in words, has a value that it cannot have.
    BadQuery(&'static str),
    /// The form is too large.
    TooLarge,
    Store(StoreError),
    /// The keys that sessions are sealed with.
    Keys(KeysUnavailable),
    /// A decision about a post that was not carried out.
    NotDone {
        status: StatusCode,
        /// What happened and what to do.
        text: String,
    },
}

impl Refusal {
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut | Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::NotAllowed(_) | Self::ForeignOrigin | Self::BadClaims(_) => StatusCode::FORBIDDEN,
            Self::SignIn(failure) => failure.status(),
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unreadable | Self::BadQuery(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Store(_) | Self::Keys(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotDone { status, .. } => *status,
        }
    }

    /// The word by which a program tells refusals apart.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::NoToken => "no_token",
            Self::BadClaims(_) => "bad_claims",
            Self::SignIn(_) => "not_signed_in",
            Self::NotAllowed(_) => "not_allowed",
            Self::ForeignOrigin => "foreign_origin",
            Self::NotFound(_) => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Unreadable => "unreadable",
            Self::BadQuery(_) => "bad_query",
            Self::TooLarge => "too_large",
            Self::Store(_) => "storage_unavailable",
            Self::Keys(_) => "keys_unavailable",
            Self::NotDone { .. } => "not_done",
        }
    }

    pub const fn title(&self) -> &'static str {
        match self {
            Self::SignedOut => "You are signed out",
            Self::NoToken | Self::BadClaims(_) => "Not authenticated",
            Self::SignIn(_) => "Not signed in",
            Self::NotAllowed(_) => "Not allowed",
            Self::ForeignOrigin => "Refused for safety",
            Self::NotFound(_) => "Not found",
            Self::MethodNotAllowed => "Not possible here",
            Self::Unreadable | Self::BadQuery(_) => "Bad request",
            Self::TooLarge => "Too large",
            Self::Store(_) | Self::Keys(_) => "Temporarily unavailable",
            Self::NotDone { .. } => "That didn’t work",
        }
    }

    /// What happened, what it means, what to do.
    pub fn text(&self) -> String {
        match self {
            Self::SignedOut => "Sign in to continue.".into(),
            Self::NoToken => {
                "The API takes an access token of your organization's sign-in, and none was \
                 checked for this request. Send it as `Authorization: Bearer <token>`; the pages' \
                 session does not count here."
                    .into()
            }
            Self::BadClaims(fault) => format!(
                "The access token is valid but does not say who asks: {fault}. Ask for one with the \
                 claims org_id, role (admin, member or viewer) and sub."
            ),
            Self::SignIn(failure) => failure.text(),
            Self::NotAllowed(why) => why.to_string(),
            Self::ForeignOrigin => {
                "This change did not come from one of ProductBridge's own pages, so nothing was \
                 changed. Open the page again at its usual address and repeat it there."
                    .into()
            }
            Self::NotFound(what) => {
                format!("There is no such {what} in your organization. Check the address, or start from the list.")
            }
            Self::MethodNotAllowed => {
                "This address does not accept this kind of request. Nothing was changed.".into()
            }
            Self::Unreadable => {
                "The request could not be read, so nothing was changed. Go back, reload the page and try again.".into()
            }
            Self::BadQuery(what) => format!(
                "The address contains an unknown value for {what}. Remove it from the address, or choose again on the page."
            ),
            Self::TooLarge => {
                "The form is too large, so nothing was saved. Shorten the text and try again.".into()
            }
            Self::Store(_) => STORE.into(),
            Self::Keys(_) => KEYS.into(),
            Self::NotDone { text, .. } => text.clone(),
        }
    }
}

impl IntoResponse for Refusal {
    /// Carries the refusal out to [`crate::guard::dress`], which makes a page or JSON of it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<KeysUnavailable> for Refusal {
    fn from(error: KeysUnavailable) -> Self {
        Self::Keys(error)
    }
}

impl From<ClaimFault> for Refusal {
    fn from(fault: ClaimFault) -> Self {
        Self::BadClaims(fault)
    }
}

impl From<SignInFailure> for Refusal {
    fn from(failure: SignInFailure) -> Self {
        Self::SignIn(failure)
    }
}

impl From<NotAllowed> for Refusal {
    fn from(why: NotAllowed) -> Self {
        Self::NotAllowed(why)
    }
}

/// A form that is shown again with what the person typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    pub status: StatusCode,
    /// What is wrong and what to do.
    pub text: String,
}

impl Again {
    /// What was typed breaks a rule.
    pub fn invalid(why: impl ToString) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            text: why.to_string(),
        }
    }

    /// A store did not do its part; what was typed is kept on the page.
    pub fn store(error: &StoreError) -> Self {
        tracing::error!(%error, "a form was not saved");
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            text: STORE.into(),
        }
    }

    /// What a form that was not saved is answered with.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`]: then there is no form to show.
    pub fn not_saved(error: SaveError) -> Result<Self, Refusal> {
        match error {
            SaveError::NotAllowed(why) => Err(why.into()),
            SaveError::Store(error) => Ok(Self::store(&error)),
            SaveError::Embedding(why) => Ok(Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                text: SaveError::Embedding(why).to_string(),
            }),
            SaveError::Changed => Ok(Self {
                status: StatusCode::CONFLICT,
                text: error.to_string(),
            }),
            SaveError::Name(_)
            | SaveError::Setting(_)
            | SaveError::Product(_)
            | SaveError::TooLong
            | SaveError::SameCategory(_)
            | SaveError::NoBoard => Ok(Self::invalid(error)),
        }
    }
}

/// Why a page of the ledger could not be read: where to go on comes from outside, too.
pub fn ledger_page(error: StoreError, goes_on: bool) -> Refusal {
    match error {
        StoreError::Refused(_) if goes_on => Refusal::BadQuery("where the list goes on"),
        error => error.into(),
    }
}

/// What the page says after a connect that did not begin.
pub fn begin(error: BeginError) -> Result<Notice, Refusal> {
    match error {
        BeginError::NotAllowed(why) => Err(why.into()),
        BeginError::Refused(why) => Ok(Notice::Refused(why)),
        BeginError::Store(error) => Err(error.into()),
    }
}

/// What the page says after a sync that did not start.
pub fn sync_now(error: SyncNowError) -> Result<Notice, Refusal> {
    match error {
        SyncNowError::NotAllowed(why) => Err(why.into()),
        SyncNowError::NotConnected => Ok(Notice::SyncNotConnected),
        SyncNowError::TooSoon { .. } => Ok(Notice::SyncTooSoon),
        SyncNowError::Running => Ok(Notice::SyncRunning),
        SyncNowError::Store(error) => Err(error.into()),
    }
}

/// What the page says after a disconnect that did not take place.
pub fn disconnect(error: DisconnectError) -> Result<Notice, Refusal> {
    match error {
        DisconnectError::NotAllowed(why) => Err(why.into()),
        DisconnectError::NotConnected => Ok(Notice::NothingToDisconnect),
        DisconnectError::Changed => Ok(Notice::ConnectionChanged),
        DisconnectError::Store(error) => Err(error.into()),
    }
}

/// What the page says after a retry that did not take place.
pub fn retry(error: RetryError) -> Result<Notice, Refusal> {
    match error {
        RetryError::NotAllowed(why) => Err(why.into()),
        RetryError::Unknown(_) => Err(Refusal::NotFound("call")),
        RetryError::NotFailed { .. } => Ok(Notice::RetryNotFailed),
        RetryError::NotConnected => Ok(Notice::RetryNotConnected),
        RetryError::Changed => Ok(Notice::RetryChanged),
        RetryError::Store(error) => Err(error.into()),
    }
}
