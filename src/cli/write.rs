//! Commands that log, edit and delete. Each returns once the backend has acknowledged it.

use caltrack_domain::{Activity, Category, NewActivity, moved_to, read_line};
use jiff::{Zoned, tz::TimeZone};
use uuid::Uuid;

use super::{
    answer::Answer,
    backend::Backend,
    json,
    problem::Problem,
    values::{Edit, Entry, listed},
};
use crate::{api::Account, app::text::summary};

impl Backend<'_> {
    pub(super) async fn add(&self, account: &Account, line: &str) -> Result<Answer, Problem> {
        let now = Zoned::now();
        let read = |known: &[Category]| read_line(line, known, now.hour()).map_err(Problem::value);
        let read = self.by_categories(account, read).await?;
        let moment = moved_to(now.timestamp(), now.date(), now.time_zone()).map_err(Problem::value)?;
        let logged = self
            .client
            .create_activity(&NewActivity {
                id: Uuid::now_v7().to_string(),
                date: now.date(),
                creation_date_time: moment,
                category: read.category,
                kind: read.kind,
                kcal: read.kcal,
                name: read.name,
                note: None,
                quantity: None,
            })
            .await?;
        Ok(told("logged", &logged))
    }

    pub(super) async fn log(&self, account: &Account, entry: Entry) -> Result<Answer, Problem> {
        let find = |known: &[Category]| listed(&entry.category, &entry.kind, known);
        let (category, kind) = self.by_categories(account, find).await?;
        let logged = self
            .client
            .create_activity(&NewActivity {
                id: entry.id,
                date: entry.date,
                creation_date_time: entry.moment,
                category,
                kind,
                kcal: entry.kcal,
                name: entry.name,
                note: entry.note,
                quantity: None,
            })
            .await?;
        Ok(Answer {
            json: json::activity(&logged),
            text: logged.id,
        })
    }

    pub(super) async fn edit(&self, account: &Account, edit: Edit) -> Result<Answer, Problem> {
        let Some(before) = self.client.activity(&edit.id).await? else {
            return Err(Problem::unknown_entry(&edit.id));
        };
        let Edit { id, mut patch, at } = edit;
        if patch.category.is_some() || patch.kind.is_some() {
            let category = patch.category.as_ref().unwrap_or(&before.category);
            let kind = patch.kind.as_ref().unwrap_or(&before.kind);
            let find = |known: &[Category]| listed(category, kind, known);
            let (category, kind) = self.by_categories(account, find).await?;
            (patch.category, patch.kind) = (Some(category), Some(kind));
        }
        if patch.date.is_some() || at.is_some() {
            let date = patch.date.unwrap_or(before.date);
            let moment = before.rescheduled(date, at, &TimeZone::system());
            patch.creation_date_time = Some(moment.map_err(Problem::value)?);
        }
        let after = self.client.update_activity(&id, &patch, None).await?;
        Ok(told("saved", &after))
    }

    pub(super) async fn delete(&self, id: &str) -> Result<Answer, Problem> {
        let deleted = match self.client.delete_activity(id).await {
            Err(crate::api::ApiError::NotFound(_)) => return Err(Problem::unknown_entry(id)),
            outcome => outcome?,
        };
        Ok(told("deleted", &deleted))
    }
}

fn told(word: &str, entry: &Activity) -> Answer {
    Answer {
        json: json::activity(entry),
        text: format!("{word} {}  {}", caltrack_domain::clean(&summary(entry)), entry.id),
    }
}
