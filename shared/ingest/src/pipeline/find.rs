//! Detect, extract, verify, embed: from a conversation to pieces of feedback.

use domain::{
    call::{
        Call,
        stages::{Stage, StageRecord},
    },
    conversation::Conversation,
    feedback::{EngineStamp, Product, Request},
    findings::{Feedback, Finding, Found},
    hash::hash_of,
    ports::analysis::{MOST_FINDINGS, Reading},
    text::bounded,
    usage::{Meter, Usage},
};

use super::{
    also_heard::Rest,
    analysis::{Analysis, Context},
    ending::Ending,
    meters::Meters,
    quotes::QuoteFinder,
    unsaid::{Said, Unsaid, unsaid},
};

/// The longest reason that the ledger keeps, in characters.
const LONGEST_REASON: usize = 400;

/// The longest feature area, in characters.
const LONGEST_AREA: usize = 80;

/// Findings that are kept for a later attempt are not longer than this in all, in bytes: they
/// have to fit into the call's item.
const LONGEST_FOUND: usize = 64 * 1024;

impl Analysis {
    /// What the customer's side gave, with verified quotes: what goes on, with vectors, and the
    /// rest; or how the call ends without any. What an earlier attempt has found in the same
    /// conversation is not asked for again.
    pub(super) async fn find(
        &self,
        call: &mut Call,
        conversation: &Conversation,
        (context, engine): (&Context, &EngineStamp),
        (meters, earlier): (&Meters, Vec<StageRecord>),
    ) -> Result<(Vec<Feedback>, Rest), Ending> {
        let at_most = usize::from(context.settings.feedback_per_call).clamp(1, MOST_FINDINGS);
        let of = self.fingerprint(conversation, context.product.version);
        let findings = match call.found.take().filter(|found| found.of == of) {
            Some(found) => {
                let asked =
                    |known: &StageRecord| matches!(known.stage, Stage::Detect | Stage::Extract);
                call.stages.extend(earlier.into_iter().filter(asked));
                found.findings
            }
            None => {
                let reading = Reading {
                    conversation,
                    product: &context.product,
                    read_again: context.read_again,
                };
                let found = self.ask(call, reading, meters).await?;
                let own_words = own_words(conversation, context);
                let said = Said::new(conversation, &own_words, &context.product.about);
                let mut checked = Vec::with_capacity(found.len());
                for (n, finding) in found.into_iter().enumerate() {
                    let claims = unsaid(&finding.request, &said);
                    // Another wording is paid for, and only what goes on is worth it.
                    let (mut finding, left) = if claims.is_empty() || n >= at_most {
                        (finding, claims)
                    } else {
                        let said = (&said, &context.product);
                        self.repaired(call, (finding, claims), said, meters).await
                    };
                    finding.doubts.extend(left.iter().map(ToString::to_string));
                    checked.push(finding);
                }
                checked
            }
        };
        if size(&findings) <= LONGEST_FOUND {
            let findings = findings.clone();
            call.found = Some(Found { of, findings });
        }
        let finder = QuoteFinder::new(conversation);
        let mut pieces: Vec<_> = findings
            .into_iter()
            .map(|mut finding| {
                let verified = finder.verify(&finding.quotes);
                finding.doubts.extend(verified.doubts);
                Feedback {
                    quotes: verified.quotes,
                    rejected_quotes: verified.rejected,
                    finding,
                    vector: Vec::new(),
                }
            })
            .collect();
        let others = pieces.split_off(at_most.min(pieces.len()));
        let rest = Rest::of(others, &pieces, (conversation, engine));
        call.set_summary(Stage::Extract, &extracted(&pieces, &rest));
        self.embed(call, &mut pieces).await?;
        Ok((pieces, rest))
    }

