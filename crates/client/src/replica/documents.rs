//! Data that is read as a whole: the categories and the profile.

use caltrack_domain::{Category, Profile, TargetChange, outbox::Library};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    error::ReplicaError,
    open::{Owner, Replica},
};

/// The names of the documents.
const CATEGORIES: &str = "dated categories";
const PROFILE: &str = "profile";
const DRAFTS: &str = "drafts";
const PREFERENCES: &str = "preferences";
const LIBRARY: &str = "library";

impl Replica {
    /// Stores the categories as fetched at a moment.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn save_categories(
        &self,
        owner: Owner<'_>,
        categories: &[Category],
        at: Timestamp,
    ) -> Result<(), ReplicaError> {
        let list = categories
            .iter()
            .map(|category| StoredCategory {
                name: category.name.clone(),
                types: category.types.clone(),
            })
            .collect();
        self.save_document(owner, CATEGORIES, &StoredCategories { at, list })
    }

    /// The stored categories, with the moment when they were fetched.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn categories(&self, owner: Owner<'_>) -> Result<Option<(Vec<Category>, Timestamp)>, ReplicaError> {
        let stored: Option<StoredCategories> = self.document(owner, CATEGORIES)?;
        Ok(stored.map(|stored| {
            let list = stored.list.into_iter().map(|category| Category {
                name: category.name,
                types: category.types,
            });
            (list.collect(), stored.at)
        }))
    }

    /// Stores what the user has typed and not logged, in a format of the screens.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn save_drafts(&self, owner: Owner<'_>, drafts: &serde_json::Value) -> Result<(), ReplicaError> {
        self.save_document(owner, DRAFTS, drafts)
    }

    /// What the user had typed and not logged.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn drafts(&self, owner: Owner<'_>) -> Result<Option<serde_json::Value>, ReplicaError> {
        self.document(owner, DRAFTS)
    }

    /// Changes the stored library, and returns it.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn change_library(
        &self,
        owner: Owner<'_>,
        change: impl FnOnce(&mut Library),
    ) -> Result<Library, ReplicaError> {
        let mut library = self.library(owner)?;
        let before = library.clone();
        change(&mut library);
        if library != before {
            self.save_document(owner, LIBRARY, &library)?;
        }
        Ok(library)
    }

    /// The stored library; empty if nothing is stored.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn library(&self, owner: Owner<'_>) -> Result<Library, ReplicaError> {
        Ok(self.document(owner, LIBRARY)?.unwrap_or_default())
    }

    /// Stores what the user prefers to see, in a format of the screens.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn save_preferences(
        &self,
        owner: Owner<'_>,
        preferences: &serde_json::Value,
    ) -> Result<(), ReplicaError> {
        self.save_document(owner, PREFERENCES, preferences)
    }

    /// What the user prefers to see.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn preferences(&self, owner: Owner<'_>) -> Result<Option<serde_json::Value>, ReplicaError> {
        self.document(owner, PREFERENCES)
    }

    /// Stores the user's profile; `None` removes it.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn save_profile(&self, owner: Owner<'_>, profile: Option<&Profile>) -> Result<(), ReplicaError> {
        self.save_document(owner, PROFILE, &profile.map(StoredProfile::from))
    }

    /// The stored profile of the user.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn profile(&self, owner: Owner<'_>) -> Result<Option<Profile>, ReplicaError> {
        Ok(self.known_profile(owner)?.flatten())
    }

    /// The stored profile of the user: `Some(None)` if the user is known to have none.
    ///
    /// # Errors
    ///
    /// [`ReplicaError`] if the file can't be read or written.
    pub fn known_profile(&self, owner: Owner<'_>) -> Result<Option<Option<Profile>>, ReplicaError> {
        let stored: Option<Option<StoredProfile>> = self.document(owner, PROFILE)?;
        Ok(stored.map(|stored| stored.map(Profile::from)))
    }

    fn save_document(
        &self,
        owner: Owner<'_>,
        name: &str,
        value: &impl Serialize,
    ) -> Result<(), ReplicaError> {
        let body = serde_json::to_string(value)?;
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO documents (owner, name, body) VALUES (?1, ?2, ?3)")?
            .execute(params![self.owner(owner)?, name, body])?;
        Ok(())
    }

    fn document<T: DeserializeOwned>(&self, owner: Owner<'_>, name: &str) -> Result<Option<T>, ReplicaError> {
        let Some(owner) = self.known_owner(owner)? else {
            return Ok(None);
        };
        let body: Option<String> = self
            .connection
            .prepare_cached("SELECT body FROM documents WHERE owner = ?1 AND name = ?2")?
            .query_row(params![owner, name], |row| row.get(0))
            .optional()?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }
}

