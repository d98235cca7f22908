//! What the sides of the conversation tell about a sentence: questions and answers, ideas of our
//! own side, problems that are solved, what was said back and confirmed.

use std::collections::HashSet;

use domain::conversation::Side;

use super::{
    cues::Family,
    sentence::{Dismissal, Scored},
    utterance::Utterance,
    words::content_stems,
};

/// Sums over the conversation that make a look around a sentence cheap.
pub(crate) struct Around {
    product: Vec<u32>,
    commerce: Vec<u32>,
    elicited: Vec<bool>,
}

impl Around {
    /// Reads both sides.
    pub(crate) fn of(utterances: &[Utterance<'_>]) -> Self {
        let sums = |count: &dyn Fn(&Utterance<'_>) -> u32| {
            let mut sum = 0;
            let mut out = vec![0];
            for u in utterances {
                sum += count(u);
                out.push(sum);
            }
            out
        };
        let commerce = |u: &Utterance<'_>| {
            let of = |family| u32::try_from(u.of(family).count()).unwrap_or(u32::MAX);
            of(Family::Pricing) + of(Family::Scheduling)
        };
        Self {
            product: sums(&|u| u.product_words()),
            commerce: sums(&commerce),
            elicited: elicited(utterances),
        }
    }

    /// Words of the product within so many utterances.
    pub(crate) fn product(&self, at: usize, window: usize) -> u32 {
        within(&self.product, at, window)
    }

    /// Cues of price and meetings within so many utterances.
    pub(crate) fn commerce(&self, at: usize, window: usize) -> u32 {
        within(&self.commerce, at, window)
    }

    /// Whether our side had just asked what the customer would want.
    pub(crate) fn elicited(&self, at: usize) -> bool {
        self.elicited[at]
    }
}

fn within(sums: &[u32], at: usize, window: usize) -> u32 {
    sums[(at + window + 1).min(sums.len() - 1)] - sums[at.saturating_sub(window)]
}

/// An answer to a question reaches over so many sentences of the customer's side.
const ANSWER: usize = 6;

