//! the guide's lines for trying a function alone, as a person types them, in containers.

use cloud_tests::{
    deployed::containers::Containers,
    guide::{self, Step},
};

use crate::Proven;

/// Whether a line of the guide starts a function in a container.
pub fn is_invocation(step: &Step) -> bool {
    step.typed.starts_with("sam local invoke")
}

/// Each line's answer holds what its comment says.
pub fn answers() -> Result<Proven, String> {
    let containers = match Containers::start() {
        Ok(containers) => containers,
        Err(why) => return Ok(Proven::Skipped(why)),
    };
    // Without the lines that build, which have run.
    let mut steps = guide::block("sam local invoke");
    steps.retain(|step| !step.typed.starts_with("sam build"));
    let printed = guide::run(&steps, |bash| containers.lend(bash))?;
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (step, printed) in steps.iter().zip(printed) {
        let (true, Some(answer)) = (is_invocation(step), &step.answer) else {
            continue;
        };
        println!("{}\n    {printed}", step.typed);
        tried += 1;
        if !printed.contains(answer.as_str()) {
            wrong.push(format!("{}\n    without {answer}: {printed}", step.typed));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    let which = containers.which();
    Ok(Proven::Holds(format!(
        "{tried} events, answered as the guide says, by {which}"
    )))
}
