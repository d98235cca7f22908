//! Pages of a list that is held whole, newest first.

use domain::feedback::Post;

#[derive(Debug, Clone, PartialEq)]
pub struct Part<'a> {
    pub posts: &'a [Post],
    /// The number of the first of them, from 1.
    pub first: usize,
    /// Where the next part starts; none at the end.
    pub next: Option<String>,
}

/// The part after `cursor`; none when the cursor is not one of ours.
///
/// A cursor names the last post that was shown. It stays good when posts are added before it or
/// when that post no longer passes the filter. `posts` come by time and id, both downwards.
pub fn part<'a>(posts: &'a [Post], cursor: Option<&str>, limit: usize) -> Option<Part<'a>> {
    let start = match cursor {
        None => 0,
        Some(cursor) => {
            let (created, id) = cursor.split_once('.')?;
            let created: i64 = created.parse().ok()?;
            posts.partition_point(|post| (post.created.0, post.id.as_str()) >= (created, id))
        }
    };
    let end = posts.len().min(start + limit);
    let last = posts[start..end].last().filter(|_| end < posts.len());
    Some(Part {
        posts: &posts[start..end],
        first: start + 1,
        next: last.map(|post| format!("{}.{}", post.created.0, post.id)),
    })
}
