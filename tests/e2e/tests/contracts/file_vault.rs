//! The secret store's contract over the file vault, and what is the vault's own.

use std::{fs, path::Path};

use domain::ports::secrets::{SecretError, SecretStore};
use local::vault::FileVault;
use uuid::Uuid;

use kit::contract::secret_store;

fn files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[tokio::test]
async fn the_file_vault_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    secret_store::all(&FileVault::open(folder.path()).unwrap()).await;
}

#[tokio::test]
async fn secrets_outlive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let version = Uuid::new_v4();
    FileVault::open(folder.path())
        .unwrap()
        .put("org/1", version, b"one")
        .await
        .unwrap();
    let vault = FileVault::open(folder.path()).unwrap();
    assert_eq!(vault.current("org/1").await.unwrap(), b"one");
    assert_eq!(vault.version("org/1", version).await.unwrap(), b"one");
}

#[tokio::test]
async fn the_last_three_versions_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let vault = FileVault::open(folder.path()).unwrap();
    let tokens: Vec<Uuid> = (0..5).map(|_| Uuid::new_v4()).collect();
    for (number, token) in (0_u8..).zip(&tokens) {
        vault.put("name", *token, &[number]).await.unwrap();
    }
    for token in &tokens[..2] {
        let gone = vault.version("name", *token).await;
        assert_eq!(gone, Err(SecretError::NotFound));
    }
    for (number, token) in (2_u8..).zip(&tokens[2..]) {
        assert_eq!(vault.version("name", *token).await.unwrap(), [number]);
    }
}

#[tokio::test]
async fn names_do_not_reach_the_file_system() {
    let folder = tempfile::tempdir().unwrap();
    let vault = FileVault::open(&folder.path().join("vault")).unwrap();
    for name in [
        "../outside",
        "/etc/passwd",
        "",
        "a\0b",
        &"long".repeat(500),
        "Ä",
    ] {
        vault
            .put(name, Uuid::new_v4(), name.as_bytes())
            .await
            .unwrap();
        assert_eq!(vault.current(name).await.unwrap(), name.as_bytes());
    }
    assert_eq!(files(folder.path()), ["vault"]);
    assert_eq!(files(&folder.path().join("vault")).len(), 6);
}

#[tokio::test]
async fn puts_at_the_same_time_all_arrive() {
    let folder = tempfile::tempdir().unwrap();
    let vault = FileVault::open(folder.path()).unwrap();
    let tokens: Vec<Uuid> = (0..3).map(|_| Uuid::new_v4()).collect();
    let puts = tokens.iter().map(|token| {
        let vault = vault.clone();
        let token = *token;
        tokio::spawn(async move { vault.put("name", token, token.as_bytes()).await })
    });
    for put in puts.collect::<Vec<_>>() {
        put.await.unwrap().unwrap();
    }
    for token in tokens {
        assert_eq!(
            vault.version("name", token).await.unwrap(),
            token.as_bytes()
        );
    }
}

#[tokio::test]
async fn a_damaged_file_is_told_and_left() {
    let folder = tempfile::tempdir().unwrap();
    let vault = FileVault::open(folder.path()).unwrap();
    vault.put("name", Uuid::new_v4(), b"one").await.unwrap();
    let file = folder.path().join(&files(folder.path())[0]);
    for damage in [
        "",
        "{}",
        r#"{"name":"other","versions":[]}"#,
        r#"{"name":"name","versions":[]}"#,
    ] {
        fs::write(&file, damage).unwrap();
        for error in [
            vault.current("name").await.map(drop).unwrap_err(),
            vault.put("name", Uuid::new_v4(), b"two").await.unwrap_err(),
        ] {
            assert!(matches!(error, SecretError::Unavailable(_)), "{error:?}");
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), damage);
    }
    vault.delete("name").await.unwrap();
    assert_eq!(vault.current("name").await, Err(SecretError::NotFound));
}

#[tokio::test]
async fn what_a_crash_left_half_written_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let vault = FileVault::open(folder.path()).unwrap();
    vault.put("name", Uuid::new_v4(), b"one").await.unwrap();
    fs::write(folder.path().join(".unfinished-abc"), "half").unwrap();
    fs::write(folder.path().join("someone-elses"), "kept").unwrap();
    let vault = FileVault::open(folder.path()).unwrap();
    assert_eq!(files(folder.path()).len(), 2);
    assert_eq!(vault.current("name").await.unwrap(), b"one");
}

#[cfg(unix)]
#[tokio::test]
async fn folder_and_files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("vault");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let vault = FileVault::open(&folder).unwrap();
    vault.put("name", Uuid::new_v4(), b"one").await.unwrap();
    vault.put("name", Uuid::new_v4(), b"two").await.unwrap();
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join(&files(&folder)[0])), 0o600);
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = FileVault::open(&file.join("vault")).unwrap_err();
    assert!(error.to_string().contains("vault"), "{error}");
}
