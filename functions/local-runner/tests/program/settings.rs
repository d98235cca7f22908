//! `--help` and settings that are wrong.

use crate::program::{run, run_with};

#[test]
fn help_names_every_command_and_every_variable() {
    let help = run(&["--help"]);
    assert!(help.status.success() && help.stderr.is_empty());
    for word in [
        "serve", "try", "reindex", "import", "retry", "--port", "--data", "--calls",
    ] {
        assert!(
            help.stdout.contains(word),
            "{word} is missing in:\n{}",
            help.stdout
        );
    }
    for variable in environment::VARIABLES {
        let here = variable.is_read_by(environment::Reader::OneMachine);
        let named = help.stdout.contains(&format!("  {}\n", variable.name));
        assert_eq!(named, here, "{}:\n{}", variable.name, help.stdout);
    }
    assert!(!help.stdout.contains("stop-with-stdin"));
    for command in ["serve", "try", "reindex", "import", "retry"] {
        let help = run(&[command, "--help"]);
        assert!(
            help.status.success() && help.stdout.contains("--data"),
            "{help:#?}"
        );
    }
}

#[test]
fn a_wrong_setting_is_named_and_nothing_is_started() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let serve = ["serve", "--port", "0", "--data", data.to_str().unwrap()];
    for (settings, words) in [
        (
            &[("GONG_CLIENT_ID", "x")][..],
            "GONG_CLIENT_SECRET: is not set although GONG_CLIENT_ID is",
        ),
        (&[("GONG_CLIENT_SECRET", "hush")], "GONG_CLIENT_ID"),
        (&[("LLM_API_KEY", "hush")], "LLM_MODEL"),
        (&[("LLM_MODEL", "mystery-model-7")], "mystery-model-7"),
        (&[("LLM_MODEL", "gpt-5")], "OPENAI_API_KEY"),
        (
            &[("LLM_MODEL", "m"), ("LLM_BASE_URL", "ftp://x")],
            "LLM_BASE_URL",
        ),
        (
            &[("LLM_MODEL", "m"), ("LLM_PROTOCOL", "soap")],
            "LLM_PROTOCOL",
        ),
        (&[("POLL_EVERY_HOURS", "0")], "POLL_EVERY_HOURS"),
        (
            &[("PUBLIC_URL", "https://pb.example.com")],
            "the sign-in asks for no password",
        ),
        (
            &[("PUBLIC_URL", "http://pb.example.com")],
            "PUBLIC_URL: must be an address of this machine",
        ),
        (&[("PUBLIC_URL", "http://127.0.0.1:1/x")], "PUBLIC_URL"),
        (
            &[
                ("GONG_CLIENT_ID", "x"),
                ("GONG_CLIENT_SECRET", "hush"),
                ("GONG_OAUTH_URL", "http://gong.example"),
            ],
            "GONG_OAUTH_URL: must be https",
        ),
        (
            &[("LLM_MODEL", "m"), ("LLM_BASE_URL", "http://llm.example")],
            "LLM_BASE_URL: must be https",
        ),
        (
            &[
                ("VOYAGE_API_KEY", "hush"),
                ("VOYAGE_BASE_URL", "http://voyage.example"),
            ],
            "VOYAGE_BASE_URL: must be https",
        ),
        (
            &[("GONG_WORKSPACES_SCOPE", "perhaps")],
            "GONG_WORKSPACES_SCOPE",
        ),
        (&[("QDRANT_API_KEY", "hush")], "QDRANT_URL: is not set"),
        (
            &[
                ("QDRANT_URL", "http://q.example:6334"),
                ("QDRANT_API_KEY", "hush"),
            ],
            "QDRANT_URL: must be https",
        ),
        (&[("PIPELINE_CONCURRENCY", "many")], "PIPELINE_CONCURRENCY"),
        (
            &[("MINILM_DIR", "/nonexistent-folder")],
            "/nonexistent-folder",
        ),
    ] {
        let ended = run_with(&serve, settings);
        assert_eq!(ended.status.code(), Some(1), "{settings:?}: {ended:#?}");
        assert!(
            ended.stderr.starts_with("error: ") && ended.stderr.contains(words),
            "{settings:?}: {}",
            ended.stderr
        );
        assert!(
            !ended.stderr.contains("hush") && ended.stdout.is_empty(),
            "{ended:#?}"
        );
    }
}

#[test]
fn unknown_commands_and_ids_are_refused_in_words() {
    for args in [&["fly"][..], &["try"], &["--port", "x"], &["retry"]] {
        let ended = run(args);
        assert_eq!(ended.status.code(), Some(2), "{args:?}: {ended:#?}");
        assert!(
            ended.stderr.contains("Usage") || ended.stderr.contains("--help"),
            "{}",
            ended.stderr
        );
    }
    let ended = run(&["retry", "12a"]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        ended.stderr.contains("not a valid call id"),
        "{}",
        ended.stderr
    );
    let ended = run(&["retry", "1", "--org", "a#b"]);
    assert!(
        ended.stderr.contains("not a valid organization id"),
        "{}",
        ended.stderr
    );
}
