//! The local embedding model and the embedder over it. These tests download the model's weights
//! once into the workspace's cache.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod embedder;
mod model;
