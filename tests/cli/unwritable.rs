//! A data directory that can't be written: what is known is shown (faults-logger.md M4).

#![cfg(target_os = "linux")]

use super::*;

/// Takes the permission to write from everything below a directory. Root may write nevertheless, and hands it to another user.
struct ReadOnly<'a> {
    place: &'a Place,
    is_root: bool,
}

impl<'a> ReadOnly<'a> {
    fn of(place: &'a Place) -> Self {
        let user = Command::new("id").arg("-u").output().expect("id(1) runs");
        let this = Self {
            place,
            is_root: user.stdout == b"0\n",
        };
        if this.is_root {
            // The other user must reach it.
            Self::change("chmod", "a+x", place.parent.path());
            Self::change("chown", "65534:65534", &place.data);
        }
        Self::change("chmod", "a-w", &place.data);
        this
    }

    fn change(program: &str, argument: &str, path: &std::path::Path) {
        let status = Command::new(program).args(["-R", argument]).arg(path).status();
        assert!(status.expect("it runs").success());
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = self.place.command(arguments);
        if self.is_root {
            let program = command.get_program().to_owned();
            let variables: Vec<_> = command
                .get_envs()
                .map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned)))
                .collect();
            command = Command::new("/usr/bin/setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
            command.arg(program).args(arguments);
            for (name, value) in variables {
                match value {
                    Some(value) => command.env(name, value),
                    None => command.env_remove(name),
                };
            }
        }
        let output = command.output().expect("the program runs");
        Run {
            code: output.status.code().expect("an exit code"),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

impl Drop for ReadOnly<'_> {
    fn drop(&mut self) {
        Self::change("chmod", "u+w", &self.place.data);
    }
}

#[test]
fn commands_show_what_is_known_and_change_nothing() {
    let place = Place::fresh();
    let lunch = place.json(&["add", "lunch 650 soup"]);
    place.json(&["sync"]);
    let shown = ReadOnly::of(&place);
    let json = |arguments: &[&str]| -> Value {
        let run = shown.run(&[arguments, &["--json"]].concat());
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
        serde_json::from_str(&run.out).expect("JSON")
    };
    let today = json(&["today"]);
    assert_eq!(
        (&today["caloriesConsumed"], &today["connection"]),
        (&650.into(), &"offline".into())
    );
    assert_eq!(json(&["list"]), lunch);
    assert_eq!(json(&["search", "soup"]), lunch);
    assert_eq!(json(&["totals"]).as_array().expect("days").len(), 7);
    assert_eq!(json(&["profile"])["target"], 2000);
    assert_eq!(json(&["outbox"]), serde_json::json!([]));
    json(&["weight"]);
    json(&["categories"]);
    json(&["whoami"]);
    let error = shown.run(&["add", "dinner 300", "--json"]).error(1);
    assert_eq!(error["kind"], "storage");
    let doctor = shown.run(&["doctor", "--json"]);
    assert_eq!(doctor.code, 1, "{doctor:?}");
    assert!(doctor.out.contains("can't be written"), "{doctor:?}");
}
