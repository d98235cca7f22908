//! The stages' prompts and schemas: files beside this one, of one version.

use serde_json::Value;

use super::schema;

/// The version of the prompt and schema files; kept with every result.
pub const PROMPTS_VERSION: &str = "v3";

/// One stage's files.
pub(super) struct Stage {
    /// The name, also of the schema.
    pub(super) name: &'static str,
    instructions: &'static str,
    /// What stands below the material, where several stages read the same with one set of
    /// instructions.
    task: Option<&'static str>,
    schema: &'static str,
    /// Of the schema, the fields that are this stage's answer; all of them when there are none.
    fields: &'static [&'static str],
    examples: &'static str,
}

/// What a model could be given, and a good answer.
#[derive(serde::Deserialize)]
struct Example {
    given: String,
    answer: Value,
}

impl Stage {
    /// The schema as it is sent. Providers put it before the prompt and keep both for a while, so
    /// stages that read the same send the same.
    pub(super) fn schema(&self) -> Value {
        serde_json::from_str(self.schema).expect("a test reads every schema file")
    }

    /// The schema of this stage's own answer.
    pub(super) fn own_schema(&self) -> Value {
        schema::with_fields(self.schema(), self.fields)
    }

    /// Our instructions, with the examples where they hold for one stage alone.
    pub(super) fn system(&self) -> String {
        match self.task {
            Some(_) => self.instructions.trim_end().to_owned(),
            None => self.with_examples(self.instructions),
        }
    }

    /// What stands below the material, with the examples.
    pub(super) fn task(&self) -> Option<String> {
        self.task.map(|task| self.with_examples(task))
    }

    fn with_examples(&self, text: &str) -> String {
        let mut text = text.trim_end().to_owned();
        text.push_str("\n\nExamples, of another company's calls:");
        for Example { given, answer } in self.examples() {
            text.push_str(&format!("\n\n{given}\nAnswer: {answer}"));
        }
        text
    }

    fn examples(&self) -> Vec<Example> {
        serde_json::from_str(self.examples).expect("a test reads every example file")
    }
}

const READING: &str = include_str!("prompts/reading.v3.md");
const READING_SCHEMA: &str = include_str!("prompts/reading.schema.v3.json");

pub(super) const DETECT: Stage = Stage {
    name: "detect",
    instructions: READING,
    task: Some(include_str!("prompts/detect.v3.md")),
    schema: READING_SCHEMA,
    fields: &["feedback", "reason"],
    examples: include_str!("prompts/detect.examples.v3.json"),
};

pub(super) const EXTRACT: Stage = Stage {
    name: "extract",
    instructions: READING,
    task: Some(include_str!("prompts/extract.v3.md")),
    schema: READING_SCHEMA,
    fields: &["findings"],
    examples: include_str!("prompts/extract.examples.v3.json"),
};

/// What is left of a finding without the claims that nobody made?
pub(super) const REPAIR: Stage = Stage {
    name: "repair",
    instructions: include_str!("prompts/repair.v3.md"),
    task: None,
    schema: include_str!("prompts/repair.schema.v3.json"),
    fields: &[],
    examples: include_str!("prompts/repair.examples.v3.json"),
};

/// Of the requests near it, which are the same?
pub(super) const JUDGE: Stage = Stage {
    name: "judge",
    instructions: include_str!("prompts/judge.v3.md"),
    task: None,
    schema: include_str!("prompts/judge.schema.v3.json"),
    fields: &[],
    examples: include_str!("prompts/judge.examples.v3.json"),
};

/// Where does it belong?
pub(super) const ORGANIZE: Stage = Stage {
    name: "organize",
    instructions: include_str!("prompts/organize.v3.md"),
    task: None,
    schema: include_str!("prompts/organize.schema.v3.json"),
    fields: &[],
    examples: include_str!("prompts/organize.examples.v3.json"),
};

#[cfg(test)]
mod tests {
    use domain::ports::analysis::MOST_FINDINGS;

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
            assert!(stage.instructions.contains(&fences), "{}", stage.name);
            let prompt = stage.task.unwrap_or(stage.instructions);
            for field in names(&stage.own_schema()) {
                let quoted = format!("\"{field}\"");
                assert!(prompt.contains(&quoted), "{}: {field}", stage.name);
            }
        }
    }

    #[test]
    fn extract_says_as_often_how_many_it_may_find() {
        let most = &EXTRACT.own_schema()["properties"]["findings"]["maxItems"];
        assert_eq!(most, MOST_FINDINGS);
        let task = EXTRACT.task().unwrap_or_default();
        assert!(task.contains(&format!("at most {MOST_FINDINGS} entries")));
    }

    /// What a provider keeps is what stands before the first difference.
    #[test]
    fn detect_and_extract_differ_in_nothing_but_their_task() {
        assert_eq!(DETECT.system(), EXTRACT.system());
        assert_eq!(DETECT.schema(), EXTRACT.schema());
        assert_ne!(DETECT.own_schema(), EXTRACT.own_schema());
        assert_ne!(DETECT.task(), EXTRACT.task());
        for stage in [REPAIR, JUDGE, ORGANIZE] {
            assert_eq!(stage.task(), None);
            assert_eq!(stage.own_schema(), stage.schema());
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
            assert!(answers::read::<DetectBody>(&DETECT.own_schema(), &text(&example)).is_ok());
        }
        for example in REPAIR.examples() {
            let repaired = answers::read::<RepairBody>(&REPAIR.own_schema(), &text(&example));
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
            let judged = answers::read::<JudgeBody>(&JUDGE.own_schema(), &text(&example));
            let others = example.given.matches(" title: ").count();
            let each = judged.map(|judged| judged.of(others).iter().all(Option::is_some));
            assert_eq!(each, Ok(true));
        }
        for example in ORGANIZE.examples() {
            assert!(answers::read::<OrganizeBody>(&ORGANIZE.own_schema(), &text(&example)).is_ok());
        }
        for example in EXTRACT.examples() {
            let found = answers::read::<ExtractBody>(&EXTRACT.own_schema(), &text(&example));
            let Ok(found) = found else {
                panic!("the example of extract is not in its own form");
            };
            for quote in found.iter().flat_map(|finding| &finding.quotes) {
                let mut turns = example
                    .given
                    .split("I1> ")
                    .flat_map(|said| said.split("C1> ").nth(1));
                assert!(turns.any(|said| said.contains(quote.as_str())), "{quote}");
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
