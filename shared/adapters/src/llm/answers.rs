//! A model's answer, read strictly: JSON, then the schema, then our types.

use domain::{
    feedback::{Priority, Request, Sentiment},
    findings::{Confidence, Detection, Finding, Placement},
    ids::{BoardId, CategoryId, TagId},
    text::clean,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, error::Category};

use super::{
    schema::{self, Flaw},
    stage::Stage,
};

/// What a stage's answer is read as.
pub(super) trait Body: DeserializeOwned {
    type Into;
    /// The last checks, which no schema can express.
    fn check(self) -> Result<Self::Into, Flaw>;
}

/// Reads an answer to a stage.
pub(super) fn read<B: Body>(stage: &Stage, text: &str) -> Result<B::Into, Flaw> {
    let value = json(text)?;
    schema::check(&stage.schema(), &value)?;
    serde_json::from_value::<B>(value)
        .map_err(|_| Flaw::new("it does not have the schema's fields"))?
        .check()
}

/// The JSON of an answer; a Markdown code block around it is tolerated.
fn json(text: &str) -> Result<Value, Flaw> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Flaw::new("it is empty"));
    }
    let inner = text
        .split_once("```")
        .filter(|_| !text.starts_with('{'))
        .map(|(_, rest)| rest.strip_prefix("json").unwrap_or(rest))
        .map_or(text, |rest| {
            rest.rsplit_once("```").map_or(rest, |(inner, _)| inner)
        });
    serde_json::from_str(inner).map_err(|error| match error.classify() {
        Category::Eof => Flaw::new("its JSON is cut off"),
        _ => Flaw::new("it is not JSON"),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DetectBody {
    feedback: bool,
    reason: String,
}

impl Body for DetectBody {
    type Into = Detection;

    fn check(self) -> Result<Detection, Flaw> {
        Ok(Detection {
            feedback: self.feedback,
            reason: required(&self.reason, "reason")?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtractBody {
    findings: Vec<FindingBody>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FindingBody {
    title: String,
    description: String,
    sentiment: String,
    priority: String,
    feature_area: String,
    pain_points: Vec<String>,
    quotes: Vec<String>,
    confidence: String,
}

impl Body for ExtractBody {
    type Into = Vec<Finding>;

    fn check(self) -> Result<Vec<Finding>, Flaw> {
        let finding = |body: FindingBody| {
            Ok(Finding {
                request: Request {
                    title: required(&body.title, "title")?,
                    description: required(&body.description, "description")?,
                    sentiment: Sentiment::parse(&body.sentiment),
                    priority: Priority::parse(&body.priority),
                    feature_area: some(&body.feature_area),
                    pain_points: all(&body.pain_points),
                },
                quotes: all(&body.quotes),
                confidence: Confidence::parse(&body.confidence),
                doubts: Vec::new(),
            })
        };
        self.findings.into_iter().map(finding).collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizeBody {
    board_id: String,
    category_id: String,
    tag_ids: Vec<String>,
}

impl Body for OrganizeBody {
    type Into = Placement;

    /// Ids that are none of ours pass when they are well-formed: the domain knows the lists.
    fn check(self) -> Result<Placement, Flaw> {
        let tags = self.tag_ids.iter().filter_map(|id| named(id));
        Ok(Placement {
            board_id: named(&self.board_id).and_then(|id| BoardId::parse(id).ok()),
            category_id: named(&self.category_id).and_then(|id| CategoryId::parse(id).ok()),
            tag_ids: tags.filter_map(|id| TagId::parse(id).ok()).collect(),
        })
    }
}

fn required(text: &str, name: &str) -> Result<String, Flaw> {
    some(text).ok_or_else(|| Flaw::new(format!("a `{name}` is empty")))
}

fn some(text: &str) -> Option<String> {
    Some(clean(text)).filter(|text| !text.is_empty())
}

fn all(texts: &[String]) -> Vec<String> {
    texts.iter().filter_map(|text| some(text)).collect()
}

/// The id, unless the model says that there is none.
fn named(id: &str) -> Option<&str> {
    let id = id.trim();
    (!id.is_empty() && !id.eq_ignore_ascii_case("none")).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::stage::{DETECT, EXTRACT, ORGANIZE};

    fn detect(text: &str) -> Result<Detection, String> {
        read::<DetectBody>(&DETECT, text).map_err(|flaw| flaw.0)
    }

    #[test]
    fn a_code_block_around_the_json_is_tolerated() {
        let json = "{\"feedback\": true, \"reason\": \"They  want\\nCSV.\"}";
        for text in [
            json.to_owned(),
            format!("\n```json\n{json}\n```\n"),
            format!("```\n{json}\n```"),
            format!("Here it is:\n```json\n{json}\n```"),
        ] {
            let detection = detect(&text).map(|d| (d.feedback, d.reason));
            assert_eq!(detection, Ok((true, "They want CSV.".into())), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_our_words() {
        for (text, what) in [
            ("", "it is empty"),
            ("I cannot help with that.", "it is not JSON"),
            ("{\"feedback\": true, \"rea", "its JSON is cut off"),
            ("{}", "the answer lacks `feedback`"),
            ("[]", "the answer is not of type object"),
            (
                "{\"feedback\":\"yes\",\"reason\":\"r\"}",
                "`feedback` is not of type boolean",
            ),
            (
                "{\"feedback\":true,\"reason\":\" \"}",
                "a `reason` is empty",
            ),
            (
                "{\"feedback\":true,\"reason\":\"r\",\"DROP\":1}",
                "the answer has a field that the schema does not have",
            ),
        ] {
            assert_eq!(detect(text), Err(what.to_owned()), "{text}");
        }
    }

    #[test]
    fn an_unknown_feeling_is_none_and_empty_entries_fall_away() {
        let text = r#"{"findings":[{"title":"T","description":"D","sentiment":"unknown",
            "priority":"critical","feature_area":" ","pain_points":["","p"],"quotes":["\u200b"],"confidence":"low"}]}"#;
        let findings = read::<ExtractBody>(&EXTRACT, text).map_err(|flaw| flaw.0);
        let finding = Finding {
            request: Request {
                title: "T".into(),
                description: "D".into(),
                sentiment: None,
                priority: Some(Priority::Critical),
                feature_area: None,
                pain_points: vec!["p".into()],
            },
            quotes: Vec::new(),
            confidence: Some(Confidence::Low),
            doubts: Vec::new(),
        };
        assert_eq!(findings, Ok(vec![finding]));
    }

    #[test]
    fn ids_pass_when_they_parse() {
        let text = r#"{"board_id":"made-up","category_id":"none","tag_ids":["t1","a b","","t2"]}"#;
        let placement = read::<OrganizeBody>(&ORGANIZE, text).map_err(|flaw| flaw.0);
        let tags: Vec<_> = ["t1", "t2"]
            .iter()
            .filter_map(|t| TagId::parse(*t).ok())
            .collect();
        assert_eq!(
            placement,
            Ok(Placement {
                board_id: BoardId::parse("made-up").ok(),
                category_id: None,
                tag_ids: tags,
            })
        );
    }
}
