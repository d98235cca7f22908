//! Why a connect did not end in a connection.

/// A refused connect; nothing was stored. The page gets the code, never text from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConnectRefusal {
    /// The admin chose Deny at Gong.
    #[error(
        "Access was denied at Gong's consent page, so nothing was connected. If that was a mistake, choose Connect Gong again and approve."
    )]
    Denied,
    /// Gong's consent page came back with another error than a refusal.
    #[error(
        "Gong's consent page did not give access, for a reason of its own. Nothing was connected. Try again; if it stays like this, ask your platform team whether the Gong app and its redirect address are set up as docs/operations.md says."
    )]
    ConsentFailed,
    /// The state is unknown, expired, used or of another browser.
    #[error(
        "This connect link is no longer valid: it was used before, is older than ten minutes, or was begun in another browser. Nothing was connected. Choose Connect Gong again in this browser."
    )]
    BadState,
    /// The grant lacks a scope.
    #[error(
        "Gong's authorization lacks a permission that is needed to read calls, transcripts and users. Nothing was connected. Ask a Gong technical administrator to approve all four permissions."
    )]
    MissingScope,
    /// Another organization holds the workspace.
    #[error(
        "This Gong workspace is already connected to another organization. Nothing was connected. Disconnect it there first, or sign in to Gong with an account of another workspace."
    )]
    WorkspaceHeld,
    /// Another workspace than the one that is connected.
    #[error(
        "This is another Gong workspace than the one that is connected. Nothing was changed. To move to it, disconnect first."
    )]
    OtherWorkspace,
    /// The organization has no board.
    #[error("There is no board for posts yet. Create a board first, then connect Gong.")]
    NoBoard,
    /// The base URL is not Gong's.
    #[error(
        "The API address that came with the authorization is not one of Gong's. For safety nothing was connected and no token was kept. Tell your platform team."
    )]
    ForeignBaseUrl,
    /// Gong refused the code.
    #[error(
        "Gong did not accept the authorization code: it was used before or is older than ten minutes. Nothing was connected. Choose Connect Gong again."
    )]
    CodeRefused,
    /// Gong refused our client.
    #[error(
        "Gong does not accept this installation's client id and secret. Nothing was connected. Ask your platform team to check both."
    )]
    InvalidClient,
    /// Nothing tells the company from others.
    #[error(
        "Gong showed neither users nor workspaces nor calls to this account, so the company could not be told from others. Nothing was connected. Connect with a Gong technical administrator's account."
    )]
    NoIdentity,
    /// Gong did not answer.
    #[error(
        "Gong did not answer properly while connecting. Nothing was connected. Wait a minute and choose Connect Gong again."
    )]
    GongUnavailable,
    /// The company's request budget is used up.
    #[error(
        "Gong asks this company to wait before it sends more requests, because its request limit is used up. Nothing was connected. Try again in an hour; a limit of the whole day ends at midnight UTC."
    )]
    GongBusy,
    /// Something of ours did not answer.
    #[error(
        "Our own storage did not answer while connecting. Check the status below: if it does not say connected, choose Connect Gong again."
    )]
    StorageUnavailable,
    /// Someone else changed the connection meanwhile.
    #[error(
        "Someone else changed this connection at the same time. Check the status below before you try again."
    )]
    Superseded,
}

impl ConnectRefusal {
    pub const ALL: [Self; 15] = [
        Self::Denied,
        Self::ConsentFailed,
        Self::BadState,
        Self::MissingScope,
        Self::WorkspaceHeld,
        Self::OtherWorkspace,
        Self::NoBoard,
        Self::ForeignBaseUrl,
        Self::CodeRefused,
        Self::InvalidClient,
        Self::NoIdentity,
        Self::GongUnavailable,
        Self::GongBusy,
        Self::StorageUnavailable,
        Self::Superseded,
    ];

    /// The code that travels in the page's address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::ConsentFailed => "consent-failed",
            Self::BadState => "bad-state",
            Self::MissingScope => "missing-scope",
            Self::WorkspaceHeld => "workspace-held",
            Self::OtherWorkspace => "other-workspace",
            Self::NoBoard => "no-board",
            Self::ForeignBaseUrl => "foreign-base-url",
            Self::CodeRefused => "code-refused",
            Self::InvalidClient => "invalid-client",
            Self::NoIdentity => "no-identity",
            Self::GongUnavailable => "gong-unavailable",
            Self::GongBusy => "gong-busy",
            Self::StorageUnavailable => "storage-unavailable",
            Self::Superseded => "superseded",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }
}
