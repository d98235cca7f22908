//! One request to the provider, until there is an answer or no hope of one.

use std::sync::Arc;

use domain::{
    ports::{
        analysis::AnalysisError,
        system::{Clock, Ids},
    },
    usage::{Meter, Usage},
};
use genai::{
    Client,
    chat::{
        ChatMessage, ChatOptions, ChatRequest, ChatResponse, JsonSpec, ReasoningEffort, StopReason,
    },
};
use serde_json::{Value, json};

use super::{
    config::{Destination, LlmConfig, LlmConfigError},
    failure::Failure,
    refusal::Whose,
    schema::{self, Flaw},
    shape::{SchemaLevel, Shape, Shapes},
};
use crate::http::retry::Pauses;

/// The provider of the models.
pub(super) struct Provider {
    client: Client,
    destination: Destination,
    max_output_tokens: u32,
    shapes: Shapes,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// One question to a model.
pub(super) struct Question<'a> {
    /// The model.
    pub(super) model: &'a str,
    /// The stage's name.
    pub(super) name: &'static str,
    /// Our instructions.
    pub(super) system: &'a str,
    /// What it is given.
    pub(super) user: &'a str,
    /// The answer's schema.
    pub(super) schema: &'a Value,
}

impl Provider {
    pub(super) fn new(
        config: &LlmConfig,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, LlmConfigError> {
        let destination = Destination::new(config)?;
        Ok(Self {
            client: destination.clone().client(config.timeout)?,
            destination,
            max_output_tokens: config.max_output_tokens,
            shapes: Shapes::default(),
            clock,
            ids,
        })
    }

    /// The model's text, or what is wrong with an answer that has none. The meter
    /// counts every attempt.
    pub(super) async fn ask(
        &self,
        question: &Question<'_>,
        meter: &Meter,
    ) -> Result<Result<String, Flaw>, AnalysisError> {
        let mut pauses = Pauses::new(Arc::clone(&self.clock), Arc::clone(&self.ids));
        let kind = self.destination.kind(question.model);
        self.destination
            .fetch_key()
            .await
            .map_err(|error| AnalysisError::Unavailable {
                detail: error.to_string(),
                retry_after: None,
            })?;
        let mut shape = self.shapes.of(question.model, kind);
        loop {
            meter.add(Usage {
                llm_calls: 1,
                ..Usage::default()
            });
            let failure = match self.send(question, shape).await {
                Ok(response) => return Ok(text(&response, meter)),
                Err(error) => Failure::of(&error, self.clock.now()),
            };
            match failure {
                Failure::Passing {
                    detail,
                    retry_after,
                } => {
                    if !pauses.again(retry_after).await {
                        return Err(AnalysisError::Unavailable {
                            detail,
                            retry_after,
                        });
                    }
                }
                Failure::Refused {
                    detail,
                    whose,
                    message,
                } => {
                    // A call that is too long stays so without a temperature.
                    let smaller = shape.after_refusal(&message);
                    match (whose, smaller) {
                        (Whose::Installation | Whose::Unknown, Some(smaller)) => {
                            shape = smaller;
                            self.shapes.learn(question.model, shape);
                        }
                        (Whose::Call, _) => {
                            let what = format!("the provider refuses the request ({detail})");
                            return Err(AnalysisError::Unusable(what));
                        }
                        (Whose::Installation, None) => {
                            return Err(AnalysisError::Misconfigured(detail));
                        }
                        (Whose::Unknown, None) => return Err(AnalysisError::Refused(detail)),
                    }
                }
                Failure::Misconfigured(detail) => {
                    return Err(AnalysisError::Misconfigured(detail));
                }
                Failure::Unreadable => {
                    return Ok(Err(Flaw::new("it is not an answer of the protocol")));
                }
            }
        }
    }

    async fn send(&self, question: &Question<'_>, shape: Shape) -> genai::Result<ChatResponse> {
        let request = ChatRequest::from_system(question.system)
            .append_message(ChatMessage::user(question.user));
        let mut options = ChatOptions::default()
            .with_max_tokens(self.max_output_tokens)
            .with_normalize_reasoning_content(true);
        if shape.temperature {
            options = options.with_temperature(0.0);
        }
        let schema = match shape.schema {
            SchemaLevel::Bounded => Some(question.schema.clone()),
            SchemaLevel::Unbounded => Some(schema::without_bounds(question.schema)),
            SchemaLevel::InWords => None,
        };
        if let Some(schema) = schema {
            options = options.with_response_format(JsonSpec::new(question.name, schema));
        }
        // genai cuts a suffix such as `-max` off a name and sends it as reasoning effort; at an
        // address of the operator's it belongs to the name.
        let suffixed = ReasoningEffort::from_model_name(question.model).0.is_some();
        if suffixed && self.destination.is_own_openai() {
            options =
                options.with_extra_body(json!({"model": question.model, "reasoning_effort": null}));
        }
        self.client
            .exec_chat(question.model, request, Some(&options))
            .await
    }
}

fn text(response: &ChatResponse, meter: &Meter) -> Result<String, Flaw> {
    let tokens = |count: Option<i32>| count.map_or(0, |n| u64::try_from(n).unwrap_or(0));
    meter.add(Usage {
        prompt_tokens: tokens(response.usage.prompt_tokens),
        completion_tokens: tokens(response.usage.completion_tokens),
        ..Usage::default()
    });
    match response.stop_reason {
        Some(StopReason::ContentFilter(_)) => {
            return Err(Flaw::new("the model or its provider refused to answer"));
        }
        Some(StopReason::MaxTokens(_)) => {
            return Err(Flaw::new(
                "it is longer than the tokens that are allowed for it",
            ));
        }
        _ => {}
    }
    Ok(response.texts().concat())
}
