//! One request to the provider, until there is an answer or no hope of one.

use std::sync::Arc;

use domain::{
    ports::{
        analysis::AnalysisError,
        system::{Clock, Ids},
    },
    secret::Secret,
    usage::{Meter, Usage},
};
use reqwest::{Response, StatusCode, header::CONTENT_TYPE};
use serde_json::Value;

use super::{
    config::{Destination, LlmConfig, LlmConfigError},
    failure::Failure,
    providers::Route,
    refusal::Whose,
    schema::{self, Flaw},
    shape::{SchemaLevel, Shape, Shapes},
    wire::{Answer, Ask, Stop, Wire},
};
use crate::http::{
    self,
    retry::{self, Pauses},
};

/// The largest answer, in bytes: many times what the most tokens of an answer take.
const LARGEST_ANSWER: usize = 4 << 20;
/// The largest body of a failure that is read; what a longer one says is not looked at.
const LARGEST_FAILURE: usize = 256 << 10;
/// Anthropic's version of its protocol.
const ANTHROPIC_VERSION: &str = "2023-06-01";

pub(super) struct Provider {
    client: reqwest::Client,
    destination: Destination,
    max_output_tokens: u32,
    shapes: Shapes,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// One question to a model.
pub(super) struct Question<'a> {
    pub(super) model: &'a str,
    pub(super) name: &'static str,
    pub(super) system: &'a str,
    pub(super) given: &'a str,
    /// Whether the provider shall keep all up to here.
    pub(super) is_kept: bool,
    /// What stands below it; nothing where the instructions are the task.
    pub(super) task: &'a str,
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
            client: http::client(config.timeout),
            destination,
            max_output_tokens: config.max_output_tokens,
            shapes: Shapes::default(),
            clock,
            ids,
        })
    }

    /// What the model wrote, or what is wrong with an answer in which it wrote nothing. The meter
    /// counts every attempt.
    pub(super) async fn ask(
        &self,
        question: &Question<'_>,
        meter: &Meter,
    ) -> Result<Result<Answer, Flaw>, AnalysisError> {
        let mut pauses = Pauses::new(Arc::clone(&self.clock), Arc::clone(&self.ids));
        let route = self.destination.route(question.model);
        let route = route.map_err(|error| AnalysisError::Misconfigured(error.to_string()))?;
        let key = self.destination.key(&route).await;
        let key = key.map_err(|error| AnalysisError::Unavailable {
            detail: error.to_string(),
            retry_after: None,
        })?;
        if key.is_none() && !route.anonymous {
            return Err(AnalysisError::Misconfigured("no key is set".to_owned()));
        }
        let first = Shape::first(route.wire, &route.model);
        let mut shape = self.shapes.of(question.model, first);
        loop {
            meter.add(Usage {
                llm_calls: 1,
                ..Usage::default()
            });
            let failure = match self.send((&route, key.as_ref()), question, shape).await {
                Ok(answer) => return Ok(written(answer, meter)),
                Err(failure) => failure,
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

    async fn send(
        &self,
        (route, key): (&Route, Option<&Secret>),
        question: &Question<'_>,
        shape: Shape,
    ) -> Result<Answer, Failure> {
        let schema = match shape.schema {
            SchemaLevel::Bounded => Some(question.schema.clone()),
            SchemaLevel::Unbounded => Some(schema::without_bounds(question.schema)),
            SchemaLevel::InWords => None,
        };
        let body = route.wire.request(&Ask {
            model: &route.model,
            effort: route.effort,
            system: question.system,
            given: question.given,
            is_kept: question.is_kept,
            task: question.task,
            schema: schema.as_ref().map(|schema| (question.name, schema)),
            temperature: shape.temperature,
            max_tokens: self.max_output_tokens,
            completion_tokens: shape.completion_tokens,
        });
        let mut request = self.client.post(&route.url).json(&body);
        if route.wire == Wire::Messages {
            request = request.header("anthropic-version", ANTHROPIC_VERSION);
        }
        request = match key {
            Some(key) if route.wire == Wire::Messages => request.header("x-api-key", key.expose()),
            Some(key) => request.bearer_auth(key.expose()),
            None => request,
        };
        let sent = request.send().await;
        self.read(route, sent.map_err(|error| Failure::of_request(&error))?)
            .await
    }

    /// Reads an answer, whose size is not trusted.
    async fn read(&self, route: &Route, response: Response) -> Result<Answer, Failure> {
        let status = response.status();
        if !status.is_success() {
            let retry_after = retry::retry_after(response.headers(), self.clock.now());
            let body = http::read_limited(response, LARGEST_FAILURE).await;
            let body = String::from_utf8(body.unwrap_or_default()).unwrap_or_default();
            return Err(Failure::of_status(status, &body, retry_after));
        }
        let kind = response.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_page = kind.starts_with("text/html");
        let body = http::read_limited(response, LARGEST_ANSWER).await;
        let body = body.map_err(Failure::of_body)?;
        let body: Value = serde_json::from_slice(&body).map_err(|_| Failure::of_text(is_page))?;
        if let Some(answer) = route.wire.answer(&body) {
            return Ok(answer);
        }
        // A gateway's 200 for a provider's failure.
        let code = body.pointer("/error/code").and_then(Value::as_u64);
        let code = code.and_then(|code| u16::try_from(code).ok());
        let status = code.and_then(|code| StatusCode::from_u16(code).ok());
        match status.filter(|status| status.is_client_error() || status.is_server_error()) {
            Some(status) => Err(Failure::of_status(status, &body.to_string(), None)),
            None => Err(Failure::Unreadable),
        }
    }
}

fn written(answer: Answer, meter: &Meter) -> Result<Answer, Flaw> {
    meter.add(answer.tokens.used());
    match answer.stop {
        Stop::Refused => Err(Flaw::new("the model or its provider refuses to answer")),
        Stop::Limit | Stop::Done => Ok(answer),
    }
}
