//! Normalize: from Gong's shapes to a conversation; nothing after it knows Gong.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    call::Call,
    conversation::{Conversation, MomentLink, Sentence, Side, Turn},
    feedback::Author,
    gong::{
        moment_link::moment_link,
        shapes::{DirectoryUser, Transcript},
    },
    party::{Affiliation, Party},
    text::{bounded, clean},
};

use crate::pipeline::analyse::LONGEST_TRANSCRIPT;
use loops::without_loops;
use machines::{is_bot, of_machines};

mod loops;
mod machines;

/// The name of whatever plays greetings, menus and notices.
const MACHINE: &str = "Recorded voice";

/// Mail providers whose addresses say nothing about the company.
const FREE_MAIL: [&str; 14] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "proton.me",
    "protonmail.com",
];

/// Who belongs to the organization itself, as far as is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnPeople {
    users: BTreeSet<String>,
    emails: BTreeSet<String>,
    domains: BTreeSet<String>,
}

impl OwnPeople {
    /// From the users directory and the organization's own e-mail domains.
    #[must_use]
    pub fn new(directory: &[DirectoryUser], own_domains: &[String]) -> Self {
        let emails: BTreeSet<_> = directory.iter().flat_map(|u| u.emails.clone()).collect();
        let mut domains: BTreeSet<_> = own_domains.iter().cloned().collect();
        domains.extend(emails.iter().filter_map(|e| company_domain(e)));
        Self {
            users: directory.iter().map(|user| user.id.clone()).collect(),
            emails,
            domains,
        }
    }

    /// The side of a party. Gong's word holds; where it says Unknown, the directory and then
    /// the e-mail domain decide; what they cannot tell stays unknown, and so does a bot.
    #[must_use]
    pub fn side(&self, party: &Party) -> Side {
        if is_bot(party) {
            return Side::Unknown;
        }
        match party.affiliation {
            Affiliation::Internal => return Side::Internal,
            Affiliation::External => return Side::Customer,
            Affiliation::Unknown => {}
        }
        if party
            .user_id
            .as_ref()
            .is_some_and(|id| self.users.contains(id))
        {
            return Side::Internal;
        }
        let Some(email) = party.email.as_ref().map(|e| e.to_lowercase()) else {
            return Side::Unknown;
        };
        if self.emails.contains(&email) {
            return Side::Internal;
        }
        match company_domain(&email) {
            Some(domain) if self.domains.contains(&domain) => Side::Internal,
            // Only who knows the own domains can tell a foreign one.
            Some(_) if !self.domains.is_empty() => Side::Customer,
            _ => Side::Unknown,
        }
    }
}

fn company_domain(email: &str) -> Option<String> {
    let (_, domain) = email.rsplit_once('@')?;
    let domain = domain.trim().to_lowercase();
    (!domain.is_empty() && !FREE_MAIL.contains(&domain.as_str())).then_some(domain)
}

/// Whether telling the sides of this call needs the users directory.
#[must_use]
pub fn needs_directory(parties: &[Party]) -> bool {
    parties
        .iter()
        .any(|party| party.affiliation == Affiliation::Unknown)
}

struct Speaker {
    name: String,
    side: Side,
    party: Option<Party>,
}

/// Turns a transcript and the parties into a conversation.
#[must_use]
pub fn normalize(call: &Call, transcript: &Transcript, own: &OwnPeople) -> Conversation {
    let mut own = own.clone();
    let internal = |party: &&Party| party.affiliation == Affiliation::Internal;
    let emails = call
        .parties
        .iter()
        .filter(internal)
        .filter_map(|p| p.email.as_deref());
    own.domains.extend(emails.filter_map(company_domain));
    let speakers = speakers(&call.parties, &own);
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut turns: Vec<(Option<&str>, Turn)> = Vec::new();
    // What is not read anyway is not looked through.
    let texts = transcript.monologues.iter().flat_map(|m| &m.sentences);
    let is_read = texts.map(|s| s.text.len()).sum::<usize>() <= LONGEST_TRANSCRIPT;
    for monologue in &transcript.monologues {
        let Some(sentences) = sentences(&monologue.sentences) else {
            continue;
        };
        let id = monologue.speaker_id.as_deref();
        let known = id.and_then(|id| speakers.get(id));
        let (speaker, side) = match (known, id) {
            (Some(speaker), _) => (speaker.name.clone(), speaker.side),
            (None, Some(id)) => {
                let next = numbers.len() + 1;
                let number = numbers.entry(id).or_insert(next);
                (format!("Speaker {number}"), Side::Unknown)
            }
            (None, None) => ("Unknown speaker".to_owned(), Side::Unknown),
        };
        turns.extend(voices((id, &speaker, side), sentences, is_read));
    }
    turns.sort_by_key(|(_, turn)| turn.start_ms);
    let (ids, mut turns): (Vec<_>, Vec<_>) = turns.into_iter().unzip();
    if is_read {
        without_loops(&mut turns);
    }
    let mut talk: HashMap<&str, usize> = HashMap::new();
    for (id, turn) in ids.iter().zip(&turns) {
        let said: usize = turn.sentences.iter().map(|s| s.text.len()).sum();
        if let Some(id) = id.filter(|_| said > 0 && turn.side == Side::Customer) {
            *talk.entry(id).or_default() += said;
        }
    }
    turns.retain(|turn| !turn.sentences.is_empty());
    let account = call.account.as_deref().map(|name| bounded(name, 200));
    let most = talk
        .iter()
        .max_by_key(|(id, said)| (**said, std::cmp::Reverse(**id)));
    let author = most.and_then(|(id, _)| Some(speakers.get(*id)?.author(account.as_ref())));
    Conversation {
        title: call.title.as_deref().map(|title| bounded(title, 300)),
        url: call.url.clone(),
        moments: Some(MomentLink(moment_link)),
        started: call.started,
        language: call.language.clone(),
        author: author.unwrap_or_else(|| Author {
            account: account.clone(),
            ..Author::default()
        }),
        people: people(
            talk.keys().filter_map(|id| speakers.get(*id)),
            account.as_ref(),
        ),
        turns,
    }
}

