//! What is judged at once: verdicts that all calls of an organization share, and the pieces of
//! feedback that are on their way to a post.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    feedback::RequestText,
    findings::Feedback,
    ids::{CallId, OrgId},
};
use feedback::matching::{candidates::cosine, judgements::Judgements};

/// What the calls of each organization share in this process.
#[derive(Default)]
pub struct Judging(Mutex<HashMap<OrgId, Arc<Shared>>>);

impl Judging {
    pub(super) fn of(&self, org: &OrgId) -> Arc<Shared> {
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(shared.entry(org.clone()).or_default())
    }
}

/// Judgements, and who else is about to make a post: whoever judges two that are under way spares
/// the other the question, since what is found of a pair holds for the post that one of them
/// becomes.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) known: Judgements,
    in_flight: Mutex<Vec<Arc<InFlight>>>,
}

/// A piece of feedback that is not written yet.
pub(super) struct InFlight {
    call: CallId,
    n: usize,
    title: String,
    description: String,
    vector: Vec<f32>,
}

impl InFlight {
    pub(super) fn text(&self) -> RequestText<'_> {
        RequestText {
            title: &self.title,
            description: &self.description,
        }
    }
}

/// As long as it lives, the pieces of a call are in flight.
pub(super) struct Announced {
    shared: Arc<Shared>,
    call: CallId,
}

impl Drop for Announced {
    fn drop(&mut self) {
        self.shared
            .in_flight()
            .retain(|piece| piece.call != self.call);
    }
}

impl Shared {
    fn in_flight(&self) -> std::sync::MutexGuard<'_, Vec<Arc<InFlight>>> {
        self.in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn announce(self: &Arc<Self>, call: &CallId, pieces: &[Feedback]) -> Announced {
        let piece = |(n, piece): (usize, &Feedback)| {
            let request = &piece.finding.request;
            Arc::new(InFlight {
                call: call.clone(),
                n,
                title: request.title.clone(),
                description: request.description.clone(),
                vector: piece.vector.clone(),
            })
        };
        self.in_flight()
            .extend(pieces.iter().enumerate().map(piece));
        Announced {
            shared: Arc::clone(self),
            call: call.clone(),
        }
    }

    /// The others in flight, each with its similarity.
    pub(super) fn others(
        &self,
        call: &CallId,
        n: usize,
        vector: &[f32],
    ) -> Vec<(Arc<InFlight>, f32)> {
        let others = self.in_flight();
        let others = others
            .iter()
            .filter(|other| other.call != *call || other.n != n);
        let scored = |other: &Arc<InFlight>| (Arc::clone(other), cosine(vector, &other.vector));
        others.map(scored).collect()
    }
}
