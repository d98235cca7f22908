//! Sign-ins with a provider that came to nothing: their status and what a person reads.

use domain::ports::sign_in::SignInError;
use http::StatusCode;

/// Why nobody was signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInFailure {
    /// The return belongs to no sign-in of this browser.
    NotBegun,
    /// The person, or a rule of the company, declined.
    Denied,
    /// The provider says that it cannot at the moment.
    Busy,
    /// The provider says that our request is wrong.
    Rejected,
    /// The return holds neither a code nor an error.
    Incomplete,
    /// The provider's part failed.
    Provider(SignInError),
}

impl SignInFailure {
    /// What the provider's error code means (RFC 6749 § 4.1.2.1, OpenID Connect Core § 3.1.2.6).
    pub fn from_provider(error: &str) -> Self {
        match error {
            "access_denied"
            | "login_required"
            | "consent_required"
            | "interaction_required"
            | "account_selection_required" => Self::Denied,
            "temporarily_unavailable" | "server_error" => Self::Busy,
            _ => Self::Rejected,
        }
    }

    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotBegun | Self::Incomplete => StatusCode::BAD_REQUEST,
            Self::Denied => StatusCode::FORBIDDEN,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Rejected => StatusCode::BAD_GATEWAY,
            Self::Provider(error) => match error {
                SignInError::Unavailable(_) | SignInError::SecretUnreadable(_) => {
                    StatusCode::SERVICE_UNAVAILABLE
                }
                SignInError::CodeRefused => StatusCode::BAD_REQUEST,
                SignInError::Claim(_) => StatusCode::FORBIDDEN,
                SignInError::Unusable(_)
                | SignInError::Token(_)
                | SignInError::ClientRefused(_) => StatusCode::BAD_GATEWAY,
            },
        }
    }

    /// What happened, what it means, what to do.
    pub fn text(&self) -> String {
        match self {
            Self::NotBegun => {
                "This return from your company's sign-in does not belong to a sign-in that was \
                 begun in this browser within the last ten minutes, so nobody was signed in. Sign \
                 in again, and stay in this browser."
            }
            Self::Denied => {
                "Your company's sign-in did not let you through, or you declined, so nobody was \
                 signed in. Sign in again; if you are turned away again, ask your company's \
                 administrator whether you may use ProductBridge."
            }
            Self::Busy => {
                "Your company's sign-in says that it has trouble at the moment, so nobody was \
                 signed in. Wait a minute and sign in again."
            }
            Self::Rejected => {
                "Your company's sign-in refused our request, so nobody was signed in. Trying again \
                 will not help: tell your platform team to check the sign-in settings."
            }
            Self::Incomplete => {
                "Your company's sign-in sent you back without an answer, so nobody was signed in. \
                 Sign in again. If this keeps happening, tell your platform team."
            }
            Self::Provider(error) => return provider(error),
        }
        .into()
    }

    /// Writes the details to the log; they hold no secret.
    pub fn log(&self) {
        match self {
            Self::Provider(error @ (SignInError::Unusable(_) | SignInError::ClientRefused(_))) => {
                tracing::error!(%error, "nobody can sign in until the settings are mended");
            }
            Self::Provider(error) => tracing::warn!(%error, "a sign-in failed"),
            Self::Rejected => tracing::error!("the identity provider refused our request"),
            other => tracing::info!(why = ?other, "a sign-in came to nothing"),
        }
    }
}

fn provider(error: &SignInError) -> String {
    match error {
        SignInError::Unavailable(_) => {
            "Your company's sign-in did not answer properly, so nobody was signed in. Wait a \
             minute and sign in again. If this keeps happening, tell your platform team."
        }
        SignInError::SecretUnreadable(_) => {
            "What ProductBridge needs to speak to your company's sign-in could not be read, so \
             nobody was signed in. Wait a minute and sign in again. If this stays, tell your \
             platform team."
        }
        SignInError::CodeRefused => {
            "Your company's sign-in did not accept this return: it was used before, or it took too \
             long. Nobody was signed in. Sign in again."
        }
        SignInError::Token(_) => {
            "What your company's sign-in said about you could not be trusted, so nobody was signed \
             in. Sign in again. If this keeps happening, tell your platform team."
        }
        SignInError::Claim(fault) => {
            return format!(
                "Your company's sign-in knows you, but what it says does not tell who you are \
                 here: {fault}. Nobody was signed in. Ask your company's administrator to give you \
                 an organization (org_id) and a role (admin, member or viewer) for ProductBridge."
            );
        }
        SignInError::Unusable(_) | SignInError::ClientRefused(_) => {
            "ProductBridge and your company's sign-in are not set up for each other, so nobody was \
             signed in. Trying again will not help: tell your platform team to check the sign-in settings."
        }
    }
    .into()
}
