use domain::{
    feedback::board::InvalidName,
    ids::{TagId, UserId},
    principal::Role,
};

use super::*;
use crate::samples::{board, tags};

const NOW: Timestamp = Timestamp(5_000);

fn boards() -> Vec<Board> {
    let default = Board {
        is_default: true,
        ..board("product", "Product")
    };
    vec![board("support", "Support"), default]
}

fn import_into(org_id: &str, line: &str, boards: &[Board]) -> Result<Post, ImportError> {
    let principal = Principal {
        org_id: domain::ids::OrgId::parse(org_id).unwrap(),
        user_id: UserId::parse("ada").unwrap(),
        role: Role::Admin,
    };
    imported(
        &principal,
        &ImportLine::parse(line)?,
        (boards, &tags()),
        NOW,
    )
}

fn import(line: &str) -> Result<Post, ImportError> {
    import_into("fernhill", line, &boards())
}

#[test]
fn a_line_that_cannot_be_read_is_told_with_the_cause() {
    for (line, cause) in [
        ("", "broken JSON at column 0"),
        ("Export to PDF", "broken JSON at column 1"),
        (r#"{"title": "Export"#, "broken JSON at column 17"),
        (r#"{"title": "Export",}"#, "broken JSON at column 20"),
        (r#"{"title": "Export"} more"#, "broken JSON at column 21"),
        ("{}", "missing field `title`"),
        (
            r#"{"title": null}"#,
            "invalid type: null, expected a string",
        ),
        (
            r#"{"title": "Export", "tags": {}}"#,
            "invalid type: map, expected a sequence",
        ),
    ] {
        let error = ImportLine::parse(line).unwrap_err().to_string();
        let expected = format!("not a post: {cause}");
        assert!(error.starts_with(&expected), "{line}: {error}");
    }
}

#[test]
fn a_line_needs_a_title_alone() {
    let named = |name: &str| Some(name.to_owned());
    for (line, expected) in [
        (
            r#"{"title": "Export"}"#,
            ImportLine {
                title: "Export".into(),
                ..ImportLine::default()
            },
        ),
        (
            r#" {"title": "Export", "votes": 7, "author": {"phone": "none"}} "#,
            ImportLine {
                title: "Export".into(),
                ..ImportLine::default()
            },
        ),
        (
            r#"{"title": "Export", "id": null, "board": null, "created": null}"#,
            ImportLine {
                title: "Export".into(),
                ..ImportLine::default()
            },
        ),
        (
            r#"{"title": "Export", "description": "As PDF.", "id": "7", "source": "forum",
                "board": "Product", "status": "planned", "tags": ["Billing"],
                "author": {"name": "Lin", "email": "lin@harbour.example", "account": "Harbour"},
                "created": "2026-10-14T09:30:00Z"}"#,
            ImportLine {
                title: "Export".into(),
                description: "As PDF.".into(),
                id: named("7"),
                source: named("forum"),
                board: named("Product"),
                status: named("planned"),
                tags: vec!["Billing".into()],
                author: ImportAuthor {
                    name: named("Lin"),
                    email: named("lin@harbour.example"),
                    account: named("Harbour"),
                },
                created: named("2026-10-14T09:30:00Z"),
            },
        ),
    ] {
        assert_eq!(ImportLine::parse(line), Ok(expected), "{line}");
    }
}

#[test]
fn what_makes_no_post_is_refused_with_the_reason() {
    let name = |why| ImportError::Post(SaveError::Name(why));
    let long =
        |field: &str, length| format!(r#"{{"title": "x", "{field}": "{}"}}"#, "x".repeat(length));
    let cut = format!("{}…", "x".repeat(39));
    for (line, error) in [
        (r#"{"title": ""}"#.to_owned(), name(InvalidName::Empty)),
        (r#"{"title": " … "}"#.to_owned(), name(InvalidName::Empty)),
        (
            format!(r#"{{"title": "{}"}}"#, "x".repeat(MAX_TITLE + 1)),
            name(InvalidName::TooLong(MAX_TITLE)),
        ),
        (
            long("description", MAX_DESCRIPTION + 1),
            SaveError::TooLong.into(),
        ),
        (
            r#"{"title": "x", "status": "Done"}"#.to_owned(),
            ImportError::Status("Done".into()),
        ),
        (
            r#"{"title": "x", "status": ""}"#.to_owned(),
            ImportError::Status(String::new()),
        ),
        (long("status", 41), ImportError::Status(cut.clone())),
        (
            r#"{"title": "x", "created": "14.10.2026"}"#.to_owned(),
            ImportError::Created("14.10.2026".into()),
        ),
        (
            r#"{"title": "x", "created": "2026-10-14"}"#.to_owned(),
            ImportError::Created("2026-10-14".into()),
        ),
        (long("created", 41), ImportError::Created(cut)),
    ] {
        assert_eq!(import(&line), Err(error), "{line:.80}");
    }
    let nowhere = import_into("fernhill", r#"{"title": "x"}"#, &[]);
    assert_eq!(nowhere, Err(SaveError::NoBoard.into()));
}

#[test]
fn a_line_lies_on_the_board_and_under_the_tags_that_it_names() {
    for (line, board, tags) in [
        (r#"{"title": "x"}"#, "product", &[][..]),
        (r#"{"title": "x", "board": "Support"}"#, "support", &[]),
        (r#"{"title": "x", "board": " SUPPORT "}"#, "support", &[]),
        (r#"{"title": "x", "board": "support desk"}"#, "product", &[]),
        (r#"{"title": "x", "board": ""}"#, "product", &[]),
        (r#"{"title": "x", "tags": ["Billing"]}"#, "product", &["t1"]),
        (
            r#"{"title": "x", "tags": ["churn", "BILLING"]}"#,
            "product",
            &["t1", "t2"],
        ),
        (
            r#"{"title": "x", "tags": ["Churn", "Churn", "gone"]}"#,
            "product",
            &["t2"],
        ),
    ] {
        let post = import(line).unwrap();
        let found: Vec<_> = post.tag_ids.iter().map(TagId::as_str).collect();
        assert_eq!((post.board_id.as_str(), &*found), (board, tags), "{line}");
    }
}

#[test]
fn a_line_tells_status_source_and_time() {
    for (line, status, source, created) in [
        (r#"{"title": "x"}"#, "open", "import", NOW),
        (
            r#"{"title": "x", "status": "under review"}"#,
            "under review",
            "import",
            NOW,
        ),
        (
            r#"{"title": "x", "status": "closed"}"#,
            "closed",
            "import",
            NOW,
        ),
        (
            r#"{"title": "x", "source": " forum\n"}"#,
            "open",
            "forum",
            NOW,
        ),
        (r#"{"title": "x", "source": " "}"#, "open", "import", NOW),
        (
            r#"{"title": "x", "created": "1970-01-01T00:00:01Z"}"#,
            "open",
            "import",
            Timestamp(1_000),
        ),
        (
            r#"{"title": "x", "created": "1970-01-01T02:00:01+02:00"}"#,
            "open",
            "import",
            Timestamp(1_000),
        ),
    ] {
        let post = import(line).unwrap();
        let found = (post.status.as_str(), &*post.source, post.created);
        assert_eq!(found, (status, source, created), "{line}");
        assert_eq!(
            (post.updated, &*post.source_type),
            (NOW, "import"),
            "{line}"
        );
    }
}

#[test]
fn a_line_is_one_post_however_often_it_is_imported() {
    const FIRST: &str = r#"{"title": "Export", "description": "As PDF."}"#;
    const WITH_ID: &str = r#"{"title": "Export", "id": "7"}"#;
    for (name, one, other, same) in [
        ("the same line", FIRST, FIRST, true),
        (
            "other white space in the title",
            FIRST,
            r#"{"title": " Export ", "description": "As PDF."}"#,
            true,
        ),
        (
            "another status",
            FIRST,
            r#"{"title": "Export", "description": "As PDF.", "status": "closed"}"#,
            true,
        ),
        (
            "other details",
            FIRST,
            r#"{"title": "Export", "description": "As CSV."}"#,
            false,
        ),
        (
            "another source",
            FIRST,
            r#"{"title": "Export", "description": "As PDF.", "source": "forum"}"#,
            false,
        ),
        ("an id", WITH_ID, r#"{"title": "A file", "id": "7"}"#, true),
        (
            "another id",
            WITH_ID,
            r#"{"title": "Export", "id": "8"}"#,
            false,
        ),
        (
            "the id of another source",
            WITH_ID,
            r#"{"title": "Export", "id": "7", "source": "forum"}"#,
            false,
        ),
    ] {
        let (one, other) = (import(one).unwrap(), import(other).unwrap());
        assert_eq!(one.id == other.id, same, "{name}");
    }
    let elsewhere = import_into("quayside", FIRST, &boards()).unwrap();
    assert_ne!(import(FIRST).unwrap().id, elsewhere.id);
}
