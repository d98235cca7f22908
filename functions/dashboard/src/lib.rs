//! The web pages and the JSON API: what people see of ProductBridge's Gong integration and what
//! they may do with it.
//!
//! Pages are written by the server and work without a script. Each request is scoped by its
//! [`Principal`]; roles are checked by the use cases, and once more here wherever a page alone
//! would show what a role may not do.

use std::sync::Arc;

use domain::{
    ports::{
        StoreError,
        connections::{BudgetStore, ConnectionStore, SyncStore},
        feedback::{FeedbackStore, UsageStore},
        ledger::Ledger,
        secrets::Keyring,
        sign_in::IdentityProvider,
        system::Clock,
    },
    principal::Principal,
};
use feedback::{
    boards::BoardService, curation::Curate, posts::PostService, product::ProductService,
    settings::SettingsService,
};
use futures::future::BoxFuture;
use ingest::{
    connect::{BeginConnect, Disconnect},
    pipeline::retry::RetryCall,
    sync::poll::Polls,
};
use runtime::cookies::CookieStyle;

mod api;
mod assets;
mod bridge;
mod extract;
mod gateway;
mod guard;
mod http_status;
mod ledger_counts;
mod notice;
mod pages;
mod paging;
mod post_query;
mod progress;
mod router;
mod sync_view;

pub use bridge::handle;
pub use router::router;

/// What the pages need: the use cases, the ports that they read from, and how they are reached.
#[derive(Clone)]
pub struct Dashboard {
    /// Reads: the connection.
    pub connections: Arc<dyn ConnectionStore>,
    /// Reads: polls and windows.
    pub sync: Arc<dyn SyncStore>,
    /// Reads: until when Gong asked us to wait.
    pub budget: Arc<dyn BudgetStore>,
    /// Reads: the ledger.
    pub ledger: Arc<dyn Ledger>,
    /// Reads: posts, boards, tags, settings, what is said about the product.
    pub feedback: Arc<dyn FeedbackStore>,
    /// Reads: what the analysis used.
    pub usage: Arc<dyn UsageStore>,
    /// Connect Gong, Reconnect.
    pub begin_connect: BeginConnect,
    pub disconnect: Disconnect,
    pub polls: Polls,
    /// Retry a failed call.
    pub retry: RetryCall,
    /// Posts by hand.
    pub posts: PostService,
    /// Boards and tags.
    pub boards: BoardService,
    pub settings: SettingsService,
    /// What is said about the product.
    pub product: ProductService,
    /// Edit, move, merge, review, erase.
    pub curate: Curate,
    /// The keys of the seal over session cookies.
    pub keys: Arc<dyn Keyring>,
    pub clock: Arc<dyn Clock>,
    /// How cookies are named and marked.
    pub cookies: CookieStyle,
    /// What works behind the pages, in words.
    pub engine: EngineWords,
    /// Whether a language model can be asked which requests are the same.
    pub judges: bool,
    /// How people sign in to the pages.
    pub sign_in: SignIn,
    /// By what the API knows who asks.
    pub api: ApiAccess,
    /// Called before a person's session begins; a failure keeps the person out.
    pub on_sign_in: SignInHook,
    /// The origins the pages are reached by, such as `https://desk.example`; a change that comes
    /// from a page of another origin is refused.
    pub public_origins: Vec<String>,
}

/// What works behind the pages, as the footer names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineWords {
    /// What reads conversations, such as "the built-in engine".
    pub llm: String,
    /// What places texts in the vector space.
    pub embeddings: String,
    /// Where calls come from: "Gong" or "the sandbox on this machine".
    pub gong: String,
    /// None wherever a language model is configured.
    pub offers: Vec<Offer>,
}

/// Language models that run on this machine and are not used; the one process alone knows of any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Which they are; the command follows.
    pub words: String,
    /// A line for a shell that uses one of them.
    pub command: String,
}

/// How people sign in to the pages.
#[derive(Clone)]
pub enum SignIn {
    /// A page that lets whoever opens it choose a role: for one machine alone.
    Local,
    /// The organizations' identity provider.
    Provider(Arc<dyn IdentityProvider>),
}

/// By what the API knows who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiAccess {
    /// The pages' session cookie.
    Session,
    /// The claims that the gateway's JWT authorizer has checked, and nothing else: neither does a
    /// session open the API, nor do claims open the pages.
    GatewayClaims,
}

/// Something to be done for a person who signs in.
pub type SignInHook =
    Arc<dyn Fn(Principal) -> BoxFuture<'static, Result<(), StoreError>> + Send + Sync>;

type App = Arc<Dashboard>;
