//! What the use cases need from outside: small traits, one file a family.

pub mod analysis;
pub mod connections;
pub mod feedback;
pub mod gong;
pub mod ledger;
pub mod queues;
pub mod secrets;
pub mod sign_in;
pub mod system;

/// A database operation that has no meaning beyond "it did not work".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database did not answer, or asked to slow down; the outcome is not known.
    #[error(
        "the database did not answer ({0}); the operation may or may not have taken place and can be repeated"
    )]
    Unavailable(String),
    /// An item does not have the shape that this version writes.
    #[error("a stored item could not be read ({0}); it was left as it is")]
    Corrupt(String),
    /// The request is wrong: a fault of the program or of the tables' set-up.
    #[error(
        "the database refused the request ({0}); this is a fault of the set-up or of the program"
    )]
    Refused(String),
}
