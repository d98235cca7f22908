//! Candidates: what existing posts are like these pieces of feedback, read so that a commit can
//! rely on it.

use std::{cmp::Reverse, collections::BTreeMap};

use domain::{
    feedback::{Moderation, Post, RequestText, Unmerge, post::LONGEST_CHAIN},
    ids::{OrgId, PostId},
    ports::{
        StoreError,
        feedback::{DedupeStore, FeedbackStore, Hit, IndexError, Pending, VectorIndex},
    },
};

/// How many neighbours of one feedback are read from the index.
const NEIGHBOURS: usize = 10;
/// Neighbours below this similarity are not worth a read.
const FAR: f32 = 0.3;

/// A live post near a feedback.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The post, as it is now.
    pub post: Post,
    /// The similarity, from -1 to 1, to the post or to what stands for it.
    pub score: f32,
    /// The posts by which it was found, which people merged into it; the most like one first.
    pub via: Vec<Post>,
    /// The words of the evidence that a person moved to the post, when it was found by being like
    /// that rather than like the post.
    pub moved: Option<String>,
}

impl Candidate {
    /// What the feedback is like: the post, the one that was merged into it, or what was moved
    /// there.
    #[must_use]
    pub fn request_text(&self) -> RequestText<'_> {
        if let Some(moved) = &self.moved {
            let (title, description) = moved.split_once('\n').unwrap_or((moved, ""));
            return RequestText { title, description };
        }
        self.via.first().unwrap_or(&self.post).into()
    }
}

/// What a search for candidates found.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidates {
    /// The epoch before anything else was read.
    pub epoch: u64,
    /// For each feedback its live neighbours, best first.
    pub candidates: Vec<Vec<Candidate>>,
}

/// Why there was no search.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CandidatesError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// Looks, in this order: epoch, pending vectors, index, posts. Whoever makes a post searchable
/// bumps the epoch, so a commit on an unchanged epoch has missed none.
///
/// What people decided holds: a post that they merged into another leads to that one, and what is
/// more like evidence that they moved out of a post than like the post itself follows the evidence.
///
/// # Errors
/// [`CandidatesError`]; a missing index is an error, never "no match".
pub async fn find_candidates(
    dedupe: &dyn DedupeStore,
    index: &dyn VectorIndex,
    posts: &dyn FeedbackStore,
    org: &OrgId,
    (embedder, vectors): (&str, &[Vec<f32>]),
) -> Result<Candidates, CandidatesError> {
    let epoch = dedupe.epoch(org).await?;
    let pending = dedupe.pending(org).await?;
    let mut reader = Reader {
        posts,
        org,
        embedder,
        read: BTreeMap::new(),
        moved: BTreeMap::new(),
    };
    let mut candidates = Vec::with_capacity(vectors.len());
    for vector in vectors {
        let hits = index.nearest(org, vector, NEIGHBOURS).await?;
        let mut found = Vec::new();
        for (post_id, (revision, score)) in near(hits, &pending, vector) {
            let candidate = reader.candidate(&post_id, revision, score).await?;
            let Some(candidate) = candidate else { continue };
            found.extend(reader.as_people_decided(candidate, vector).await?);
        }
        candidates.push(best_first(found));
    }
    Ok(Candidates { epoch, candidates })
}

/// The posts worth a read, each at the revision that it was found at and with its similarity.
fn near(hits: Vec<Hit>, pending: &[Pending], vector: &[f32]) -> BTreeMap<PostId, (u64, f32)> {
    let hits = hits.into_iter();
    let mut near: BTreeMap<_, _> = hits
        .map(|hit| (hit.post_id, (hit.revision, hit.score)))
        .collect();
    // A pending vector is newer than what the index has of the same post.
    for item in pending {
        match &item.vector {
            Some(other) => {
                let entry = (item.revision, cosine(vector, other));
                near.insert(item.post_id.clone(), entry);
            }
            None => {
                near.remove(&item.post_id);
            }
        }
    }
    near.retain(|_, (_, score)| score.total_cmp(&FAR).is_ge());
    near
}

/// Each post once, by the best that it was found by; the most similar post first.
fn best_first(found: Vec<Candidate>) -> Vec<Candidate> {
    let mut live: BTreeMap<PostId, Candidate> = BTreeMap::new();
    for found in found {
        match live.get(&found.post.id) {
            Some(known) if !better(&found, known) => {}
            _ => {
                live.insert(found.post.id.clone(), found);
            }
        }
    }
    let mut live: Vec<_> = live.into_values().collect();
    live.sort_by(|a, b| {
        let by_score = b.score.total_cmp(&a.score);
        let by_person = by_score.then_with(|| b.moved.is_some().cmp(&a.moved.is_some()));
        by_person.then_with(|| oldest(&a.post).cmp(&oldest(&b.post)))
    });
    live
}

