//! Numbers in words: `two`, `twenty-five`, `a hundred and fifty`, `half a dozen`, `a few`.

/// A word for a number in lower case: `two`, `half`, `twenty-five`. What is vague has its usual middle: few are 3 to 5.
pub(super) fn counted(word: &str) -> Option<f64> {
    if let Some((tens, ones)) = word.split_once('-') {
        let (tens, ones) = (single(tens)?, single(ones)?);
        let is_sum = is_tens(tens) && (1.0..10.0).contains(&ones);
        return is_sum.then_some(tens + ones);
    }
    single(word)
}

fn single(word: &str) -> Option<f64> {
    Some(match word {
        "a" | "an" | "one" | "ein" | "eine" | "einen" | "un" | "une" | "una" => 1.0,
        "two" | "couple" | "pair" | "double" | "zwei" | "deux" | "dos" => 2.0,
        "three" | "triple" | "drei" | "trois" => 3.0,
        "four" | "few" | "vier" | "quatre" | "cuatro" => 4.0,
        "five" | "several" => 5.0,
        "six" => 6.0,
        "seven" => 7.0,
        "eight" => 8.0,
        "nine" => 9.0,
        "ten" => 10.0,
        "eleven" => 11.0,
        "twelve" | "dozen" => 12.0,
        "thirteen" => 13.0,
        "fourteen" => 14.0,
        "fifteen" => 15.0,
        "sixteen" => 16.0,
        "seventeen" => 17.0,
        "eighteen" => 18.0,
        "nineteen" => 19.0,
        "twenty" => 20.0,
        "thirty" => 30.0,
        "forty" | "fourty" => 40.0,
        "fifty" => 50.0,
        "sixty" => 60.0,
        "seventy" => 70.0,
        "eighty" => 80.0,
        "ninety" => 90.0,
        "hundred" => 100.0,
        "thousand" => 1_000.0,
        "half" | "halves" | "halbe" | "halber" | "halbes" | "demi" => 0.5,
        "quarter" | "quarters" => 0.25,
        "third" | "thirds" => 1.0 / 3.0,
        _ => return None,
    })
}

fn is_tens(number: f64) -> bool {
    (20.0..100.0).contains(&number) && number % 10.0 == 0.0
}

/// The number that words for numbers at the front make together, and how many words it has: `twenty five` is a sum,
/// `half a dozen` and `two hundred` are products.
pub(super) fn in_words<'a>(mut word: impl FnMut(usize) -> &'a str) -> Option<(f64, usize)> {
    let mut thousands = 0.0;
    let mut number = counted(word(0))?;
    let mut length = 1;
    loop {
        // `a hundred and fifty`
        let is_and = number >= 100.0 && word(length) == "and" && !matches!(word(length + 1), "a" | "an");
        let Some(next) = counted(word(length + usize::from(is_and))) else {
            return Some((thousands + number, length));
        };
        let is_sum = is_tens(number) && (1.0..10.0).contains(&next) && next.fract() == 0.0
            || number >= 100.0 && (1.0..100.0).contains(&next);
        if is_and && !is_sum {
            return Some((thousands + number, length));
        }
        if is_sum {
            number += next;
        } else if number > 0.0 {
            number *= next;
        } else {
            number = next;
        }
        if next >= 1_000.0 {
            thousands += number;
            number = 0.0;
        }
        length += 1 + usize::from(is_and);
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("two eggs", Some((2.0, 1)))]
    #[case("twenty five almonds", Some((25.0, 2)))]
    #[case("twenty-five almonds", Some((25.0, 1)))]
    #[case("half a dozen eggs", Some((6.0, 3)))]
    #[case("three quarters of an hour", Some((0.75, 2)))]
    #[case("a few grapes", Some((4.0, 2)))]
    #[case("several grapes", Some((5.0, 1)))]
    #[case("a hundred and fifty grams", Some((150.0, 4)))]
    #[case("two hundred fifty grams", Some((250.0, 3)))]
    #[case("one hundred twenty five g", Some((125.0, 4)))]
    #[case("ten thousand steps", Some((10_000.0, 2)))]
    #[case("twelve thousand five hundred steps", Some((12_500.0, 4)))]
    #[case("a hundred and a half", Some((100.0, 2)))]
    #[case("two and a half", Some((2.0, 1)))]
    #[case("gin-soaked", None)]
    #[case("eggs", None)]
    fn words_make_a_number(#[case] text: &str, #[case] expected: Option<(f64, usize)>) {
        let words: Vec<&str> = text.split(' ').collect();
        assert_eq!(in_words(|at| words.get(at).copied().unwrap_or("")), expected);
    }
}
