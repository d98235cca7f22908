use domain::feedback::{Category, board::InvalidName};

use super::*;
use crate::{
    samples::{self, post, tags},
    save::MAX_DESCRIPTION,
};

fn category(id: &str, name: &str) -> Category {
    Category {
        id: CategoryId::parse(id).unwrap(),
        name: name.to_owned(),
    }
}

fn board(id: &str, name: &str, categories: Vec<Category>) -> Board {
    Board {
        categories,
        ..samples::board(id, name)
    }
}

fn boards() -> Vec<Board> {
    vec![
        board(
            "product",
            "Product",
            vec![category("reports", "Reports"), category("apps", "Apps")],
        ),
        board("support", "Support", vec![category("docs", "Docs")]),
    ]
}

/// A post on the board of products, among its reports.
fn read() -> Post {
    let mut read = Post {
        category_id: CategoryId::parse("reports").ok(),
        tag_ids: vec![TagId::parse("t1").unwrap()],
        owner: UserId::parse("ada").ok(),
        ..post("a", "Reports as PDF")
    };
    read.request.description = "Weekly.".into();
    read
}

/// The form as it is opened.
fn form() -> PostForm {
    PostForm {
        edits: 0,
        title: "Reports as PDF".into(),
        description: "Weekly.".into(),
        status: "open".into(),
        board_id: "product".into(),
        category_id: "reports".into(),
        tag_ids: vec!["t1".into()],
        owner: "ada".into(),
    }
}

type Typed = fn(&mut PostForm);

#[test]
fn an_edit_is_logged_in_words_that_hold_nothing_a_customer_said() {
    let rows: [(&str, Typed, &[&str]); 20] = [
        ("nothing", |_| {}, &[]),
        (
            "white space",
            |f| f.title = "  Reports  as PDF ".into(),
            &[],
        ),
        (
            "a title",
            |f| f.title = "Reports as files".into(),
            &["the title"],
        ),
        (
            "details",
            |f| f.description = "Daily.".into(),
            &["the details"],
        ),
        (
            "no details",
            |f| f.description = " ".into(),
            &["the details"],
        ),
        (
            "a status",
            |f| f.status = "in progress".into(),
            &["the status from open to in progress"],
        ),
        (
            "a category",
            |f| f.category_id = "apps".into(),
            &["the category from Reports to Apps"],
        ),
        (
            "no category",
            |f| f.category_id = String::new(),
            &["the category from Reports to none"],
        ),
        (
            "a board, with the category of the one that was left",
            |f| f.board_id = "support".into(),
            &[
                "the board from Product to Support",
                "the category from Reports to none",
            ],
        ),
        (
            "a board and a category of it",
            |f| {
                f.board_id = "support".into();
                f.category_id = "docs".into();
            },
            &[
                "the board from Product to Support",
                "the category from Reports to Docs",
            ],
        ),
        (
            "another tag",
            |f| f.tag_ids = vec!["t2".into()],
            &["the tags from Billing to Churn"],
        ),
        (
            "one tag more",
            |f| f.tag_ids.push("t2".into()),
            &["the tags from Billing to Billing and Churn"],
        ),
        ("one tag twice", |f| f.tag_ids.push("t1".into()), &[]),
        (
            "no tags",
            |f| f.tag_ids.clear(),
            &["the tags from Billing to none"],
        ),
        (
            "an owner",
            |f| f.owner = " lin ".into(),
            &["the owner from ada to lin"],
        ),
        (
            "no owner",
            |f| f.owner = " ".into(),
            &["the owner from ada to nobody"],
        ),
        (
            "a title as long as may be",
            |f| f.title = "ä".repeat(MAX_TITLE),
            &["the title"],
        ),
        (
            "details as long as may be",
            |f| f.description = "ä".repeat(MAX_DESCRIPTION),
            &["the details"],
        ),
        (
            "title and details",
            |f| {
                f.title = "Reports as files".into();
                f.description = "Daily.".into();
            },
            &["the title", "the details"],
        ),
        (
            "status and owner",
            |f| {
                f.status = "closed".into();
                f.owner = "lin".into();
            },
            &[
                "the status from open to closed",
                "the owner from ada to lin",
            ],
        ),
    ];
    for (name, typed, expected) in rows {
        let mut form = form();
        typed(&mut form);
        let next = edited(&read(), &form, &boards(), &tags()).unwrap();
        let did = differences(&read(), &next, &boards(), &tags());
        assert_eq!(did, expected, "{name}");
    }
}

