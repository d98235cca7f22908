//! Answers without end: reading stops at a limit, whatever the server could send.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use adapters::llm::{LlmAnalyst, LlmConfig, Protocol};
use domain::{
    ports::analysis::{AnalysisError, Analyst, Reading},
    usage::Meter,
};
use kit::system::TestIds;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinHandle,
};

use crate::{
    llm::fixtures::{BOTH, short_call},
    time::clock,
};

/// A reader that does not stop takes all of this.
const ENOUGH: u64 = 256 << 20;
/// What both ends of a connection may hold that nobody has read.
const ON_THE_WAY: u64 = 16 << 20;
const MIB: u64 = 1 << 20;

/// What comes after the head of an answer.
#[derive(Clone, Copy)]
enum Body {
    /// Chunks of spaces, which may stand before any JSON.
    Endless,
    /// Headers that never end.
    EndlessHead,
    /// A beginning and then nothing, with the connection open.
    Silence,
}

/// A server that answers every request alike and counts what it got rid of, in bytes a connection.
struct Endless {
    url: String,
    sent: Arc<AtomicU64>,
    asked: Arc<AtomicU64>,
    closed: Arc<Semaphore>,
    task: JoinHandle<()>,
}

impl Drop for Endless {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Endless {
    async fn start(status: u16, body: Body) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sent, asked) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let closed = Arc::new(Semaphore::new(0));
        let (most, count, ended) = (sent.clone(), asked.clone(), closed.clone());
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                let (most, ended) = (most.clone(), ended.clone());
                tokio::spawn(async move {
                    let sent = answer(stream, status, body).await;
                    most.fetch_max(sent, Ordering::SeqCst);
                    ended.add_permits(1);
                });
            }
        });
        Self {
            url,
            sent,
            asked,
            closed,
            task,
        }
    }

    /// What detect comes to.
    async fn asked_by(&self, protocol: Protocol, timeout: Duration) -> AnalysisError {
        let mut config = LlmConfig::new("scripted-model");
        config.base_url = Some(self.url.clone());
        config.protocol = Some(protocol);
        config.timeout = timeout;
        let analyst = LlmAnalyst::new(config, clock(), Arc::new(TestIds::default())).unwrap();
        let answer = analyst
            .detect(Reading::of(&short_call()), &Meter::default())
            .await;
        answer.unwrap_err()
    }

    /// The most bytes that a connection took, once all of them are closed.
    async fn taken(&self) -> u64 {
        let asked = u32::try_from(self.asked.load(Ordering::SeqCst)).unwrap();
        let _closed = self.closed.acquire_many(asked).await.unwrap();
        self.sent.load(Ordering::SeqCst)
    }
}

/// Reads the head of a request, answers, and says how many bytes went out.
async fn answer(mut stream: TcpStream, status: u16, body: Body) -> u64 {
    let mut read = [0; 64 * 1024];
    let _ = stream.read(&mut read).await;
    let kind = "content-type: application/json\r\ntransfer-encoding: chunked\r\n";
    let head = format!("HTTP/1.1 {status} Told\r\n{kind}");
    let end = if matches!(body, Body::EndlessHead) {
        ""
    } else {
        "\r\n"
    };
    let piece = match body {
        Body::EndlessHead => format!("x-more: {}\r\n", "y".repeat(1_000)),
        Body::Endless | Body::Silence => format!("10000\r\n{}\r\n", " ".repeat(0x1_0000)),
    };
    let mut sent = 0;
    if stream
        .write_all(format!("{head}{end}").as_bytes())
        .await
        .is_err()
    {
        return sent;
    }
    while sent < ENOUGH && stream.write_all(piece.as_bytes()).await.is_ok() {
        sent += piece.len() as u64;
        if matches!(body, Body::Silence) {
            // Until the other end hangs up.
            while stream.read(&mut read).await.is_ok_and(|count| count > 0) {}
        }
    }
    sent
}

const LONG: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_answer_is_read_up_to_the_limit_and_is_no_calls_fault() {
    for protocol in BOTH {
        let server = Endless::start(200, Body::Endless).await;
        let error = server.asked_by(protocol, LONG).await;
        let detail = "the answer is larger than 4194304 bytes".to_owned();
        assert_eq!(error, AnalysisError::Refused(detail));
        assert_eq!(server.asked.load(Ordering::SeqCst), 1, "asked once");
        let taken = server.taken().await;
        println!("{protocol:?}, status 200: {taken} of {ENOUGH} bytes went out");
        assert!(taken < 4 * MIB + ON_THE_WAY, "{taken}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn endless_failures_are_judged_by_their_status_alone() {
    for protocol in BOTH {
        for (status, expected) in [
            (400, "gives no answer to this request (status 400)"),
            (401, "check the key"),
            (503, "status 503"),
        ] {
            let server = Endless::start(status, Body::Endless).await;
            let error = server.asked_by(protocol, LONG).await.to_string();
            assert!(error.contains(expected), "{error}");
            let taken = server.taken().await;
            println!("{protocol:?}, status {status}: {taken} of {ENOUGH} bytes went out");
            assert!(taken < MIB + ON_THE_WAY, "{taken}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_without_end_and_a_body_that_stops_halfway_end_too() {
    for protocol in BOTH {
        let server = Endless::start(200, Body::EndlessHead).await;
        let error = server.asked_by(protocol, LONG).await;
        assert!(
            matches!(error, AnalysisError::Unavailable { .. }),
            "{error}"
        );
        assert!(server.taken().await < MIB + ON_THE_WAY);

        let server = Endless::start(200, Body::Silence).await;
        let error = server.asked_by(protocol, Duration::from_millis(300)).await;
        assert!(
            matches!(error, AnalysisError::Unavailable { .. }),
            "{error}"
        );
    }
}
