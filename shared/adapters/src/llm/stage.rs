//! The stages' prompts and schemas: files beside this one, of one version.

use serde_json::Value;

/// The version of the prompt and schema files; kept with every result.
pub const PROMPTS_VERSION: &str = "v2";

/// One stage's files.
pub(super) struct Stage {
    /// The name, also of the schema.
    pub(super) name: &'static str,
    prompt: &'static str,
    schema: &'static str,
    examples: &'static str,
}

/// What a model could be given, and a good answer.
#[derive(serde::Deserialize)]
struct Example {
    given: String,
    answer: Value,
}

impl Stage {
    pub(super) fn schema(&self) -> Value {
        serde_json::from_str(self.schema).expect("a test reads every schema file")
    }

    /// Our instructions, with the examples.
    pub(super) fn system(&self) -> String {
        let mut system = self.prompt.trim_end().to_owned();
        system.push_str("\n\nExamples, of another company's calls:");
        for Example { given, answer } in self.examples() {
            system.push_str(&format!("\n\n{given}\nAnswer: {answer}"));
        }
        system
    }

    fn examples(&self) -> Vec<Example> {
        serde_json::from_str(self.examples).expect("a test reads every example file")
    }
}

pub(super) const DETECT: Stage = Stage {
    name: "detect",
    prompt: include_str!("prompts/detect.v2.md"),
    schema: include_str!("prompts/detect.schema.v2.json"),
    examples: include_str!("prompts/detect.examples.v2.json"),
};

pub(super) const EXTRACT: Stage = Stage {
    name: "extract",
    prompt: include_str!("prompts/extract.v2.md"),
    schema: include_str!("prompts/extract.schema.v2.json"),
    examples: include_str!("prompts/extract.examples.v2.json"),
};

/// What is left of a finding without the claims that nobody made?
pub(super) const REPAIR: Stage = Stage {
    name: "repair",
    prompt: include_str!("prompts/repair.v2.md"),
    schema: include_str!("prompts/repair.schema.v2.json"),
    examples: include_str!("prompts/repair.examples.v2.json"),
};

/// Of the requests near it, which are the same?
pub(super) const JUDGE: Stage = Stage {
    name: "judge",
    prompt: include_str!("prompts/judge.v2.md"),
    schema: include_str!("prompts/judge.schema.v2.json"),
    examples: include_str!("prompts/judge.examples.v2.json"),
};

/// Where does it belong?
pub(super) const ORGANIZE: Stage = Stage {
    name: "organize",
    prompt: include_str!("prompts/organize.v2.md"),
    schema: include_str!("prompts/organize.schema.v2.json"),
    examples: include_str!("prompts/organize.examples.v2.json"),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::{
        answers::{self, DetectBody, ExtractBody, OrganizeBody},
        clean::{FENCE_CLOSE, FENCE_OPEN},
        judge::JudgeBody,
        repair::RepairBody,
    };

    #[test]
    fn every_prompt_names_the_fences_and_every_field_of_its_schema() {
        for stage in [DETECT, EXTRACT, REPAIR, JUDGE, ORGANIZE] {
            let fences = format!("between the line {FENCE_OPEN} and the line {FENCE_CLOSE}");
            assert!(stage.prompt.contains(&fences), "{}", stage.name);
            let schema = stage.schema();
            for field in names(&schema) {
                let quoted = format!("\"{field}\"");
                assert!(stage.prompt.contains(&quoted), "{}: {field}", stage.name);
            }
        }
    }

    #[test]
    fn every_text_and_list_is_bounded_and_every_object_closed() {
        for stage in [DETECT, EXTRACT, REPAIR, JUDGE, ORGANIZE] {
            bounded(&stage.schema());
        }
    }

    #[test]
    fn every_example_is_what_the_schema_asks_for_and_quotes_its_customer() {
        let text = |example: &Example| example.answer.to_string();
        for example in DETECT.examples() {
            assert!(answers::read::<DetectBody>(&DETECT.schema(), &text(&example)).is_ok());
        }
        for example in REPAIR.examples() {
            let repaired = answers::read::<RepairBody>(&REPAIR.schema(), &text(&example));
            let repaired = repaired.map(|request| request.embedding_text());
            let claims = example
                .given
                .lines()
                .filter_map(|line| line.strip_prefix("Said by nobody: "));
            for claim in claims {
                assert!(
                    repaired.as_ref().is_ok_and(|text| !text.contains(claim)),
                    "{claim}"
                );
            }
        }
        for example in JUDGE.examples() {
            let judged = answers::read::<JudgeBody>(&JUDGE.schema(), &text(&example));
            let others = example.given.matches(" title: ").count();
            let each = judged.map(|judged| judged.of(others).iter().all(Option::is_some));
            assert_eq!(each, Ok(true));
        }
        for example in ORGANIZE.examples() {
            assert!(answers::read::<OrganizeBody>(&ORGANIZE.schema(), &text(&example)).is_ok());
        }
        for example in EXTRACT.examples() {
            let found = answers::read::<ExtractBody>(&EXTRACT.schema(), &text(&example));
            let Ok(found) = found else {
                panic!("the example of extract is not in its own form");
            };
            for quote in found.iter().flat_map(|finding| &finding.quotes) {
                let mut lines = example.given.lines();
                assert!(
                    lines.any(|line| line.starts_with("C1> ") && line.contains(quote.as_str())),
                    "{quote}"
                );
            }
        }
    }

    fn names(schema: &Value) -> Vec<String> {
        let Some(fields) = schema["properties"].as_object() else {
            return schema.get("items").map_or_else(Vec::new, names);
        };
        let inner = fields.values().flat_map(names);
        fields.keys().cloned().chain(inner).collect()
    }

    fn bounded(schema: &Value) {
        match schema["type"].as_str() {
            Some("string") => {
                assert!(
                    schema["maxLength"].is_u64() || schema["enum"].is_array(),
                    "{schema}"
                );
            }
            Some("array") => {
                assert!(schema["maxItems"].is_u64(), "{schema}");
                bounded(&schema["items"]);
            }
            Some("object") => {
                assert_eq!(schema["additionalProperties"], false);
                let fields = schema["properties"].as_object().into_iter().flatten();
                for (name, field) in fields {
                    let required = schema["required"].as_array().into_iter().flatten();
                    assert!(required.into_iter().any(|r| r == name), "{name}");
                    bounded(field);
                }
            }
            other => assert_eq!(other, Some("boolean")),
        }
    }
}
