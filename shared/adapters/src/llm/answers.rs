//! A model's answer, read generously: its JSON is looked for, fitted to the stage's schema, and only
//! then checked. An answer has a flaw when what is needed is missing.

use domain::{
    feedback::{Priority, Request, Sentiment},
    findings::{Confidence, Detection, Finding, Placement},
    ids::{BoardId, CategoryId, TagId},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use self::{
    declined::declines,
    fit::{Form, Shape},
    found::find,
};
use super::schema::{self, Flaw};

mod declined;
mod fit;
mod found;
mod reader;
#[cfg(test)]
mod tests;

const CUT_OFF: &str = "its JSON is cut off";
const NOT_JSON: &str = "it is not JSON";

/// What a stage's answer is read as.
pub(super) trait Body: DeserializeOwned {
    type Into;
    /// The fields that may not be left out.
    const NEEDED: &'static [&'static str];
    fn into(self) -> Self::Into;
}

/// Reads an answer to a stage.
pub(super) fn read<B: Body>(schema: &Value, text: &str) -> Result<B::Into, Flaw> {
    let found = find(text);
    let form = Form {
        schema,
        needed: B::NEEDED,
    };
    if let Some(cut) = &found.cut
        && let Some(read) = before_the_cut::<B>(&form, cut)
    {
        return read;
    }
    let shapes: Vec<_> = found.values.iter().map(|value| form.shape(value)).collect();
    let whole = shapes.iter().filter_map(|shape| match shape {
        Some(Shape::Whole(value)) => Some(value),
        _ => None,
    });
    if let Some(read) = last::<B>(&form, whole) {
        return read;
    }
    if found.cut.is_some() || found.broken {
        let what = if found.cut.is_some() {
            CUT_OFF
        } else {
            NOT_JSON
        };
        return Err(Flaw::new(what));
    }
    if let Some(read) = last::<B>(&form, bare(&form, &found.values).iter()) {
        return read;
    }
    Err(Flaw::new(match found.said.trim() {
        "" => "it is empty",
        said if declines(said) => "the model refuses to answer",
        _ => NOT_JSON,
    }))
}

/// The last value that holds all that is needed, else what is wrong with the last one.
fn last<'a, B: Body>(
    form: &Form<'_>,
    values: impl DoubleEndedIterator<Item = &'a Value>,
) -> Option<Result<B::Into, Flaw>> {
    let mut flaw = None;
    for value in values.rev() {
        match body::<B>(form, value) {
            Ok(body) => return Some(Ok(body)),
            Err(found) => {
                flaw.get_or_insert(found);
            }
        }
    }
    flaw.map(Err)
}

fn body<B: Body>(form: &Form<'_>, value: &Value) -> Result<B::Into, Flaw> {
    let fitted = form.fit(value);
    schema::check(form.schema, form.needed, &fitted)?;
    let body = serde_json::from_value::<B>(fitted);
    body.map(B::into)
        .map_err(|_| Flaw::new("it does not have the schema's fields"))
}

/// The whole entries of the schema's list before the cut; none when what is cut is no answer.
fn before_the_cut<B: Body>(form: &Form<'_>, cut: &Value) -> Option<Result<B::Into, Flaw>> {
    let shape = form.shape(cut).filter(|_| !form.is_bare(cut))?;
    let (Shape::Whole(value) | Shape::Bare(value)) = shape;
    let entries = Some(()).filter(|()| form.has_entries(&value));
    let read = entries.and_then(|()| body::<B>(form, &value).ok());
    Some(read.ok_or_else(|| Flaw::new(CUT_OFF)))
}

/// Values that lack the object around the schema's list: lists, and all objects of it together. An
/// empty list may mean anything beside something else.
fn bare(form: &Form<'_>, values: &[Value]) -> Vec<Value> {
    let (objects, others): (Vec<_>, Vec<_>) = values
        .iter()
        .cloned()
        .partition(|value| form.is_bare(value));
    let is_alone = values.len() == 1;
    let listed = |value: Value| {
        let shape = match value.as_array() {
            Some(entries) if entries.is_empty() && is_alone => form.bare(entries),
            Some(entries) if entries.is_empty() => return None,
            _ => form.shape(&value),
        };
        let (Shape::Whole(inner) | Shape::Bare(inner)) = shape.unwrap_or(Shape::Bare(value));
        Some(inner)
    };
    let together = (!objects.is_empty()).then_some(Value::Array(objects));
    others
        .into_iter()
        .chain(together)
        .filter_map(listed)
        .collect()
}

/// The reason of a detection that came without one.
const NO_REASON: &str = "The model gave no reason.";

#[derive(Deserialize)]
pub(super) struct DetectBody {
    feedback: bool,
    reason: Option<String>,
}

impl Body for DetectBody {
    type Into = Detection;
    const NEEDED: &'static [&'static str] = &["feedback"];

    fn into(self) -> Detection {
        Detection {
            feedback: self.feedback,
            reason: self.reason.unwrap_or_else(|| NO_REASON.to_owned()),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct ExtractBody {
    findings: Vec<FindingBody>,
}

#[derive(Deserialize)]
struct FindingBody {
    title: String,
    #[serde(default)]
    description: String,
    sentiment: Option<String>,
    priority: Option<String>,
    feature_area: Option<String>,
    #[serde(default)]
    pain_points: Vec<String>,
    quotes: Vec<String>,
    confidence: Option<String>,
}

impl Body for ExtractBody {
    type Into = Vec<Finding>;
    const NEEDED: &'static [&'static str] = &["findings", "title", "quotes"];

    fn into(self) -> Vec<Finding> {
        let finding = |body: FindingBody| Finding {
            request: Request {
                title: body.title,
                description: body.description,
                sentiment: body.sentiment.as_deref().and_then(Sentiment::parse),
                priority: body.priority.as_deref().and_then(Priority::parse),
                feature_area: body.feature_area,
                pain_points: body.pain_points,
            },
            quotes: body.quotes,
            confidence: body.confidence.as_deref().and_then(Confidence::parse),
            doubts: Vec::new(),
        };
        self.findings.into_iter().map(finding).collect()
    }
}

#[derive(Deserialize)]
pub(super) struct OrganizeBody {
    board_id: Option<String>,
    category_id: Option<String>,
    #[serde(default)]
    tag_ids: Vec<String>,
}

impl Body for OrganizeBody {
    type Into = Placement;
    const NEEDED: &'static [&'static str] = &[];

    /// Ids that are none of ours pass when they are well-formed: the domain knows the lists.
    fn into(self) -> Placement {
        Placement {
            board_id: self.board_id.and_then(|id| BoardId::parse(id).ok()),
            category_id: self.category_id.and_then(|id| CategoryId::parse(id).ok()),
            tag_ids: self
                .tag_ids
                .into_iter()
                .filter_map(|id| TagId::parse(id).ok())
                .collect(),
        }
    }
}
