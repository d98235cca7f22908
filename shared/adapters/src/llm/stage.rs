//! The stages' prompts and schemas: files beside this one, of one version.

use serde_json::Value;

/// The version of the prompt and schema files; kept with every result.
pub const PROMPTS_VERSION: &str = "v1";

/// One stage's files.
pub(super) struct Stage {
    /// The name, also of the schema.
    pub(super) name: &'static str,
    /// The system prompt.
    pub(super) prompt: &'static str,
    schema: &'static str,
}

impl Stage {
    /// The schema of the answer.
    pub(super) fn schema(&self) -> Value {
        serde_json::from_str(self.schema).expect("a test reads every schema file")
    }
}

/// Is there feedback?
pub(super) const DETECT: Stage = Stage {
    name: "detect",
    prompt: include_str!("prompts/detect.v1.md"),
    schema: include_str!("prompts/detect.schema.v1.json"),
};

/// What is it?
pub(super) const EXTRACT: Stage = Stage {
    name: "extract",
    prompt: include_str!("prompts/extract.v1.md"),
    schema: include_str!("prompts/extract.schema.v1.json"),
};

/// Where does it belong?
pub(super) const ORGANIZE: Stage = Stage {
    name: "organize",
    prompt: include_str!("prompts/organize.v1.md"),
    schema: include_str!("prompts/organize.schema.v1.json"),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::clean::{FENCE_CLOSE, FENCE_OPEN};

    #[test]
    fn every_prompt_names_the_fences_and_every_field_of_its_schema() {
        for stage in [DETECT, EXTRACT, ORGANIZE] {
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
        for stage in [DETECT, EXTRACT, ORGANIZE] {
            bounded(&stage.schema());
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
