//! The small inventory.

use nms_api::{Device, DeviceStatus};
use serde_json::Value;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::token_row::uuid;
use super::{Result, Store};
use crate::text_keys;

impl Store {
    /// All devices of an organisation, by name.
    pub(crate) async fn devices(&self, organization_id: Uuid) -> Result<Vec<Device>> {
        let rows = sqlx::query(
            "SELECT id, name, address, site, status FROM devices WHERE organization_id = $1 ORDER BY name_key, id",
        )
        .bind(organization_id.to_string())
        .fetch_all(&self.reads)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Device {
                    id: uuid(row, "id")?,
                    name: row.try_get("name")?,
                    address: row.try_get("address")?,
                    site: row.try_get("site")?,
                    status: serde_json::from_value(Value::from(row.try_get::<&str, _>("status")?))?,
                })
            })
            .collect()
    }

    /// Adds a device.
    pub(crate) async fn add_device(&self, organization_id: Uuid, device: &Device) -> Result<()> {
        let mut write = self.write().await?;
        insert(&mut write, organization_id, device).await?;
        write.commit().await?;
        Ok(())
    }
}

pub(super) async fn insert(connection: &mut AnyConnection, organization_id: Uuid, device: &Device) -> Result<()> {
    sqlx::query(
        "INSERT INTO devices (id, organization_id, name, name_key, address, site, status) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(device.id.to_string())
    .bind(organization_id.to_string())
    .bind(&device.name)
    .bind(text_keys::sorting(&device.name))
    .bind(&device.address)
    .bind(&device.site)
    .bind(status(device.status))
    .execute(connection)
    .await?;
    Ok(())
}

fn status(status: DeviceStatus) -> &'static str {
    match status {
        DeviceStatus::Up => "up",
        DeviceStatus::Down => "down",
        DeviceStatus::Unknown => "unknown",
    }
}
