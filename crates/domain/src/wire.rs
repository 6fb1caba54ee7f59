//! Days and moments as the API writes them.

#![expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde decides on these signatures"
)]

/// A day as its label; see [`crate::parse_day`].
pub(crate) mod label {
    use jiff::civil::Date;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use crate::parse_day;

    pub(crate) fn serialize<S: Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(day)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_day(&text).map_err(D::Error::custom)
    }

    pub(crate) fn edited<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => serialize(day, serializer),
            None => serializer.serialize_none(),
        }
    }
}

/// A moment in UTC with exactly three digits of a second, as AppSync's resolvers write it, so that texts sort like moments.
/// Further digits are dropped when it is read, so that it equals what is written of it.
pub(crate) mod moment {
    use jiff::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use crate::in_milliseconds;

    pub(crate) fn serialize<S: Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{moment:.3}"))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map(in_milliseconds)
            .map_err(|_| D::Error::custom(format_args!("`{text}` is not a moment")))
    }

    pub(crate) fn edited<S: Serializer>(
        moment: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match moment {
            Some(moment) => serialize(moment, serializer),
            None => serializer.serialize_none(),
        }
    }
}
