//! `serve`: everything in one process, until Ctrl-C.

use std::{path::PathBuf, sync::Arc, time::Duration};

use adapters::system::{SystemClock, SystemIds};
use anyhow::{Context as _, Result};
use dashboard::{EngineWords, Offer};
use domain::{
    moment::Span,
    ports::system::{Clock, Ids},
    verdict::{Deadline, FUNCTION_TIMEOUT},
};
use local::{database::LocalDatabase, keys, vault::FileVault};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
};

use crate::{
    app::{App, Parts},
    config::Config,
    control,
    data_folder::{ControlAddress, DataFolder},
    engine::Engine,
    gong::{Gong, SandboxPlan},
    index::Index,
    local_models, samples,
    web::{self, Web},
};

/// Messages are gathered this long before a batch is formed, as a batching window does it.
const BATCH_WINDOW: Duration = Duration::from_millis(300);
/// Batches of calls under way at once: while one is fetched, or its last calls are read, the other
/// fills the places.
pub const BATCHES_AT_ONCE: usize = 2;
/// How often the timer that stands for the Scheduler ticks. Shorter than the cloud's five minutes,
/// since a tick costs nothing here.
const TICK: Duration = Duration::from_secs(20);
/// How long work and open connections may take to end after Ctrl-C.
const GOODBYE: Duration = Duration::from_secs(3);

/// What `serve` was asked for.
pub struct ServeOptions {
    /// The port; 0 = any free one.
    pub port: u16,
    pub data: PathBuf,
    /// A folder of calls for the sandbox, instead of the samples.
    pub calls: Option<PathBuf>,
    /// Stop when standard input ends, for a parent process that must not leave a server behind.
    pub stop_with_stdin: bool,
}

/// The parts that a data folder holds, and the app over them.
pub struct Opened {
    pub app: Arc<App>,
    pub database: LocalDatabase,
    pub gong: Gong,
    pub engine: Engine,
    pub index: Index,
}

/// Opens the app over a data folder.
///
/// # Errors
/// When a part cannot be started; the message says what to do.
pub async fn open(
    config: &Config,
    folder: &DataFolder,
    calls: Option<&PathBuf>,
    origins: Vec<String>,
    offers: Vec<Offer>,
) -> Result<Opened> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids: Arc<dyn Ids> = Arc::new(SystemIds);
    let cache = samples::model_cache(&folder.file(""));
    let engine = Engine::load(config, &cache, &clock, &ids).await?;
    let index = Index::choose(config, &engine, &clock, &ids)?;
    let database = LocalDatabase::start(Some(&folder.file("productbridge.db"))).await?;
    let (folders, is_sample) = match calls {
        Some(folder) => (vec![folder.clone()], false),
        None => (samples::sample_folders(), true),
    };
    let (calls, problems) = if config.gong.is_some() {
        Default::default()
    } else {
        samples::load(&folders)?
    };
    for problem in &problems {
        eprintln!("left out: {problem}");
    }
    let plan = SandboxPlan {
        calls,
        samples: is_sample,
        state_file: Some(folder.sandbox()),
    };
    let main_origin = origins.first().cloned().unwrap_or_default();
    let gong = Gong::start(config, plan, &main_origin, &clock).await?;
    let app = App::build(Parts {
        clock,
        ids,
        database: database.client(),
        secrets: Arc::new(FileVault::open(&folder.file("vault"))?),
        keys: Arc::new(keys::load_or_create(&folder.file("credentials.key"))?),
        session_keys: Arc::new(keys::load_or_create(&folder.file("sessions.key"))?),
        index: index.port(),
        embedder: Arc::clone(&engine.embedder),
        analyst: Arc::clone(&engine.analyst),
        oauth: gong.oauth.clone(),
        base_urls: gong.base_urls.clone(),
        public_origins: origins,
        poll_every: config.poll_every,
        concurrency: config.concurrency,
        prices: config.prices.clone(),
        words: EngineWords {
            llm: engine.llm_words.clone(),
            embeddings: engine.embeddings_words.clone(),
            gong: gong_words(&gong),
            offers,
        },
        default_board: gong.sandbox.is_some(),
    })
    .await?;
    Ok(Opened {
        app: Arc::new(app),
        database,
        gong,
        engine,
        index,
    })
}

fn gong_words(gong: &Gong) -> String {
    match &gong.sandbox {
        Some(sandbox) => format!("the sandbox on this machine, {}", sandbox.origin()),
        None => "your Gong app".into(),
    }
}