    /// Detect and extract; at least one finding.
    async fn ask(
        &self,
        call: &mut Call,
        reading: Reading<'_>,
        meters: &Meters,
    ) -> Result<Vec<Finding>, Ending> {
        let meter = meters.of(Stage::Detect);
        let detection = self.analyst.detect(reading, meter).await;
        self.count(&detection, meter, |used| used.detected = 1);
        let detection = self.spend(call, Stage::Detect, meters, detection);
        let detection = detection.map_err(|error| self.without_answer(Stage::Detect, error))?;
        let reason = bounded(&detection.reason, LONGEST_REASON);
        call.set_summary(Stage::Detect, &reason);
        if !detection.feedback {
            return Err(Ending::Discarded(reason));
        }
        let meter = meters.of(Stage::Extract);
        let findings = self.analyst.extract(reading, meter).await;
        self.count(&findings, meter, |used| used.extracted = 1);
        let findings = self.spend(call, Stage::Extract, meters, findings);
        let findings = findings.map_err(|error| self.without_answer(Stage::Extract, error))?;
        let findings: Vec<Finding> = findings
            .into_iter()
            .filter_map(|finding| within_bounds(finding, &reading.product.feature_areas))
            .take(MOST_FINDINGS)
            .collect();
        if findings.is_empty() {
            let words = "feedback was detected but none could be extracted";
            call.set_summary(Stage::Extract, words);
            return Err(Ending::Discarded(format!("{words} ({reason})")));
        }
        Ok(findings)
    }

    /// Counts an answer that is paid for.
    fn count<T, E>(&self, answer: &Result<T, E>, meter: &Meter, counts: impl Fn(&mut Usage)) {
        if answer.is_ok() && self.analyst.is_metered() {
            let mut used = Usage::default();
            counts(&mut used);
            meter.add(used);
        }
    }

    /// The finding without these claims, which nobody in the call made, as far as the engine can
    /// write it so; and what is left of them.
    async fn repaired(
        &self,
        call: &mut Call,
        (finding, claims): (Finding, Vec<Unsaid>),
        (said, product): (&Said, &Product),
        meters: &Meters,
    ) -> (Finding, Vec<Unsaid>) {
        let texts: Vec<String> = claims.iter().map(|claim| claim.text.clone()).collect();
        let meter = meters.of(Stage::Extract);
        let answer = self
            .analyst
            .repair(&finding.request, &texts, product, meter)
            .await;
        let answer = self.spend(call, Stage::Extract, meters, answer);
        // Without an answer the finding waits as it is: its call was read, and is not read again.
        let repaired = answer.ok().flatten().and_then(|request| {
            let repaired = Finding {
                request,
                ..finding.clone()
            };
            within_bounds(repaired, &product.feature_areas)
        });
        let repaired = repaired.map(|repaired| (unsaid(&repaired.request, said), repaired));
        match repaired {
            Some((left, repaired)) if left.len() < claims.len() => (repaired, left),
            _ => (finding, claims),
        }
    }

    fn fingerprint(&self, conversation: &Conversation, product: u32) -> String {
        let engine = self.analyst.engine();
        let product = product.to_string();
        let about = [engine.llm.as_str(), engine.version.as_str(), &product];
        let turns = conversation.turns.iter().flat_map(|turn| {
            let texts = turn.sentences.iter().map(|s| s.text.as_str());
            [turn.speaker.as_str(), turn.side.as_str()]
                .into_iter()
                .chain(texts)
        });
        hash_of(about.into_iter().chain(turns))
    }

    async fn embed(&self, call: &mut Call, pieces: &mut [Feedback]) -> Result<(), Ending> {
        let text = |f: &Feedback| {
            let finding = &f.finding;
            finding.request.embedding_text()
        };
        let texts: Vec<_> = pieces.iter().map(text).collect();
        let embedded = self.embedder.embed(&texts).await?;
        let usage = self.prices.priced(&self.embedder.model(), embedded.used());
        call.usage += usage;
        call.record(StageRecord {
            stage: Stage::Deduplicate,
            model: Some(self.embedder.name()),
            version: None,
            says: String::new(),
            usage,
        });
        for (feedback, vector) in pieces.iter_mut().zip(embedded.vectors) {
            feedback.vector = vector;
        }
        Ok(())
    }
}

/// What may be said although nobody in the call said it: the organization's lists, and whose call
/// it is.
fn own_words(conversation: &Conversation, context: &Context) -> String {
    let boards = context.boards.iter().flat_map(|board| {
        let categories = board
            .categories
            .iter()
            .map(|category| category.name.as_str());
        [board.name.as_str(), board.description.as_str()]
            .into_iter()
            .chain(categories)
    });
    let tags = context.tags.iter().map(|tag| tag.name.as_str());
    let account = conversation.author.account.as_deref();
    let areas = context.product.feature_areas.iter().map(String::as_str);
    let words: Vec<_> = boards.chain(tags).chain(areas).chain(account).collect();
    words.join("\n")
}

