//! What roles allow.

use serde_json::Value;

use crate::template::{list, of_type, target, texts};

/// The one resource with a star: a connection's secret is named when it is made.
const CONNECTION_SECRETS: &str = ":secret:${AWS::StackName}/productbridge/gong/*";

/// A statement of a role, with the role.
struct Statement<'a> {
    role: &'a str,
    body: &'a Value,
}

fn statements(template: &Value) -> Vec<Statement<'_>> {
    let roles = of_type(template, "AWS::IAM::Role");
    roles
        .flat_map(|role| {
            let policies = role.list("/Policies").iter();
            let all = policies.flat_map(|policy| list(&policy["PolicyDocument"]["Statement"]));
            all.map(move |body| Statement {
                role: role.id,
                body,
            })
        })
        .collect()
}

/// The resources of a statement, one or a list.
fn resources_of(statement: &Value) -> Vec<&Value> {
    match &statement["Resource"] {
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

/// The table of `${Table.Arn}/index/name`.
fn table_of(resource: &Value) -> Option<&str> {
    let (table, _) = resource["Fn::Sub"].as_str()?.split_once(".Arn}/index/")?;
    table.strip_prefix("${")
}

/// A statement has one verb and one resource, or the indexes of one table, and no two statements
/// of a role say the same.
#[must_use]
pub fn one_action(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let all = statements(template);
    if all.is_empty() {
        problems.push("no role has a statement".to_owned());
    }
    for (at, Statement { role, body }) in all.iter().enumerate() {
        if !body["Action"].is_string() || body.get("NotAction").is_some() {
            problems.push(format!("{role}: not one action: {body}"));
        }
        let resources = resources_of(body);
        let table = table_of(resources[0]);
        let one = resources.len() == 1 && !resources[0].is_null()
            || table.is_some() && resources.iter().all(|r| table_of(r) == table);
        if !one || body.get("NotResource").is_some() {
            problems.push(format!("{role}: not one resource: {body}"));
        }
        if all[..at].iter().any(|s| s.role == *role && s.body == *body) {
            problems.push(format!("{role}: said twice: {body}"));
        }
    }
    problems
}

/// No action and no resource has a star, but for secrets that are named when they are made. In
/// policies of resources a star may refuse, and in a key's own policy it is that key.
#[must_use]
pub fn stars(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for Statement { role, body } in statements(template) {
        if texts(&body["Action"]).iter().any(|text| text.contains('*')) {
            problems.push(format!("{role}: a star for an action: {body}"));
        }
        for text in texts(&body["Resource"]) {
            let known = text.ends_with(CONNECTION_SECRETS) && text.matches('*').count() == 1;
            if text.contains('*') && !known {
                problems.push(format!("{role}: a star for a resource: {body}"));
            }
        }
    }
    let policies = ["AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"];
    for policy in policies.iter().flat_map(|kind| of_type(template, kind)) {
        for body in policy.list("/PolicyDocument/Statement") {
            let text = body.to_string();
            if body["Effect"] == "Allow" && text.contains('*') {
                problems.push(format!("{}: a star that allows: {body}", policy.id));
            }
        }
    }
    for key in of_type(template, "AWS::KMS::Key") {
        for body in key.list("/KeyPolicy/Statement") {
            let account = target(&body["Principal"]["AWS"]).is_some()
                || texts(&body["Principal"]["AWS"])
                    .iter()
                    .any(|text| text.ends_with(":iam::${AWS::AccountId}:root"));
            let star = texts(&body["Action"]).iter().any(|text| text.contains('*'));
            if star && !account || texts(&body["Principal"]).contains(&"*") {
                problems.push(format!("{}: a star beyond the account: {body}", key.id));
            }
        }
    }
    problems
}

#[must_use]
pub fn scans(template: &Value) -> Vec<String> {
    let scans = statements(template).into_iter().filter(|statement| {
        let actions = texts(&statement.body["Action"]);
        actions.iter().any(|action| action.ends_with(":Scan"))
    });
    scans.map(|s| format!("{} may scan", s.role)).collect()
}

/// The key serves through Secrets Manager, or for one named purpose.
#[must_use]
pub fn decryption(template: &Value) -> Vec<String> {
    let open = statements(template).into_iter().filter(|statement| {
        let equals = &statement.body["Condition"]["StringEquals"];
        let via = &equals["kms:ViaService"];
        let purpose = &equals["kms:EncryptionContext:purpose"];
        let kms = texts(&statement.body["Action"])
            .iter()
            .any(|action| action.starts_with("kms:"));
        let bound = texts(via)
            .iter()
            .any(|text| text.starts_with("secretsmanager."))
            || *purpose == "credentials" && statement.role != "DashboardRole"
            || *purpose == "sessions" && statement.role == "DashboardRole";
        kms && !bound
    });
    open.map(|s| format!("{}: the key for anything: {}", s.role, s.body))
        .collect()
}
