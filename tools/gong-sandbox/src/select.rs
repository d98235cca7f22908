//! The `contentSelector`: which sections of a call an answer holds.

use serde_json::{Map, Value};

/// Sections that hold parts, and the selector's name of each part.
const SECTIONS: [(&str, &[(&str, &str)]); 3] = [
    (
        "content",
        &[
            ("structure", "structure"),
            ("topics", "topics"),
            ("trackers", "trackers"),
            ("pointsOfInterest", "pointsOfInterest"),
            ("brief", "brief"),
            ("outline", "outline"),
            ("highlights", "highlights"),
            ("callOutcome", "callOutcome"),
            ("keyPoints", "keyPoints"),
        ],
    ),
    (
        "interaction",
        &[
            ("speakers", "speakers"),
            ("video", "video"),
            ("interactionStats", "personInteractionStats"),
            ("questions", "questions"),
        ],
    ),
    ("collaboration", &[("publicComments", "publicComments")]),
];

/// The call as an answer shows it. Fields that the contract does not know are always shown.
pub(crate) fn exposed(call: &Value, selector: &Value) -> Value {
    let Some(fields) = call.as_object() else {
        return call.clone();
    };
    let fields_asked = &selector["exposedFields"];
    let detail = Context::of(selector);
    let shown = fields.iter().filter_map(|(name, value)| {
        let shown = match name.as_str() {
            "context" => detail.shown(value),
            "parties" => asked(fields_asked, "parties").then(|| parties(value, detail)),
            "media" => asked(fields_asked, "media").then(|| value.clone()),
            name => match SECTIONS.iter().find(|(section, _)| *section == name) {
                Some((section, parts)) => section_shown(value, &fields_asked[section], parts),
                None => Some(value.clone()),
            },
        };
        shown.map(|shown| (name.clone(), shown))
    });
    Value::Object(shown.collect())
}

/// How much of the CRM's view is shown: nothing, its links, or the links with their fields.
#[derive(Clone, Copy)]
enum Context {
    None,
    Basic,
    Extended,
}

impl Context {
    fn of(selector: &Value) -> Self {
        match selector["context"].as_str() {
            Some("Basic") => Self::Basic,
            Some("Extended") => Self::Extended,
            _ => Self::None,
        }
    }

    fn shown(self, context: &Value) -> Option<Value> {
        let mut context = context.clone();
        match self {
            Self::None => return None,
            Self::Basic => remove_everywhere(&mut context, "fields"),
            Self::Extended => {}
        }
        Some(context)
    }
}

fn asked(selector: &Value, name: &str) -> bool {
    selector[name] == true
}

fn parties(parties: &Value, detail: Context) -> Value {
    let mut parties = parties.clone();
    for party in parties
        .as_array_mut()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        if let Some(context) = party
            .remove("context")
            .and_then(|whole| detail.shown(&whole))
        {
            party.insert("context".to_owned(), context);
        }
    }
    parties
}

/// The parts that are asked for; `None` if none is.
fn section_shown(section: &Value, selector: &Value, parts: &[(&str, &str)]) -> Option<Value> {
    if !parts
        .iter()
        .any(|(_, selected_by)| asked(selector, selected_by))
    {
        return None;
    }
    let Some(fields) = section.as_object() else {
        return Some(section.clone());
    };
    let shown = fields.iter().filter(|(name, _)| {
        parts
            .iter()
            .find(|(part, _)| part == name)
            .is_none_or(|(_, selected_by)| asked(selector, selected_by))
    });
    let mut shown: Map<String, Value> = shown
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if let Some(trackers) = shown
        .get_mut("trackers")
        .filter(|_| !asked(selector, "trackerOccurrences"))
    {
        remove_everywhere(trackers, "occurrences");
    }
    Some(Value::Object(shown))
}

fn remove_everywhere(value: &mut Value, field: &str) {
    match value {
        Value::Object(fields) => {
            fields.remove(field);
            fields
                .values_mut()
                .for_each(|value| remove_everywhere(value, field));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|value| remove_everywhere(value, field)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_asked_for_is_shown() {
        let call = json!({
            "metaData": {"id": "1", "future": {"a": [1]}},
            "parties": [{"id": "2", "context": [{"system": "HubSpot"}]}],
            "context": [{"system": "HubSpot"}],
            "content": {"brief": "b", "topics": [], "trackers": [{"name": "t", "occurrences": [1]}], "new": 1},
            "interaction": {"speakers": [], "interactionStats": []},
            "media": {"audioUrl": "u"},
            "somethingNew": true,
        });
        assert_eq!(
            exposed(&call, &Value::Null),
            json!({"metaData": {"id": "1", "future": {"a": [1]}}, "somethingNew": true})
        );
        let selector = json!({"context": "None", "exposedFields": {
            "parties": true,
            "content": {"brief": true, "trackers": true},
            "interaction": {"personInteractionStats": true},
        }});
        assert_eq!(
            exposed(&call, &selector),
            json!({
                "metaData": {"id": "1", "future": {"a": [1]}},
                "parties": [{"id": "2"}],
                "content": {"brief": "b", "trackers": [{"name": "t"}], "new": 1},
                "interaction": {"interactionStats": []},
                "somethingNew": true,
            })
        );
        let extended = exposed(
            &call,
            &json!({"context": "Extended", "exposedFields": {"parties": true}}),
        );
        assert_eq!(
            (&extended["context"], &extended["parties"]),
            (&call["context"], &call["parties"])
        );
        assert_eq!(exposed(&json!("odd"), &selector), json!("odd"));
    }

    #[test]
    fn basic_context_links_to_the_crm_without_its_fields() {
        let linked = |fields: Value| {
            let mut object = json!({"objectType": "Account", "objectId": "7"});
            if !fields.is_null() {
                object["fields"] = fields;
            }
            json!([{"system": "HubSpot", "objects": [object]}])
        };
        let whole = linked(json!([{"name": "Name", "value": "Lindqvist"}]));
        let call = json!({"context": whole, "parties": [{"id": "2", "context": whole}]});
        let shown = |context: &str| {
            let selector = json!({"context": context, "exposedFields": {"parties": true}});
            let shown = exposed(&call, &selector);
            (
                shown["context"].clone(),
                shown["parties"][0]["context"].clone(),
            )
        };
        let links = linked(Value::Null);
        assert_eq!(shown("Basic"), (links.clone(), links));
        assert_eq!(shown("Extended"), (whole.clone(), whole.clone()));
        assert_eq!(shown("None"), (Value::Null, Value::Null));
    }
}