fn size(findings: &[Finding]) -> usize {
    let texts = findings.iter().flat_map(|finding| {
        let own = [&finding.request.title, &finding.request.description];
        own.into_iter()
            .chain(&finding.request.pain_points)
            .chain(&finding.quotes)
    });
    texts.map(String::len).sum()
}

/// Such as "2 pieces of feedback; 3 of 4 extracted quotes are in the customer's words; 1 more
/// request is also heard".
fn extracted(pieces: &[Feedback], rest: &Rest) -> String {
    let verified: usize = pieces.iter().map(|f| f.quotes.len()).sum();
    let rejected: u32 = pieces.iter().map(|f| f.rejected_quotes).sum();
    let extracted = verified + usize::try_from(rejected).unwrap_or(0);
    let found = match pieces.len() {
        1 => "1 feedback".to_owned(),
        several => format!("{several} pieces of feedback"),
    };
    let more = rest
        .words()
        .map_or_else(String::new, |more| format!("; {more}"));
    format!("{found}; {verified} of {extracted} extracted quotes are in the customer's words{more}")
}

/// The organization's own word for a feature area; whatever the engine says where it has none.
fn feature_area(said: Option<String>, own: &[String]) -> Option<String> {
    let said = bounded(&said?, LONGEST_AREA);
    if own.is_empty() {
        return Some(said).filter(|area| !area.is_empty());
    }
    let said = said.to_lowercase();
    own.iter().find(|own| own.to_lowercase() == said).cloned()
}

/// Bounds every text of a finding; `None` when it has no title.
fn within_bounds(finding: Finding, own_areas: &[String]) -> Option<Finding> {
    let title = bounded(&finding.request.title, 120);
    if !title.chars().any(char::is_alphanumeric) {
        return None;
    }
    let texts = |texts: Vec<String>, most, max| -> Vec<String> {
        let texts = texts.iter().map(|text| bounded(text, max));
        texts.filter(|text| !text.is_empty()).take(most).collect()
    };
    let request = finding.request;
    Some(Finding {
        request: Request {
            title,
            description: bounded(&request.description, 2_000),
            feature_area: feature_area(request.feature_area, own_areas),
            pain_points: texts(request.pain_points, 5, 400),
            ..request
        },
        quotes: finding.quotes.into_iter().take(10).collect(),
        ..finding
    })
}

#[cfg(test)]
mod tests {
    use domain::feedback::{Quote, Request};

    use super::*;

    #[test]
    fn a_feature_area_is_one_of_the_organizations_own_where_it_has_some() {
        let own = ["Rota", "Time sheets"].map(String::from);
        for (said, own, expected) in [
            (None, &[][..], None),
            (Some(""), &[], None),
            (Some("Reports "), &[], Some("Reports")),
            (Some("time  Sheets"), &own, Some("Time sheets")),
            (Some("Rota"), &own, Some("Rota")),
            (Some("Rotas"), &own, None),
            (Some(""), &own, None),
            (None, &own, None),
        ] {
            let found = feature_area(said.map(String::from), own);
            assert_eq!(found.as_deref(), expected, "{said:?}");
        }
    }

    #[test]
    fn what_was_extracted_is_counted_in_words() {
        let piece = |(quotes, rejected_quotes): &(usize, u32)| Feedback {
            finding: Finding {
                request: Request::titled("Reports as PDF"),
                quotes: Vec::new(),
                confidence: None,
                doubts: Vec::new(),
            },
            quotes: vec![
                Quote {
                    text: "We need this.".into(),
                    speaker: "Lin".into(),
                    start_ms: 0,
                    link: None,
                };
                *quotes
            ],
            rejected_quotes: *rejected_quotes,
            vector: Vec::new(),
        };
        for (pieces, words) in [
            (&[(1, 0)][..], "1 feedback; 1 of 1"),
            (&[(0, 2)], "1 feedback; 0 of 2"),
            (&[(2, 0), (1, 1)], "2 pieces of feedback; 3 of 4"),
            (&[(1, 0), (1, 0), (0, 0)], "3 pieces of feedback; 2 of 2"),
        ] {
            let pieces: Vec<_> = pieces.iter().map(piece).collect();
            let said = format!("{words} extracted quotes are in the customer's words");
            assert_eq!(extracted(&pieces, &Rest::default()), said);
        }
    }
}
