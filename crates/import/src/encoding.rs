//! Bytes as text: UTF-8, UTF-16 with a mark, else Windows-1252.

/// The characters of the bytes 0x80 to 0x9F of Windows-1252; the five that are undefined are C1 controls.
///
/// Source: WHATWG Encoding Standard, index windows-1252.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of a file, without a byte-order mark.
pub(crate) fn text(bytes: Vec<u8>) -> String {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => utf16(&bytes, u16::from_le_bytes),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => utf16(&bytes, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => decoded(rest.to_vec()),
        _ => decoded(bytes),
    }
}

fn decoded(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| windows_1252(error.as_bytes()))
}

fn windows_1252(bytes: &[u8]) -> String {
    let character = |byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252
            .get(usize::from(byte - 0x80))
            .copied()
            .unwrap_or('\u{fffd}'),
        byte => char::from(*byte),
    };
    bytes.iter().map(character).collect()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    char::decode_utf16(units)
        .map(|decoded| decoded.unwrap_or('\u{fffd}'))
        .filter(|c| *c != '\u{feff}')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_text() {
        let wanted = "Käse €";
        assert_eq!(text(wanted.as_bytes().to_vec()), wanted);
        assert_eq!(text([b"\xef\xbb\xbf", wanted.as_bytes()].concat()), wanted);
        assert_eq!(text(b"K\xe4se \x80".to_vec()), wanted);
        let little = wanted.encode_utf16().flat_map(u16::to_le_bytes);
        assert_eq!(text([0xff, 0xfe].into_iter().chain(little).collect()), wanted);
        let big = wanted.encode_utf16().flat_map(u16::to_be_bytes);
        assert_eq!(text([0xfe, 0xff].into_iter().chain(big).collect()), wanted);
        let unmarked: Vec<u8> = "Date".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(unmarked), "Date");
    }
}
