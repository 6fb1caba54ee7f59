//! The shared credentials file of AWS's tools, `~/.aws/credentials`.
//!
//! Source: AWS SDKs and tools reference guide, "Shared config and credentials files".

use crate::Keys;

/// The keys of a profile in the text of the file; `None` if the profile is absent or has no keys of its own.
pub fn keys_in_shared_file(text: &str, profile: &str) -> Option<Keys> {
    let (mut id, mut secret, mut token, mut is_profile) = (None, None, None, false);
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            is_profile = name.trim() == profile;
        } else if let (true, Some((name, value))) = (is_profile, line.split_once('=')) {
            let value = Some(value.trim()).filter(|value| !value.is_empty());
            match name.trim() {
                "aws_access_key_id" => id = value,
                "aws_secret_access_key" => secret = value,
                "aws_session_token" => token = value,
                _ => {}
            }
        }
    }
    Some(Keys::new(id?, secret?, token))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# mine
[default]
aws_access_key_id = AKIDDEFAULT
aws_secret_access_key = one

[work]
region = eu-west-1
aws_access_key_id=ASIDWORK
aws_secret_access_key=two=
aws_session_token = a-token

[assumed]
role_arn = arn:aws:iam::000000000000:role/x
";

    #[test]
    fn each_profile_has_its_own_keys() {
        assert_eq!(
            keys_in_shared_file(FILE, "default"),
            Some(Keys::new("AKIDDEFAULT", "one", None))
        );
        assert_eq!(
            keys_in_shared_file(FILE, "work"),
            Some(Keys::new("ASIDWORK", "two=", Some("a-token")))
        );
        assert_eq!(keys_in_shared_file(FILE, "assumed"), None);
        assert_eq!(keys_in_shared_file(FILE, "other"), None);
    }
}
