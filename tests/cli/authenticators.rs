//! The account on the screens with a real box: authenticators, passwords, the end of all sessions.

use std::time::{SystemTime, UNIX_EPOCH};

use totp_rs::{Algorithm, Secret, TOTP};

use super::{
    accounts::{PASSWORD, account, configured, desk},
    serving::Served,
    terminal::Program,
    *,
};

const OTHER: &str = "Correct-Horse-8!";

/// The screens, signed in.
fn signed_in(place: &Place, user: &str, password: &str) -> Program {
    let mut screens = started(place);
    type_name_and_password(&mut screens, user, password);
    screens.wait_for("live");
    screens
}

fn started(place: &Place) -> Program {
    let screens = Program::start(&place.data, &["--profile", "desk"], 120, 40);
    screens.wait_for("Create an account");
    screens
}

fn type_name_and_password(screens: &mut Program, user: &str, password: &str) {
    screens.press("s");
    screens.wait_for("User name");
    screens.press(&format!("{user}\r{password}\r"));
}

/// Runs an action by its name in the palette.
fn palette(screens: &mut Program, words: &str, whole: &str) {
    screens.press(":");
    screens.press(words);
    screens.wait_for(whole);
    screens.press("\r");
}

/// After a sign-out, the screens only ask for the password.
fn sign_out(screens: &mut Program) {
    palette(screens, "sign out", "Sign out");
    screens.wait_for("> Password");
}

/// The authenticator's code, this many steps of 30 s from now.
///
/// The pool accepts a code once, from one step before to one step after its own. So a code of the present step and then one of
/// the next are both accepted at any moment; a code of the previous step might not be.
fn code(secret: &str, steps: u64) -> String {
    let secret = Secret::Encoded(secret.to_owned()).to_bytes().expect("base32");
    let totp = TOTP::new(Algorithm::SHA1, 6, 0, 30, secret).expect("a good secret");
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock")
        .as_secs();
    totp.generate(now + 30 * steps)
}

/// The secret on the screen: thirteen groups of four characters.
fn secret_on(screens: &Program) -> String {
    let text = screens.contents();
    let is_group = |word: &&str| {
        word.len() == 4
            && word
                .chars()
                .all(|c| c.is_ascii_uppercase() || ('2'..='7').contains(&c))
    };
    let groups: Vec<&str> = text.split_whitespace().filter(is_group).collect();
    assert_eq!(groups.len(), 13, "{text}");
    groups.concat()
}

/// Every module of the QR code, with the blanks around it: a cell of the terminal shows two modules, one above the other.
fn shows_qr_code_of(screens: &Program, text: &str) {
    const QUIET: usize = 2;
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::L).expect("a code");
    let (side, modules) = (code.width(), code.to_colors());
    let is_light = |x: usize, y: usize| {
        let inside = (QUIET..QUIET + side).contains(&x) && (QUIET..QUIET + side).contains(&y);
        !inside || modules[(y - QUIET) * side + x - QUIET] == qrcode::Color::Light
    };
    screens.look(|screen| {
        let (rows, columns) = screen.size();
        let is_part = |row, column| {
            screen
                .cell(row, column)
                .is_some_and(|cell| cell.contents() == "▀")
        };
        let mut cells =
            (0..u16::from(rows)).flat_map(|row| (0..u16::from(columns)).map(move |column| (row, column)));
        let (top, left) = cells
            .find(|(row, column)| is_part(*row, *column))
            .expect("a QR code");
        let whole = side + 2 * QUIET;
        for y in 0..whole.div_ceil(2) {
            for x in 0..whole {
                let at = |from: u16, by: usize| from + u16::try_from(by).expect("a small number");
                let cell = screen
                    .cell(at(top, y), at(left, x))
                    .expect("a cell on the screen");
                let tone = |light| vt100::Color::Idx(if light { 15 } else { 0 });
                assert_eq!(
                    (cell.contents(), cell.fgcolor(), cell.bgcolor()),
                    ("▀", tone(is_light(x, 2 * y)), tone(is_light(x, 2 * y + 1))),
                    "module {x}, {y}"
                );
            }
        }
    });
}

#[test]
fn an_authenticator_is_set_up_by_qr_code_then_required_and_turned_off() {
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let place = configured(&served);
    account(&place, &mut served, "ann");
    let mut screens = signed_in(&place, "ann", PASSWORD);
    palette(&mut screens, "set up an auth", "Set up an authenticator");
    screens.wait_for("> Code");
    let secret = secret_on(&screens);
    shows_qr_code_of(
        &screens,
        &format!("otpauth://totp/caltrack:ann?secret={secret}&issuer=caltrack"),
    );
    screens.press("000000\r");
    screens.wait_for("Code mismatch");
    screens.press(&format!("\u{15}{}\r", code(&secret, 0)));
    screens.wait_for("signing in requires your authenticator's code");

    sign_out(&mut screens);
    screens.press(&format!("{PASSWORD}\r"));
    screens.wait_for("your authenticator shows now");
    screens.press(&format!("{}\r", code(&secret, 1)));
    screens.wait_for("live");

    // Opening the set-up of another and leaving it changes nothing.
    palette(&mut screens, "set up an auth", "Set up an authenticator");
    screens.wait_for("> Code");
    assert_ne!(secret_on(&screens), secret);
    screens.press("\u{1b}");
    screens.wait_gone("> Code");
    let sign_in = || desk(&place, &["sign-in", "ann", "--password-stdin"], PASSWORD);
    let none = sign_in();
    assert_eq!(none.code, 2, "{none:?}");
    assert!(none.err.contains("the code is empty"), "{none:?}");

    palette(&mut screens, "two-step", "Turn off two-step sign-in");
    screens.wait_for("signing in requires no code any more");
    assert_eq!(sign_in().code, 0);
    assert_eq!(served.end("-TERM"), Some(0));
}