#[test]
fn what_is_not_one_of_the_list_is_refused() {
    use CurateError::{Name, NotInList, TooLong};
    let rows: [(&str, Typed, CurateError); 13] = [
        (
            "no title",
            |f| f.title = " ".into(),
            Name(InvalidName::Empty),
        ),
        (
            "a title of signs",
            |f| f.title = "?!".into(),
            Name(InvalidName::Empty),
        ),
        (
            "a title that is too long",
            |f| f.title = "x".repeat(MAX_TITLE + 1),
            Name(InvalidName::TooLong(MAX_TITLE)),
        ),
        (
            "details that are too long",
            |f| f.description = "x".repeat(MAX_DESCRIPTION + 1),
            TooLong("text of the details"),
        ),
        (
            "no status",
            |f| f.status = String::new(),
            NotInList("status"),
        ),
        (
            "an unknown status",
            |f| f.status = "Open".into(),
            NotInList("status"),
        ),
        (
            "no board",
            |f| f.board_id = String::new(),
            NotInList("board"),
        ),
        (
            "an unknown board",
            |f| f.board_id = "gone".into(),
            NotInList("board"),
        ),
        (
            "an unknown category",
            |f| f.category_id = "gone".into(),
            NotInList("category"),
        ),
        (
            "a category of another board",
            |f| f.category_id = "docs".into(),
            NotInList("category"),
        ),
        (
            "an unknown tag",
            |f| f.tag_ids.push("gone".into()),
            NotInList("tag"),
        ),
        (
            "a tag's name",
            |f| f.tag_ids = vec!["Billing".into()],
            NotInList("tag"),
        ),
        (
            "an owner who cannot be",
            |f| f.owner = "Ada Example".into(),
            NotInList("owner"),
        ),
    ];
    for (name, typed, error) in rows {
        let mut form = form();
        typed(&mut form);
        let refused = edited(&read(), &form, &boards(), &tags());
        assert_eq!(refused, Err(error), "{name}");
    }
}

#[test]
fn what_was_removed_or_is_newer_stays_until_it_is_changed() {
    let newer: PostStatus = serde_json::from_str("\"shipped\"").unwrap();
    let removed = || Post {
        board_id: BoardId::parse("removed").unwrap(),
        category_id: None,
        status: newer,
        ..read()
    };
    let form = PostForm {
        board_id: "removed".into(),
        category_id: String::new(),
        status: "shipped".into(),
        ..form()
    };
    let rows: [(&str, Typed, &[&str]); 3] = [
        ("nothing is changed", |_| {}, &[]),
        (
            "the board",
            |f| f.board_id = "support".into(),
            &["the board from a removed board to Support"],
        ),
        (
            "the status",
            |f| f.status = "planned".into(),
            &["the status from shipped to planned"],
        ),
    ];
    for (name, typed, expected) in rows {
        let mut form = form.clone();
        typed(&mut form);
        let next = edited(&removed(), &form, &boards(), &tags()).unwrap();
        let did = differences(&removed(), &next, &boards(), &tags());
        assert_eq!(did, expected, "{name}");
    }
    let unknown = PostForm {
        status: "sold".into(),
        ..form
    };
    let refused = edited(&removed(), &unknown, &boards(), &tags());
    assert_eq!(refused, Err(CurateError::NotInList("status")));
}
