//! Code as it is deployed: without comments, indentation and the blanks that only eyes need.
//!
//! It keeps to what `APPSYNC_JS` has: there are no regular expressions in it, so a slash is a division or begins a comment. A line's end
//! stays where it may end a statement.

use std::iter::Peekable;

/// The same code, shorter.
#[must_use]
pub fn strip(code: &str) -> String {
    let mut strip = Strip {
        rest: code.chars().peekable(),
        out: String::with_capacity(code.len()),
        blank: Blank::None,
    };
    strip.code(false);
    let mut out = strip.out;
    out.truncate(out.trim_end().len());
    out
}

/// What stood between the last character that was kept and the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Blank {
    None,
    Space,
    Line,
}

struct Strip<I: Iterator<Item = char>> {
    rest: Peekable<I>,
    out: String,
    blank: Blank,
}

impl<I: Iterator<Item = char>> Strip<I> {
    /// Code up to its end; inside of a template up to the brace that closes its part.
    fn code(&mut self, in_template: bool) {
        let mut open = 0_usize;
        while let Some(c) = self.rest.next() {
            match c {
                '\n' => self.blank = Blank::Line,
                c if c.is_whitespace() => self.blank = self.blank.max(Blank::Space),
                '/' if self.rest.next_if_eq(&'/').is_some() => {
                    while self.rest.next_if(|c| *c != '\n').is_some() {}
                }
                '/' if self.rest.next_if_eq(&'*').is_some() => self.comment(),
                '\'' | '"' => {
                    self.keep(c);
                    self.text(c);
                }
                '`' => {
                    self.keep(c);
                    self.template();
                }
                '{' => {
                    open += 1;
                    self.keep(c);
                }
                '}' if in_template && open == 0 => {
                    self.blank = Blank::None;
                    self.out.push(c);
                    return;
                }
                '}' => {
                    open = open.saturating_sub(1);
                    self.keep(c);
                }
                c => self.keep(c),
            }
        }
    }

    fn comment(&mut self) {
        self.blank = self.blank.max(Blank::Space);
        while let Some(c) = self.rest.next() {
            if c == '\n' {
                self.blank = Blank::Line;
            }
            if c == '*' && self.rest.next_if_eq(&'/').is_some() {
                return;
            }
        }
    }

    fn text(&mut self, quote: char) {
        while let Some(c) = self.rest.next() {
            self.out.push(c);
            if c == '\\' {
                self.out.extend(self.rest.next());
            } else if c == quote {
                return;
            }
        }
    }

    fn template(&mut self) {
        while let Some(c) = self.rest.next() {
            self.out.push(c);
            match c {
                '\\' => self.out.extend(self.rest.next()),
                '`' => return,
                '$' if self.rest.next_if_eq(&'{').is_some() => {
                    self.out.push('{');
                    self.code(true);
                }
                _ => {}
            }
        }
    }

    /// Takes a character, and before it what has to stay of the blank.
    fn keep(&mut self, c: char) {
        let before = self.out.chars().next_back();
        let blank = std::mem::replace(&mut self.blank, Blank::None);
        if let Some(before) = before {
            // After these no statement can end, and before those none can begin.
            let goes_on = "{([,;:?=&|<>*%".contains(before) || "}]):?,;.&|=<>*%".contains(c);
            // `a - -b` and `a + +b` are other things than `a--b` and `a++b`.
            let would_join = (is_word(before) && is_word(c)) || (before == c && "+-".contains(c));
            if blank == Blank::Line && !goes_on {
                self.out.push('\n');
            } else if blank != Blank::None && would_join {
                self.out.push(' ');
            }
        }
        self.out.push(c);
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("// datasource: X\nconst a = 1;\n\n  return a;\n", "const a=1;return a;")]
    #[case("const a = { b: [1, 2], ...c };", "const a={b:[1,2],...c};")]
    #[case("a /* here\nand there */ b", "a\nb")]
    #[case("x = a / b; // half", "x=a/b;")]
    #[case("const s = 'it\\'s // no  comment';", "const s='it\\'s // no  comment';")]
    #[case("const s = \"a  b\";", "const s=\"a  b\";")]
    #[case("`a  ${ b  +  { c: `d  ${ e }` } }  // f`", "`a  ${b+{c:`d  ${e}`}}  // f`")]
    #[case("a - -b + +c", "a- -b+ +c")]
    #[case("a\nb", "a\nb")]
    #[case("const f = (x) =>\n  x\nconst g = 1", "const f=(x)=>x\nconst g=1")]
    #[case("if (a) return b;\nelse c();", "if(a)return b;else c();")]
    #[case("a\n  .map(b)\n  .c", "a.map(b).c")]
    #[case("return a ?? b;\n}\n", "return a??b;}")]
    #[case("}\nconst x = 1;", "}\nconst x=1;")]
    #[case("a\n(b)", "a\n(b)")]
    #[case("typeof a in b", "typeof a in b")]
    #[case("const $ = _a;", "const $=_a;")]
    fn only_what_eyes_need_is_taken_away(#[case] code: &str, #[case] wanted: &str) {
        assert_eq!(strip(code), wanted);
        assert_eq!(strip(wanted), wanted, "once is enough");
    }
}
