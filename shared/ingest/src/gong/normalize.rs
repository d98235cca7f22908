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
    /// the e-mail domain decide; what they cannot tell stays unknown.
    #[must_use]
    pub fn side(&self, party: &Party) -> Side {
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
    let mut talk: HashMap<&str, usize> = HashMap::new();
    let mut turns = Vec::new();
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
        if let Some(id) = id {
            let said: usize = sentences.iter().map(|s| s.text.len()).sum();
            *talk.entry(id).or_default() += said;
        }
        turns.push(Turn {
            speaker,
            side,
            start_ms: sentences[0].start_ms,
            sentences,
        });
    }
    turns.sort_by_key(|turn| turn.start_ms);
    let most = speakers
        .iter()
        .filter(|(id, s)| s.side == Side::Customer && talk.contains_key(id.as_str()))
        .max_by_key(|(id, _)| (talk[id.as_str()], std::cmp::Reverse((*id).clone())));
    let author = most.map_or_else(Author::default, |(_, speaker)| {
        let party = speaker.party.as_ref();
        Author {
            name: Some(speaker.name.clone()),
            email: party
                .and_then(|p| p.email.as_deref())
                .map(|e| bounded(e, 254)),
            account: None,
        }
    });
    Conversation {
        title: call.title.as_deref().map(|title| bounded(title, 300)),
        url: call.url.clone(),
        moments: Some(MomentLink(moment_link)),
        started: call.started,
        language: call.language.clone(),
        author: Author {
            account: call.account.as_deref().map(|name| bounded(name, 200)),
            ..author
        },
        turns,
    }
}

/// The speakers by Gong's speaker id. Two parties behind one id share a microphone: they are
/// named together, and their side is known only when it is the same.
fn speakers(parties: &[Party], own: &OwnPeople) -> BTreeMap<String, Speaker> {
    let mut speakers: BTreeMap<String, Speaker> = BTreeMap::new();
    for party in parties {
        let Some(id) = party.speaker_id.as_deref().filter(|id| !id.is_empty()) else {
            continue;
        };
        let side = own.side(party);
        let name = name_of(party);
        match speakers.get_mut(id) {
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
