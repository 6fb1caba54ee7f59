//! Words without what spelling varies: case, accents, marks, plural, British and American forms.

/// The words of a text in lower case, without accents and apostrophes, with single spaces. Hyphens part words.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut letters = text.chars().flat_map(char::to_lowercase).peekable();
    while let Some(c) = letters.next() {
        // An abbreviation's, or the end of a sentence.
        if c == '.'
            && letters
                .peek()
                .is_none_or(|next| next.is_whitespace() || *next == '.')
        {
            continue;
        }
        if matches!(c, '\'' | '’' | '`' | '´' | '®' | '™') || ('\u{300}'..='\u{36f}').contains(&c) {
            continue;
        }
        if c.is_whitespace()
            || matches!(
                c,
                '-' | '–' | '‐' | '_' | '(' | ')' | '"' | '“' | '”' | '!' | '?' | ':'
            )
        {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
            continue;
        }
        match plain(c) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(c),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// A letter without its accent.
fn plain(c: char) -> Option<&'static str> {
    if c.is_ascii() {
        return None;
    }
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' | 'ä' | 'æ' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' | 'į' => "i",
        'ł' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ț' | 'ţ' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

/// Spellings of one word, the first of each row stands for all.
const VARIANTS: [&[&str]; 15] = [
    &["yoghurt", "yogurt", "joghurt", "yogourt"],
    &["doughnut", "donut"],
    &["chilli", "chili", "chile", "chilie", "chillie"],
    &["whisky", "whiskey"],
    &["omelette", "omelet"],
    &["lasagne", "lasagna"],
    &["hummus", "houmous", "houmus", "hummous", "humus", "humous"],
    &["fibre", "fiber"],
    &["flavour", "flavor"],
    &["grey", "gray"],
    &["leaf", "leave"],
    &["loaf", "loave"],
    &["half", "halve"],
    &["mayonnaise", "mayo"],
    &["barbecue", "bbq", "barbeque"],
];

/// A folded word in a form that its singular, its plural and its other spellings share. It need not be a word.
pub fn stemmed(word: &str) -> String {
    let long = |word: &str, least: usize| word.chars().count() >= least;
    let mut stem = word;
    if long(stem, 4) && !stem.ends_with("ss") && !stem.ends_with("us") {
        stem = stem.strip_suffix('s').unwrap_or(stem);
    }
    if let Some(row) = VARIANTS.iter().find(|row| row.contains(&stem)) {
        stem = row.first().copied().unwrap_or(stem);
    }
    if long(stem, 4) {
        stem = stem.strip_suffix('e').unwrap_or(stem);
    }
    match stem.strip_suffix('y') {
        Some(rest) if long(rest, 2) => format!("{rest}i"),
        _ => stem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Crème  brûlée", "creme brulee")]
    #[case("Shepherd's pie", "shepherds pie")]
    #[case("stir-fry", "stir fry")]
    #[case("approx. 2.5 eggs...", "approx 2.5 eggs")]
    #[case("2% milk", "2% milk")]
    #[case("борщ", "борщ")]
    fn marks_and_accents_are_folded(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(folded(text), expected);
    }

    #[rstest]
    #[case("tomatoes", "tomato")]
    #[case("tomatoe", "tomato")]
    #[case("berries", "berry")]
    #[case("cookies", "cookie")]
    #[case("peaches", "peach")]
    #[case("quiches", "quiche")]
    #[case("glasses", "glass")]
    #[case("pies", "pie")]
    #[case("leaves", "leaf")]
    #[case("yogurts", "yoghurt")]
    #[case("chilies", "chilli")]
    #[case("fries", "frie")]
    #[case("kiwis", "kiwi")]
    fn forms_of_a_word_share_a_stem(#[case] one: &str, #[case] other: &str) {
        assert_eq!(stemmed(one), stemmed(other));
    }

    #[rstest]
    #[case("glass", "glas")]
    #[case("pear", "pea")]
    #[case("bun", "rum")]
    fn other_words_do_not(#[case] one: &str, #[case] other: &str) {
        assert_ne!(stemmed(one), stemmed(other));
    }
}
