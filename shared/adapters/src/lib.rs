//! What the domain's ports are over HTTP, AWS and the operating system.

pub mod dynamodb;
pub mod embeddings;
pub mod fernet;
pub mod gong;
pub mod http;
pub mod keys;
pub mod llm;
pub mod qdrant;
pub mod system;
