//! What identifies or opens something reaches no model, no post and no page.

use kit::calls::call;

use crate::{
    model::{Stage, detects, finds, good, places},
    people::Company,
};

const SAID: &str = "Please let us export reports; write to dana.whitlock@harrow.example or call +1 415 555 0142. The code is 482913.";
/// Told in a turn of its own, after a question.
const PIN: &str = "Sure, it's 7719.";
const SECRETS: [&str; 5] = ["dana.whitlock", "415 555", "0142", "482913", "7719"];

async fn company(redact: bool) -> Company {
    let asked = call("1").internal("Hello.").customer(SAID);
    let told = asked.internal("And your PIN?").customer(PIN);
    let calls = vec![told.build()];
    let play = |stage: Stage, material: &str| {
        let said = material.lines().find(|line| line.starts_with("C1> "));
        let said = said
            .and_then(|line| line.strip_prefix("C1> "))
            .unwrap_or_default();
        match stage {
            Stage::Detect => detects(true),
            Stage::Extract => finds("Export report lists", &[said]),
            Stage::Repair | Stage::Judge => good(stage, material),
            Stage::Organize => places("", "", &[]),
        }
    };
    let company = Company::start(calls, play, |_| ()).await;
    if !redact {
        company.set(&[("redact", "")]).await;
    }
    company
}

#[tokio::test]
async fn models_read_placeholders_and_quotes_show_them() {
    let company = company(true).await;
    let mut max = company.connect().await;
    let page = max
        .get(&company.page_of("Export report lists").await)
        .await
        .text();
    assert!(
        page.contains("write to [email] or call [phone number]. The code is [code]."),
        "{page}"
    );
    for server in &company.servers {
        for seen in server.seen() {
            let body = seen.body.to_string();
            assert!(
                SECRETS.iter().all(|secret| !body.contains(secret)),
                "{body}"
            );
        }
    }
    let ledger = max.get("/calls/1").await.text();
    assert!(ledger.contains("4 passages were redacted"), "{ledger}");
}

#[tokio::test]
async fn an_admin_may_turn_it_off() {
    let company = company(false).await;
    let mut max = company.connect().await;
    let page = max
        .get(&company.page_of("Export report lists").await)
        .await
        .text();
    assert!(page.contains("dana.whitlock@harrow.example"), "{page}");
    let ledger = max.get("/calls/1").await.text();
    assert!(ledger.contains("redaction is off"), "{ledger}");
}
