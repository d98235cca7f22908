//! `eval --recorded`: a language model whose answers were written down. It stands behind the real
//! client, so that prompts, schemas and the reading of answers are those of any other model.
//!
//! An answer is found by its stage, the version of the prompts and the material that the model was
//! given; of judge, by the words of the two requests, so that it holds in whatever order
//! calls are written.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use adapters::llm::{FENCE_CLOSE, FENCE_OPEN, LlmConfig, PROMPTS_VERSION, Protocol};
use anyhow::{Context as _, Result};
use axum::{Json, Router, extract::State, routing::post};
use domain::{hash::hash_of, secret::Secret};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// As many characters of a hash tell questions apart.
const KEY: usize = 20;

/// A line of an answers file.
#[derive(Debug, Deserialize)]
struct Line {
    key: String,
    answer: Value,
}

/// A question without an answer, as it is put to whoever answers it.
#[derive(Debug, Serialize)]
struct Unanswered<'a> {
    key: &'a str,
    stage: &'a str,
    system: &'a str,
    user: &'a str,
}

/// The answers, and what was asked of them.
pub struct Recorded {
    answers: BTreeMap<String, Value>,
    /// Where questions without an answer are written.
    unanswered: Option<PathBuf>,
    asked: Mutex<BTreeSet<String>>,
}

impl Recorded {
    /// Reads every `*.jsonl` of a folder.
    ///
    /// # Errors
    /// When a file cannot be read; the message names it.
    pub fn load(folder: &Path, unanswered: Option<PathBuf>) -> Result<Self> {
        let mut answers = BTreeMap::new();
        let files = std::fs::read_dir(folder)
            .with_context(|| format!("{} cannot be read", folder.display()))?;
        for file in files {
            let path = file?.path();
            if path.extension().is_none_or(|ending| ending != "jsonl") {
                continue;
            }
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            for (n, line) in text.lines().enumerate() {
                let wrong = || format!("{}, line {}: no answer", path.display(), n + 1);
                let line: Line = serde_json::from_str(line).with_context(wrong)?;
                answers.insert(line.key, line.answer);
            }
        }
        if let Some(folder) = &unanswered {
            std::fs::create_dir_all(folder)?;
        }
        Ok(Self {
            answers,
            unanswered,
            asked: Mutex::default(),
        })
    }

    /// Serves the answers on a free port of this machine as long as the process lives.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn serve(self: &Arc<Self>) -> Result<LlmConfig> {
        let app = Router::new()
            .route("/v1/chat/completions", post(answer))
            .with_state(Arc::clone(self));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(LlmConfig {
            base_url: Some(format!("http://{address}")),
            api_key: Some(Secret::new("none").into()),
            protocol: Some(Protocol::OpenAi),
            ..LlmConfig::new("recorded answers")
        })
    }

    /// How many questions were asked, each once, and how many of them have no answer.
    #[must_use]
    pub fn counted(&self) -> (usize, usize) {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = asked.iter().filter(|key| !self.answers.contains_key(*key));
        (asked.len(), missing.count())
    }

    fn find(&self, key: &str, question: impl FnOnce() -> Value) -> Option<&Value> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = asked.insert(key.to_owned());
        let answer = self.answers.get(key);
        if let Some(folder) = self
            .unanswered
            .as_ref()
            .filter(|_| is_new && answer.is_none())
        {
            let path = folder.join(format!("{key}.json"));
            if let Err(error) = std::fs::write(&path, format!("{:#}", question())) {
                eprintln!("{} was not written: {error}", path.display());
            }
        }
        answer
    }

    /// The answer to a question; where there is none, one that lets a run go on.
    fn answer(&self, stage: &str, system: &str, user: &str) -> Value {
        let material = material(user);
        if stage == "judge" {
            return self.judge(system, &material);
        }
        let key = key(&format!("{stage} {PROMPTS_VERSION}\n{material}\n"));
        let question = || {
            let (key, user) = (&*key, user);
            json!(Unanswered {
                key,
                stage,
                system,
                user
            })
        };
        self.find(&key, question)
            .cloned()
            .unwrap_or_else(|| match stage {
                "detect" => json!({"feedback": true, "reason": "This has no recorded answer."}),
                "extract" => json!({"findings": []}),
                _ => json!({}),
            })
    }

    /// Of each of the others what was recorded of it and the request.
    fn judge(&self, system: &str, material: &str) -> Value {
        let (request, others) = requests(material);
        let judgements = others.iter().filter_map(|(id, other)| {
            let mut both = [&request, other].map(|lines| lines.join("\n"));
            both.sort_unstable();
            let key = key(&format!(
                "judge {PROMPTS_VERSION}\n{}\n\n{}",
                both[0], both[1]
            ));
            let question = || {
                let (one, other) = (request.join("\n"), other.join("\no1 "));
                let user =
                    format!("{FENCE_OPEN}\nRequest:\n{one}\nOthers:\no1 {other}\n{FENCE_CLOSE}");
                let (key, stage, user) = (&*key, "judge", &*user);
                json!(Unanswered {
                    key,
                    stage,
                    system,
                    user
                })
            };
            let answer = self.find(&key, question)?;
            let mut one = answer["judgements"].get(0).unwrap_or(answer).clone();
            one["id"] = json!(id);
            Some(one)
        });
        json!({"judgements": judgements.collect::<Vec<_>>()})
    }
}

