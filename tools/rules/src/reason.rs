//! Why a call holds feedback or not, in a sentence for the ledger: the kind of cue, never what was
//! said.

use super::{
    cues::Family,
    matter::Matter,
    sentence::{Dismissal, Scored},
    utterance::Utterance,
};

/// Why there is feedback.
pub(crate) fn for_feedback(matter: &Matter<'_>) -> String {
    let strongest = matter.request();
    let confirmed = matter.units.iter().any(|unit| unit.confirmed_missing);
    let what = match strongest.map_or(Family::Request, |unit| unit.kind) {
        Family::Question if confirmed => {
            "a customer asks for a capability that our side says is missing"
        }
        Family::Question => "a customer asks whether the product can do something",
        Family::Missing | Family::Limit if confirmed => {
            "a customer misses a capability, and our side says it is not there"
        }
        Family::Missing => "a customer says that something is missing or cannot be done",
        Family::Limit => "a customer runs into a limit of the product",
        Family::Friction => "a customer finds something hard to use",
        Family::Defect => "a customer reports that something does not work as it should",
        _ => "a customer asks for a new or changed capability",
    };
    let asking = matter.units.iter().filter(|unit| unit.score > 0).count();
    let costs = if matter.units.iter().any(|unit| unit.pain >= 14) {
        " and says what it costs them"
    } else {
        ""
    };
    let noun = if asking == 1 { "sentence" } else { "sentences" };
    format!("{what}{costs} ({asking} {noun})")
}

/// Why there is none.
pub(crate) fn against(utterances: &[Utterance<'_>], units: &[Scored]) -> String {
    if units.is_empty() {
        return "nobody of the customer's side spoke".to_owned();
    }
    let has = |dismissal| units.iter().any(|unit| unit.dismissed == Some(dismissal));
    let asked = |dismissal| {
        units
            .iter()
            .any(|unit| unit.dismissed == Some(dismissal) && unit.score > 0)
    };
    let any = |family: Family| units.iter().any(|unit| utterances[unit.at].has(family));
    let reason = if has(Dismissal::OurIdea) {
        "a customer only repeats an idea of our own side"
    } else if asked(Dismissal::AlreadyThere) {
        "what a customer asked for is already there, our side answered"
    } else if asked(Dismissal::Solved) {
        "the problem that a customer mentions is already solved"
    } else if asked(Dismissal::Declined) {
        "a customer says that they do not need it"
    } else if units
        .iter()
        .any(|unit| unit.dismissed.is_none() && unit.score > 0)
    {
        "a few phrases could be wishes, but none is clearly about the product"
    } else {
        match (any(Family::Pricing), any(Family::Scheduling)) {
            (true, true) => "only pricing and scheduling were discussed",
            (true, false) => "only pricing and contract matters were discussed",
            (false, true) => "only scheduling and small talk were found",
            (false, false) if any(Family::Praise) => "only satisfaction was expressed",
            (false, false) => {
                "no request, limit, complaint or problem was found in what the customer said"
            }
        }
    };
    reason.to_owned()
}
