//! A source of the tests' own: a folder of chat threads, a file each. It has all that a source
//! brings: a poll that lists into the ledger, and a normalizer.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use domain::{
    call::{Call, CallMessage, Details},
    conversation::{Conversation, MomentLink, Sentence, Side, Turn},
    feedback::{Author, Settings},
    ids::{CallId, OrgId},
    moment::Timestamp,
    ports::{StoreError, ledger::Ledger},
};
use feedback::curation::withdraw::Withdraw;
use ingest::pipeline::{
    source::{Halt, Normalize, Source},
    worker::Worker,
};
use serde::Deserialize;

/// The word in the ids of its calls.
pub const CHAT: &str = "chat";

#[derive(Deserialize)]
struct Thread {
    thread: String,
    page: Option<String>,
    subject: String,
    opened: String,
    company: String,
    sealed: bool,
    people: BTreeMap<String, Person>,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Person {
    name: String,
    mail: Option<String>,
    ours: bool,
}

#[derive(Deserialize)]
struct Line {
    second: i64,
    who: String,
    says: String,
}

pub struct Chats {
    folder: PathBuf,
}

pub fn id(thread: &str) -> CallId {
    CallId::of(CHAT, thread).unwrap()
}

impl Chats {
    pub fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    fn threads(&self) -> Vec<Thread> {
        let files = fs::read_dir(&self.folder).unwrap();
        let read = |file: fs::DirEntry| fs::read(file.path()).unwrap();
        let texts = files.map(|file| read(file.unwrap()));
        texts
            .map(|text| serde_json::from_slice(&text).unwrap())
            .collect()
    }

    /// Lists the folder: new threads are queued, what was sealed since is withdrawn.
    pub async fn poll(
        &self,
        org: &OrgId,
        ledger: &dyn Ledger,
        withdraw: &Withdraw,
        now: Timestamp,
    ) -> Vec<CallMessage> {
        let mut queued = Vec::new();
        for thread in self.threads() {
            let call = Call::listed(org.clone(), id(&thread.thread), 1, thread.details(), now);
            if thread.sealed {
                if let Some(known) = ledger.call(org, &call.id).await.unwrap() {
                    withdraw.withdraw(&known, now).await.unwrap();
                }
            } else if ledger.insert(&call).await.unwrap() {
                queued.push(call.message());
            }
        }
        queued
    }
}

#[async_trait]
impl Source for Chats {
    fn name(&self) -> &str {
        CHAT
    }

    async fn may_be_read(&self, _: &OrgId, generation: u64) -> Result<bool, StoreError> {
        Ok(generation == 1)
    }

    async fn read(
        &self,
        worker: &Worker<'_>,
        calls: Vec<Call>,
        _: &Settings,
    ) -> Result<Vec<(Call, Normalize)>, Halt> {
        let mut threads = self.threads();
        let mut read: Vec<(Call, Normalize)> = Vec::new();
        for call in calls {
            let at = threads
                .iter()
                .position(|t| id(&t.thread) == call.id && !t.sealed);
            match at.map(|at| threads.swap_remove(at)) {
                Some(thread) => read.push((call, Box::new(move |_: &Call| thread.conversation()))),
                None => {
                    let reason = "the thread is not there just now";
                    worker
                        .finish(call.await_transcript(reason, worker.now()))
                        .await?;
                }
            }
        }
        Ok(read)
    }
}

impl Thread {
    fn details(&self) -> Details {
        Details {
            title: Some(self.subject.clone()),
            url: self.page.clone(),
            started: Timestamp::parse_rfc3339(&self.opened),
            language: None,
            account: Some(self.company.clone()),
            parties: Vec::new(),
        }
    }

    fn conversation(&self) -> Conversation {
        let author = |person: &Person| Author {
            name: Some(person.name.clone()),
            email: person.mail.clone(),
            account: Some(self.company.clone()),
        };
        let customers = self.people.values().filter(|person| !person.ours);
        let people: BTreeMap<_, _> = customers
            .map(|person| (person.name.clone(), author(person)))
            .collect();
        Conversation {
            title: Some(self.subject.clone()),
            url: self.page.clone(),
            moments: Some(MomentLink(|page, start_ms, _| {
                Some(format!("{page}#t={}", start_ms / 1_000))
            })),
            started: Timestamp::parse_rfc3339(&self.opened),
            language: None,
            author: people.values().next().unwrap().clone(),
            people,
            turns: self.lines.iter().map(|line| self.turn(line)).collect(),
        }
    }

    fn turn(&self, line: &Line) -> Turn {
        let person = &self.people[&line.who];
        let start_ms = line.second * 1_000;
        Turn {
            speaker: person.name.clone(),
            side: if person.ours {
                Side::Internal
            } else {
                Side::Customer
            },
            start_ms,
            sentences: vec![Sentence {
                start_ms,
                end_ms: start_ms,
                text: line.says.clone(),
                is_loop: false,
            }],
        }
    }
}
