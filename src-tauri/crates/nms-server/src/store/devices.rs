//! The small inventory.

use nms_api::{Device, DeviceStatus};
use serde_json::Value;
use sqlx::any::AnyRow;
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
                    status: read_status(row)?,
                })
            })
            .collect()
    }

    /// How many devices of an organisation have each status.
    pub(crate) async fn count_devices(&self, organization_id: Uuid) -> Result<[(DeviceStatus, i64); 3]> {
        let rows =
            sqlx::query("SELECT status, COUNT(*) AS devices FROM devices WHERE organization_id = $1 GROUP BY status")
                .bind(organization_id.to_string())
                .fetch_all(&self.reads)
                .await?;
        let mut counts = DeviceStatus::ALL.map(|status| (status, 0));
        for row in &rows {
            let counted = read_status(row)?;
            let count: i64 = row.try_get("devices")?;
            counts.iter_mut().filter(|(status, _)| *status == counted).for_each(|(_, devices)| *devices = count);
        }
        Ok(counts)
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
    .bind(device.status.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

fn read_status(row: &AnyRow) -> Result<DeviceStatus> {
    Ok(serde_json::from_value(Value::from(row.try_get::<&str, _>("status")?))?)
}
