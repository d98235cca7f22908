#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use std::{
    convert::Infallible,
    future::{pending, ready},
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    response::{Html, Redirect},
    routing::{any, get},
};
use futures::stream;
use kit::scripted::{Reply, Scripted};
use serde_json::json;
use tokio::{io::AsyncReadExt as _, net::TcpListener, sync::oneshot, task::yield_now};

use super::*;

const OLLAMA: &Kind = &KINDS[0];
const LM_STUDIO: &Kind = &KINDS[1];

fn offered(kind: &'static Kind, answer: &Value) -> Option<Offer> {
    let port = kind.usual_port;
    LocalServer { kind, port }.offer(answer)
}

#[test]
fn what_a_server_lists_is_offered_when_it_writes_and_is_plain_to_a_shell() {
    let tags = |names: &[&str]| json!({"models": names.iter().map(|name| json!({"name": name})).collect::<Vec<_>>()});
    let data = |names: &[&str]| json!({"object": "list", "data": names.iter().map(|id| json!({"id": id})).collect::<Vec<_>>()});
    let long = "m".repeat(LONGEST_NAME + 1);
    for (kind, answer, words) in [
        (OLLAMA, tags(&["qwen3:8b"]), "qwen3:8b; to use qwen3:8b"),
        (
            OLLAMA,
            tags(&["nomic-embed-text:latest", "gemma3:4b", "llama3.2:latest"]),
            "gemma3:4b, llama3.2:latest; to use gemma3:4b",
        ),
        (
            OLLAMA,
            tags(&["a", "b", "c", "d", "e", "all-minilm:33m", "f", "g"]),
            "a, b, c, d, e and 2 more; to use a",
        ),
        (
            OLLAMA,
            tags(&["hf.co/someone/Some_Model-GGUF:Q4_K_M"]),
            "hf.co/someone/Some_Model-GGUF:Q4_K_M; to use hf.co",
        ),
        (
            LM_STUDIO,
            data(&["text-embedding-nomic-embed-text-v1.5", "qwen/qwen3-8b"]),
            "qwen/qwen3-8b; to use qwen/qwen3-8b",
        ),
        // Names of other than plain characters, and entries that are none.
        (
            OLLAMA,
            tags(&[
                "$(id)",
                "a b",
                "a;b",
                "a'b",
                "<b>",
                "a\n",
                "\u{1b}[31m",
                "é",
                "",
                "x::y",
                &long,
                "z",
            ]),
            "z; to use z",
        ),
        (
            OLLAMA,
            json!({"models": [7, null, {}, {"name": 7}, {"name": "z", "remote_host": 7, "details": 7}]}),
            "z; to use z",
        ),
        // Models that run elsewhere.
        (
            OLLAMA,
            json!({"models": [
                {"name": "away", "remote_host": "https://ollama.com:443"},
                {"name": "big:120b-cloud"}, {"name": "bigger:cloud"},
                {"name": "cloudy:1b", "remote_host": ""},
            ]}),
            "cloudy:1b; to use cloudy:1b",
        ),
        // An embedding model by its architecture alone.
        (
            OLLAMA,
            json!({"models": [
                {"name": "paraphrase-multilingual", "details": {"family": "bert"}},
                {"name": "plain", "details": {"family": "llama"}},
            ]}),
            "plain; to use plain",
        ),
    ] {
        let offer = offered(kind, &answer).unwrap();
        let begin = format!("{} on this machine has {words}", kind.name);
        assert!(offer.words.starts_with(&begin), "{answer}: {}", offer.words);
    }
    for answer in [
        json!(null),
        json!([]),
        json!("models"),
        json!({}),
        json!({"models": {}}),
        tags(&[]),
        tags(&["bge-m3:latest"]),
        data(&["qwen/qwen3-8b"]),
    ] {
        assert_eq!(offered(OLLAMA, &answer), None, "{answer}");
    }
}

#[test]
fn models_that_only_embed_rank_or_hear_are_told_by_their_names() {
    for name in [
        "nomic-embed-text",
        "qwen3-embedding:0.6b",
        "embeddinggemma",
        "BAAI/BGE-m3",
        "all-MiniLM-L6-v2",
        "intfloat/multilingual-e5-large",
        "gte-large",
        "sentence-transformers/gtr-t5-base",
        "all-mpnet-base-v2",
        "bge-reranker-v2-m3",
        "whisper-large-v3",
        "orpheus-tts",
    ] {
        assert!(!writes(name), "{name}");
    }
    for name in [
        "gemma3:4b",
        "gpt-oss:20b",
        "phi4",
        "granite3.3:8b",
        "qwe5",
        "deepseek-r1",
    ] {
        assert!(writes(name), "{name}");
    }
}

#[test]
fn the_line_names_the_address_that_answered_and_the_first_model() {
    let answer = json!({"data": [{"id": "qwen/qwen3-8b"}, {"id": "other"}]});
    let offer = offered(LM_STUDIO, &answer).unwrap();
    assert_eq!(
        offer.command,
        "LLM_BASE_URL=http://127.0.0.1:1234/v1 LLM_MODEL=qwen/qwen3-8b cargo run"
    );
}

