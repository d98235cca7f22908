//! Expressions. A placeholder `#word` always stands for the attribute `word`, which spares both
//! the list of DynamoDB's reserved words and a second list of names.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;

/// What placeholders of names stand for; none when there are none.
pub(super) type Names = Option<HashMap<String, String>>;
/// What placeholders of values stand for; none when there are none.
pub(super) type Values = Option<HashMap<String, AttributeValue>>;

/// An update, a condition, or both, with their values.
#[derive(Debug, Default)]
pub(super) struct Expr {
    clauses: BTreeMap<&'static str, Vec<String>>,
    condition: Option<String>,
    values: HashMap<String, AttributeValue>,
}

impl Expr {
    /// No condition, no update.
    pub fn none() -> Self {
        Self::default()
    }
    /// Only when this holds.
    pub fn when(mut self, condition: impl Into<String>) -> Self {
        self.condition = Some(condition.into());
        self
    }
    /// `SET`, such as `#a = :a`.
    pub fn set(self, clause: impl Into<String>) -> Self {
        self.clause("SET", clause)
    }
    /// `REMOVE`, such as `#a`.
    pub fn remove(self, clause: impl Into<String>) -> Self {
        self.clause("REMOVE", clause)
    }
    /// `ADD`, such as `#a :n`.
    pub fn add(self, clause: impl Into<String>) -> Self {
        self.clause("ADD", clause)
    }
    /// `DELETE` from a set, such as `#a :s`.
    pub fn take(self, clause: impl Into<String>) -> Self {
        self.clause("DELETE", clause)
    }
    /// The value of `:name`.
    pub fn value(mut self, name: impl Into<String>, value: AttributeValue) -> Self {
        self.values.insert(name.into(), value);
        self
    }

    /// This update, under the condition of another expression.
    pub fn and(mut self, other: Self) -> Self {
        self.condition = other.condition;
        self.values.extend(other.values);
        self
    }

    fn clause(mut self, verb: &'static str, clause: impl Into<String>) -> Self {
        self.clauses.entry(verb).or_default().push(clause.into());
        self
    }

    pub fn update_text(&self) -> String {
        let verbs = self.clauses.iter();
        let clauses: Vec<_> = verbs
            .map(|(verb, parts)| format!("{verb} {}", parts.join(", ")))
            .collect();
        clauses.join(" ")
    }

    /// The parts that the SDK takes: condition, names, values. DynamoDB refuses empty maps.
    pub fn parts(self) -> (Option<String>, Names, Values) {
        let condition = self.condition.as_deref().unwrap_or_default();
        let names = names_in(&[&self.update_text(), condition]);
        let values = (!self.values.is_empty()).then_some(self.values);
        (self.condition, names, values)
    }
}

/// The attribute of every `#word` in these expressions.
pub(super) fn names_in(expressions: &[&str]) -> Names {
    let words = expressions.iter().flat_map(|text| text.split('#').skip(1));
    let names: HashMap<_, _> = words
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let word = &rest[..end.unwrap_or(rest.len())];
            (format!("#{word}"), word.to_owned())
        })
        .collect();
    (!names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_stands_for_the_attribute_of_its_name() {
        let expr = Expr::none()
            .remove("#lease")
            .set("#due = :due")
            .set("#due_shard = :shard")
            .when("#lease.#until <= :now AND attribute_exists(#pk)");
        assert_eq!(
            expr.update_text(),
            "REMOVE #lease SET #due = :due, #due_shard = :shard"
        );
        let (_, names, values) = expr.parts();
        let names: BTreeMap<_, _> = names.unwrap_or_default().into_iter().collect();
        let words: Vec<_> = names.values().map(String::as_str).collect();
        assert_eq!(words, ["due", "due_shard", "lease", "pk", "until"]);
        assert_eq!(values, None);
        assert_eq!(names_in(&["a = :b"]), None);
    }
}