fn better(one: &Candidate, other: &Candidate) -> bool {
    let by_score = one.score.total_cmp(&other.score);
    by_score
        .then_with(|| one.moved.is_some().cmp(&other.moved.is_some()))
        .is_gt()
}

/// Reads of one search; each post once.
struct Reader<'a> {
    posts: &'a dyn FeedbackStore,
    org: &'a OrgId,
    embedder: &'a str,
    read: BTreeMap<PostId, Option<Post>>,
    moved: BTreeMap<PostId, Vec<Unmerge>>,
}

impl Reader<'_> {
    async fn post(&mut self, id: &PostId) -> Result<Option<Post>, StoreError> {
        if !self.read.contains_key(id) {
            let post = self.posts.post(self.org, id).await?;
            self.read.insert(id.clone(), post);
        }
        Ok(self.read.get(id).cloned().flatten())
    }

    /// The live post behind a hit: the post itself, or the one it was merged into.
    async fn candidate(
        &mut self,
        id: &PostId,
        revision: u64,
        score: f32,
    ) -> Result<Option<Candidate>, StoreError> {
        let hit = self.post(id).await?;
        let Some(mut post) = hit.filter(|post| post.revision == revision) else {
            return Ok(None);
        };
        let mut via = Vec::new();
        while let Some(into) = post.taken_in_by().cloned() {
            if via.len() == LONGEST_CHAIN {
                return Ok(None);
            }
            via.push(post);
            match self.post(&into).await? {
                Some(next) => post = next,
                None => return Ok(None),
            }
        }
        let live = post.moderation == Moderation::Published;
        Ok(live.then_some(Candidate {
            post,
            score,
            via,
            moved: None,
        }))
    }

    /// The candidate, unless the vector is more like something that a person moved out of it: then
    /// where that went, or nothing when it is not there any more.
    async fn as_people_decided(
        &mut self,
        found: Candidate,
        vector: &[f32],
    ) -> Result<Option<Candidate>, StoreError> {
        let mut nearest: Option<(f32, Unmerge)> = None;
        // Places of another model cannot be compared; `reindex --re-embed` replaces them.
        for moved in self.unmerges_of(&found).await? {
            if moved.embedder != self.embedder {
                continue;
            }
            let score = cosine(vector, &moved.vector);
            if score >= found.score && nearest.as_ref().is_none_or(|(best, _)| score > *best) {
                nearest = Some((score, moved));
            }
        }
        let Some((score, moved)) = nearest else {
            return Ok(Some(found));
        };
        self.where_it_went(moved, score).await
    }

    /// Where evidence is that was moved out of a post, also when it was moved on from there.
    async fn where_it_went(
        &mut self,
        mut moved: Unmerge,
        score: f32,
    ) -> Result<Option<Candidate>, StoreError> {
        for _ in 0..LONGEST_CHAIN {
            let Some(post) = self.post(&moved.to).await? else {
                return Ok(None);
            };
            let Some(went) = self.candidate(&moved.to, post.revision, score).await? else {
                return Ok(None);
            };
            let onward = self.unmerges_of(&went).await?.into_iter();
            let mut own = onward.filter(|on| on.call_id == moved.call_id && on.n == moved.n);
            match own.next() {
                Some(on) => moved = on,
                None => {
                    return Ok(Some(Candidate {
                        moved: Some(moved.text),
                        ..went
                    }));
                }
            }
        }
        Ok(None)
    }

    /// What people moved out of a candidate, and out of the posts that were merged into it on the
    /// way to it.
    async fn unmerges_of(&mut self, found: &Candidate) -> Result<Vec<Unmerge>, StoreError> {
        let mut all = Vec::new();
        let chain = found.via.iter().chain([&found.post]);
        for post in chain.filter(|post| post.unmerges > 0) {
            if !self.moved.contains_key(&post.id) {
                let moved = self.posts.unmerges(self.org, &post.id).await?;
                self.moved.insert(post.id.clone(), moved);
            }
            all.extend(self.moved.get(&post.id).into_iter().flatten().cloned());
        }
        Ok(all)
    }
}

fn oldest(post: &Post) -> (domain::moment::Timestamp, Reverse<&PostId>) {
    (post.created, Reverse(&post.id))
}

/// The cosine similarity of two vectors of length 1; 0 when their dimensions differ.
#[must_use]
pub fn cosine(one: &[f32], other: &[f32]) -> f32 {
    if one.len() != other.len() {
        return 0.0;
    }
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests;