#[test]
fn the_setting_is_off_or_ports() {
    let read = |text: &'static str| from_env(&Environment::new(move |_| Some(text.into())));
    let server = |kind, port| LocalServer { kind, port };
    let usual = vec![server(OLLAMA, 11434), server(LM_STUDIO, 1234)];
    for (text, servers) in [
        ("", usual),
        ("off", vec![]),
        ("ollama=4711", vec![server(OLLAMA, 4711)]),
        (
            "lm_studio = 1, ollama=2",
            vec![server(LM_STUDIO, 1), server(OLLAMA, 2)],
        ),
    ] {
        assert_eq!(read(text), Ok(servers), "{text:?}");
    }
    for wrong in [
        "on",
        "ollama",
        "ollama=0",
        "ollama=65536",
        "ollama=10.0.0.7:1",
        "x=1",
        "ollama=1,",
    ] {
        assert_eq!(read(wrong).unwrap_err().setting, "LOCAL_MODELS", "{wrong}");
    }
}

/// A server of this kind at the port of an address.
fn at(kind: &'static Kind, url: &str) -> LocalServer {
    let port = url.rsplit(':').next().unwrap().parse().unwrap();
    LocalServer { kind, port }
}

#[tokio::test]
async fn both_kinds_are_asked_by_nothing_but_their_get() {
    let ollama = Scripted::start([Reply::Raw(json!({"models": [{"name": "gemma3:4b"}]}))]).await;
    let studio = Scripted::start([Reply::Raw(json!({"data": [{"id": "qwen/qwen3-8b"}]}))]).await;
    let servers = [at(OLLAMA, &ollama.url), at(LM_STUDIO, &studio.url)];
    let offers = look(&servers, pending()).await;
    let commands: Vec<_> = offers.iter().map(|offer| &offer.command).collect();
    let line = |url: &str, model| format!("LLM_BASE_URL={url}/v1 LLM_MODEL={model} cargo run");
    assert_eq!(
        commands,
        [
            &line(&ollama.url, "gemma3:4b"),
            &line(&studio.url, "qwen/qwen3-8b")
        ]
    );
    for (server, path) in [(ollama, "/api/tags"), (studio, "/v1/models")] {
        let seen = server.seen();
        assert_eq!(seen.len(), 1);
        assert_eq!((seen[0].path.as_str(), &seen[0].body), (path, &Value::Null));
        let mut sent: Vec<_> = seen[0].headers.keys().map(|name| name.as_str()).collect();
        sent.sort_unstable();
        assert_eq!(sent, ["accept", "host", "user-agent"]);
    }
}

#[tokio::test]
async fn whatever_else_a_port_answers_is_passed_over() {
    let models = || Json(json!({"models": [{"name": "gemma3:4b"}]}));
    let endless = || {
        let spaces = Ok::<_, Infallible>(Bytes::from_static(&[b' '; 4096]));
        Body::from_stream(stream::repeat(spaces))
    };
    let deep = "[".repeat(LARGEST_ANSWER);
    for (what, tags) in [
        ("a page", get(|| async { Html("<html></html>") })),
        (
            "a redirect",
            get(|| async { Redirect::temporary("/models") }),
        ),
        (
            "a refusal",
            get(move || async move { (StatusCode::UNAUTHORIZED, models()) }),
        ),
        ("an endless answer", get(move || async move { endless() })),
        ("nested lists", get(move || async move { deep })),
        ("bytes", get(|| async { vec![0xff_u8; 9] })),
        ("nothing", get(|| async {})),
    ] {
        let router = Router::new()
            .route("/api/tags", tags)
            .route("/models", any(move || async move { models() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = tokio::spawn(async move { axum::serve(listener, router).await });
        let server = LocalServer { kind: OLLAMA, port };
        assert_eq!(look(&[server], pending()).await, [], "{what}");
        served.abort();
    }
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = unused.local_addr().unwrap().port();
    drop(unused);
    let server = LocalServer { kind: OLLAMA, port };
    assert_eq!(look(&[server], pending()).await, [], "a closed port");
}

#[tokio::test]
async fn a_port_that_never_answers_is_left_at_the_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (asked, end) = oneshot::channel();
    let silent = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut begin = [0; 4];
        connection.read_exact(&mut begin).await.unwrap();
        asked.send(()).unwrap();
        // Open until the other side closes it.
        connection.read_to_end(&mut Vec::new()).await.unwrap();
        begin
    });
    let server = LocalServer { kind: OLLAMA, port };
    let offers = look(&[server], end.map(Result::unwrap)).await;
    assert_eq!(offers, []);
    assert_eq!(&silent.await.unwrap(), b"GET ");
}

#[tokio::test]
async fn one_end_holds_for_all_and_what_came_before_it_counts() {
    let some_turns = async {
        for _ in 0..10 {
            yield_now().await;
        }
    };
    let late = async {
        yield_now().await;
        Some("late")
    };
    let asked: [futures::future::BoxFuture<'_, _>; 5] = [
        pending().boxed(),
        late.boxed(),
        ready(Some("early")).boxed(),
        ready(None).boxed(),
        pending().boxed(),
    ];
    let answers = before(some_turns, asked.into_iter()).await;
    assert_eq!(answers, ["late", "early"]);
}
