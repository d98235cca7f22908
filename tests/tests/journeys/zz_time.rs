use domain::{feedback::Author, gong::shapes::Sentence, pipeline::conversation::{Conversation, Side, Turn}};
use local_parts::rules::BuiltInRules;
#[test]
fn timing() {
    for (sentences, words) in [(1,1_000),(1,5_000),(1,10_000),(1, 20_000),(1_000,20),(10_000,20),(50_000,20)] {
        let s = format!("We really need to export {}", "it is what it is and ".repeat(words/6));
        let turn = |n: usize| Turn { speaker: "C".into(), side: if n%2==0 {Side::Customer} else {Side::Internal}, start_ms: 0, sentences: vec![Sentence{start_ms:0,end_ms:0,text:s.clone()}] };
        let c = Conversation { title: None, url: None, started: None, language: None, author: Author::default(), turns: (0..sentences).map(turn).collect() };
        let t = std::time::Instant::now();
        let d = BuiltInRules.detect(&c);
        let a = t.elapsed();
        let f = BuiltInRules.extract(&c, 1);
        println!("{sentences} x {words}: {} chars, detect {:?} extract {:?} {} quotes {:?} title {:?}", sentences*s.len(), a, t.elapsed()-a, d.feedback, f.first().map(|f| f.quotes.iter().map(String::len).collect::<Vec<_>>()), f.first().map(|f| (f.title.len(), f.description.len())));
    }
}
