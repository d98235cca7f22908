//! Boards, categories, tags, and the port.

use domain::{
    feedback::{Board, Category, Tag},
    findings::Placement,
    ids::{BoardId, CategoryId, OrgId, TagId},
    moment::Timestamp,
    ports::analysis::Analyst,
    usage::{Meter, Usage},
};

use super::{BuiltInRules, talk};

fn board(id: &str, name: &str, description: &str, categories: &[(&str, &str)]) -> Board {
    Board {
        org_id: OrgId::parse("acme").unwrap(),
        id: BoardId::parse(id).unwrap(),
        name: name.to_owned(),
        description: description.to_owned(),
        is_default: false,
        categories: categories
            .iter()
            .map(|(id, name)| Category {
                id: CategoryId::parse(*id).unwrap(),
                name: (*name).to_owned(),
            })
            .collect(),
        created: Timestamp(0),
    }
}

fn tag(id: &str, name: &str) -> Tag {
    Tag {
        org_id: OrgId::parse("acme").unwrap(),
        id: TagId::parse(id).unwrap(),
        name: name.to_owned(),
    }
}

fn placed(
    said: &str,
    boards: &[Board],
    tags: &[Tag],
) -> (Option<String>, Option<String>, Vec<String>) {
    let found = BuiltInRules.extract(&talk(said), 1);
    let placement = BuiltInRules.organize(&found[0], boards, tags);
    (
        placement.board_id.map(String::from),
        placement.category_id.map(String::from),
        placement.tag_ids.into_iter().map(String::from).collect(),
    )
}

#[test]
fn a_finding_goes_where_words_and_topics_meet() {
    let boards = [
        board(
            "mobile",
            "Mobile app",
            "The app for technicians",
            &[("offline", "Offline"), ("photos", "Photos")],
        ),
        board(
            "desk",
            "Agent desk",
            "Reports, exports, queues",
            &[("reporting", "Reporting"), ("login", "Login and security")],
        ),
        board("bugs", "Bugs", "", &[]),
    ];
    let tags = [
        tag("pdf", "PDF"),
        tag("sso", "SSO"),
        tag("android", "Android"),
        tag("billing", "Billing"),
    ];
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        placed(
            "c: We need to export the weekly report to PDF.",
            &boards,
            &tags
        ),
        (some("desk"), some("reporting"), vec!["pdf".to_owned()])
    );
    assert_eq!(
        placed(
            "c: We need an offline mode in the mobile app.",
            &boards,
            &tags
        )
        .1,
        some("offline")
    );
    assert_eq!(
        placed(
            "c: The single sign-on session expires in the middle of a reply.",
            &boards,
            &tags
        )
        .2,
        ["sso"]
    );
    assert_eq!(
        placed(
            "c: The ticket list crashes all the time.",
            &boards[2..],
            &tags
        ),
        (some("bugs"), None, Vec::new())
    );
}

#[test]
fn nothing_is_named_where_nothing_fits() {
    let boards = [board(
        "hr",
        "Hiring",
        "People and offices",
        &[("lunch", "Lunch")],
    )];
    let tags = [tag("billing", "Billing")];
    assert_eq!(
        placed(
            "c: We need to export the weekly report to PDF.",
            &boards,
            &tags
        ),
        (None, None, Vec::new())
    );
    assert_eq!(
        placed("c: We need to export the weekly report to PDF.", &[], &[]).0,
        None
    );
}

#[tokio::test]
async fn the_port_answers_for_free_and_names_the_engine() {
    let analyst: &dyn Analyst = &BuiltInRules;
    let conversation = talk("c: We need to export the weekly report to PDF.");
    assert_eq!(analyst.engine().llm, "built-in rules");
    assert_eq!(analyst.engine().version, "rules v1");
    let meter = Meter::default();
    let detected = analyst.detect(&conversation, &meter).await.unwrap();
    assert!(detected.feedback);
    let found = analyst.extract(&conversation, 1, &meter).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        analyst
            .organize(&found[0], (&[], &[]), &meter)
            .await
            .unwrap(),
        Placement::default()
    );
    assert_eq!(meter.take(), Usage::default());
}