fn elicited(utterances: &[Utterance<'_>]) -> Vec<bool> {
    let mut left = 0;
    let mut out = Vec::with_capacity(utterances.len());
    for u in utterances {
        match u.side {
            Side::Customer => {
                if u.has(Family::Nothing) && u.tokens.len() <= 3 {
                    left = 0;
                }
                out.push(left > 0);
                left = usize::saturating_sub(left, 1);
            }
            _ => {
                if u.has(Family::Elicit) {
                    left = ANSWER;
                }
                out.push(false);
            }
        }
    }
    out
}

/// "What we'd expect is quite simple." asks for what the next sentence says.
pub(crate) fn carry_announcements(utterances: &[Utterance<'_>], units: &mut [Scored]) {
    for n in 1..units.len() {
        let (before, after) = (units[n - 1], units[n]);
        let (said, next) = (&utterances[before.at], &utterances[after.at]);
        let announces = before.kind == Family::Request
            && before.score >= 20
            && before.product == 0
            && said
                .of(Family::Request)
                .any(|hit| said.tokens.len() <= hit.end + 3);
        if announces && said.turn == next.turn && after.product > 0 && after.score < before.score {
            units[n].score = before.score;
            units[n].kind = Family::Request;
            units[n - 1].score = 0;
        }
    }
}

/// After "your Dana keeps telling me …" the rest of the turn is our own side's idea, unless the
/// customer makes it theirs or turns to something else.
pub(crate) fn dismiss_our_ideas(utterances: &[Utterance<'_>], units: &mut [Scored]) {
    let mut scope = None;
    for n in 0..units.len() {
        let u = &utterances[units[n].at];
        if scope != Some(u.turn) {
            scope = None;
        }
        if u.has(Family::Reported) {
            scope = Some(u.turn);
        } else if u.has(Family::Switch) {
            scope = None;
        }
        if scope.is_none() {
            continue;
        }
        if u.has(Family::Endorsed) && !u.has(Family::Declined) {
            let same_turn = |unit: &&mut Scored| utterances[unit.at].turn == u.turn;
            for earlier in units[..n].iter_mut().rev().take_while(same_turn) {
                if earlier.dismissed == Some(Dismissal::OurIdea) {
                    earlier.dismissed = None;
                }
            }
            scope = None;
        } else {
            units[n].dismissed = Some(Dismissal::OurIdea);
        }
    }
}

/// "That was fixed in August" takes back what was said just before, by the customer or in the
/// same breath.
pub(crate) fn dismiss_solved(utterances: &[Utterance<'_>], units: &mut [Scored]) {
    for n in 0..units.len() {
        let u = &utterances[units[n].at];
        let still_broken = u.points(Family::Defect) >= 22 || u.points(Family::Missing) >= 28;
        if !u.has(Family::Solved) || still_broken {
            continue;
        }
        units[n].dismissed = Some(Dismissal::Solved);
        for earlier in units[..n].iter_mut().rev().take(2) {
            if utterances[earlier.at].turn == u.turn && earlier.score > 0 {
                earlier.dismissed = Some(Dismissal::Solved);
            }
        }
    }
}

/// A question is answered when at most so many sentences of its turn follow it.
const LAST: usize = 2;
/// What the other side says in the turns right after: at most so many utterances are heard.
const HEARD: usize = 4;

/// Our side's answer decides a question, and confirms that something is missing.
pub(crate) fn hear_answers(utterances: &[Utterance<'_>], units: &mut [Scored]) {
    for n in 0..units.len() {
        let unit = units[n];
        if unit.score == 0 || unit.dismissed.is_some() {
            continue;
        }
        let said = &utterances[unit.at];
        let mut after = utterances[unit.at + 1..].iter().take(LAST + 1);
        let Some(skip) = after.position(|u| u.turn != said.turn) else {
            continue;
        };
        let answer: Vec<_> = utterances[unit.at + 1 + skip..]
            .iter()
            .take(HEARD)
            .take_while(|u| u.side == Side::Internal)
            .collect();
        let no = answer.iter().any(|u| u.has(Family::AnswerNo));
        let yes = answer.iter().any(|u| u.has(Family::AnswerYes));
        let asked = unit.kind == Family::Question;
        let wish = asked || matches!(unit.kind, Family::Request | Family::Missing);
        let taken = answer.iter().any(|u| u.has(Family::Taken));
        if wish
            && yes
            && !no
            && !taken
            && !objects(&utterances[unit.at + 1 + skip + answer.len()..])
        {
            resolve(utterances, units, n);
        } else if no {
            units[n].confirmed_missing = asked || unit.kind == Family::Missing;
            units[n].score += if asked { 15 } else { 4 };
        }
    }
}

/// Whether the customer does not accept the answer.
fn objects(after: &[Utterance<'_>]) -> bool {
    after
        .iter()
        .take(3)
        .take_while(|u| u.side == Side::Customer)
        .any(|u| {
            u.points(Family::Missing) > 0 || u.points(Family::Defect) > 0 || u.has(Family::Nothing)
        })
}

/// A wish or question that our side answered with "it does that" takes its turn with it.
fn resolve(utterances: &[Utterance<'_>], units: &mut [Scored], n: usize) {
    let turn = utterances[units[n].at].turn;
    for unit in units[..=n].iter_mut().rev() {
        if utterances[unit.at].turn != turn {
            break;
        }
        let asks = matches!(
            unit.kind,
            Family::Question | Family::Request | Family::Missing
        );
        if unit.score > 0 && (asks || unit.score < 30) {
            unit.dismissed = Some(Dismissal::AlreadyThere);
        }
    }
}

/// What was said back reaches over so many sentences of the customer's side before it.
const REACH: usize = 25;

/// What our side says back and the customer confirms tells which sentences are the heart of it.
pub(crate) fn hear_recaps(utterances: &[Utterance<'_>], units: &mut [Scored]) {
    let mut at = 0;
    while at < utterances.len() {
        let turn = utterances[at].turn;
        let end = at
            + utterances[at..]
                .iter()
                .take_while(|u| u.turn == turn)
                .count();
        let ours = utterances[at].side == Side::Internal;
        if ours && utterances[at..end].iter().any(|u| u.has(Family::Recap)) {
            let confirmed = utterances[end..]
                .iter()
                .take(2)
                .take_while(|u| u.side == Side::Customer)
                .any(|u| u.has(Family::Affirm));
            let words: HashSet<&str> = utterances[at..end]
                .iter()
                .flat_map(|u| content_stems(&u.tokens))
                .collect();
            if confirmed {
                raise(utterances, units, end, &words);
            }
        }
        at = end;
    }
}

fn raise(utterances: &[Utterance<'_>], units: &mut [Scored], end: usize, words: &HashSet<&str>) {
    let after = units.partition_point(|unit| unit.at < end);
    for unit in &mut units[after.saturating_sub(REACH)..] {
        if unit.at > end + ANSWER {
            break;
        }
        let own: HashSet<&str> = content_stems(&utterances[unit.at].tokens).collect();
        let shared = u32::try_from(own.intersection(words).count()).unwrap_or(u32::MAX);
        unit.core = unit.core.max(shared.min(4));
    }
}