/// Serves until Ctrl-C.
///
/// # Errors
/// When something cannot be started; the message says what to do.
pub async fn serve(config: &Config, options: ServeOptions) -> Result<()> {
    let folder = DataFolder::open(&options.data)?;
    let listener = TcpListener::bind(("127.0.0.1", options.port))
        .await
        .with_context(|| {
            format!(
                "port {} cannot be used; choose another with --port, or --port 0 for any free one",
                options.port
            )
        })?;
    let port = listener.local_addr()?.port();
    let origins = origins(config, port);
    let offers = match &config.llm {
        Some(_) => Vec::new(),
        None => {
            let end = tokio::time::sleep(local_models::PATIENCE);
            local_models::look(&config.local_models, end).await
        }
    };
    let calls = options.calls.as_ref();
    let opened = open(config, &folder, calls, origins.clone(), offers.clone()).await?;
    let app = Arc::clone(&opened.app);
    if let Some(todo) = opened.index.at_start(&app.reindex).await? {
        eprintln!("{todo}");
    }
    let control = ControlAddress {
        origin: format!("http://127.0.0.1:{port}"),
        token: SystemIds.secret(),
    };
    folder.publish(&control)?;
    let (stop, stopped) = watch::channel(false);
    let workers = start_workers(&app, &stopped);
    let web = Web {
        app: Arc::clone(&app),
        hosts: Arc::new(web::hosts(&origins)),
    };
    let app = web::router(web, control::router(Arc::clone(&app), &control));
    let signals = Signals::catch()?;
    announce(&options, &opened, &origins, &offers);
    let mut until = stopped.clone();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        let _ = until.wait_for(|stopped| *stopped).await;
    });
    let server = tokio::spawn(async move { server.await });
    asked_to_stop(signals, options.stop_with_stdin).await;
    eprintln!("stopping; work that is under way goes on at the next start");
    stop.send_replace(true);
    for worker in &workers {
        worker.abort();
    }
    for worker in workers {
        let _ = tokio::time::timeout(GOODBYE, worker).await;
    }
    let _ = tokio::time::timeout(GOODBYE, server).await;
    if let Some(sandbox) = opened.gong.sandbox {
        let _ = tokio::time::timeout(GOODBYE, sandbox.stop()).await;
    }
    opened.database.stop().await;
    Ok(())
}

/// The origins that the pages are reached by.
#[must_use]
pub fn origins(config: &Config, port: u16) -> Vec<String> {
    let local = [
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
    ];
    config.public_url.iter().cloned().chain(local).collect()
}

fn start_workers(
    app: &Arc<App>,
    stopped: &watch::Receiver<bool>,
) -> Vec<tokio::task::JoinHandle<()>> {
    let running = |stopped: &watch::Receiver<bool>| !*stopped.borrow();
    let (windows, timer) = (Arc::clone(app), Arc::clone(app));
    let (s1, s2) = (stopped.clone(), stopped.clone());
    let mut workers = vec![
        tokio::spawn(async move {
            while running(&s1) {
                if windows.deliver_windows().await == 0 {
                    windows.windows.changed(Duration::from_secs(5)).await;
                }
            }
        }),
        tokio::spawn(async move {
            let deadline = Deadline(timer.clock.now() + FUNCTION_TIMEOUT - Span::seconds(5));
            if let Err(error) = timer.poller.maintenance.resume(deadline).await {
                tracing::error!(%error, "what was open at the last stop could not be taken up; the timer tries again");
            }
            while running(&s2) {
                if let Err(error) = timer.tick().await {
                    tracing::warn!(%error, "a tick did not work; the next one tries again");
                }
                tokio::time::sleep(TICK).await;
            }
        }),
    ];
    for _ in 0..BATCHES_AT_ONCE {
        let (app, stopped) = (Arc::clone(app), stopped.clone());
        workers.push(tokio::spawn(async move {
            while running(&stopped) {
                if app.deliver_calls().await == 0 {
                    app.calls.changed(Duration::from_secs(5)).await;
                    tokio::time::sleep(BATCH_WINDOW).await;
                }
            }
        }));
    }
    workers
}

fn announce(options: &ServeOptions, opened: &Opened, origins: &[String], offers: &[Offer]) {
    let calls = match (&opened.gong.sandbox, &options.calls) {
        (None, _) => String::new(),
        (Some(_), Some(folder)) => format!(", with the calls in {}", folder.display()),
        (Some(_), None) => ", with sample calls".into(),
    };
    println!("ProductBridge's Gong integration, whole on this machine");
    println!(
        "  database    DynamoDB's API by dynoxide, kept in {}",
        options.data.display()
    );
    println!("  index       {}", opened.index.label());
    println!("  LLM         {}", opened.engine.llm_words);
    for offer in offers {
        println!("              {}", offer.words);
        println!("                {}", offer.command);
    }
    println!("  embeddings  {}", opened.engine.embeddings_words);
    println!("  Gong        {}{calls}", gong_words(&opened.gong));
    println!();
    let open = origins.first().map_or("", String::as_str);
    println!("Open {open}  (Ctrl-C stops)");
}

async fn asked_to_stop(mut signals: Signals, with_stdin: bool) {
    let stdin_ended = async {
        if with_stdin {
            // A thread of its own: one of the runtime's would hold up the end of the process.
            let (ended, end) = tokio::sync::oneshot::channel();
            std::thread::spawn(move || {
                let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
                let _ = ended.send(());
            });
            let _ = end.await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        _ = signals.interrupt.recv() => {}
        _ = signals.terminate.recv() => {}
        () = stdin_ended => {}
    }
}

/// Ctrl-C and `kill`, caught from before the address is printed.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn catch() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }
}