#[derive(Serialize, Deserialize)]
struct StoredCategories {
    at: Timestamp,
    list: Vec<StoredCategory>,
}

#[derive(Serialize, Deserialize)]
struct StoredCategory {
    name: String,
    types: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredProfile {
    username: String,
    height: Option<f64>,
    weight: Option<f64>,
    bmi: Option<f64>,
    target: u32,
    #[serde(default)]
    targets: Vec<TargetChange>,
    time_zone: Option<String>,
    day_starts_at: Option<String>,
    count_exercise: bool,
    rev: u32,
}

impl From<&Profile> for StoredProfile {
    fn from(profile: &Profile) -> Self {
        Self {
            username: profile.username.clone(),
            height: profile.height,
            weight: profile.weight,
            bmi: profile.bmi,
            target: profile.target,
            targets: profile.targets.clone(),
            time_zone: profile.time_zone.clone(),
            day_starts_at: profile.day_starts_at.clone(),
            count_exercise: profile.count_exercise,
            rev: profile.rev,
        }
    }
}

impl From<StoredProfile> for Profile {
    fn from(stored: StoredProfile) -> Self {
        Self {
            username: stored.username,
            height: stored.height,
            weight: stored.weight,
            bmi: stored.bmi,
            target: stored.target,
            targets: stored.targets,
            time_zone: stored.time_zone,
            day_starts_at: stored.day_starts_at,
            count_exercise: stored.count_exercise,
            rev: stored.rev,
        }
    }
}

#[cfg(test)]
mod tests {
    use caltrack_domain::TargetKcal;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn categories_and_profile_are_stored_per_owner() {
        let dir = tempfile::tempdir().unwrap();
        let replica = Replica::open(&dir.path().join("cache.db")).unwrap().replica;
        let owner = Owner {
            profile: "local",
            sub: "s1",
        };
        assert!(replica.categories(owner).unwrap().is_none());
        let at = Timestamp::from_second(1_795_000_000).unwrap();
        let categories = vec![Category {
            name: "Food".to_owned(),
            types: vec!["Lunch".to_owned()],
        }];
        replica.save_categories(owner, &categories, at).unwrap();
        assert_eq!(replica.categories(owner).unwrap(), Some((categories, at)));
        assert!(
            replica
                .categories(Owner { sub: "s2", ..owner })
                .unwrap()
                .is_none()
        );

        let profile = Profile {
            username: "ada".to_owned(),
            height: Some(170.0),
            weight: Some(60.5),
            bmi: None,
            target: 1800,
            targets: vec![TargetChange {
                from: date(2026, 11, 23),
                kcal: TargetKcal::Weekly([1800, 1800, 1800, 1800, 1800, 2200, 2200]),
            }],
            time_zone: Some("Europe/Berlin".to_owned()),
            day_starts_at: None,
            count_exercise: false,
            rev: 4,
        };
        replica.save_profile(owner, Some(&profile)).unwrap();
        assert_eq!(replica.profile(owner).unwrap(), Some(profile));
        replica.save_profile(owner, None).unwrap();
        assert_eq!(replica.profile(owner).unwrap(), None);
    }
}