impl Speaker {
    fn author(&self, account: Option<&String>) -> Author {
        let email = self.party.as_ref().and_then(|p| p.email.as_deref());
        Author {
            name: Some(self.name.clone()),
            email: email.map(|email| bounded(email, 254)),
            account: account.cloned(),
        }
    }
}

/// The speakers by name; of two of one name nobody knows the address.
fn people<'a>(
    speakers: impl Iterator<Item = &'a Speaker>,
    account: Option<&String>,
) -> BTreeMap<String, Author> {
    let mut people: BTreeMap<String, Author> = BTreeMap::new();
    for speaker in speakers {
        let author = speaker.author(account);
        let known = people.entry(speaker.name.clone()).or_insert(author.clone());
        if *known != author {
            known.email = None;
        }
    }
    people
}

/// What one says in one breath, as turns: what a machine says in a customer's place is nobody's.
fn voices<'a>(
    (id, speaker, side): (Option<&'a str>, &str, Side),
    sentences: Vec<Sentence>,
    is_read: bool,
) -> Vec<(Option<&'a str>, Turn)> {
    let machines = match side {
        Side::Customer if is_read => of_machines(&sentences),
        _ => vec![false; sentences.len()],
    };
    let mut turns: Vec<(Option<&str>, Turn)> = Vec::new();
    let mut last = None;
    for (sentence, machine) in sentences.into_iter().zip(machines) {
        let (id, speaker, side) = if machine {
            (None, MACHINE, Side::Unknown)
        } else {
            (id, speaker, side)
        };
        match turns.last_mut().filter(|_| last == Some(machine)) {
            Some((_, turn)) => turn.sentences.push(sentence),
            None => turns.push((
                id,
                Turn {
                    speaker: speaker.to_owned(),
                    side,
                    start_ms: sentence.start_ms,
                    sentences: vec![sentence],
                },
            )),
        }
        last = Some(machine);
    }
    turns
}

/// The speakers by Gong's speaker id. Two parties behind one id share a microphone: they are
/// named together, and their side is known only when it is the same. A bot shares none.
fn speakers(parties: &[Party], own: &OwnPeople) -> BTreeMap<String, Speaker> {
    let mut speakers: BTreeMap<String, Speaker> = BTreeMap::new();
    for party in parties {
        let Some(id) = party.speaker_id.as_deref().filter(|id| !id.is_empty()) else {
            continue;
        };
        let side = own.side(party);
        let name = name_of(party);
        let beside_a_bot = |known: &&mut Speaker| {
            let others = known.party.as_ref();
            !others.is_some_and(is_bot)
        };
        let known = speakers.get_mut(id);
        if known.is_some() && is_bot(party) {
            continue;
        }
        match known.filter(beside_a_bot) {
            None => {
                let party = Some(party.clone());
                speakers.insert(id.to_owned(), Speaker { name, side, party });
            }
            Some(known) => {
                let same_person = known.name == name
                    || known
                        .party
                        .as_ref()
                        .is_some_and(|p| p.email.is_some() && p.email == party.email);
                if !same_person {
                    known.name = format!("{} / {name}", known.name);
                    known.party = None;
                }
                if known.side != side {
                    known.side = Side::Unknown;
                }
            }
        }
    }
    speakers
}

fn name_of(party: &Party) -> String {
    let name = party.name.as_deref().map(|name| bounded(name, 120));
    name.filter(|name| !name.is_empty())
        .or_else(|| party.email.as_deref().map(|email| bounded(email, 120)))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "Unnamed participant".to_owned())
}

/// The sentences in the order of time, without empty ones; `None` when none is left.
fn sentences(raw: &[Sentence]) -> Option<Vec<Sentence>> {
    let mut sentences: Vec<_> = raw
        .iter()
        .map(|sentence| Sentence {
            text: clean(&sentence.text),
            ..*sentence
        })
        .filter(|sentence| !sentence.text.is_empty())
        .collect();
    sentences.sort_by_key(|sentence| sentence.start_ms);
    (!sentences.is_empty()).then_some(sentences)
}

#[cfg(test)]
mod tests;
