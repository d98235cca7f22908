//! Prompt tokens of a one-hour call.

use std::{collections::BTreeMap, path::Path, sync::PoisonError, time::Duration};

use domain::{
    conversation::{Conversation, Sentence, Side, Turn},
    feedback::Author,
    ports::analysis::{Analyst, Reading},
    usage::Meter,
};
use serde_json::{Value, json};
use tiktoken_rs::o200k_base;

use crate::engine;

/// A call takes at most so many prompt tokens on average.
const GOAL: usize = 16_000;
/// The share of calls that hold feedback.
const YIELD: f64 = 0.3;
/// The words of an hour of talk.
const WORDS: usize = 9_500;
/// The words of six turns in a row, again and again: 43 on average, so that an hour has about 220
/// turns, as a tenant's real calls have.
const TURNS: [usize; 6] = [8, 40, 15, 110, 60, 25];

/// What our sample customers and vendors say, over and over, until an hour is full: the length is
/// that of a long call, the words are those of talk.
fn an_hour() -> Vec<(bool, Vec<String>)> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let mut said = Vec::new();
    for part in ["part-one", "part-two"] {
        let loaded = gong_sandbox::load_folder(&samples.join(part)).expect("the samples are read");
        for call in loaded.calls {
            let transcript = call.transcript.unwrap_or_default();
            for monologue in transcript.as_array().into_iter().flatten() {
                let sentences = monologue["sentences"].as_array().into_iter().flatten();
                said.extend(sentences.filter_map(|s| s["text"].as_str().map(str::to_owned)));
            }
        }
    }
    let mut said = said.iter().cycle();
    let mut hour: Vec<(bool, Vec<String>)> = Vec::new();
    let mut words = 0;
    while words < WORDS {
        let n = hour.len();
        let wanted = TURNS[(n + n / TURNS.len()) % TURNS.len()];
        let (mut of_turn, mut kept) = (0, Vec::new());
        while of_turn < wanted {
            let sentence = said.next().expect("there are samples");
            of_turn += sentence.split_whitespace().count();
            kept.push(sentence.clone());
        }
        words += of_turn;
        hour.push((n.is_multiple_of(2), kept));
    }
    hour
}

fn as_gong_gives_it(hour: &[(bool, Vec<String>)]) -> Value {
    let mut at = 0;
    let monologues = hour.iter().map(|(customer, sentences)| {
        let sentences: Vec<_> = sentences
            .iter()
            .map(|text| {
                at += 4_000;
                json!({"start": at, "end": at + 3_900, "text": text})
            })
            .collect();
        let speaker = if *customer {
            "6432345678555530067"
        } else {
            "6432345678555530099"
        };
        json!({"speakerId": speaker, "topic": "Call Setup", "sentences": sentences})
    });
    json!({"callId": "7782342274025937895", "transcript": monologues.collect::<Vec<_>>()})
}

fn conversation(hour: &[(bool, Vec<String>)]) -> Conversation {
    let turns = hour
        .iter()
        .enumerate()
        .map(|(n, (customer, sentences))| Turn {
            speaker: if *customer { "Ada" } else { "Bo" }.to_owned(),
            side: if *customer {
                Side::Customer
            } else {
                Side::Internal
            },
            start_ms: i64::try_from(n).unwrap_or(0) * 20_000,
            sentences: sentences
                .iter()
                .map(|text| Sentence {
                    text: text.clone(),
                    ..Sentence::default()
                })
                .collect(),
        });
    Conversation {
        title: None,
        url: None,
        moments: None,
        started: None,
        language: None,
        author: Author::default(),
        people: BTreeMap::new(),
        turns: turns.collect(),
    }
}

pub async fn measure() -> bool {
    let tokens = o200k_base().expect("the vocabulary is built in");
    let count = |text: &str| tokens.encode_with_special_tokens(text).len();
    let hour = an_hour();
    let gong = as_gong_gives_it(&hour);
    let pretty = count(&serde_json::to_string_pretty(&gong).expect("JSON"));
    let minified = count(&gong.to_string());
    let (analyst, sent) = engine::analyst(Duration::ZERO, true).await;
    let conversation = conversation(&hour);
    let meter = Meter::default();
    let detected = analyst.detect(Reading::of(&conversation), &meter).await;
    detected.expect("an answer");
    let extracted = analyst.extract(Reading::of(&conversation), &meter).await;
    extracted.expect("an answer");
    let sent = sent.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let of = |n: usize| (count(&sent[n].0), count(&sent[n].1));
    let ((detect_system, transcript), (extract_system, extract_user)) = (of(0), of(1));
    let (detect, extract) = (detect_system + transcript, extract_system + extract_user);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "tokens of a call are far below 2^52"
    )]
    let apart = (detect as f64 + YIELD * extract as f64).round() as usize;
    println!(
        "Prompt tokens of a call of {WORDS} words (o200k_base), {} turns",
        hour.len()
    );
    println!("  the transcript as pretty JSON of Gong            {pretty:>7}");
    println!("  the transcript as minified JSON of Gong          {minified:>7}");
    println!("  the transcript as it is sent                     {transcript:>7}");
    println!("  detect, instructions and examples included       {detect:>7}");
    println!("  extract, instructions and examples included      {extract:>7}");
    println!("  detect + extract at a yield of 30 %, a call      {apart:>7}   (goal {GOAL})");
    println!("  both in one request, a call                      {extract:>7}");
    println!();
    apart <= GOAL
}
