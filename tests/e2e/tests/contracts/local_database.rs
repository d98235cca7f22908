//! The local database: what it keeps, what it forgets, and what it says when it cannot start.

use adapters::dynamodb::{Dynamo, Tables, create_tables};
use domain::{
    connection::{History, OAuthState},
    feedback::{Merging, Settings},
    ids::{OrgId, UserId},
    moment::Timestamp,
    ports::{
        connections::{ConnectionStore, TakeStateError},
        feedback::FeedbackStore,
    },
};
use local::database::{LocalDatabase, LocalDatabaseError};

async fn open(database: &LocalDatabase) -> Dynamo {
    let client = database.client();
    let tables = Tables::with_prefix("");
    create_tables(&client, &tables).await.unwrap();
    Dynamo::new(client, tables)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_keeps_what_was_written_and_forgets_what_expired() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("database.sqlite");
    let org = OrgId::parse("a").unwrap();
    let settings = Settings {
        feedback_per_call: 3,
        ..Settings::default()
    };
    let state = |expires_at| OAuthState {
        org_id: org.clone(),
        user_id: UserId::parse("ada").unwrap(),
        history: History::Off,
        browser_hash: "browser".to_owned(),
        expires_at,
    };
    // The database sweeps by the real time: one state ended long ago, one never does.
    let (past, future) = (Timestamp(1_000_000_000_000), Timestamp(90_000_000_000_000));

    let database = LocalDatabase::start(Some(&path)).await.unwrap();
    let store = open(&database).await;
    store.put_settings(&org, &settings).await.unwrap();
    store.put_state("past", &state(past)).await.unwrap();
    store.put_state("future", &state(future)).await.unwrap();
    database.stop().await;
    assert!(store.settings(&org).await.is_err());

    let database = LocalDatabase::start(Some(&path)).await.unwrap();
    let store = open(&database).await;
    assert_eq!(store.settings(&org).await, Ok(settings));
    let now = Timestamp(0);
    let swept = store.take_state("past", "browser", now).await;
    assert_eq!(swept, Err(TakeStateError::Unknown));
    let kept = store.take_state("future", "browser", now).await;
    assert_eq!(kept, Ok(state(future)));
    database.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_databases_in_memory_are_two() {
    let first = LocalDatabase::start(None).await.unwrap();
    let second = LocalDatabase::start(None).await.unwrap();
    let (of_first, of_second) = (open(&first).await, open(&second).await);
    let org = OrgId::parse("a").unwrap();
    let settings = Settings {
        merging: Merging::Judged,
        withdraw_private: true,
        ..Settings::default()
    };
    of_first.put_settings(&org, &settings).await.unwrap();
    assert_eq!(of_second.settings(&org).await, Ok(Settings::default()));
    drop(first);
    assert_eq!(of_second.settings(&org).await, Ok(Settings::default()));
    second.stop().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no such folder").join("database.sqlite");
    let error = LocalDatabase::start(Some(&missing)).await.unwrap_err();
    assert!(matches!(error, LocalDatabaseError::Open { .. }));
    assert!(error.to_string().contains("no such folder"), "{error}");

    let no_database = folder.path().join("notes.txt");
    std::fs::write(
        &no_database,
        "These are not the tables you are looking for.",
    )
    .unwrap();
    let error = LocalDatabase::start(Some(&no_database)).await.unwrap_err();
    assert!(error.to_string().contains("notes.txt"), "{error}");
    let kept = std::fs::read_to_string(&no_database).unwrap();
    assert!(kept.starts_with("These are not"));
}

#[cfg(unix)]
#[tokio::test]
async fn its_files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("database.sqlite");
    let modes = || -> Vec<(String, u32)> {
        let files = std::fs::read_dir(folder.path()).unwrap();
        let mut modes: Vec<_> = files
            .map(|file| file.unwrap())
            .map(|file| {
                let mode = file.metadata().unwrap().permissions().mode();
                (file.file_name().into_string().unwrap(), mode & 0o777)
            })
            .collect();
        modes.sort();
        modes
    };
    let closed = ["", "-shm", "-wal"].map(|end| (format!("database.sqlite{end}"), 0o600));
    let database = LocalDatabase::start(Some(&path)).await.unwrap();
    open(&database).await;
    assert_eq!(modes(), closed);

    // As an earlier version left them when it was killed.
    for (name, _) in modes() {
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(folder.path().join(name), open).unwrap();
    }
    let again = LocalDatabase::start(Some(&path)).await.unwrap();
    open(&again).await;
    assert_eq!(modes(), closed);
    again.stop().await;
    database.stop().await;
}
