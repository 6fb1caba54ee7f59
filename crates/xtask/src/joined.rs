//! All templates in one.
//!
//! A line that ends in `#alone` is left out here, and one that begins with `#joined` is taken instead of it.

use caltrack_resolvers::Files;

use super::resolvers::{TemplateKind, resources};

const HEAD: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
# Generated from the other templates and graphql/ by `cargo run -p xtask -- generate`.
Description: caltrack - everything in one stack, which is the tables, the aggregation, the user pool, the API and its resolvers.
"#;

const SECTIONS: [&str; 5] = ["Parameters", "Rules", "Conditions", "Resources", "Outputs"];

pub(crate) fn template(hand_made: &[String], files: &Files, schema: &str) -> Result<String, String> {
    let mut out = HEAD.to_owned();
    for section in SECTIONS {
        out.push('\n');
        out.push_str(section);
        out.push_str(":\n");
        for template in hand_made {
            out.push_str(&joined(section_of(template, section)?, schema));
        }
        if section == "Resources" {
            // By two blanks, like the rest.
            for line in resources(files, TemplateKind::Joined).lines() {
                out.push(' ');
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    Ok(out)
}

/// The lines of a section, up to the next one. A template needs no `Rules`; each of the other sections must be there.
fn section_of<'a>(template: &'a str, section: &str) -> Result<&'a str, String> {
    let begin = format!("\n{section}:\n");
    let Some((_, rest)) = template.split_once(&begin) else {
        return if section == "Rules" {
            Ok("")
        } else {
            Err(format!("a template has no section {section}"))
        };
    };
    let end = SECTIONS
        .iter()
        .filter_map(|other| rest.find(&format!("\n{other}:\n")))
        .min();
    Ok(end.and_then(|end| rest.get(..=end)).unwrap_or(rest))
}

fn joined(section: &str, schema: &str) -> String {
    let mut out = String::new();
    for line in section.lines() {
        if line.ends_with("#alone") {
            continue;
        }
        let line = line.strip_prefix("#joined").unwrap_or(line);
        let Some(indentation) = line.strip_suffix("@schema@") else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        for line in schema.lines() {
            if !line.is_empty() {
                out.push_str(indentation);
                out.push_str(line);
            }
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_left_out_and_taken_by_their_marks() {
        let template = "A: b\n\nParameters:\n  X: 1 #alone\n#joined  X: 2\n  Y: 3\n\nConditions:\n  Z: 4\n";
        let section = section_of(template, "Parameters").unwrap();
        assert_eq!(joined(section, ""), "  X: 2\n  Y: 3\n\n");
        assert_eq!(joined("    @schema@\n", "a\n\nb"), "    a\n\n    b\n");
        assert_eq!(section_of(template, "Rules"), Ok(""));
        assert!(section_of(template, "Outputs").is_err());
    }
}
