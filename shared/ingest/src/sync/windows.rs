//! How windows are made and cut.

use domain::{
    connection::{Slice, Window, WindowKind},
    ids::{OrgId, WindowId},
    moment::{Span, Timestamp},
    ports::system::Ids,
};

/// A slice is cut when Gong announces more calls than this for it.
pub const SLICE_CALLS: u64 = 2_000;
/// A slice is never cut shorter than this.
const SHORTEST_SLICE: Span = Span::minutes(10);
/// A window that was queued is looked at by maintenance after this.
pub const WINDOW_GRACE: Span = Span::minutes(10);

/// A window that lists `from` (inclusive) to `to` (exclusive).
#[must_use]
pub fn listing_window(
    org: &OrgId,
    ids: &dyn Ids,
    generation: u64,
    kind: WindowKind,
    from: Timestamp,
    to: Timestamp,
    now: Timestamp,
) -> Window {
    let mut window = bare(org, ids, generation, kind, now);
    window.slices.push(Slice {
        from,
        to,
        done: from >= to,
        listed: 0,
        queued: 0,
    });
    window
}

/// A window that reconciles the open calls of earlier generations.
#[must_use]
pub fn reconcile_window(org: &OrgId, ids: &dyn Ids, generation: u64, now: Timestamp) -> Window {
    bare(org, ids, generation, WindowKind::Reconcile, now)
}

fn bare(org: &OrgId, ids: &dyn Ids, generation: u64, kind: WindowKind, now: Timestamp) -> Window {
    // The time in front lets a listing by key show the newest windows last.
    let id = format!("{:014}-{}", now.0.max(0), ids.uuid().simple());
    Window {
        org_id: org.clone(),
        id: WindowId::parse(id).expect("digits, a dash and hexadecimal digits are a valid id"),
        generation,
        kind,
        created: now,
        slices: Vec::new(),
        listed: 0,
        queued: 0,
        announced: 0,
        woke: false,
        resume: None,
        after: None,
        due: Some(now + WINDOW_GRACE),
        lease: None,
        finished: None,
        waiting_for: None,
    }
}

/// Cuts a slice for which Gong announced `total` calls into equal times of about
/// [`SLICE_CALLS`] each; `None` when it is small enough or too short to cut.
#[must_use]
pub fn cut(slice: &Slice, total: u64) -> Option<Vec<Slice>> {
    if total <= SLICE_CALLS + SLICE_CALLS / 2 {
        return None;
    }
    let length = slice.to - slice.from;
    let by_count = i64::try_from(total.div_ceil(SLICE_CALLS)).unwrap_or(i64::MAX);
    let parts = by_count.min(length.0 / SHORTEST_SLICE.0).min(1_000);
    if parts < 2 {
        return None;
    }
    let bound = |i: i64| match i {
        i if i == parts => slice.to,
        i => slice.from + Span(length.0 / parts * i),
    };
    let parts = (0..parts).map(|i| Slice {
        from: bound(i),
        to: bound(i + 1),
        done: false,
        listed: 0,
        queued: 0,
    });
    Some(parts.collect())
}

#[cfg(test)]
mod tests;
