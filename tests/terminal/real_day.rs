//! A real day, played by keys. An action is a key or a typed text, as in `MacroFactor`'s Food Logging Speed Index (a tap, a
//! selection or a typed entry, from the open app on). `cargo test --test terminal real_day -- --nocapture` prints the table.

use super::*;

/// A workflow with its most actions, and the published ones of other loggers.
struct Workflow {
    name: &'static str,
    most: usize,
    macrofactor: Option<usize>,
    myfitnesspal: Option<usize>,
}

const fn workflow(
    name: &'static str,
    most: usize,
    macrofactor: Option<usize>,
    myfitnesspal: Option<usize>,
) -> Workflow {
    Workflow {
        name,
        most,
        macrofactor,
        myfitnesspal,
    }
}

/// The screens, and what was done so far.
struct Day {
    program: Program,
    actions: usize,
    table: Vec<(Workflow, usize)>,
}

impl Day {
    /// One action: a key or a text.
    fn act(&mut self, keys: &str) {
        self.program.press(keys);
        self.actions += 1;
    }

    /// Types a line and logs it.
    fn line(&mut self, text: &str) {
        self.act("a");
        self.program.wait_for("Add to today");
        self.act(text);
        self.program.wait_for(text);
        self.act("\r");
        self.program.wait_gone("Add to today");
    }

    /// The actions since the last workflow are those of this one, once a text is shown.
    fn done(&mut self, workflow: Workflow, shown: &str) {
        self.program.wait_for(shown);
        let actions = std::mem::take(&mut self.actions);
        self.table.push((workflow, actions));
    }

    #[expect(clippy::print_stdout, reason = "the table is what it is for")]
    fn print(&self) {
        println!("| workflow | actions | at most | MacroFactor | MyFitnessPal |");
        println!("|---|---|---|---|---|");
        let figure = |figure: Option<usize>| figure.map_or("–".to_owned(), |figure| figure.to_string());
        for (workflow, actions) in &self.table {
            println!(
                "| {} | {actions} | {} | {} | {} |",
                workflow.name,
                workflow.most,
                figure(workflow.macrofactor),
                figure(workflow.myfitnesspal)
            );
        }
    }
}

fn add(data: &Path, day: &str, time: &str, line: &str) {
    let added = run(data, &["add", "--date", day, "--at", time, line]);
    assert!(
        added.status.success(),
        "{}",
        String::from_utf8_lossy(&added.stderr)
    );
}

#[test]
fn a_day_takes_fewer_actions_than_in_other_loggers() {
    let data = data_dir();
    for day in ["-3d", "-2d", "-1d"] {
        add(
            data.path(),
            day,
            "08:00",
            "breakfast: oatmeal 380, flat white 120",
        );
    }
    add(data.path(), "-1d", "19:00", "dinner: lentil curry 650, naan 260");
    let mut program = Program::screens(data.path(), 120, 40);
    program.wait_for("● live");
    // The line knows the names of the log once they are read.
    program.press("alentil cur");
    program.wait_for("650 kcal");
    program.press("\x15\x1b");
    program.wait_gone("Add to today");
    let mut day = Day {
        program,
        actions: 0,
        table: Vec::new(),
    };

    day.line("usual breakfast");
    day.done(
        workflow("a whole meal of habits", 3, Some(6), Some(9)),
        "consumed 500",
    );
    day.line("lunch: chicken soup 300, 2 slices bread 160, apple 95");
    day.done(
        workflow("a new lunch of three items", 3, Some(6), Some(9)),
        "consumed 1055",
    );
    day.line("banana");
    day.done(
        workflow("search one food", 3, Some(10), Some(15)),
        "consumed 1160",
    );
    day.line("snacks 40");
    day.done(workflow("quick add", 3, Some(3), Some(5)), "consumed 1200");
    day.line("coffee 5");
    day.done(workflow("a coffee", 3, Some(10), Some(15)), "consumed 1205");
    day.act("r");
    day.done(workflow("the same coffee again", 1, None, None), "consumed 1210");
    day.line("run 30m 300");
    day.done(workflow("a run", 3, None, None), "burned 300");
    day.act("R");
    day.program.wait_for("Lentil curry, Naan");
    day.act("\r");
    day.done(workflow("yesterday's dinner", 2, None, None), "consumed 2120");
    day.act("e");
    day.program.wait_for("Edit entry");
    day.act("\x15200");
    day.act("\r");
    day.done(workflow("its naan edited", 3, None, None), "consumed 2060");
    day.act("u");
    day.done(workflow("the edit undone", 1, None, None), "consumed 2120");

    day.print();
    for (workflow, actions) in &day.table {
        let others = [workflow.macrofactor, workflow.myfitnesspal];
        let least = others.into_iter().flatten().min().unwrap_or(usize::MAX);
        assert!(
            *actions <= workflow.most.min(least),
            "{}: {actions} actions",
            workflow.name
        );
    }
    day.program.press("q");
    assert!(day.program.wait_exit().success());
}
