//! Who else on this machine, and which web page, gets at what the program holds.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use reqwest::{StatusCode, header};

use crate::{
    browser::Browser,
    program::{Server, run},
};

/// The sockets that a process listens on, as the kernel lists them: address and port in
/// hexadecimal (proc(5), `/proc/net/tcp`).
fn listening(pid: u32) -> BTreeSet<String> {
    let open: BTreeSet<_> = fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap()
        .filter_map(|entry| fs::read_link(entry.unwrap().path()).ok())
        .filter_map(|link| {
            let inode = link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
            Some(inode.to_owned())
        })
        .collect();
    let mut found = BTreeSet::new();
    for table in ["tcp", "tcp6"] {
        let Ok(sockets) = fs::read_to_string(format!("/proc/{pid}/net/{table}")) else {
            continue;
        };
        for line in sockets.lines().skip(1) {
            let fields: Vec<_> = line.split_whitespace().collect();
            const LISTENING: &str = "0A";
            if fields[3] == LISTENING && open.contains(fields[9]) {
                found.insert(fields[1].to_owned());
            }
        }
    }
    found
}

/// 127.0.0.1 and an origin's port, as the kernel writes it.
fn socket_of(origin: &str) -> String {
    let port: u16 = origin.rsplit(':').next().unwrap().parse().unwrap();
    format!("0100007F:{port:04X}")
}

fn sandbox_of(server: &Server) -> String {
    let line = server.banner.lines().find(|line| line.contains("sandbox"));
    let origin = line.unwrap().split_whitespace().find_map(|word| {
        let word = word.trim_end_matches(',');
        word.starts_with("http://").then(|| word.to_owned())
    });
    origin.unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn it_listens_for_the_pages_and_the_sandbox_alone() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let wanted = [server.origin.clone(), sandbox_of(&server)];
    let wanted: BTreeSet<_> = wanted.iter().map(|origin| socket_of(origin)).collect();
    assert_eq!(listening(server.pid()), wanted);
}

/// Every file and folder that others than the owner have a right to.
fn open_to_others(folder: &Path) -> Vec<PathBuf> {
    all_below(folder)
        .into_iter()
        .filter(|path| fs::metadata(path).unwrap().permissions().mode() & 0o077 != 0)
        .collect()
}

fn all_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn the_folder_and_all_its_files_are_the_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    chmod(&data, 0o755);
    let server = Server::start(&data, &[]);
    let browser = Browser::admin(&server).await;
    let connected = browser.connect().await.location;
    assert_eq!(connected, "/integrations/gong?connected=1");
    assert_eq!(open_to_others(&data), Vec::<PathBuf>::new());
    // What SQLite keeps beside its file stays after a crash.
    server.kill();

    let files: Vec<_> = all_below(&data)
        .into_iter()
        .filter(|path| path.is_file())
        .collect();
    for name in [
        "control.json",
        "credentials.key",
        "lock",
        "productbridge.db",
        "productbridge.db-shm",
        "productbridge.db-wal",
        "sandbox.json",
        "sessions.key",
    ] {
        assert!(files.contains(&data.join(name)), "{name}: {files:?}");
    }
    let in_vault = |path: &&PathBuf| path.starts_with(data.join("vault"));
    assert_eq!(files.iter().filter(in_vault).count(), 1, "{files:?}");
    let is_key = |path: &Path| path.extension().is_some_and(|end| end == "key");
    chmod(&data, 0o755);
    chmod(&data.join("vault"), 0o755);
    for file in files.iter().filter(|path| !is_key(path)) {
        chmod(file, 0o644);
    }
    let server = Server::start(&data, &[]);
    assert_eq!(open_to_others(&data), Vec::<PathBuf>::new());
    drop(server);

    // A key that others could read may be known to them: its owner decides.
    let key = data.join("credentials.key");
    chmod(&key, 0o644);
    let ended = run(&["serve", "--port", "0", "--data", data.to_str().unwrap()]);
    assert_eq!(ended.status.code(), Some(1), "{ended:#?}");
    assert!(ended.stderr.contains("chmod 600"), "{}", ended.stderr);
    chmod(&key, 0o600);
    assert_eq!(open_to_others(&data), Vec::<PathBuf>::new());
}

#[test]
fn a_folder_of_everybody_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let everybodys = folder.path().join("tmp");
    fs::create_dir(&everybodys).unwrap();
    chmod(&everybodys, 0o1777);
    let data = everybodys.to_str().unwrap();
    let ended = run(&["serve", "--port", "0", "--data", data]);
    assert_eq!(ended.status.code(), Some(1), "{ended:#?}");
    for words in ["shared by all users", "--data", "/tmp/productbridge"] {
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
    let mode = fs::metadata(&everybodys).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o1777);
    assert_eq!(fs::read_dir(&everybodys).unwrap().count(), 0);
}

#[tokio::test]
async fn commands_are_taken_from_programs_that_may_read_the_folder_alone() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let control = fs::read_to_string(folder.path().join("control.json")).unwrap();
    let control: serde_json::Value = serde_json::from_str(&control).unwrap();
    let token = control["token"].as_str().unwrap();
    let client = adapters::http::client(Duration::from_secs(10));
    let own = server.origin.strip_prefix("http://").unwrap();
    let page = "http://evil.example";
    for (token, host, origin, wanted) in [
        (token, own, None, StatusCode::OK),
        ("guess", own, None, StatusCode::NOT_FOUND),
        (token, own, Some(page), StatusCode::NOT_FOUND),
        (token, "evil.example", None, StatusCode::MISDIRECTED_REQUEST),
    ] {
        let command = client
            .post(format!("{}/-/command", server.origin))
            .bearer_auth(token)
            .header(header::HOST, host)
            .header(header::CONTENT_TYPE, "application/json")
            .body(r#"{"reindex":{"re_embed":false}}"#);
        let command = match origin {
            Some(origin) => command.header(header::ORIGIN, origin),
            None => command,
        };
        let answer = command.send().await.unwrap();
        assert_eq!(answer.status(), wanted, "{host} {origin:?}");
    }
}

/// The calls that `--calls` names may be real ones.
#[tokio::test]
async fn no_server_of_the_program_answers_a_foreign_name_or_lets_a_page_read() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let client = adapters::http::client(Duration::from_secs(10));
    for origin in [server.origin.clone(), sandbox_of(&server)] {
        let port = origin.rsplit(':').next().unwrap();
        for host in ["evil.example".to_owned(), format!("evil.example:{port}")] {
            let request = client.get(format!("{origin}/")).header(header::HOST, host);
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::MISDIRECTED_REQUEST, "{origin}");
        }
        for method in ["GET", "OPTIONS"] {
            let method = method.parse().unwrap();
            let request = client.request(method, format!("{origin}/"));
            let request = request.header(header::ORIGIN, "http://evil.example");
            let answer = request.send().await.unwrap();
            let allowed = answer.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
            assert_eq!(allowed, None, "{origin}");
        }
    }
}
