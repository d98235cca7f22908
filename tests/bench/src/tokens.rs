//! Tokens of a one-hour call, and what providers bill for them.

use std::path::Path;

use adapters::llm::{LlmConfig, Protocol};
use domain::{
    conversation::{Conversation, Sentence, Side, Turn},
    feedback::{Board, RequestText, Tag, product::UNKNOWN},
    ids::{BoardId, OrgId},
    moment::Timestamp,
    ports::analysis::{Analyst, Reading},
    usage::{Meter, Usage},
};
use serde_json::{Value, json};
use tiktoken_rs::o200k_base;

use crate::caching::{self, billed};

/// A call is billed at most so many prompt tokens on average.
const GOAL: f64 = 12_800.0;
/// So many posts are near a request on a dense board: as many as judge is asked about.
const NEAR: usize = 8;
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
        turns: turns.collect(),
        ..Conversation::default()
    }
}

/// What the stages of a call take.
#[derive(Default)]
struct Stages {
    detect: Usage,
    extract: Usage,
    judge: Usage,
    organize: Usage,
}

/// A post of average length, as a board holds them.
const REQUEST: RequestText<'static> = RequestText {
    title: "Let a saved view be sent by mail as a file every week",
    description: "The team lead opens the view every Monday, exports it by hand and mails it to \
                  the branches, who don't have an account of their own and only need the figures.",
};

impl Stages {
    /// Those of one call, read by an analyst of which extract reads this share of calls again.
    async fn of(analyst: &dyn Analyst, conversation: &Conversation) -> Self {
        let reading = Reading {
            read_again: Some(YIELD),
            ..Reading::of(conversation)
        };
        let meter = Meter::default();
        analyst.detect(reading, &meter).await.expect("an answer");
        let detect = meter.take();
        let found = analyst.extract(reading, &meter).await.expect("an answer");
        let extract = meter.take();
        let judged = analyst.judge(REQUEST, &[REQUEST; NEAR], &UNKNOWN, &meter);
        judged.await.expect("an answer");
        let judge = meter.take();
        let (boards, tags) = lists();
        let organized = analyst.organize(&found[0], (&boards, &tags), &UNKNOWN, &meter);
        organized.await.expect("an answer");
        Self {
            detect,
            extract,
            judge,
            organize: meter.take(),
        }
    }

    /// Of a call on average, when this share holds feedback; `of` counts a stage.
    fn average(&self, of: impl Fn(&Usage) -> f64) -> f64 {
        of(&self.detect) + YIELD * (of(&self.extract) + of(&self.judge) + of(&self.organize))
    }
}

/// An organization's boards and tags.
fn lists() -> (Vec<Board>, Vec<Tag>) {
    let org = OrgId::parse("org").expect("an id");
    let boards = ["Requests", "Problems", "Integrations"].map(|name| Board {
        org_id: org.clone(),
        id: BoardId::parse(name.to_lowercase()).expect("an id"),
        name: name.to_owned(),
        description: "What customers ask for, or run into, in this part of the product.".to_owned(),
        is_default: name == "Requests",
        created: Timestamp(0),
        categories: Vec::new(),
    });
    (boards.into(), Vec::new())
}

pub async fn measure() -> bool {
    let tokens = o200k_base().expect("the vocabulary is built in");
    let count = |text: &str| tokens.encode_with_special_tokens(text).len();
    let hour = an_hour();
    let gong = as_gong_gives_it(&hour);
    let pretty = count(&serde_json::to_string_pretty(&gong).expect("JSON"));
    let minified = count(&gong.to_string());
    let conversation = conversation(&hour);
    let openai = Stages::of(
        &*caching::analyst(Protocol::OpenAi, |_| ()).await,
        &conversation,
    )
    .await;
    let anthropic = caching::analyst(Protocol::Anthropic, |_| ()).await;
    let anthropic = Stages::of(&*anthropic, &conversation).await;
    let small = |config: &mut LlmConfig| config.detect_model = "small-model".to_owned();
    let two = Stages::of(
        &*caching::analyst(Protocol::OpenAi, small).await,
        &conversation,
    )
    .await;
    #[expect(
        clippy::cast_precision_loss,
        reason = "tokens of a call are far below 2^52"
    )]
    let (sent, written) = (
        |used: &Usage| used.prompt_tokens as f64,
        |used: &Usage| used.completion_tokens as f64,
    );
    println!(
        "Tokens of a call of {WORDS} words (o200k_base), {} turns",
        hour.len()
    );
    println!("  the transcript as pretty JSON of Gong            {pretty:>7}");
    println!("  the transcript as minified JSON of Gong          {minified:>7}");
    for (name, stage) in [
        ("detect", &openai.detect),
        ("extract", &openai.extract),
        ("judge, eight others", &openai.judge),
        ("organize", &openai.organize),
    ] {
        println!(
            "  {name:<20} sent {:>7}, of it kept {:>7}, written {:>5}",
            stage.prompt_tokens, stage.cached_tokens, stage.completion_tokens
        );
    }
    println!("  a call, all stages, at a yield of 30 %:");
    let all = openai.average(billed);
    println!(
        "    sent                                           {:>7.0}",
        openai.average(sent)
    );
    println!("    billed as by OpenAI, in tokens of plain price   {all:>7.0}   (goal {GOAL})");
    println!(
        "    billed as by Anthropic                         {:>7.0}",
        anthropic.average(billed)
    );
    println!(
        "    written                                        {:>7.0}",
        openai.average(written)
    );
    let cheap = 0.2 * billed(&two.detect) + two.average(billed) - billed(&two.detect);
    println!("    with detect on a model of a fifth of the price {cheap:>7.0}");
    println!();
    all <= GOAL
}