/// Sets an authenticator up on the screens and returns its secret.
fn set_up(screens: &mut Program) -> String {
    palette(screens, "set up an auth", "Set up an authenticator");
    screens.wait_for("> Code");
    let secret = secret_on(screens);
    screens.press(&format!("{}\r", code(&secret, 0)));
    screens.wait_for("signing in requires your authenticator's code");
    secret
}

#[test]
fn a_command_reads_the_code_of_an_authenticator_from_the_next_line() {
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let place = configured(&served);
    account(&place, &mut served, "ann");
    let secret = set_up(&mut signed_in(&place, "ann", PASSWORD));
    let sign_in = |lines: &str| desk(&place, &["sign-in", "ann", "--password-stdin"], lines);
    let none = sign_in(PASSWORD);
    assert_eq!(none.code, 2, "{none:?}");
    assert!(none.err.contains("the code is empty"), "{none:?}");
    let wrong = sign_in(&format!("{PASSWORD}\n000000\n"));
    assert_eq!(wrong.code, 1, "{wrong:?}");
    assert!(wrong.err.contains("Invalid code"), "{wrong:?}");
    let done = sign_in(&format!("{PASSWORD}\n{}\n", code(&secret, 1)));
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn after_a_wrong_code_the_screens_start_again_with_the_password() {
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let place = configured(&served);
    account(&place, &mut served, "ann");
    let mut screens = signed_in(&place, "ann", PASSWORD);
    let secret = set_up(&mut screens);
    sign_out(&mut screens);
    screens.press(&format!("{PASSWORD}\r"));
    screens.wait_for("your authenticator shows now");
    screens.press("000000\r");
    screens.wait_for("Invalid code");
    // A session may be valid for one response only, so the screens must start again.
    screens.press(&format!("\u{15}{}\r", code(&secret, 1)));
    screens.wait_for("type the password again");
    screens.wait_for("> Password");
    screens.press(&format!("{PASSWORD}\r"));
    screens.wait_for("your authenticator shows now");
    screens.press(&format!("{}\r", code(&secret, 1)));
    screens.wait_for("live");
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn a_password_is_changed_and_a_forgotten_one_replaced_on_the_screens() {
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let place = configured(&served);
    account(&place, &mut served, "eve");
    let mut screens = signed_in(&place, "eve", PASSWORD);
    palette(&mut screens, "change the pass", "Change the password");
    screens.wait_for("Password now");
    screens.press(&format!("{OTHER}\r{OTHER}\r"));
    screens.wait_for("Incorrect username or password");
    screens.press("\u{1b}");
    screens.wait_gone("Password now");
    palette(&mut screens, "change the pass", "Change the password");
    screens.wait_for("Password now");
    screens.press(&format!("{PASSWORD}\r{OTHER}\r"));
    screens.wait_for("the password is changed");
    let sign_in = |password: &str| desk(&place, &["sign-in", "eve", "--password-stdin"], password);
    assert_eq!(sign_in(PASSWORD).code, 1);
    assert_eq!(sign_in(OTHER).code, 0);

    sign_out(&mut screens);
    screens.press("\u{1b}");
    screens.wait_for("Create an account");
    screens.press("f");
    screens.wait_for("User name");
    screens.press("eve\r");
    screens.wait_for("New password");
    let code = served.code_of("eve");
    screens.press(&format!("{code}\r{PASSWORD}\r"));
    screens.wait_for("live");
    assert_eq!(sign_in(OTHER).code, 1);
    assert_eq!(sign_in(PASSWORD).code, 0);
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn signing_out_everywhere_ends_other_sessions_when_their_access_token_expires() {
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let (here, there) = (configured(&served), configured(&served));
    account(&here, &mut served, "ann");
    let sign_in = |place: &Place| desk(place, &["sign-in", "ann", "--password-stdin"], PASSWORD);
    assert_eq!(sign_in(&there).code, 0);
    let mut screens = signed_in(&here, "ann", PASSWORD);
    palette(&mut screens, "everywhere", "Sign out everywhere");
    screens.wait_for("> Password");
    assert_eq!(desk(&here, &["today"], "").code, 3);
    // AppSync accepts the token until it expires.
    assert_eq!(desk(&there, &["today"], "").code, 0);
    expire(&there);
    let over = desk(&there, &["today"], "");
    assert_eq!(over.code, 3, "{over:?}");
    assert!(over.err.contains("sign-in"), "{over:?}");
    assert_eq!(sign_in(&there).code, 0);
    assert_eq!(desk(&there, &["today"], "").code, 0);
    assert_eq!(served.end("-TERM"), Some(0));
}

/// Makes the access token expired for the program, so that it requests a new one.
pub(crate) fn expire(place: &Place) {
    let file = place.data.join("session-desk.json");
    let text = std::fs::read_to_string(&file).expect("a session");
    let mut session: Value = serde_json::from_str(&text).expect("JSON");
    session["expires"] = 0.into();
    std::fs::write(&file, session.to_string()).expect("a file");
}
