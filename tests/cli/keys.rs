//! `keys`: the table of keys with those of `config.toml`.

use super::*;

#[test]
fn keys_prints_the_table_with_those_of_the_file() {
    let place = Place::fresh();
    let plain = place.run(&["keys"]).out;
    assert!(
        plain.contains("[keys.today]") && plain.contains("relog"),
        "{plain}"
    );
    assert!(!place.data.exists(), "nothing is written");
    std::fs::create_dir(&place.data).expect("a directory");
    let file = "[keys]\nquit = []\n[keys.today]\nrelog = [\"C-x\"]\nadd = \"d\"\n";
    std::fs::write(place.data.join("config.toml"), file).expect("a file");
    let run = place.run(&["keys", "--json"]);
    assert!(
        run.err.contains("`delete`") && run.err.contains("add"),
        "{}",
        run.err
    );
    let table: Value = serde_json::from_str(&run.out).expect("JSON");
    let keys = |section: &str, action: &str| {
        let rows = table.as_array().expect("a list");
        let row = rows
            .iter()
            .find(|row| row["section"] == section && row["action"] == action);
        row.map(|row| row["keys"].to_string())
    };
    assert_eq!(keys("today", "relog").as_deref(), Some(r#"["Ctrl-X"]"#));
    assert_eq!(keys("today", "add").as_deref(), Some(r#"["a"]"#));
    assert_eq!(keys("today", "quit"), None);
    assert_eq!(keys("everywhere", "quit").as_deref(), Some(r#"["Ctrl-C"]"#));
}
