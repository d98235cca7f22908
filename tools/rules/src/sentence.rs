//! A sentence of the customer's side, as far as it speaks for feedback.

use super::{cues::Family, topics::TopicSet};

/// Why a sentence that looked like feedback is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dismissal {
    /// Our own side's idea, repeated.
    OurIdea,
    /// The customer says that they do not want it.
    Declined,
    /// It is there already, as our side answered.
    AlreadyThere,
    Solved,
    /// Price, contract, meetings.
    Commerce,
    Social,
}

/// A sentence of the customer's side and its weight.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scored {
    /// Its index among the utterances.
    pub(crate) at: usize,
    /// What it is a sign of most.
    pub(crate) kind: Family,
    /// Points of what it asks for or complains about; 0 for one that only supports others.
    pub(crate) score: u32,
    /// Points of what it says about the cost.
    pub(crate) pain: u32,
    /// Words of the product in it, at most 3.
    pub(crate) product: u32,
    pub(crate) topics: TopicSet,
    /// How many of its words our side said back and the customer confirmed.
    pub(crate) core: u32,
    /// Whether it answers our question what the customer would want.
    pub(crate) elicited: bool,
    /// Our side said that the product does not do this.
    pub(crate) confirmed_missing: bool,
    /// Why it is no feedback.
    pub(crate) dismissed: Option<Dismissal>,
}

impl Scored {
    /// Whether it says anything for feedback.
    pub(crate) const fn counts(&self) -> bool {
        self.dismissed.is_none() && (self.score > 0 || self.pain > 0)
    }
}