async fn answer(State(recorded): State<Arc<Recorded>>, Json(body): Json<Value>) -> Json<Value> {
    let message = |n: usize| body["messages"][n]["content"].as_str().unwrap_or_default();
    let stage = body["response_format"]["json_schema"]["name"].as_str();
    let said = recorded.answer(stage.unwrap_or_default(), message(0), message(1));
    Json(json!({
        "id": "recorded", "object": "chat.completion", "created": 0, "model": body["model"],
        "choices": [{"index": 0, "finish_reason": "stop",
                     "message": {"role": "assistant", "content": said.to_string()}}],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    }))
}

fn key(text: &str) -> String {
    let mut key = hash_of([text]);
    key.truncate(KEY);
    key
}

/// What stands between fences, all of it; the whole text where there are none.
fn material(user: &str) -> String {
    let fenced = user.split(FENCE_OPEN).skip(1);
    let fenced = fenced.map(|behind| {
        behind
            .split_once(FENCE_CLOSE)
            .map_or(behind, |(data, _)| data)
    });
    let fenced: Vec<_> = fenced.map(|data| data.trim_matches('\n')).collect();
    if fenced.is_empty() {
        return user.to_owned();
    }
    fenced.join("\n")
}

/// Of judge's material the lines of the request, and of each of the others by its id, without the
/// ids.
#[must_use]
pub fn requests(material: &str) -> (Vec<&str>, BTreeMap<&str, Vec<&str>>) {
    let mut request = Vec::new();
    let mut others: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in material.lines() {
        let is_text = |line: &str| line.starts_with("title: ") || line.starts_with("description: ");
        match line.split_once(' ') {
            _ if is_text(line) => request.push(line),
            Some((id, rest)) if is_text(rest) => others.entry(id).or_default().push(rest),
            _ => {}
        }
    }
    (request, others)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    const SYSTEM: &str = "the instructions";

    fn recorded(lines: &[(&str, Value)]) -> (tempfile::TempDir, Recorded) {
        let folder = tempfile::tempdir().unwrap();
        let of = |of: &str| key(&of.replacen('\n', &format!(" {PROMPTS_VERSION}\n"), 1));
        let line = |(about, answer): &(&str, Value)| json!({"key": of(about), "answer": answer});
        let lines: Vec<_> = lines.iter().map(|one| line(one).to_string()).collect();
        std::fs::write(folder.path().join("answers.jsonl"), lines.join("\n")).unwrap();
        let asked = folder.path().join("unanswered");
        let recorded = Recorded::load(folder.path(), Some(asked)).unwrap();
        (folder, recorded)
    }

    #[test]
    fn an_answer_is_found_by_stage_and_material() {
        let no = json!({"feedback": false, "reason": "Prices alone."});
        let (folder, recorded) = recorded(&[("detect\nC1> How much is it?\n", no.clone())]);
        let user = "Whatever.\n<<<DATA\nC1> How much is it?\nDATA>>>";
        assert_eq!(recorded.answer("detect", SYSTEM, user), no);
        assert_eq!(recorded.answer("detect", "others", user), no);
        assert_eq!(recorded.counted(), (1, 0));
        assert_eq!(
            recorded.answer("extract", SYSTEM, user),
            json!({"findings": []})
        );
        assert_eq!(recorded.counted(), (2, 1));
        let written = std::fs::read_dir(folder.path().join("unanswered")).unwrap();
        assert_eq!(written.count(), 1);
    }

    #[test]
    fn a_judgement_is_found_by_the_words_of_both_whatever_stands_beside_them() {
        let pair = "judge\ntitle: A\ndescription: a\n\ntitle: B\ndescription: b";
        let same = json!({"sameness": "same", "reason": "R", "confidence": "high"});
        let (_folder, recorded) = recorded(&[(pair, same)]);
        let question = |request: &str, others: &[&str]| {
            let lines = |label: &str, name: &str| {
                format!(
                    "{label}title: {name}\n{label}description: {}\n",
                    name.to_lowercase()
                )
            };
            let others: String = (1..)
                .zip(others)
                .map(|(n, o)| lines(&format!("o{n} "), o))
                .collect();
            let user = format!(
                "<<<DATA\nRequest:\n{}Others:\n{others}DATA>>>",
                lines("", request)
            );
            recorded.answer("judge", SYSTEM, &user)
        };
        let found = |id| {
            json!({"judgements": [
                {"sameness": "same", "reason": "R", "confidence": "high", "id": id},
            ]})
        };
        assert_eq!(question("A", &["B"]), found("o1"));
        assert_eq!(question("B", &["C", "A"]), found("o2"));
        assert_eq!(question("C", &["D"]), json!({"judgements": []}));
        assert_eq!(recorded.counted(), (3, 2));
    }
}
